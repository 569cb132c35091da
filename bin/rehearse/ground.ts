/** Where a rehearsal takes place: a folder, a database and a namespace of its own, all gone afterwards. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import pg from 'pg';
import type { Environment } from '../supervisor/launch.js';
import { stateDir } from '../supervisor/paths.js';
import { isOurs } from '../supervisor/run-file.js';

export interface Ground {
  dir: string;
  /** What the processes of the rehearsal are told besides what the supervisor finds out. */
  environment: Environment;
  /** Gives back what was made on servers of others; the folder too, unless its logs are wanted. */
  clear(options: { keepLogs: boolean }): Promise<void>;
}

const ROOT = join(stateDir, 'rehearse');

/**
 * Makes the ground. Servers given by TEMPORAL_ADDRESS and DATABASE_URL are used, but never what they hold: the
 * rehearsal gets a namespace and a database of its own there. Throws when the database cannot be made.
 */
export async function makeGround(settings: Environment, env: NodeJS.ProcessEnv = process.env): Promise<Ground> {
  sweepEarlier();
  const dir = join(ROOT, String(process.pid));
  mkdirSync(dir, { recursive: true });
  const name = `rehearsal_${process.pid}_${randomBytes(4).toString('hex')}`;
  const environment: Environment = { ...settings, TEMPORAL_NAMESPACE: 'selvedge' };
  const undo: (() => Promise<void>)[] = [];
  const database = env['DATABASE_URL'] ?? '';
  if (database !== '') {
    await onDatabase(database, (client) => client.query(`create database ${client.escapeIdentifier(name)}`));
    undo.push(() =>
      onDatabase(database, (client) => client.query(`drop database ${client.escapeIdentifier(name)} with (force)`)),
    );
    environment['DATABASE_URL'] = Object.assign(new URL(database), { pathname: `/${name}` }).toString();
  }
  const temporal = env['TEMPORAL_ADDRESS'] ?? '';
  if (temporal !== '') {
    const namespace = name.replaceAll('_', '-');
    environment['TEMPORAL_NAMESPACE'] = namespace;
    undo.push(() => dropNamespace(temporal, namespace));
  }
  return {
    dir,
    environment,
    clear: async ({ keepLogs }) => {
      await Promise.allSettled(undo.map((each) => each()));
      for (const left of existsSync(dir) ? readdirSync(dir) : []) {
        if (left !== 'log' || !keepLogs) rmSync(join(dir, left), { recursive: true, force: true });
      }
      if (!keepLogs) rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Folders of rehearsals that were killed, or whose logs nobody has looked at since. */
function sweepEarlier(): void {
  for (const name of existsSync(ROOT) ? readdirSync(ROOT) : []) {
    if (/^\d+$/.test(name) && !isOurs(Number(name))) rmSync(join(ROOT, name), { recursive: true, force: true });
  }
}

async function onDatabase(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

async function dropNamespace(address: string, namespace: string): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: '10s' });
  try {
    await connection.operatorService.deleteNamespace({ namespace });
  } finally {
    await connection.close();
  }
}
