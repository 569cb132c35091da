/** Forbidding what has not been sent: the undo of a posting that never left (design.md 5, Undo). */
import type { Queryable } from '../../store/database.js';
import { insertRevision, move, stopUnlessStored } from '../../store/posting-moves.js';
import { noteAttempt, revisionsOf, type PostingRow } from '../../store/postings.js';
import { sql } from 'kysely';
import type { Postings } from './contract.js';
import type { PostingDeps } from './deps.js';
import { dueInMs } from './look.js';
import { externalRefOf } from './reference.js';

/** Locks every revision of a reference for the rest of the transaction and answers them, oldest first. */
export async function lockRevisions(db: Queryable, reference: string): Promise<PostingRow[]> {
  await sql`select 1 from posting where reference = ${reference} order by revision for update`.execute(db);
  return revisionsOf(db, reference);
}

/**
 * Forbids the newest revision if it is `intended` or `rejected`, inserts a forbidden one where there is none (so that a
 * late first attempt finds it), and says where the reference stands. Never waits. One whose outcome nobody knows yet is
 * stopped for later: proved absent it becomes `forbidden` instead of being sent again.
 */
export async function forbid(
  deps: PostingDeps,
  input: { reference: string; why: string },
): ReturnType<Postings['forbid']> {
  const state = await deps.store.db.transaction().execute(async (trx) => {
    await insertRevision(trx, bornForbidden(deps, input.reference));
    const rows = await lockRevisions(trx, input.reference);
    const newest = rows.at(-1);
    if (newest === undefined) return 'forbidden' as const;
    if (newest.state === 'intended' || newest.state === 'rejected') {
      const at = { externalRef: newest.external_ref, fence: newest.fence };
      await move(trx, at, ['intended', 'rejected'], 'forbidden', { raiseFence: true });
      await noteAttempt(trx, { ...at, what: 'forbid', outcome: 'forbidden', detail: { why: input.why } });
      return standingOf([...rows.slice(0, -1), { ...newest, state: 'forbidden' }]);
    }
    if (newest.state === 'sent') {
      await stopUnlessStored(trx, newest.external_ref, input.why);
      const at = { externalRef: newest.external_ref, fence: newest.fence };
      await noteAttempt(trx, { ...at, what: 'forbid', outcome: 'stop', detail: { why: input.why } });
    }
    return standingOf(rows);
  });
  if (state !== 'sent' && state !== 'accepted') return { state };
  return { state, dueAt: new Date(Date.now() + (await dueInMs(deps))).toISOString() };
}

/** What counts of several revisions: what is on its way, then what is posted, then what was reversed. */
export function standingOf(rows: PostingRow[]): 'forbidden' | 'sent' | 'accepted' | 'posted' | 'reversed' {
  for (const state of ['sent', 'accepted', 'posted', 'reversed'] as const) {
    if (rows.some((row) => row.state === state)) return state;
  }
  return 'forbidden';
}

const bornForbidden = (deps: PostingDeps, reference: string) => ({
  externalRef: externalRefOf(reference, 1),
  reference,
  revision: 1,
  tenant: deps.config.tenant,
  kind: null,
  operation: 'create' as const,
  askedDigest: null,
  content: null,
  lanes: [],
  businessDate: null,
  seq: 0,
  links: [],
  state: 'forbidden' as const,
  lineCount: 0,
});
