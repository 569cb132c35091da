/** *Already entered* (R-817): may a document entered by hand stand for a posting of ours? */
import { ownersOf } from '../../store/posting-settle.js';
import { postingByRef, type PostingRow } from '../../store/postings.js';
import { readForSaga } from './calls.js';
import type { PostingDeps } from './deps.js';
import { dueInMs } from './look.js';
import { differencesText, documentDifferences, journalDifferences } from './verify.js';

export interface Adoptable {
  number: string;
  journal: 'verified' | 'unverified' | 'none';
}

/** Reads the document and checks kind, order, lines, amount, state and that no other posting owns it; or says why not. */
export async function adoptable(
  deps: PostingDeps,
  row: PostingRow,
  number: string,
): Promise<Adoptable | { why: string; dueAt?: string }> {
  const { content } = row;
  if (number === '') return { why: 'give the number of the document that was entered' };
  if (content === null) return { why: 'nothing was asked under this reference, so nothing can stand for it' };
  const held = await readForSaga(deps, () => deps.erp.read(content.document.kind, number));
  if (held === null) return { why: `the ERP has no document ${number}` };
  if (held.state === 'rejected') return { why: `the ERP has rejected document ${number}` };
  if (held.state === 'queued') {
    const dueAt = new Date(Date.now() + (await dueInMs(deps))).toISOString();
    return { why: `document ${number} is not posted yet; adopt it after the next cycle`, dueAt };
  }
  if ((held.undoes ?? null) !== (content.operation === 'reverse' ? content.undoes : null)) {
    return { why: `document ${number} reverses ${held.undoes ?? 'nothing'}` };
  }
  const bearer = await postingByRef(deps.store.db, held.externalRef);
  if (bearer !== undefined && bearer.reference !== row.reference) {
    return { why: `document ${number} was sent for ${bearer.reference}, it was not entered by hand` };
  }
  if ((await ownersOf(deps.store.db, row.tenant, [number])).length > 0) {
    return { why: `${number} belongs to another posting already` };
  }
  const differences = documentDifferences(content.document, held);
  if (differences.length > 0) return { why: `document ${number} is another one: ${differencesText(differences)}` };
  if (content.document.kind === 'sales-order') return { number, journal: 'none' };
  if (!deps.config.site.journalReadable || held.journal === null) return { number, journal: 'unverified' };
  // A hand entry may bear another date, which the approval shows; its ledger entry must still be sound.
  const document = { ...content.document, businessDate: held.businessDate };
  const ledger = journalDifferences(document, held);
  if (ledger.length > 0) return { why: `the journal of ${number} is not in order: ${differencesText(ledger)}` };
  return { number, journal: 'verified' };
}
