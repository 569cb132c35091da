import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { ForeignStore, migrate } from '../../store/migrate.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';

describe('a database that the program must leave alone', () => {
  let database: FreshDatabase;
  beforeEach(async () => {
    database = await freshDatabase();
  });
  afterEach(() => database.drop());

  const refusal = (): Promise<unknown> => migrate(database.store.db).catch((error: unknown) => error);
  const empty = async (): Promise<void> => {
    await sql`drop schema public cascade`.execute(database.store.db);
    await sql`create schema public`.execute(database.store.db);
  };
  const tables = async (): Promise<string[]> => {
    const { rows } = await sql<{ name: string }>`
      select tablename as name from pg_tables where schemaname = 'public' order by 1`.execute(database.store.db);
    return rows.map((row) => row.name);
  };

  test('tables of something else are named, and nothing is added to them', async () => {
    await empty();
    for (const name of ['customers', 'orders', 'prices', 'stock'])
      await sql`create table ${sql.table(name)} (id int)`.execute(database.store.db);
    const error = await refusal();
    expect(error).toBeInstanceOf(ForeignStore);
    expect((error as Error).message).toBe(
      'holds tables of something else (customers, orders, prices, …). Use an empty database',
    );
    expect(await tables()).toEqual(['customers', 'orders', 'prices', 'stock']);
  });

  test('a store of a newer release is refused with the migration it does not know', async () => {
    await sql`insert into kysely_migration (name, timestamp) values ('0999-of-tomorrow', 'x')`.execute(
      database.store.db,
    );
    expect((await refusal()) as Error).toMatchObject({
      message:
        'was written by a newer release of this program (0999-of-tomorrow). Update the program, or use another database',
    });
  });

  test("another program's migrations are not taken for a newer release of ours", async () => {
    await sql`delete from kysely_migration`.execute(database.store.db);
    await sql`insert into kysely_migration (name, timestamp) values ('2020-begin', 'x')`.execute(database.store.db);
    expect((await refusal()) as Error).toMatchObject({
      message: 'belongs to another program (its migrations: 2020-begin). Use an empty database',
    });
  });

  test('an empty one is brought forward, and bringing it forward again runs nothing', async () => {
    await empty();
    expect((await migrate(database.store.db))[0]).toBe('0001-inbox');
    expect(await migrate(database.store.db)).toEqual([]);
  });

  test('two programs that bring an empty one forward at once both find it whole', async () => {
    await empty();
    const [one, two] = await Promise.all([migrate(database.store.db), migrate(database.store.db)]);
    expect([one.length, two.length].sort((a, b) => a - b)[0]).toBe(0);
    expect(await tables()).toContain('posting');
  });
});
