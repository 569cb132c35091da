/** Links of what was posted to what it came from, written in the transaction that marks it posted. */
import type { Queryable } from '../../store/database.js';
import { linkDocuments, recordDocument } from '../../store/links.js';
import type { PostingRow } from '../../store/postings.js';

/** How documents of this ERP are named in links. */
export const SYSTEM = 'blue-cherry';

const RELATIONS: Record<string, string> = {
  'credit-memo': 'credits',
  'stock-adjustment': 'restocks',
  'sales-order': 'replaces',
  'po-receipt': 'receives',
};

/** Records the ERP's document and links every number the saga named to it. A cancellation makes no document. */
export async function linkPosted(db: Queryable, row: PostingRow, number: string): Promise<void> {
  if (row.operation === 'cancel' || row.kind === null) return;
  const document = row.content?.document;
  const facts: Record<string, string> = {
    reference: row.reference,
    externalRef: row.external_ref,
    division: document?.division ?? '',
    businessDate: document?.businessDate ?? '',
  };
  const posted = { system: SYSTEM, kind: row.kind, number, workflowId: row.workflow_id, facts };
  await recordDocument(db, posted);
  const relation = row.operation === 'reverse' ? 'reverses' : (RELATIONS[row.kind] ?? 'leads-to');
  for (const link of row.links) await linkDocuments(db, link, posted, relation);
}
