/** Undo of what was posted: one contra document per posted revision, through the same helper. */
import { move } from '../../store/posting-moves.js';
import { postingByRef, revisionsOf, type PostingContent, type PostingRow } from '../../store/postings.js';
import { cancellationOf, contraOf } from './content.js';
import type { PostedDocument, PostingResult, ReversalRequest } from './contract.js';
import type { PostingDeps } from './deps.js';
import { rejected, rejection, waiting } from './failures.js';
import { forbid } from './forbid.js';
import { takenContent } from './partial.js';
import { SYSTEM } from './links.js';
import { dueInMs } from './look.js';
import { postOnce } from './post-once.js';
import { digestOf } from './reference.js';

/** Reference of the undo of one revision, whichever workflow asks for it. */
export const undoReferenceOf = (row: Pick<PostingRow, 'reference' | 'revision'>): string =>
  `${row.reference}/undo-${row.revision}`;

/**
 * Undoes a reference. Not sent yet → forbidden. On its way → a benign wait. Posted → a contra (or a cancellation) for
 * each posted revision, then `reversed`. Only the ERP's own no is thrown as a rejection.
 */
export async function reverseOnce(deps: PostingDeps, request: ReversalRequest): Promise<PostingResult> {
  const { state } = await forbid(deps, { reference: request.reference, why: request.reason });
  const rows = await revisionsOf(deps.store.db, request.reference);
  const parked = rows.find((row) => row.state === 'sent' && row.parked);
  if (parked !== undefined) {
    throw rejection(parked.failure ?? rejected('OutcomeUnknown', 'The outcome of the document is unknown'));
  }
  if (state === 'sent') {
    throw waiting('NotYetKnown', 'The document to be undone is on its way', await dueInMs(deps));
  }
  if (state === 'accepted') {
    throw waiting('NotPosted', 'The document to be undone is not posted yet', await dueInMs(deps));
  }
  const documents: PostedDocument[] = [];
  for (const row of rows.filter((r) => r.state === 'posted' || r.state === 'reversed').reverse()) {
    documents.push(...(await undoOne(deps, row, request)));
  }
  return documents.length === 0 ? { state: 'forbidden', documents } : { state: 'reversed', documents };
}

async function undoOne(deps: PostingDeps, row: PostingRow, request: ReversalRequest): Promise<PostedDocument[]> {
  const content = await undoContentOf(deps, row, request);
  const result = await postOnce(deps, {
    reference: undoReferenceOf(row),
    content,
    // An undo is the same undo whatever day it is asked for.
    digest: digestOf({ undoes: row.external_ref }),
    seq: Number(row.seq),
    links: [...row.links, { system: SYSTEM, kind: row.kind ?? 'document', number: row.number ?? '' }],
  });
  if (result.state === 'posted') {
    const now = await postingByRef(deps.store.db, row.external_ref);
    const at = { externalRef: row.external_ref, fence: now?.fence ?? row.fence };
    await move(deps.store.db, at, ['posted'], 'reversed');
  }
  return result.documents;
}

/** The contra of what the ERP took, or the cancellation of an order. */
async function undoContentOf(deps: PostingDeps, row: PostingRow, request: ReversalRequest): Promise<PostingContent> {
  if (row.content === null || row.number === null) throw new Error(`${row.reference} is posted without content`);
  const { document } = await takenContent(deps.store.db, row, row.content);
  if (document.kind === 'sales-order') return cancellationOf(document, row.number);
  return contraOf(document, row.number, request.businessDate, request.reason);
}
