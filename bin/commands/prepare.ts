/** What a store and a Temporal server need before the parts that use them start. */
import { join } from 'node:path';
import { connectTemporal, ensureStanding } from '../../clients/temporal/index.js';
import { loadConfig } from '../../config/load.js';
import { openStore, type Db } from '../../store/database.js';
import { seedPeople } from '../../store/desk-people.js';
import { readFeed, registerFeed, startFeed } from '../../store/feeds.js';
import { seedFromCsv } from '../../store/mapping-seed.js';
import { ForeignStore, migrate } from '../../store/migrate.js';
import { Refused } from '../output.js';
import { projectRoot } from '../supervisor/paths.js';

export const MAPPINGS_DIR = join(projectRoot, 'mappings');

/** Brings the store forward; a newer or foreign database is refused in words. Answers the migrations it ran. */
export async function migrateStore(url: string): Promise<string[]> {
  const store = openStore(url, 2);
  try {
    return await migrate(store.db);
  } catch (error) {
    throw new Refused(explain(error, url), { cause: error });
  } finally {
    await store.close();
  }
}

/** A database's address without its user and password. */
export function databaseShown(url: string): string {
  const where = URL.canParse(url) ? new URL(url) : null;
  return where === null ? `"${url}"` : `${where.hostname}:${where.port || '5432'}${where.pathname}`;
}

function explain(error: unknown, url: string): string {
  const { message, code } = error as { message?: string; code?: string };
  // Node gives a refused connection to a name with several addresses a code and no words.
  const why = message || code || String(error);
  const shown = databaseShown(url);
  if (error instanceof ForeignStore) return `The database ${shown} ${why} (DATABASE_URL).`;
  if (/ECONNREFUSED|ENOTFOUND|ETIMEDOUT|authentication|does not exist/.test(why)) {
    return `The database ${shown} cannot be used: ${why}. Is DATABASE_URL right?`;
  }
  return `The store ${shown} could not be brought forward: ${why}`;
}

/** Migrations, mappings and people: safe to repeat, what the store holds already stays. */
export async function prepareStore(url: string, env: NodeJS.ProcessEnv): Promise<void> {
  await migrateStore(url);
  const config = loadConfig({ env, addresses: 'optional' });
  const store = openStore(url, 2);
  try {
    await seedFromCsv(store.db, MAPPINGS_DIR);
    await seedPeople(store.db, config.people);
    for (const [feed, rhythm] of Object.entries(config.feeds)) await registerFeed(store.db, feed, rhythm);
  } finally {
    await store.close();
  }
}

/** Starts every feed that was never started, from the source's beginning: a sandbox's whole past is the day to come. */
export async function startFeeds(db: Db, feeds: readonly string[]): Promise<void> {
  for (const feed of feeds) {
    const known = await readFeed(db, feed);
    if (known === undefined || known.state === 'not-started') await startFeed(db, feed, 0, 'selvedge start');
  }
}

/** Starts the intake of every feed and the standing rounds, where they are not running yet. */
export async function startStanding(
  temporal: { address: string; namespace: string },
  feeds: readonly string[],
): Promise<void> {
  const connected = await connectTemporal(temporal);
  try {
    await ensureStanding(connected.client, feeds);
  } finally {
    await connected.close();
  }
}
