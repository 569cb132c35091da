/** What stands posted under given sagas: what a later version, or a saga started again, has to reverse or keep. */
import { postingsOfWorkflows } from '../../store/postings.js';
import type { PostedUnder } from './contract.js';
import type { PostingDeps } from './deps.js';
import { waiting } from './failures.js';
import { dueInMs, postedDocument } from './look.js';

/**
 * Posted documents by reference, oldest first, reversals left out. Waits (NotPosted, retried) while one of them is on
 * its way: nobody may decide on what is not known yet. One that is parked may be in the books for all anybody can prove: it
 * is listed, without a number.
 */
export async function postedUnder(deps: PostingDeps, workflowIds: readonly string[]): Promise<PostedUnder[]> {
  const rows = (await postingsOfWorkflows(deps.store.db, workflowIds)).filter((row) => row.operation === 'create');
  if (rows.some((row) => (row.state === 'sent' || row.state === 'accepted') && !row.parked)) {
    throw waiting('NotPosted', 'A document of an earlier version is on its way', await dueInMs(deps));
  }
  const found = new Map<string, PostedUnder>();
  for (const row of rows) {
    if ((row.state !== 'posted' && !row.parked) || row.content === null) continue;
    const known = found.get(row.reference);
    const documents = row.state === 'posted' ? [await postedDocument(deps.store.db, row)] : [];
    if (known !== undefined) known.result.documents.push(...documents);
    else {
      const { reference, step, content } = row;
      const result = { state: 'posted' as const, documents };
      found.set(reference, { reference, step, document: content.document, result });
    }
  }
  return [...found.values()];
}
