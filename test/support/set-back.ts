import pg from 'pg';

export interface Backup {
  /** address of the copy; nobody may be connected to it when it is put back */
  readonly url: string;
  putBack(): Promise<void>;
  drop(): Promise<void>;
}

/**
 * A copy of a test's database, and the way back to it under whoever is at work: PostgreSQL copies a database from a
 * template, so this is no dump format of ours. The number of the database stays, as it does when its files are put back.
 */
export async function backupOf(url: string): Promise<Backup> {
  const name = new URL(url).pathname.slice(1);
  const copy = `${name}_backup`;
  await asAdmin(async (client) => {
    await alone(client, name);
    await client.query(`create database ${copy} template ${name}`);
    await client.query(`alter database ${name} allow_connections true`);
  });
  const at = new URL(url);
  at.pathname = `/${copy}`;
  return {
    url: at.href,
    putBack: () =>
      asAdmin(async (client) => {
        const { rows } = await client.query<{ oid: number }>('select oid from pg_database where datname = $1', [name]);
        await alone(client, copy);
        await client.query(`drop database ${name} with (force)`);
        await client.query(`create database ${name} template ${copy} oid = ${rows[0]?.oid ?? 0}`);
      }),
    drop: () => asAdmin((client) => client.query(`drop database if exists ${copy} with (force)`)).then(() => undefined),
  };
}

/** A template must be alone: everybody is sent away, and nobody comes in meanwhile. */
async function alone(client: pg.Client, name: string): Promise<void> {
  await client.query(`alter database ${name} allow_connections false`);
  for (;;) {
    const { rowCount } = await client.query(
      'select pg_terminate_backend(pid, 1000) from pg_stat_activity where datname = $1',
      [name],
    );
    if (rowCount === 0) return;
  }
}

async function asAdmin<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: process.env['SELVEDGE_TEST_POSTGRES'] ?? '' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
