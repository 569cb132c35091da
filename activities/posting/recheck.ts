/** Decisions on a posted document whose ledger entry was not as asked: look again, or take it as it is. */
import { move } from '../../store/posting-moves.js';
import { revisionsOf } from '../../store/postings.js';
import { readForSaga } from './calls.js';
import type { PostingDecided, PostingDecision } from './contract.js';
import type { PostingDeps } from './deps.js';
import { proofOf } from './found.js';

/** Decides such a document; null when the reference holds none, so that the usual rules apply. */
export async function decideDiffering(deps: PostingDeps, decision: PostingDecision): Promise<PostingDecided | null> {
  const rows = await revisionsOf(deps.store.db, decision.reference);
  const row = rows.find((r) => r.state === 'posted' && r.journal === 'differs');
  if (row === undefined || row.content === null || row.number === null) return null;
  const { content, number } = row;
  const at = { externalRef: row.external_ref, fence: row.fence };
  switch (decision.choice) {
    case 'adopt':
      await move(deps.store.db, at, ['posted'], 'posted', { journal: 'unverified' });
      return { done: true, revision: row.revision, state: 'posted' };
    case 'retry': {
      const held = await readForSaga(deps, () => deps.erp.read(content.document.kind, number));
      if (held === null) return { done: false, why: `the ERP shows no document ${number}` };
      const proof = await proofOf(deps, row, content, held);
      await move(deps.store.db, at, ['posted'], 'posted', proof);
      return proof.journal === 'differs'
        ? { done: false, why: proof.failure?.message ?? 'the journal still differs' }
        : { done: true, revision: row.revision, state: 'posted' };
    }
    case 'correct':
    case 'forbid':
      return { done: false, why: `it is posted as ${number}; correct it in the ERP, or reverse it` };
  }
}
