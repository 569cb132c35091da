/** Before a late send: did a person enter the document by hand meanwhile? */
import { Big } from 'big.js';
import { decimalOf } from '../../domain/money.js';
import { storeNow, tenantOf } from '../../store/call-tenants.js';
import { move } from '../../store/posting-moves.js';
import { ownersOf } from '../../store/posting-settle.js';
import { noteAttempt, type PostingContent, type PostingRow } from '../../store/postings.js';
import { readForSaga } from './calls.js';
import type { PostingDeps } from './deps.js';
import type { Held } from './erp.js';
import { rejected } from './failures.js';
import { isOurs } from './reference.js';
import { linesText } from './verify.js';

/** What the search needs to know of a posting that a person may have entered meanwhile. */
export interface Late {
  content: PostingContent;
  /** From when on, by the ERP's clock, such a document is looked for. */
  since: string;
}

/**
 * Whether more than a cycle has gone by since the posting was intended, so that a person may have entered its document;
 * null when not. By the store's clock alone: a worker whose clock is slow would see every document in time.
 */
export async function lateness(deps: PostingDeps, row: PostingRow): Promise<Late | null> {
  const { content } = row;
  if (content === null || row.operation !== 'create' || row.kind === 'sales-order') return null;
  const tenant = await tenantOf(deps.store.db, row.tenant);
  const intendedAt = Date.parse(row.intended_at);
  const cycleMs = tenant?.cycle_ms ?? deps.config.timeoutMs * 2;
  if (Date.parse(await storeNow(deps.store.db)) - intendedAt <= cycleMs) return null;
  return { content, since: new Date(intendedAt + clockOffsetMs(tenant) - cycleMs).toISOString() };
}

/**
 * Searches the ERP for the same kind, order (or place) and amount (or lines) without a reference of ours. Finding one
 * rejects the revision (LookAlike); true then.
 */
export async function refuseLookAlikes(deps: PostingDeps, row: PostingRow, { content, since }: Late): Promise<boolean> {
  const similar = await readForSaga(deps, () => deps.erp.similar(content, since));
  const alike = similar.filter((held) => isAlike(row, held) && !row.dismissed.includes(held.number));
  const own = await owned(deps, alike);
  const found = alike.filter((held) => !own.has(held.number));
  if (found.length === 0) return false;
  await noteAttempt(deps.store.db, {
    externalRef: row.external_ref,
    fence: row.fence,
    what: 'look-alike',
    outcome: 'found',
    detail: { numbers: found.map((held) => held.number) },
  });
  const failure = rejected(
    'LookAlike',
    `The ERP holds a document like this one without our reference: ${found.map((h) => h.number).join(', ')}`,
    {
      reference: row.reference,
      revision: row.revision,
      lookAlikes: found.slice(0, 10).map((held) => ({
        number: held.number,
        amount: held.total ?? linesText(held.lines).slice(0, 120),
        modifiedBy: held.modifiedBy,
        createdAt: held.createdAt,
      })),
    },
  );
  await move(deps.store.db, { externalRef: row.external_ref, fence: row.fence }, ['intended'], 'rejected', { failure });
  return true;
}

/** What the ERP's clock shows more than ours, by the last status read. */
function clockOffsetMs(tenant: Awaited<ReturnType<typeof tenantOf>>): number {
  if (tenant === undefined || tenant.status_now === null || tenant.status_seen_at === null) return 0;
  return Date.parse(tenant.status_now) - Date.parse(tenant.status_seen_at);
}

function isAlike(row: PostingRow, held: Held): boolean {
  const document = row.content?.document;
  if (document === undefined || held.kind !== document.kind) return false;
  if (held.state === 'rejected' || held.undoes !== null || isOurs(held.externalRef)) return false;
  if (document.kind === 'credit-memo') {
    const amount = document.total;
    return (
      held.orderNo === document.orderNo &&
      held.total !== null &&
      new Big(held.total).eq(decimalOf(amount)) &&
      held.currency === amount.currency
    );
  }
  if (document.kind === 'po-receipt' && held.orderNo !== document.poNo) return false;
  return (
    document.kind !== 'sales-order' &&
    held.division === document.division &&
    held.warehouse === document.warehouse &&
    linesText(held.lines) === linesText(document.lines)
  );
}

/** Numbers among them that another posting of ours has adopted. */
async function owned(deps: PostingDeps, found: Held[]): Promise<Set<string>> {
  if (found.length === 0) return new Set();
  return new Set(
    await ownersOf(
      deps.store.db,
      deps.config.tenant,
      found.map((held) => held.number),
    ),
  );
}
