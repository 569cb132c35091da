/** Objects of the inbox looked at together: those of one document of another system, and newest versions of many. */
import type { Queryable } from './database.js';
import { EVENT_COLUMNS, KNOWN, toEvent, type EventRow } from './inbox.js';

/** Deliveries of one purchase order looked at together. */
const MOST_OF_ONE = 1000;

/** Newest versions of the objects of one document that no saga has finished: the deliveries of a purchase order. */
export async function unfinishedOf(
  q: Queryable,
  { source, kind, documentId }: { source: string; kind: string; documentId: string },
): Promise<EventRow[]> {
  const rows = await q
    .selectFrom('event as e')
    .select(EVENT_COLUMNS)
    .where('source', '=', source)
    .where('kind', '=', kind)
    .where('document_id', '=', documentId)
    .where('state', 'in', KNOWN)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('event as n')
            .whereRef('n.source', '=', 'e.source')
            .whereRef('n.kind', '=', 'e.kind')
            .whereRef('n.source_id', '=', 'e.source_id')
            .whereRef('n.version', '>', 'e.version')
            .where('n.state', 'in', KNOWN),
        ),
      ),
    )
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('event_claim as c')
            .whereRef('c.source', '=', 'e.source')
            .whereRef('c.kind', '=', 'e.kind')
            .whereRef('c.key', '=', 'e.source_id')
            .where('c.finished_at', 'is not', null),
        ),
      ),
    )
    .limit(MOST_OF_ONE)
    .execute();
  return rows.map(toEvent);
}

/** The newest version of each object that a saga is for; objects without one are left out. */
export async function newestOf(
  q: Queryable,
  { source, kind, keys }: { source: string; kind: string; keys: readonly string[] },
): Promise<Map<string, EventRow>> {
  if (keys.length === 0) return new Map();
  const rows = await q
    .selectFrom('event')
    .distinctOn('source_id')
    .select(EVENT_COLUMNS)
    .where('source', '=', source)
    .where('kind', '=', kind)
    .where('source_id', 'in', [...new Set(keys)])
    .where('state', 'in', KNOWN)
    .orderBy('source_id')
    .orderBy('version', 'desc')
    .execute();
  return new Map(rows.map((row) => [row.sourceId, toEvent(row)]));
}
