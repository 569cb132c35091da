import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { startChild, waitUntilReady, type Child } from './child.js';
import type { Guardian } from './guardian.js';
import { holdsCluster, privateFolder, programs, type PostgresUser } from './postgres-files.js';

const READY_WITHIN_MS = 60_000;
const OWNER = 'selvedge';

export interface PostgresOptions {
  dir: string;
  user: PostgresUser | null;
  port: number;
  logFile: string;
  guardian: Guardian;
  /** Name of the database that is made when it is missing. */
  database: string;
  /** Its first user, who may do everything; `selvedge` unless told. */
  owner?: string;
  /** Further settings, `name=value`; a throw-away cluster turns durability off here. */
  settings?: string[];
}

export interface PostgresServer {
  readonly url: string;
  readonly child: Child;
}

/** Makes the cluster where there is none, starts it, waits until it answers, and makes the database. */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const { dir, user, port, logFile, guardian, database, owner = OWNER, settings = [] } = options;
  const bin = programs(user);
  const password = holdsCluster(dir) ? readPassword(dir) : await initialise(bin, dir, user, owner);
  const flags = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    'timezone=UTC',
    'log_min_messages=warning',
    // An error's detail quotes the row it is about; no log of ours holds one.
    'log_error_verbosity=terse',
    ...settings,
  ];
  const child = startChild({
    name: 'PostgreSQL',
    command: join(bin, 'postgres'),
    args: ['-D', dir, '-p', String(port), ...flags.flatMap((flag) => ['-c', flag])],
    cwd: '/',
    logFile,
    guardian,
    stopSignal: 'SIGINT',
    ...(user ?? {}),
  });
  const urlOf = (name: string): string => `postgres://${owner}:${password}@127.0.0.1:${port}/${name}`;
  try {
    await waitUntilReady(child, () => answers(urlOf('postgres')), READY_WITHIN_MS);
    await makeDatabase(urlOf('postgres'), database);
  } catch (error) {
    await child.stop();
    throw error;
  }
  return { url: urlOf(database), child };
}

const passwordFile = (dir: string): string => join(dir, 'selvedge.password');

function readPassword(dir: string): string {
  if (!existsSync(passwordFile(dir))) {
    throw new Error(
      `${dir} holds a PostgreSQL cluster that this program did not make (selvedge.password is missing). ` +
        'Move the folder away, or run that cluster yourself and set DATABASE_URL.',
    );
  }
  return readFileSync(passwordFile(dir), 'utf8').trim();
}

async function initialise(bin: string, dir: string, user: PostgresUser | null, owner: string): Promise<string> {
  privateFolder(dir, user);
  if (readdirSync(dir).length > 0) {
    // initdb ended half-way, or something else lies here: only the first is ours to clear.
    const strange = readdirSync(dir).filter((name) => !/^(pg_|base$|global$|postgresql|PG_VERSION)/.test(name));
    if (strange.length > 0) {
      throw new Error(`${dir} is not empty and holds no PostgreSQL cluster (${strange[0] ?? ''}). Move it away.`);
    }
    for (const name of readdirSync(dir)) rmSync(join(dir, name), { recursive: true });
  }
  const password = randomBytes(18).toString('hex');
  const handOver = `${dir}.key`;
  writeFileSync(handOver, `${password}\n`, { mode: 0o600 });
  if (user !== null) chownSync(handOver, user.uid, user.gid);
  const flags = [`--pgdata=${dir}`, '--auth=scram-sha-256', `--username=${owner}`, `--pwfile=${handOver}`];
  try {
    await promisify(execFile)(join(bin, 'initdb'), [...flags, '--encoding=UTF8', '--locale=C'], {
      cwd: '/',
      env: { PATH: process.env['PATH'], LC_ALL: 'C' },
      ...(user ?? {}),
    });
    writeFileSync(passwordFile(dir), `${password}\n`, { mode: 0o600 });
    chmodSync(passwordFile(dir), 0o600);
  } catch (error) {
    rmSync(dir, { recursive: true, force: true });
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`PostgreSQL could not make its data folder ${dir}: ${why.trim()}`, { cause: error });
  } finally {
    rmSync(handOver, { force: true });
  }
  return password;
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function makeDatabase(adminUrl: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (found.rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}
