/** Postings of a store that was set back, brought to what sagas and the ERP know of them. Only while it is held. */
import { sql } from 'kysely';
import type { Db, Queryable } from './database.js';
import { freeLanes, stopWaiting } from './lanes.js';
import { insertRevision, type NewRevision } from './posting-moves.js';
import type { PostingRow, PostingState } from './postings.js';

/** The rows of these references and of their undos. */
export async function rowsOf(db: Queryable, references: readonly string[]): Promise<PostingRow[]> {
  const { rows } = await sql<PostingRow>`
    select * from posting where regexp_replace(reference, '/undo-[0-9]+$', '') = any(${[...references]}::text[])
    order by reference, revision`.execute(db);
  return rows;
}

/** What is told of a revision; `moves` false writes only one that is missing. */
export interface Restored extends NewRevision {
  reversedBy: string | null;
  moves: boolean;
}

/** Which state may take the place of which: what was set back only ever lags behind. */
const FORWARD: Record<PostingState, readonly PostingState[]> = {
  intended: ['posted', 'rejected', 'reversed', 'forbidden', 'superseded'],
  sent: ['posted', 'rejected', 'reversed', 'forbidden', 'superseded'],
  accepted: ['posted', 'rejected', 'reversed', 'superseded'],
  posted: ['reversed'],
  rejected: ['forbidden', 'superseded'],
  forbidden: ['superseded'],
  reversed: [],
  superseded: [],
};

/** Writes a revision as it is told, or moves it on. Says it again: nothing. */
export function restoreRevision(db: Db, told: Restored): Promise<'made' | 'moved' | 'stays'> {
  return db.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom('posting')
      .selectAll()
      .where('external_ref', '=', told.externalRef)
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined) {
      if (!(await insertRevision(tx, told))) return 'stays';
      await sql`update posting set fence = 1, sent_at = clock_timestamp(), send_deadline = clock_timestamp(),
        reversed_by = ${told.reversedBy} where external_ref = ${told.externalRef}`.execute(tx);
      return 'made';
    }
    if (!told.moves || !FORWARD[row.state].includes(told.state)) return 'stays';
    await sql`update posting set state = ${told.state}, fence = fence + 1, parked = false,
        number = coalesce(number, ${told.number ?? null}),
        failure = coalesce(${told.failure === undefined ? null : JSON.stringify(told.failure)}::jsonb, failure),
        journal = coalesce(journal, ${told.journal ?? null}), reversed_by = coalesce(reversed_by, ${told.reversedBy}),
        settled_at = coalesce(settled_at, clock_timestamp()), changed_at = clock_timestamp()
      where external_ref = ${told.externalRef}`.execute(tx);
    await freeLanes(tx, told.externalRef);
    await stopWaiting(tx, told.externalRef);
    return 'moved';
  });
}

/**
 * Whatever is neither in the ERP nor known to be over may be on its way: sent, its outcome unknown from now on. What was
 * noted of earlier sends proves nothing of later ones. Settle proves each absent, or finds it. Answers how many.
 */
export async function doubtOpenPostings(db: Db, tenant: string): Promise<number> {
  const { numAffectedRows } = await sql`
    update posting set state = 'sent', fence = fence + 1, sent_at = clock_timestamp(), send_deadline = clock_timestamp(),
      noted_cycle = null, searched_cycle = null, not_before = null, parked = false, changed_at = clock_timestamp()
    where tenant = ${tenant} and state in ('intended', 'sent') and content is not null`.execute(db);
  return Number(numAffectedRows ?? 0n);
}

/** How many that would be. */
export async function countOpen(db: Queryable, tenant: string): Promise<number> {
  const { rows } = await sql<{ n: string }>`
    select count(*) as n from posting
    where tenant = ${tenant} and state in ('intended', 'sent') and content is not null`.execute(db);
  return Number(rows[0]?.n ?? 0);
}
