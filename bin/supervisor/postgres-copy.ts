/** A backup of the store by PostgreSQL's own means: pg_dump where it fits, else its base backup of a cluster on this machine. */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';

/** It cannot be done here; the message says what can. */
export class NoBackup extends Error {}

/** Left out of a base backup (PostgreSQL manual, 25.3.4): made anew at its start, or of this run alone. */
const LEFT_OUT =
  /^(pg_wal|pg_replslot|pg_dynshmem|pg_notify|pg_serial|pg_snapshots|pg_stat_tmp|pg_subtrans)\/.|^postmaster\.(pid|opts)$/;

interface Cluster {
  client: pg.Client;
  major: number;
  dir: string | null;
}

async function withCluster<T>(url: string, work: (cluster: Cluster) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ version: string; dir: string | null }>(
      "select current_setting('server_version_num') as version, current_setting('data_directory', true) as dir",
    );
    const [{ version = '0', dir = null } = {}] = rows;
    return await work({ client, major: Math.floor(Number(version) / 10_000), dir });
  } finally {
    await client.end();
  }
}

/** Major release of the pg_dump there is; null when there is none. */
async function dumpMajor(program: string): Promise<number | null> {
  try {
    const { stdout } = await promisify(execFile)(program, ['--version']);
    return Number(/ (\d+)[.\d]*/.exec(stdout)?.[1] ?? NaN) || null;
  } catch {
    return null;
  }
}

/**
 * Backs the store up into `target`, which must not exist; answers how. While it goes on everything may work.
 * @param program pg_dump's name or path. @throws NoBackup when neither way is open.
 */
export async function backUp(url: string, target: string, program = 'pg_dump'): Promise<'dump' | 'base'> {
  if (existsSync(target)) throw new NoBackup(`${target} exists already: give a name that is free`);
  return withCluster(url, async (cluster) => {
    const { major, dir } = cluster;
    const tool = await dumpMajor(program);
    if (tool !== null && tool >= major) {
      const { hostname, port, username, password, pathname } = new URL(url);
      const env = { ...process.env, PGPASSWORD: decodeURIComponent(password) };
      const at = ['-h', hostname, '-p', port || '5432', '-U', decodeURIComponent(username), '-d', pathname.slice(1)];
      await promisify(execFile)(program, ['-Fc', '-f', target, ...at], { env });
      return 'dump';
    }
    const found = tool === null ? 'there is no pg_dump' : `pg_dump is of release ${tool}`;
    if (dir === null || !existsSync(join(dir, 'PG_VERSION')))
      throw new NoBackup(
        `the server is PostgreSQL ${major} on another machine, and ${found}: install the client programs of release ${major} ` +
          '(PG_DUMP names the program), or take a base backup there (docs/how-to/back-up-and-recover.md)',
      );
    await baseBackup(cluster, dir, target);
    return 'base';
  });
}

/** The low-level base backup: start, copy, stop, then the log that was written meanwhile, held for us by a slot. */
async function baseBackup({ client }: Cluster, dir: string, target: string): Promise<void> {
  const { uid, gid } = statSync(dir);
  mkdirSync(target, { mode: 0o700 });
  try {
    await client.query("select pg_create_physical_replication_slot('selvedge_backup', true, true)");
    await client.query("select pg_backup_start('selvedge backup', true)");
    const filter = (path: string): boolean => !LEFT_OUT.test(relative(dir, path));
    cpSync(dir, target, { recursive: true, preserveTimestamps: true, filter });
    const { rows } = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)');
    writeFileSync(join(target, 'backup_label'), rows[0]?.labelfile ?? '', { mode: 0o600 });
    cpSync(join(dir, 'pg_wal'), join(target, 'pg_wal'), { recursive: true });
    await promisify(execFile)('chown', ['-R', `${uid}:${gid}`, target]);
    await promisify(execFile)('chmod', ['-R', 'go-rwx', target]);
  } catch (error) {
    rmSync(target, { recursive: true, force: true });
    throw error;
  }
}
