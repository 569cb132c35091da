/** Looking up sends that were not answered, and when "not found" may be believed (design.md 5). */
import type { TenantRow } from '../../store/call-tenants.js';
import { move } from '../../store/posting-moves.js';
import { noteCycle, noteSearched, park, type UnknownRow } from '../../store/posting-settle.js';
import { noteAttempt, postingByRef } from '../../store/postings.js';
import { readCall } from '../posting/calls.js';
import type { PostingDeps } from '../posting/deps.js';
import type { Held } from '../posting/erp.js';
import { rejected } from '../posting/failures.js';
import { flag, sighted } from '../posting/found.js';
import { PATIENCE_MS, type Tally } from './tally.js';

/** `rows` were read before the status: a posting sent again since then has another fence and is left alone. */
export async function searchUnknown(
  deps: PostingDeps,
  rows: UnknownRow[],
  status: TenantRow,
  tally: Tally,
): Promise<void> {
  for (const row of rows) {
    if (row.bound_passed && row.noted_cycle === null && status.cycle_no !== null) {
      await noteCycle(deps.store.db, row, status.cycle_no);
    }
    if (isDue(row, status)) await searchOne(deps, row, status, tally);
  }
}

/** A whole cycle has begun and ended after everything sent had landed, and a status read has shown it so. */
const proven = (row: UnknownRow, status: TenantRow): boolean =>
  row.noted_cycle !== null && (status.last_completed ?? 0) > row.noted_cycle;

/** Once when no answer will come any more, then once after each finished cycle. */
const isDue = (row: UnknownRow, status: TenantRow): boolean =>
  row.answer_overdue && (row.searched_cycle === null || row.searched_cycle < (status.last_finished ?? 0));

async function searchOne(deps: PostingDeps, row: UnknownRow, status: TenantRow, tally: Tally): Promise<void> {
  const { kind, content } = row;
  if (kind === null || content === null) return;
  const proof = proven(row, status);
  tally.searches += 1;
  const found = await readCall(deps, PATIENCE_MS, () =>
    deps.erp.find({
      externalRef: row.external_ref,
      kind,
      operation: row.operation,
      undoes: content.undoes,
      number: row.number,
    }),
  );
  await deps.pause?.('between-search-and-move');
  if (found.length > 0) {
    if (await takeFound(deps, row, found)) tally.moved += 1;
    return;
  }
  if (proof) {
    if (await believeAbsent(deps, row)) tally.moved += 1;
    return;
  }
  await noteSearched(deps.store.db, row, status.last_finished ?? 0);
}

/** The first document in time is the posting's; any further one is one too many. */
async function takeFound(deps: PostingDeps, row: UnknownRow, found: Held[]): Promise<boolean> {
  let moved = false;
  for (const held of [...found].sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1))) {
    const now = await postingByRef(deps.store.db, row.external_ref);
    if (now === undefined) break;
    moved = (await sighted(deps, now, { number: held.number, state: held.state, held })) || moved;
  }
  return moved;
}

/** Proved absent: it may be sent again. Where the site gives no bound nothing is proved, and a person owns it. */
async function believeAbsent(deps: PostingDeps, row: UnknownRow): Promise<boolean> {
  const at = { externalRef: row.external_ref, fence: row.fence };
  if (!deps.config.lookupBounded) {
    if (row.parked) return false;
    const failure = rejected(
      'OutcomeUnknown',
      `Whether the ERP stored ${row.reference} cannot be proved on this site; look it up by ${row.external_ref}`,
      { reference: row.reference, revision: row.revision },
    );
    if (!(await park(deps.store.db, row, failure))) return false;
    await noteAttempt(deps.store.db, { ...at, what: 'search', outcome: 'parked' });
    await flag(deps, row, { code: 'X-62', subject: 'parked', title: failure.message });
    return true;
  }
  const moved = await move(deps.store.db, at, ['sent'], 'intended', { raiseFence: true });
  await noteAttempt(deps.store.db, { ...at, what: 'search', outcome: moved ? 'absent' : 'absent-too-late' });
  return moved;
}
