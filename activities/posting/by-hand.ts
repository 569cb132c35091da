/** A posted document that a person reversed in the ERP by hand, after the ERP had refused our reversal. */
import { move } from '../../store/posting-moves.js';
import { noteAttempt, type PostingRow } from '../../store/postings.js';
import type { Postings } from './contract.js';
import type { PostingDeps } from './deps.js';
import { lockRevisions } from './forbid.js';
import { undoReferenceOf } from './reversal.js';

/**
 * Marks what stands posted under a reference as reversed by hand, with the person who says so, and forbids our own
 * contra, which was refused: it must not be sent later. Asked again it changes nothing.
 */
export function reversedByHand(
  deps: PostingDeps,
  { reference, by, why }: Parameters<Postings['reversedByHand']>[0],
): ReturnType<Postings['reversedByHand']> {
  return deps.store.db.transaction().execute(async (trx) => {
    const posted = (await lockRevisions(trx, reference)).filter((row) => row.state === 'posted');
    for (const row of posted) {
      const contra = (await lockRevisions(trx, undoReferenceOf(row))).at(-1);
      if (contra !== undefined)
        await move(trx, at(contra), ['intended', 'rejected'], 'forbidden', { raiseFence: true });
      await move(trx, at(row), ['posted'], 'reversed', { reversedBy: by });
      await noteAttempt(trx, { ...at(row), what: 'reversal', outcome: 'by-hand', detail: { by, why } });
    }
    return { reversed: posted.flatMap(({ number }) => (number === null ? [] : [number])) };
  });
}

const at = (row: PostingRow) => ({ externalRef: row.external_ref, fence: row.fence });
