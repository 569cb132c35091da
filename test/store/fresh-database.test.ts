import { afterAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { freshDatabase } from '../support/database.js';

describe('a fresh database', () => {
  const made: { drop(): Promise<void> }[] = [];
  afterAll(async () => {
    for (const database of made) await database.drop();
  });

  test('holds every migration and nothing of its neighbour', async () => {
    const one = await freshDatabase();
    const two = await freshDatabase();
    made.push(one, two);
    await sql`create table only_here (id int)`.execute(one.store.db);
    const seen = await sql<{
      n: string;
    }>`select count(*) as n from pg_tables where tablename = 'only_here'`.execute(two.store.db);
    expect(seen.rows[0]?.n).toBe('0');
    const run = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(two.store.db);
    expect(run.rows.map((row) => row.name)).toContain('0001-inbox');
  });

  test('is a real PostgreSQL 18', async () => {
    const one = await freshDatabase();
    made.push(one);
    const found = await sql<{ server_version: string }>`show server_version`.execute(one.store.db);
    expect(found.rows[0]?.server_version).toMatch(/^18\./);
  });
});
