/** Rows of the store as sagas leave them, for reports: returns as they came in, and what was posted for them. */
import { sql } from 'kysely';
import type { ErpDocument } from '../../domain/documents.js';
import { money } from '../../domain/money.js';
import { externalRefOf } from '../../activities/posting/reference.js';
import { claimObject, finishClaim } from '../../store/event-claims.js';
import { insertEvents, type NewEvent } from '../../store/inbox.js';
import { insertRevision, type NewRevision } from '../../store/posting-moves.js';
import type { PostingState } from '../../store/postings.js';
import type { Db } from '../../store/database.js';

export const ITEM = 'WOM|1|NVY|||08';
const PROCESSED = '2026-03-02T10:00:00.000Z';
let seq = 0;

const event = (kind: string, sourceId: string, change: Partial<NewEvent>): NewEvent => {
  seq += 1;
  return {
    ...{ source: 'archean', kind, sourceId, version: 1, payload: {}, digest: `d${seq}`, sourceTime: PROCESSED, seq },
    ...{ documentId: null, state: 'new', reason: null, wishes: [], codes: [] },
    ...change,
  };
};

/** A return of two units at 20.00 net, taken in and handed on. */
export async function returnIn(
  db: Db,
  returnNo: string,
  change: object = {},
  row: Partial<NewEvent> = {},
): Promise<void> {
  const line = { lineNo: 1, orderNo: 'SO-1', orderLine: 1, sku: '1-NVY-08', quantity: 2, refundUnitPrice: '20.00' };
  const payload = {
    ...{ returnNo, seq: 1, version: 1, state: 'PROCESSED', customer: 'C-1', location: 'FC-UK-1', currency: 'GBP' },
    ...{ processedBy: 'clerk', processedAt: PROCESSED, refund: { state: 'REFUNDED', reference: 'R' } },
    ...{ restockState: 'RESTOCKED', deductions: [], exchange: null },
    lines: [{ ...line, condition: 'NEW', disposition: 'SELLABLE', kind: 'GOODS', reasonCode: 'R' }],
    ...change,
  };
  await insertEvents(db, [event('return', returnNo, { payload, ...row })]);
  if ((row.state ?? 'new') === 'new')
    await sql`update event set state = 'started', saga_id = ${`return-to-stock:archean:${returnNo}`}
      where source_id = ${returnNo}`.execute(db);
}

/** A row of any kind. */
export const rowIn = (db: Db, kind: string, sourceId: string, change: Partial<NewEvent> = {}): Promise<unknown> =>
  insertEvents(db, [event(kind, sourceId, change)]);

export const memo = (businessDate: string, net = '4000', tax = '800'): ErpDocument => ({
  ...{ kind: 'credit-memo', orderNo: 'SO-1', invoiceNo: 'INV-1', division: 'WOM', customer: 'C-1', businessDate },
  ...{ reasonCode: 'RETURN', charges: [], total: money(BigInt(net) + BigInt(tax), 'GBP'), memo: 'm' },
  settlement: { kind: 'refunded', reference: '' },
  lines: [
    {
      ...{ orderLine: 1, item: ITEM, quantity: 2, unitPrice: '20.00', taxCode: 'S20', taxRate: '0.2' },
      ...{ net: money(net, 'GBP'), tax: money(tax, 'GBP') },
    },
  ],
});
export const adjustment = (businessDate: string, quantity = 2): ErpDocument => ({
  ...{ kind: 'stock-adjustment', division: 'WOM', warehouse: '01', businessDate, reasonCode: 'RET', memo: 'm' },
  lines: [{ item: ITEM, quantity }],
});

let numbers = 0;
/** A document of a saga, posted unless told otherwise. */
export async function postedFor(
  db: Db,
  workflowId: string,
  step: string,
  document: ErpDocument,
  state: PostingState = 'posted',
  more: Partial<NewRevision> = {},
): Promise<string> {
  numbers += 1;
  const reference = `${workflowId}/${step}`;
  const number = `DOC-${String(numbers).padStart(4, '0')}`;
  await insertRevision(db, {
    ...{ externalRef: externalRefOf(reference, 1), reference, revision: 1, tenant: 'main', kind: document.kind },
    ...{ operation: 'create', askedDigest: 'd', content: { operation: 'create', document, undoes: null }, lanes: [] },
    ...{ businessDate: document.businessDate, seq: 1, links: [], state, lineCount: document.lines.length },
    ...(state === 'posted' ? { number, journal: 'verified' as const } : {}),
    ...more,
  });
  return number;
}

export const sagaOf = (returnNo: string): string => `return-to-stock:archean:${returnNo}`;
const keyOf = (key: string, kind: string) => ({ source: 'archean', kind, key });

/** A saga takes the object up. */
export const claimed = (db: Db, key: string, kind = 'return', workflowId = sagaOf(key)): Promise<unknown> =>
  claimObject(db, { ...keyOf(key, kind), version: 1, workflowId });
/** … and ends with it. */
export async function finished(
  db: Db,
  key: string,
  result: object = { outcome: 'posted' },
  kind = 'return',
  workflowId = sagaOf(key),
): Promise<void> {
  await claimed(db, key, kind, workflowId);
  await finishClaim(db, { ...keyOf(key, kind), workflowId, seen: 1, result, clocks: [] });
}
