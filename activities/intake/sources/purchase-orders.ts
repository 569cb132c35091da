/** Blue Cherry's purchase orders as the inbox keeps them and as the warehouse expects them (facts/blue-cherry.md 3.4). */
import type { z } from 'zod';
import type { ArcheanPage } from '../../../clients/archean/client.js';
import { PurchaseOrder } from '../../../clients/blue-cherry/schema.js';
import { businessDateOf } from '../../../domain/business-date.js';
import { ExpectedOrder } from '../../../domain/expected/order.js';
import { digestOf } from '../../../store/canonical.js';
import { newestOf } from '../../../store/inbox-siblings.js';
import type { Db, Queryable } from '../../../store/database.js';
import type { EventRow, NewEvent } from '../../../store/inbox.js';
import { keepInvoices, keepOrders, ordersToBill, type OrderSeen } from '../../../store/purchase-orders.js';
import { dateFault, faultsOf, malformed } from './rows.js';
import type { ObjectSource, PurchaseOrderReads, Systems } from './source.js';

const BLUE_CHERRY = 'blue-cherry';
const KIND = 'purchase-order';
const LARGEST_LINES = 2000;
/** Pages that one instant may fill: a batch cycle stamps many orders with one. */
const MOST_PAGES = 100;

/** A wire order in domain terms, not checked yet. */
const draftOf = (wire: PurchaseOrder, zone: string): z.input<typeof ExpectedOrder> => ({
  source: BLUE_CHERRY,
  poNo: wire.poNo,
  version: wire.revision,
  state: wire.status === 'CANCELLED' ? 'cancelled' : 'open',
  warehouse: wire.warehouse,
  businessDate: businessDateOf(wire.modifiedAt, zone),
  lines: wire.lines.map(({ poLine, sku, ordered, cancelled, received }) => ({
    ...{ poLine, item: sku, units: ordered - cancelled, received },
  })),
});

function faultOf(wire: PurchaseOrder, zone: string, now: Date): string | null {
  const numbers = new Set(wire.lines.map(({ poLine }) => poLine));
  if (numbers.size !== wire.lines.length) return 'lines: two of them bear one line number';
  if (wire.lines.length > LARGEST_LINES) return `lines: more than ${LARGEST_LINES}`;
  const dated = dateFault(wire.modifiedAt, 'modifiedAt', now);
  if (dated !== null) return dated;
  const order = ExpectedOrder.safeParse(draftOf(wire, zone));
  return order.success ? null : faultsOf(order.error);
}

/** One order of GET /purchase-orders as the inbox keeps it: its revision is the version, its position when it changed. */
export function purchaseOrderEvent(raw: unknown, zone: string, now: Date): NewEvent {
  const parsed = PurchaseOrder.safeParse(raw);
  if (!parsed.success) return malformed(BLUE_CHERRY, KIND, raw, faultsOf(parsed.error));
  const wire = parsed.data;
  const fault = faultOf(wire, zone, now);
  if (fault !== null) return malformed(BLUE_CHERRY, KIND, raw, fault);
  return {
    source: BLUE_CHERRY,
    kind: KIND,
    sourceId: wire.poNo,
    version: wire.revision,
    payload: wire,
    digest: digestOf(wire),
    sourceTime: wire.modifiedAt,
    seq: Date.parse(wire.modifiedAt),
    documentId: null,
    state: 'new',
    reason: null,
    wishes: [],
    codes: [],
  };
}

const ENDED = new Set<PurchaseOrder['status']>(['CLOSED', 'CLOSED_RECEIVING', 'CANCELLED']);

/** What a warehouse expects of an order: nothing else of it is news. */
const expectedOf = ({ warehouse, status, lines }: PurchaseOrder): string =>
  JSON.stringify([
    warehouse,
    status === 'CANCELLED',
    lines
      .map(({ poLine, sku, ordered, cancelled }) => [poLine, sku, ordered - cancelled] as const)
      .sort(([a], [b]) => a - b),
  ]);

/** Why a revision leads to nothing, or null: `before` is the newest one that did. */
function whyNoNews(wire: PurchaseOrder, before: PurchaseOrder | undefined): string | null {
  if (before === undefined)
    return ENDED.has(wire.status) ? `${wire.status} when first seen: nothing is to be expected of it` : null;
  if (before.revision > wire.revision) return `revision ${before.revision} was read before it`;
  return expectedOf(before) === expectedOf(wire) ? 'changes nothing a warehouse expects' : null;
}

/** Receipts, invoices and closing raise an order's revision too: those are kept and nobody is told. */
async function news(q: Parameters<typeof newestOf>[0], events: readonly NewEvent[]): Promise<NewEvent[]> {
  const fresh = events.filter(({ state }) => state === 'new');
  const keys = fresh.map(({ sourceId }) => sourceId);
  const held = await newestOf(q, { source: BLUE_CHERRY, kind: KIND, keys });
  const known = new Map([...held].map(([poNo, { payload }]) => [poNo, PurchaseOrder.parse(payload)]));
  const judged = new Map<NewEvent, NewEvent>();
  for (const event of [...fresh].sort((a, b) => a.version - b.version)) {
    const wire = PurchaseOrder.parse(event.payload);
    const before = known.get(event.sourceId);
    // Read again: the inbox keeps it as it is.
    if (before?.revision === wire.revision) continue;
    const reason = whyNoNews(wire, before);
    if (reason === null) known.set(event.sourceId, wire);
    else judged.set(event, { ...event, state: 'ignored', reason });
  }
  return events.map((event) => judged.get(event) ?? event);
}

/** When a raw order changed, in milliseconds; undefined when it does not say. */
function changedAt(raw: unknown): number | undefined {
  const at = Date.parse(String((raw as { modifiedAt?: unknown } | null)?.modifiedAt));
  return Number.isNaN(at) ? undefined : at;
}

/**
 * The orders that changed since an instant. One page of ours is as many of the ERP's as it takes to come past that
 * instant: the next begins where this one ends, and reads what bears its last instant again.
 */
async function page(erp: PurchaseOrderReads, afterMs: number, limit: number): Promise<ArcheanPage> {
  const rows: unknown[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const read = await erp.list({ modifiedSince: new Date(afterMs).toISOString(), cursor });
    rows.push(...read.rows);
    cursor = read.cursor;
    const last = rows.reduce<number>((most, raw) => Math.max(most, changedAt(raw) ?? 0), afterMs);
    if (cursor === undefined) return { rows, lastSeq: last, hasMore: false };
    if (rows.length >= limit && last - 1 > afterMs) return { rows, lastSeq: last - 1, hasMore: true };
  }
  throw new Error(`more than ${MOST_PAGES} pages of purchase orders bear one instant`);
}

const STATUSES = {
  OPEN: 'open',
  CLOSED_RECEIVING: 'closed-for-receiving',
  CLOSED: 'closed',
  CANCELLED: 'cancelled',
} as const;

const seenOf = ({ status, lines, ...order }: PurchaseOrder): OrderSeen => ({
  ...order,
  status: STATUSES[status],
  lines: lines.map(({ sku, ...line }) => ({ ...line, item: sku })),
});

/** Every change of an order is kept for reports, be it news to the warehouse or not. */
const keep = (tx: Queryable, events: readonly NewEvent[]): Promise<void> =>
  keepOrders(
    tx,
    events.filter(({ state }) => state !== 'malformed').map(({ payload }) => seenOf(PurchaseOrder.parse(payload))),
  );

/** Orders whose invoices one round reads, and how long it takes for them: the next round goes on. */
const MOST_BILLED = 20;
const BILLED_WITHIN_MS = 15_000;

/** Reads the invoices of orders that were billed since, each call in its turn among all calls to the tenant. */
async function follow({ blueCherry }: Pick<Systems, 'blueCherry'>, db: Db): Promise<void> {
  const began = performance.now();
  for (const { poNo, billed } of await ordersToBill(db, MOST_BILLED)) {
    if (performance.now() - began > BILLED_WITHIN_MS) return;
    const invoices = await blueCherry.invoices(poNo);
    const seen = invoices.map(({ lines, ...invoice }) => ({
      ...invoice,
      lines: lines.map(({ poLine, quantity, unitPrice }) => ({ poLine, units: quantity, unitPrice })),
    }));
    await keepInvoices(db, poNo, billed, seen);
  }
}

export const purchaseOrders: ObjectSource = {
  keep,
  follow,
  source: BLUE_CHERRY,
  kind: KIND,
  page: ({ blueCherry }, afterMs, limit) => page(blueCherry, afterMs, limit),
  event: purchaseOrderEvent,
  news,
  find: ({ blueCherry }, key) => blueCherry.find(key),
  document: ({ zone }, { payload }: EventRow) =>
    Promise.resolve(ExpectedOrder.parse(draftOf(PurchaseOrder.parse(payload), zone))),
};
