import { sql } from 'kysely';
import type { Queryable } from './database.js';

/** What tells this store from a copy restored out of a backup. */
export async function readEpoch(q: Queryable): Promise<string> {
  const row = await q.selectFrom('store_epoch').select('epoch').executeTakeFirstOrThrow();
  return row.epoch;
}

/** Gives the store a new epoch: from now on sagas that carry the old one are held (design: after a restore). */
export async function renewEpoch(db: Queryable): Promise<string> {
  const { rows } = await sql<{ epoch: string }>`
    update store_epoch set epoch = gen_random_uuid(), since = clock_timestamp() returning epoch`.execute(db);
  return rows[0]?.epoch ?? readEpoch(db);
}
