/** Objects of the inbox that belong to one document of another system. */
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
