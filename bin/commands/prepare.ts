/** What a store and a Temporal server need before the parts that use them start. */
import { join } from 'node:path';
import { connectTemporal, ensureStanding } from '../../clients/temporal/index.js';
import { loadConfig } from '../../config/load.js';
import { openStore, type Db } from '../../store/database.js';
import { seedPeople } from '../../store/desk-people.js';
import { readFeed, registerFeed, startFeed } from '../../store/feeds.js';
import { seedFromCsv } from '../../store/mapping-seed.js';
import { migrate } from '../../store/migrate.js';
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

function explain(error: unknown, url: string): string {
  const why = error instanceof Error ? error.message : String(error);
  const where = new URL(url);
  const shown = `${where.hostname}:${where.port || '5432'}${where.pathname}`;
  if (/previously executed migration .* is missing|corrupted migrations/.test(why)) {
    return `The database ${shown} is newer than this program, or belongs to another one (${why}). Update the program, or use another database (DATABASE_URL).`;
  }
  if (/already exists/.test(why)) {
    return `The database ${shown} holds tables of something else (${why}). Use an empty database (DATABASE_URL).`;
  }
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
