/** What settle and the single-bearer check read and note. The moves themselves are in posting-moves.ts. */
import { sql } from 'kysely';
import type { Queryable } from './database.js';
import type { PostingRow } from './postings.js';

export interface OpenPostings {
  intended: number;
  sent: number;
  accepted: number;
  parked: number;
}

/** How many postings of a tenant are open. */
export async function openPostings(db: Queryable, tenant: string): Promise<OpenPostings> {
  const { rows } = await sql<{ intended: string; sent: string; accepted: string; parked: string }>`
    select count(*) filter (where state = 'intended') as intended,
      count(*) filter (where state = 'sent' and not parked) as sent,
      count(*) filter (where state = 'accepted') as accepted,
      count(*) filter (where state = 'sent' and parked) as parked
    from posting where tenant = ${tenant} and state in ('intended', 'sent', 'accepted')`.execute(db);
  const row = rows[0];
  return {
    intended: Number(row?.intended ?? 0),
    sent: Number(row?.sent ?? 0),
    accepted: Number(row?.accepted ?? 0),
    parked: Number(row?.parked ?? 0),
  };
}

/** A posting whose send was not answered, with whether everything sent has had time to land. */
export type UnknownRow = PostingRow & { bound_passed: boolean; answer_overdue: boolean };

/**
 * Postings `sent`, oldest first, those that a person owns last. `bound_passed`: at the instant `begunAt` (store's clock) send deadline, client time-out
 * and the site's longest request life had all passed; `answer_overdue`: no answer will come any more.
 */
export async function unknownPostings(
  db: Queryable,
  tenant: string,
  begunAt: string,
  times: { timeoutMs: number; maxRequestLifeMs: number; limit: number },
): Promise<UnknownRow[]> {
  const boundMs = times.timeoutMs + times.maxRequestLifeMs;
  const { rows } = await sql<UnknownRow>`
    select *,
      send_deadline + ${boundMs} * interval '1 millisecond' < ${begunAt}::timestamptz as bound_passed,
      sent_at + ${times.timeoutMs} * interval '1 millisecond' < ${begunAt}::timestamptz as answer_overdue
    from posting where tenant = ${tenant} and state = 'sent'
    order by parked, sent_at limit ${times.limit}`.execute(db);
  return rows;
}

/** Notes the highest cycle a status read showed, once, for a posting still as it was read. */
export async function noteCycle(db: Queryable, row: PostingRow, cycleNo: number): Promise<void> {
  await sql`update posting set noted_cycle = ${cycleNo}
    where external_ref = ${row.external_ref} and fence = ${row.fence} and state = 'sent'
      and noted_cycle is null`.execute(db);
}

/** Notes that a posting was searched for after this finished cycle. */
export async function noteSearched(db: Queryable, row: PostingRow, cycleNo: number): Promise<void> {
  await sql`update posting set searched_cycle = ${cycleNo}
    where external_ref = ${row.external_ref} and fence = ${row.fence} and state = 'sent'`.execute(db);
}

/** Parks a posting whose outcome cannot be proved on this site: a person owns it, its lanes go free. */
export async function park(
  db: Queryable,
  row: PostingRow,
  failure: NonNullable<PostingRow['failure']>,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update posting set parked = true, failure = ${JSON.stringify(failure)}::jsonb, changed_at = clock_timestamp()
    where external_ref = ${row.external_ref} and fence = ${row.fence} and state = 'sent' and not parked`.execute(db);
  if ((numAffectedRows ?? 0n) === 0n) return false;
  await sql`delete from lane where external_ref = ${row.external_ref}`.execute(db);
  return true;
}

/** Marks newly accepted postings with how many completed cycles have been seen: their lateness counts from here. */
export async function markAccepted(db: Queryable, tenant: string, completedSeen: number): Promise<void> {
  await sql`update posting set accepted_mark = ${completedSeen}
    where tenant = ${tenant} and state = 'accepted' and accepted_mark is null`.execute(db);
}

/** Accepted postings that missed the cycle they were due in and two more, not yet read since the last completed one. */
export async function latePostings(
  db: Queryable,
  tenant: string,
  completedSeen: number,
  limit: number,
): Promise<PostingRow[]> {
  const { rows } = await sql<PostingRow>`
    select * from posting where tenant = ${tenant} and state = 'accepted'
      and accepted_mark + 3 <= ${completedSeen} and coalesce(read_mark, -1) < ${completedSeen}
    order by accepted_mark, sent_at limit ${limit}`.execute(db);
  return rows;
}

/** Notes that a late posting was read by number at this count of completed cycles. */
export async function noteRead(db: Queryable, row: PostingRow, completedSeen: number): Promise<void> {
  await sql`update posting set read_mark = ${completedSeen} where external_ref = ${row.external_ref}`.execute(db);
}

/** Numbers among these that a live posting of the tenant owns. */
export async function ownersOf(db: Queryable, tenant: string, numbers: string[]): Promise<string[]> {
  const { rows } = await sql<{ number: string }>`
    select number from posting where tenant = ${tenant} and number = any(${numbers})
      and state not in ('superseded', 'forbidden', 'rejected')`.execute(db);
  return rows.map((row) => row.number);
}

/** Revisions whose document the ERP should hold, changed in a span of our clock; at most 20,000. */
export async function expectedInErp(
  db: Queryable,
  tenant: string,
  from: string,
  to: string,
): Promise<Pick<PostingRow, 'external_ref' | 'reference' | 'number' | 'state'>[]> {
  const { rows } = await sql<Pick<PostingRow, 'external_ref' | 'reference' | 'number' | 'state'>>`
    select external_ref, reference, number, state from posting
    where tenant = ${tenant} and state in ('accepted', 'posted', 'reversed') and operation <> 'cancel'
      and kind <> 'sales-order' and not adopted and sent_at >= ${from} and sent_at < ${to} limit 20000`.execute(db);
  return rows;
}

/** Removes places in queues and schedules that their owners left long ago. */
export async function sweepWaits(db: Queryable): Promise<void> {
  await sql`delete from lane_wait where until < clock_timestamp() - interval '10 minutes'`.execute(db);
  await sql`delete from call_slot where moment < clock_timestamp() - interval '10 minutes'`.execute(db);
}
