/** The first thing a post does: what became of this reference so far? Store reads only. */
import { untilNextCycle } from '../../store/call-tenants.js';
import { wasEverStored, type PostingContent, type PostingRow } from '../../store/postings.js';
import type { Queryable } from '../../store/database.js';
import { askedDigestOf, valueOf } from './content.js';
import type { PostedDocument, PostingResult } from './contract.js';
import type { PostingDeps } from './deps.js';
import { rejected, rejection, waiting } from './failures.js';
import { takenContent } from './partial.js';
import { digestOf } from './reference.js';

export type Standing =
  | { state: 'none' }
  | { state: 'done'; result: PostingResult }
  /** Intended, with other content or other values than are asked now, and proved never stored. */
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
export async function look(
  deps: PostingDeps,
  rows: PostingRow[],
  asked: { digest: string; content: PostingContent },
): Promise<Standing> {
  const standing = rows.filter((row) => row.state !== 'superseded');
  const newest = standing.at(-1);
  if (newest === undefined) return { state: 'none' };
  const other = asksForOther(rows, asked.digest);
  if (newest.state === 'intended' && (other || isValuedOtherwise(newest, asked))) {
    if (!(await wasEverStored(deps.store.db, newest.external_ref))) return { state: 'replace', row: newest };
  }
  if (other && newest.state !== 'forbidden' && newest.state !== 'reversed') throw reused(newest);
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
    known.length > 0 && !known.some((row) => row.asked_digest === askedDigest || contentDigest(row) === askedDigest)
  );
}

const contentDigest = ({ content }: PostingRow): string | null =>
  content === null ? null : askedDigestOf(content.document);

/** The very document asked for, with values the ERP has amended since. A correction is another document, and stays. */
const isValuedOtherwise = (
  row: PostingRow,
  { digest, content }: { digest: string; content: PostingContent },
): boolean => contentDigest(row) === digest && digestOf(row.content) !== digestOf(content);

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
  const documentsOf = (rows: PostingRow[]): Promise<PostedDocument[]> =>
    Promise.all(rows.map((row) => postedDocument(deps.store.db, row)));
  if (posted.length > 0) return { state: 'posted', documents: await documentsOf(posted) };
  const reversed = standing.filter((row) => row.state === 'reversed');
  if (reversed.length > 0) return { state: 'reversed', documents: await documentsOf(reversed) };
  return { state: 'forbidden', documents: [] };
}

/** A posted revision as a saga sees it. */
export async function postedDocument(db: Queryable, row: PostingRow): Promise<PostedDocument> {
  const content = row.content === null ? null : await takenContent(db, row, row.content);
  return {
    revision: row.revision,
    number: row.number ?? '',
    externalRef: row.external_ref,
    journal: row.journal === 'verified' || row.journal === 'none' ? row.journal : 'unverified',
    businessDate: content?.document.businessDate ?? row.business_date ?? '',
    adopted: row.adopted,
    ...receivedBy(content),
  };
}

function receivedBy(content: PostingContent | null): Pick<PostedDocument, 'received'> {
  if (content?.document.kind !== 'po-receipt') return {};
  const { lines } = content.document;
  const worth = valueOf({ lines });
  return worth === null
    ? {}
    : { received: { units: lines.reduce((all, { quantity }) => all + quantity, 0), ...worth } };
}
