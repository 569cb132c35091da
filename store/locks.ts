import { sql } from 'kysely';
import type { Queryable } from './database.js';

/**
 * Takes transaction-long locks named by area and key, in sorted order so that two transactions never wait for each
 * other. Names, not rows: what is locked need not exist yet.
 */
export async function lockFor(tx: Queryable, area: string, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  const { rows } = await sql<{ lock: string }>`
    select distinct hashtextextended(name, 0) as lock
    from unnest(${keys.map((key) => `${area}/${key}`)}::text[]) as name order by lock`.execute(tx);
  for (const { lock } of rows) await sql`select pg_advisory_xact_lock(${lock}::bigint)`.execute(tx);
}
