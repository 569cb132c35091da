import { sql } from 'kysely';
import type { Queryable } from './database.js';
import type { EventState } from './inbox.js';

/** How many rows of each kind are in each state, for `status`. */
export async function countEvents(
  q: Queryable,
): Promise<{ source: string; kind: string; state: EventState; events: number }[]> {
  const { rows } = await sql<{ source: string; kind: string; state: EventState; events: number }>`
    select source, kind, state, count(*)::integer as events from event
    group by source, kind, state order by source, kind, state`.execute(q);
  return rows;
}
