import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findTemporalCli } from './find-temporal.js';
import type { Guardian } from './guardian.js';
import { keep, type Kept } from './keep.js';
import { setUpNamespace } from './namespace.js';
import { freePort, portFrom } from './ports.js';
import { dataFolder, postgresUser } from './postgres-files.js';
import { startPostgres } from './postgres.js';
import { startProductionTemporal } from './production/start.js';
import { startTemporal } from './temporal.js';

const TEMPORAL_PORT = 7233;
const UI_PORT = 8233;

export interface ServerOptions {
  /** Where databases and logs are; made when missing. */
  dir: string;
  /** A day of its own: what an earlier one left in `dir` is removed first. */
  fresh: boolean;
  namespace: string;
  guardian: Guardian;
  say: (line: string) => void;
  /** Where TEMPORAL_ADDRESS and DATABASE_URL are looked for; this process's environment unless given. */
  env?: NodeJS.ProcessEnv;
  /** Told when a pid changed. */
  changed: () => void;
}

export interface Servers {
  readonly temporal: string;
  readonly ui: string | null;
  readonly database: string;
  /** Where Temporal's own measurements are read; `null` for a development server. */
  readonly metrics: string | null;
  /** Ours, in the order they were started; empty for those that were given by the environment. */
  readonly kept: Kept[];
}

/** `SELVEDGE_SERVERS`: which servers are brought where none are given. */
export function serverKind(env: NodeJS.ProcessEnv = process.env): 'development' | 'production-like' {
  const found = env['SELVEDGE_SERVERS'] || 'development';
  if (found === 'development' || found === 'production-like') return found;
  throw new Error(`SELVEDGE_SERVERS is "${found}"; allowed are development and production-like`);
}

/** Both servers, those given by TEMPORAL_ADDRESS and DATABASE_URL included. */
export async function startServers(options: ServerOptions): Promise<Servers> {
  await mkdir(options.dir, { recursive: true });
  const { env = process.env } = options;
  if (serverKind(env) === 'production-like' && !env['TEMPORAL_ADDRESS']) return startProduction(options);
  const [temporal, database] = await Promise.allSettled([bringTemporal(options), bringPostgres(options)]);
  if (temporal.status === 'rejected' || database.status === 'rejected') {
    for (const half of [temporal, database]) {
      if (half.status === 'fulfilled') await half.value.kept?.stop();
    }
    throw temporal.status === 'rejected' ? temporal.reason : (database as PromiseRejectedResult).reason;
  }
  return {
    temporal: temporal.value.address,
    ui: temporal.value.ui,
    database: database.value.url,
    metrics: null,
    kept: [database.value.kept, temporal.value.kept].filter((kept) => kept !== null),
  };
}

/** Temporal needs its databases first. A store given by DATABASE_URL stays what it is: Temporal gets a PostgreSQL here. */
async function startProduction(whole: ServerOptions): Promise<Servers> {
  // Its data lie apart: sagas of one Temporal mean nothing to another.
  const options = { ...whole, dir: join(whole.dir, 'production') };
  const own = await bringOwnPostgres(options, ['max_connections=300']);
  try {
    const { address, kept, ...temporal } = await startProductionTemporal(options, own.url, await portsFor());
    const database = (options.env ?? process.env)['DATABASE_URL'] || own.url;
    return { ...temporal, temporal: address, database, kept: [own.kept, ...kept] };
  } catch (error) {
    await own.kept.stop();
    throw error;
  }
}

async function portsFor(): Promise<{ port: number; uiPort: number }> {
  const port = await portFrom(TEMPORAL_PORT);
  return { port, uiPort: await portFrom(Math.max(UI_PORT, port + 1)) };
}

async function bringTemporal(
  options: ServerOptions,
): Promise<{ address: string; ui: string | null; kept: Kept | null }> {
  const { dir, namespace, guardian, say, changed, env = process.env } = options;
  const given = env['TEMPORAL_ADDRESS'];
  if (given !== undefined && given !== '') {
    for (const made of await setUpNamespace(given, namespace)) say(`made ${made} on ${given}`);
    return { address: given, ui: env['TEMPORAL_UI'] ?? null, kept: null };
  }
  const dbFile = join(dir, 'temporal.db');
  if (options.fresh) {
    for (const suffix of ['', '-wal', '-shm', '.version']) await rm(`${dbFile}${suffix}`, { force: true });
  }
  const cli = await findTemporalCli();
  const settings = {
    cli,
    namespace,
    ...(await portsFor()),
    dbFile,
    logFile: join(dir, 'log', 'temporal.log'),
    guardian,
  };
  const server = await startTemporal(settings);
  await setUpNamespace(server.address, namespace);
  const again = async () => (await startTemporal(settings)).child;
  return { ...server, kept: keep('temporal', server.child, again, changed, say) };
}

async function bringPostgres(options: ServerOptions): Promise<{ url: string; kept: Kept | null }> {
  const given = (options.env ?? process.env)['DATABASE_URL'];
  if (given !== undefined && given !== '') return { url: given, kept: null };
  return bringOwnPostgres(options);
}

async function bringOwnPostgres(options: ServerOptions, extra: string[] = []): Promise<{ url: string; kept: Kept }> {
  const { dir, guardian, say, changed } = options;
  const user = postgresUser();
  const folder = dataFolder(user, dir);
  if (folder.notice !== null) say(folder.notice);
  if (options.fresh && existsSync(folder.dir)) await rm(folder.dir, { recursive: true, force: true });
  const settings = {
    dir: folder.dir,
    user,
    port: await freePort(),
    logFile: join(dir, 'log', 'postgres.log'),
    guardian,
    database: 'selvedge',
    settings: extra,
  };
  const server = await startPostgres(settings);
  const again = async () => (await startPostgres(settings)).child;
  return { url: server.url, kept: keep('postgres', server.child, again, changed, say) };
}
