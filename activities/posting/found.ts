/**
 * A document of the ERP that bears one of our references, however we came to know of it: a reply, a search, the listing.
 * It moves its posting on, or it is one document too many and a person is told (X-62).
 */
import type { Queryable } from '../../store/database.js';
import { insertRevision, move, type MoveFields } from '../../store/posting-moves.js';
import {
  caseSubjectOf,
  flagTold,
  noteAttempt,
  raiseFlag,
  revisionsOf,
  type Flag,
  type PostingContent,
  type PostingFailure,
  type PostingRow,
} from '../../store/postings.js';
import { onlyLines } from './content.js';
import type { PostingDeps, Raised } from './deps.js';
import type { Held } from './erp.js';
import { refusalOf, rejected } from './failures.js';
import { linkPosted } from './links.js';
import { goOnWithout, missingLines, takenContent } from './partial.js';
import { nextRevisionOf } from './revisions.js';
import { differencesText, documentDifferences, journalDifferences } from './verify.js';

/** What is known of a document at least: a reply tells the number alone. */
export type Sighting = Pick<Held, 'number' | 'state'> & { held?: Held };

/** What a flag is about: a posting, or a document that no posting of ours accounts for. */
type Flagged = Pick<PostingRow, 'external_ref' | 'reference' | 'revision' | 'workflow_id'>;

/** A flag as the desk is told of it. */
export const told = (flag: Flag, of: Pick<PostingRow, 'reference' | 'workflow_id'>): Raised => ({
  workflowId: of.workflow_id,
  reference: of.reference,
  code: flag.code as Raised['code'],
  subject: caseSubjectOf(flag),
  title: flag.title,
  expected: flag.expected ?? '',
  actual: flag.actual ?? '',
});

/** Writes a flag and tells the desk once. */
export async function flag(deps: PostingDeps, row: Flagged, what: Omit<Flag, 'externalRef'>): Promise<void> {
  const flagged = { externalRef: row.external_ref, ...what };
  if (!(await raiseFlag(deps.store.db, flagged))) return;
  deps.log?.warn(
    { reference: row.reference, revision: row.revision, code: what.code },
    'a document needs a person to look at it',
  );
  if (deps.raise === undefined) return;
  await deps.raise(told(flagged, row));
  await flagTold(deps.store.db, flagged);
}

/**
 * Moves `row` (as it was read: its fence guards every move) by what was seen. Answers whether anything moved.
 * A document of a posting that should have none, or has another one, is X-62; a rejected one has no effect and is not.
 */
export async function sighted(deps: PostingDeps, row: PostingRow, seen: Sighting): Promise<boolean> {
  if (row.number !== null && row.number !== seen.number) return tooMany(deps, row, seen);
  switch (row.state) {
    case 'intended':
    case 'sent':
      // `intended` with a document of ours: it landed after all; sending again would double it.
      if (row.state === 'intended' && seen.state === 'rejected') return false;
      if (seen.state === 'queued') return toAccepted(deps, row, seen);
      if (await toAccepted(deps, row, seen)) return settle(deps, { ...row, ...acceptedAs(row, seen) }, seen);
      return false;
    case 'accepted':
      return seen.state === 'queued' ? false : settle(deps, row, seen);
    case 'posted':
      return seen.state === 'posted' && changedByHand(deps, row, seen);
    case 'rejected':
    case 'forbidden':
    case 'superseded':
      return row.number === seen.number ? false : tooMany(deps, row, seen);
    case 'reversed':
      return false;
  }
}

const acceptedAs = (row: PostingRow, seen: Sighting): Partial<PostingRow> => ({
  state: 'accepted',
  number: seen.number,
  fence: row.fence + (row.state === 'intended' ? 1 : 0),
});

async function toAccepted(deps: PostingDeps, row: PostingRow, seen: Sighting): Promise<boolean> {
  const { content } = row;
  const moved = await deps.store.db.transaction().execute(async (trx) => {
    const fields = { number: seen.number, raiseFence: row.state === 'intended' };
    if (!(await move(trx, at(row), [row.state], 'accepted', fields))) return false;
    if (content !== null) await goOnWithout(trx, row, content, missingLines(content, seen.held));
    return true;
  });
  await noteAttempt(deps.store.db, {
    externalRef: row.external_ref,
    fence: row.fence,
    what: 'seen',
    outcome: 'stored',
    number: seen.number,
    detail: { moved, from: row.state },
  });
  return moved;
}

const at = (row: PostingRow) => ({ externalRef: row.external_ref, fence: row.fence });

async function tooMany(deps: PostingDeps, row: PostingRow, seen: Sighting): Promise<boolean> {
  if (seen.state === 'rejected') return false;
  await noteAttempt(deps.store.db, {
    externalRef: row.external_ref,
    fence: row.fence,
    what: 'seen',
    outcome: 'stored',
    number: seen.number,
    detail: { second: true, state: row.state, ours: row.number },
  });
  await flag(deps, row, {
    code: 'X-62',
    subject: seen.number,
    title: `Document ${seen.number} bears the reference of ${row.reference}, which ${
      row.number === null ? `is ${row.state}` : `is document ${row.number} already`
    }`,
    expected: row.number === null ? 'no document' : `only ${row.number}`,
    actual: seen.number,
  });
  return false;
}

/** Accepted → posted, with its journal proved, or rejected. */
async function settle(deps: PostingDeps, row: PostingRow, seen: Sighting): Promise<boolean> {
  if (seen.held === undefined || row.content === null) return false;
  if (seen.state === 'rejected') return rejectAtPosting(deps, row, seen.held);
  const proof = await proofOf(deps, row, row.content, seen.held);
  return deps.store.db.transaction().execute(async (trx) => {
    if (!(await move(trx, at(row), ['accepted'], 'posted', proof))) return false;
    await linkPosted(trx, row, seen.number);
    return true;
  });
}

/** The journal's proof (R-803): verified, unverified where the site shows none, or what differs. */
export async function proofOf(
  deps: PostingDeps,
  row: PostingRow,
  content: PostingContent,
  held: Held,
): Promise<MoveFields> {
  const { document } = await takenContent(deps.store.db, row, content);
  if (document.kind === 'sales-order') return { journal: 'none' };
  const readable = deps.config.site.journalReadable;
  const differences = documentDifferences(document, held);
  if (readable && held.journal === null) {
    differences.push({ what: 'journal', expected: 'a journal', actual: 'none shown' });
  } else if (readable) {
    differences.push(...journalDifferences(document, held));
  }
  if (differences.length === 0) return { journal: readable ? 'verified' : 'unverified' };
  return {
    journal: 'differs',
    failure: rejected(
      'JournalDiffers',
      `Document ${held.number} is posted, but not as asked: ${differencesText(differences)}`,
      {
        reference: row.reference,
        revision: row.revision,
        expected: differences.map((d) => `${d.what} ${d.expected}`).join('; '),
        actual: differences.map((d) => `${d.what} ${d.actual}`).join('; '),
      },
    ),
  };
}

/** A posted document that no longer says what was posted: a person edited it in the ERP (X-01). */
async function changedByHand(deps: PostingDeps, row: PostingRow, seen: Sighting): Promise<boolean> {
  if (seen.held === undefined || row.content === null || row.journal === 'differs' || row.adopted) return false;
  const { document } = await takenContent(deps.store.db, row, row.content);
  if (document.kind === 'sales-order') return false;
  const differences = documentDifferences(document, seen.held);
  if (differences.length === 0) return false;
  await flag(deps, row, {
    code: 'X-01',
    subject: differencesText(differences).slice(0, 200),
    title: `Document ${seen.number} was changed in the ERP after it was posted, by ${seen.held.modifiedBy}`,
    expected: differences.map((d) => `${d.what} ${d.expected}`).join('; '),
    actual: differences.map((d) => `${d.what} ${d.actual}`).join('; '),
  });
  return false;
}

/**
 * The ERP rejected an accepted document at posting. When refused lines had gone on as a newer revision, both go into
 * one new rejected revision, so that a decision on the newest one decides all that is not posted.
 */
async function rejectAtPosting(deps: PostingDeps, row: PostingRow, held: Held): Promise<boolean> {
  const error = held.errors[0] ?? { code: 'REJECTED', message: 'rejected at posting, no reason given' };
  const failure: PostingFailure = refusalOf(error.code, `${error.message} (document ${held.number})`, {
    reference: row.reference,
    revision: row.revision,
  });
  return deps.store.db.transaction().execute(async (trx) => {
    if (!(await move(trx, at(row), ['accepted'], 'rejected', { number: held.number, failure }))) return false;
    const rows = await revisionsOf(trx, row.reference);
    const newest = rows.at(-1);
    if (newest === undefined || newest.revision === row.revision) return true;
    await goOnTogether(trx, row, newest, failure);
    return true;
  });
}

/** Supersedes `row`, and `newest` too where it is not under way, by one rejected revision of both their lines. */
async function goOnTogether(
  db: Queryable,
  row: PostingRow,
  newest: PostingRow,
  failure: PostingFailure,
): Promise<void> {
  if (row.content === null) return;
  const mine = await takenContent(db, row, row.content);
  const merge =
    newest.content !== null && (newest.state === 'rejected' || newest.state === 'intended') ? newest.content : null;
  const both = merge === null ? mine : { ...mine, document: joined(mine.document, merge.document) };
  await move(db, { externalRef: row.external_ref, fence: row.fence }, ['rejected'], 'superseded', { raiseFence: true });
  if (merge !== null) {
    const merged = { externalRef: newest.external_ref, fence: newest.fence };
    await move(db, merged, ['rejected', 'intended'], 'superseded', { raiseFence: true });
  }
  const next = nextRevisionOf(newest, both, 'rejected');
  await insertRevision(db, {
    ...next,
    lanes: [...new Set([...row.lanes, ...newest.lanes])].sort(),
    failure: { ...failure, revision: next.revision },
  });
}

/** Lines of one document cut in two, together again. */
function joined(a: PostingContent['document'], b: PostingContent['document']): PostingContent['document'] {
  if (a.kind === 'credit-memo' && b.kind === 'credit-memo') {
    const all = { ...a, lines: [...a.lines, ...b.lines], charges: [...a.charges, ...b.charges] };
    return onlyLines(all, new Set(all.lines.map((_, i) => i + 1)), true);
  }
  if (a.kind === 'po-receipt' && b.kind === 'po-receipt') return { ...a, lines: [...a.lines, ...b.lines] };
  if (a.kind === 'stock-adjustment' && b.kind === 'stock-adjustment') {
    return { ...a, lines: [...a.lines, ...b.lines] };
  }
  return a;
}
