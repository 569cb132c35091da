import pg from 'pg';
import { migrate } from '../../store/migrate.js';
import { openStore, type Store } from '../../store/database.js';

const TEMPLATE = 'selvedge_template';
/** Any number that no migration uses: one process at a time makes the template. */
const TEMPLATE_LOCK = 817_231;

export interface FreshDatabase {
  readonly store: Store;
  readonly url: string;
  /** Closes the store and removes the database, whoever is still connected. */
  drop(): Promise<void>;
}

function adminUrl(): string {
  const url = process.env['SELVEDGE_TEST_POSTGRES'];
  if (url === undefined) {
    throw new Error('no test PostgreSQL: run through npm test, or without SELVEDGE_TEST_SERVERS=0');
  }
  return url;
}

const urlOf = (name: string): string => {
  const url = new URL(adminUrl());
  url.pathname = `/${name}`;
  return url.toString();
};

async function asAdmin<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: adminUrl() });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function makeTemplate(client: pg.Client): Promise<void> {
  await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
  try {
    const done = await client.query('select 1 from pg_database where datname = $1', [TEMPLATE]);
    if (done.rowCount === 1) return;
    const making = `${TEMPLATE}_making`;
    await client.query(`drop database if exists ${making} with (force)`);
    await client.query(`create database ${making}`);
    const store = openStore(urlOf(making), 1);
    try {
      await migrate(store.db);
    } finally {
      await store.close();
    }
    // A name appears only when it is whole: a failed migration leaves no template behind.
    await client.query(`alter database ${making} rename to ${TEMPLATE}`);
  } finally {
    await client.query('select pg_advisory_unlock($1)', [TEMPLATE_LOCK]);
  }
}

let count = 0;

/**
 * A database of its own with every migration run, copied from a template in some 50 ms. Call `drop` in `afterAll`.
 * `connections`: most connections the store's pool takes.
 */
export async function freshDatabase(options: { connections?: number } = {}): Promise<FreshDatabase> {
  count += 1;
  const name = `t_${process.pid}_${Date.now().toString(36)}_${count}`;
  await asAdmin(async (client) => {
    await makeTemplate(client);
    await client.query(`create database ${name} template ${TEMPLATE}`);
  });
  const store = openStore(urlOf(name), options.connections ?? 10);
  return {
    store,
    url: urlOf(name),
    drop: async () => {
      await store.close();
      await asAdmin((client) => client.query(`drop database if exists ${name} with (force)`));
    },
  };
}
