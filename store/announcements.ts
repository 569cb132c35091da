/** Which announcements were made of a purchase order: kept before the first send, as links of the order. */
import { sql } from 'kysely';
import type { Queryable } from './database.js';
import { linkDocuments } from './links.js';

const ARCHEAN = 'archean';
const ANNOUNCEMENT = 'announcement';
const ANNOUNCES = 'announces';

/** Notes that an order is about to be announced under a reference; said twice it is said once. */
export const announces = (
  q: Queryable,
  { poNo, externalRef, workflowId }: { poNo: string; externalRef: string; workflowId: string },
): Promise<void> =>
  linkDocuments(
    q,
    { system: 'blue-cherry', kind: 'purchase order', number: poNo },
    { system: ARCHEAN, kind: ANNOUNCEMENT, number: externalRef, workflowId },
    ANNOUNCES,
  );

/** Notes which goods-in record an announcement became. */
export const noteAnnounced = (
  q: Queryable,
  { externalRef, goodsInNo, location }: { externalRef: string; goodsInNo: string; location: string },
): Promise<void> =>
  linkDocuments(
    q,
    { system: ARCHEAN, kind: ANNOUNCEMENT, number: externalRef },
    { system: ARCHEAN, kind: 'goods-in', number: goodsInNo, facts: { location } },
    ANNOUNCES,
  );

/** References an order was announced under, oldest first; one may never have arrived there. */
export async function announcementsOf(q: Queryable, poNo: string): Promise<string[]> {
  const { rows } = await sql<{ number: string }>`
    select a.number from document p
    join link l on l.from_id = p.id and l.relation = ${ANNOUNCES}
    join document a on a.id = l.to_id and a.kind = ${ANNOUNCEMENT}
    where p.system = 'blue-cherry' and p.kind = 'purchase order' and p.number = ${poNo}
    order by a.id`.execute(q);
  return rows.map(({ number }) => number);
}
