/** What the verbs that look at or steer an installation need: store, configuration, Temporal, and who is asking. */
import { connectTemporal, type TemporalClient } from '../../clients/temporal/index.js';
import { loadConfig, type Config } from '../../config/load.js';
import { loadKeys } from '../../config/payload-keys.js';
import { openStore, type Db, type Store } from '../../store/database.js';
import { personOfKey, type Person } from '../../store/desk-people.js';
import { outputOf, Refused, type CommonOptions, type Output } from '../output.js';
import { surroundings, type Surroundings } from '../surroundings.js';

const CONNECTIONS = 4;
const TEMPORAL_WITHIN_MS = 5_000;
const LONGEST_KEY = 200;

export interface Access {
  readonly store: Store;
  readonly db: Db;
  readonly config: Config;
  readonly where: Surroundings;
  readonly output: Output;
  /** IANA zone of the company: the one all times are shown in. */
  readonly zone: string;
  /** Temporal, connected at the first call. */
  temporal: () => Promise<TemporalClient['client']>;
  /** The person whose key SELVEDGE_KEY holds. @throws Refused without a key or with nobody's. */
  person: () => Promise<Person>;
}

/**
 * Opens what a verb needs, runs it and closes everything again.
 * @throws Refused in words when nothing runs here, the store does not answer, or it was never prepared.
 */
export async function withAccess(options: CommonOptions, work: (access: Access) => Promise<void>): Promise<void> {
  const where = withoutBlanks(surroundings());
  const config = loadConfig({ env: where.env, addresses: 'optional' });
  const store = openStore(where.database, CONNECTIONS, loadKeys(where.temporal.keysFile));
  let connected: Promise<TemporalClient> | undefined;
  const temporal = async (): Promise<TemporalClient['client']> => {
    connected ??= connectTemporal(where.temporal, TEMPORAL_WITHIN_MS);
    return (await connected).client;
  };
  try {
    await checkStore(store.db, where.database);
    await work({
      store,
      db: store.db,
      config,
      where,
      output: outputOf(options),
      zone: config.calendar.zone,
      temporal,
      person: () => personOf(store.db, where.env),
    });
  } finally {
    await connected?.then((connection) => connection.close()).catch(() => undefined);
    await store.close();
  }
}

/** An address set to nothing is not set. */
const withoutBlanks = (where: Surroundings): Surroundings => ({
  ...where,
  sandbox: where.sandbox || null,
  ingress: where.ingress || null,
  ui: where.ui || null,
});

async function checkStore(db: Db, url: string): Promise<void> {
  try {
    await db.selectFrom('feed_cursor').select('feed').limit(1).execute();
  } catch (error) {
    const { hostname, port, pathname } = new URL(url);
    const why = error instanceof Error ? error.message : String(error);
    const shown = `${hostname}:${port || '5432'}${pathname}`;
    throw new Refused(
      /relation .* does not exist/.test(why)
        ? `The store ${shown} was never prepared: run "selvedge migrate".`
        : `The store ${shown} does not answer (${why || 'no connection'}). Does it run, and is DATABASE_URL right?`,
      { cause: error },
    );
  }
}

/** The key of whoever works here. @throws Refused when none is set. */
export function keyOf(env: NodeJS.ProcessEnv): string {
  const key = env['SELVEDGE_KEY'] ?? '';
  if (key !== '' && key.length <= LONGEST_KEY && /^[\x21-\x7e]+$/.test(key)) return key;
  throw new Refused(
    key === ''
      ? 'Say who you are: set SELVEDGE_KEY to your personal key (in development it is dev-key-fin-1 for fin-1).'
      : 'SELVEDGE_KEY holds no key: a key has up to 200 letters, digits and signs, without blanks.',
  );
}

async function personOf(db: Db, env: NodeJS.ProcessEnv): Promise<Person> {
  const person = await personOfKey(db, keyOf(env));
  if (person !== undefined) return person;
  throw new Refused('This key belongs to nobody. Check SELVEDGE_KEY, or ask integration support for a new key.');
}
