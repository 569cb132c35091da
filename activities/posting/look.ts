/** The first thing a post does: what became of this reference so far? Store reads only. */
import { untilNextCycle } from '../../store/call-tenants.js';
import { wasEverStored, type PostingRow } from '../../store/postings.js';
import type { PostedDocument, PostingResult } from './contract.js';
import type { PostingDeps } from './deps.js';
import { rejected, rejection, waiting } from './failures.js';
import { digestOf } from './reference.js';

export type Standing =
  | { state: 'none' }
  | { state: 'done'; result: PostingResult }
  /** Intended, with other content than is asked now, and proved never stored. */
  | { state: 'replace'; row: PostingRow }
  | { state: 'go'; row: PostingRow };

/** A cycle takes a while after it begins; who waits for its outcome looks this much later. */
const AFTER_CYCLE_MS = 250;
const DEFAULT_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 5_000;

/** When the outcome of what is on its way is due, in milliseconds from now: just after the ERP's next cycle. */
export async function dueInMs(deps: PostingDeps): Promise<number> {
  const ms = await untilNextCycle(deps.store.db, deps.config.tenant);
  if (ms === null) return Math.min(DEFAULT_WAIT_MS, deps.config.settlePollMs);
  if (ms > 0) return ms + AFTER_CYCLE_MS;
  // The moment shown has passed: the cycle is running, or settle has not looked since. The longer it has not, the less
  // sense there is in asking again soon: a thousand who ask are what keeps it.
  const soon = Math.min(DEFAULT_WAIT_MS, Math.max(AFTER_CYCLE_MS, deps.config.settlePollMs));
  return Math.max(soon, Math.min(LONGEST_WAIT_MS, -ms / 2));
}

/** Where a reference stands. Throws the rejection or the wait that its newest revision says. */
export async function look(deps: PostingDeps, rows: PostingRow[], askedDigest: string): Promise<Standing> {
  const standing = rows.filter((row) => row.state !== 'superseded');
  const newest = standing.at(-1);
  if (newest === undefined) return { state: 'none' };
  if (asksForOther(rows, askedDigest)) {
    if (newest.state === 'intended') {
      if (!(await wasEverStored(deps.store.db, newest.external_ref))) return { state: 'replace', row: newest };
      throw reused(newest);
    }
    if (newest.state !== 'forbidden' && newest.state !== 'reversed') throw reused(newest);
  }
  switch (newest.state) {
    case 'intended':
      return { state: 'go', row: newest };
    case 'rejected':
      throw rejection(newest.failure ?? rejected('Refused', 'The ERP refused the document'));
    case 'sent':
    case 'accepted':
    case 'posted':
    case 'forbidden':
    case 'reversed':
    case 'superseded':
      return { state: 'done', result: await outcomeOf(deps, standing) };
  }
}

/** None of the revisions was asked with this content, nor holds it by a correction. */
function asksForOther(rows: PostingRow[], askedDigest: string): boolean {
  const known = rows.filter((row) => row.asked_digest !== null);
  return (
    known.length > 0 &&
    !known.some((row) => row.asked_digest === askedDigest || digestOf(row.content?.document) === askedDigest)
  );
}

const reused = (row: PostingRow) =>
  rejection(
    rejected('ReferenceReused', `Reference ${row.reference} was asked before with other content`, {
      reference: row.reference,
      revision: row.revision,
    }),
  );

/** The result of revisions of which nothing more will be sent; throws while any is on its way. */
async function outcomeOf(deps: PostingDeps, standing: PostingRow[]): Promise<PostingResult> {
  const parked = standing.find((row) => row.state === 'sent' && row.parked);
  if (parked !== undefined) throw rejection(parked.failure ?? rejected('OutcomeUnknown', 'The outcome is unknown'));
  if (standing.some((row) => row.state === 'sent')) {
    throw waiting('NotYetKnown', 'Sent; the ERP has not shown the outcome yet', await dueInMs(deps));
  }
  if (standing.some((row) => row.state === 'accepted')) {
    throw waiting('NotPosted', 'Accepted; waits for the next batch cycle', await dueInMs(deps));
  }
  const differs = standing.find((row) => row.state === 'posted' && row.journal === 'differs');
  if (differs !== undefined) throw rejection(differs.failure ?? rejected('JournalDiffers', 'The journal differs'));
  const posted = standing.filter((row) => row.state === 'posted');
  if (posted.length > 0) return { state: 'posted', documents: posted.map(postedDocument) };
  const reversed = standing.filter((row) => row.state === 'reversed');
  if (reversed.length > 0) return { state: 'reversed', documents: reversed.map(postedDocument) };
  return { state: 'forbidden', documents: [] };
}

/** A posted revision as a saga sees it. */
export const postedDocument = (row: PostingRow): PostedDocument => ({
  revision: row.revision,
  number: row.number ?? '',
  externalRef: row.external_ref,
  journal: row.journal === 'verified' || row.journal === 'none' ? row.journal : 'unverified',
  businessDate: row.content?.document.businessDate ?? row.business_date ?? '',
  adopted: row.adopted,
});
