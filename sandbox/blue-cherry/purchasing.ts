/** Purchase orders and their receipts. A repeated receipt is bounded only by what is open (facts/blue-cherry.md 3.6). */
import { PoReceiptWrite } from '../../clients/blue-cherry/schema.js';
import type { BlueCherryError } from '../../clients/blue-cherry/schema.js';
import { decimalOf, divideRounded, micro, Refusal } from '../core/index.js';
import { checkItem, checkPeriod, checkQuantity, checkReversal, checkWarehouse, parsed, refuse } from './checks.js';
import { newTransaction, store } from './documents.js';
import type { PurchaseOrder, State, Stored } from './model.js';

type PoLine = PurchaseOrder['lines'][number];

/** What a purchase order is raised with. */
export interface PurchaseOrderGiven {
  poNo: string;
  supplier?: string;
  division: string;
  warehouse: string;
  currency?: string;
  /** Rate to the base currency as decimal text. */
  rate?: string;
  lines: { poLine?: number; sku: string; ordered: number; unitCost: string; cancelled?: number }[];
  /** Estimated landed cost of one unit in base currency. */
  landedPerUnit?: string;
}

const openOf = (line: PoLine): number => Math.max(0, line.ordered - line.received - line.cancelled);

/** Raises a purchase order; a number already there throws RangeError. */
export function addPurchaseOrder(state: State, given: PurchaseOrderGiven): PurchaseOrder {
  if (state.purchaseOrders.has(given.poNo)) throw new RangeError(`purchase order "${given.poNo}" is already there`);
  const order: PurchaseOrder = {
    poNo: given.poNo,
    supplier: given.supplier ?? 'SUP-1',
    division: given.division,
    warehouse: given.warehouse,
    currency: given.currency ?? state.divisions.get(given.division)?.currency ?? 'GBP',
    rate: given.rate ?? '1.00',
    status: 'OPEN',
    revision: 1,
    modifiedAt: state.clock.instant(),
    landedPerUnit: given.landedPerUnit ?? '0',
    invoiced: false,
    lines: given.lines.map((line, index) => ({
      poLine: line.poLine ?? index + 1,
      sku: line.sku,
      ordered: line.ordered,
      received: 0,
      open: line.ordered - (line.cancelled ?? 0),
      cancelled: line.cancelled ?? 0,
      unitCost: line.unitCost,
    })),
  };
  state.purchaseOrders.set(order.poNo, order);
  return order;
}

const touched = (state: State, order: PurchaseOrder): void => {
  order.revision += 1;
  order.modifiedAt = state.clock.instant();
  for (const line of order.lines) line.open = openOf(line);
};

/** The purchase order, or 404. */
export function purchaseOrderOf(state: State, poNo: string): PurchaseOrder {
  const order = state.purchaseOrders.get(poNo);
  if (order === undefined) throw new Refusal(404, 'NOT_FOUND', `purchase order "${poNo}" is not known`);
  return order;
}

/** Closes or reopens for receiving; 409 REVISION_CHANGED when somebody else changed it since. */
export function changeReceiving(state: State, poNo: string, revision: unknown, open: boolean): PurchaseOrder {
  const order = purchaseOrderOf(state, poNo);
  if (revision !== order.revision)
    throw new Refusal(
      409,
      'REVISION_CHANGED',
      `"${poNo}" is at revision ${order.revision}, not ${JSON.stringify(revision)}`,
    );
  order.status = open ? 'OPEN' : 'CLOSED_RECEIVING';
  touched(state, order);
  return order;
}

/** Why these quantities cannot be received, or null. */
function receiptError(
  order: PurchaseOrder,
  lines: readonly { orderLine: number | null; quantity: number }[],
): BlueCherryError | null {
  if (order.status !== 'OPEN')
    return { code: 'PO_CLOSED', message: `purchase order "${order.poNo}" is ${order.status}` };
  for (const poLine of order.lines) {
    const asked = lines
      .filter((line) => line.orderLine === poLine.poLine)
      .reduce((sum, line) => sum + line.quantity, 0);
    if (asked > openOf(poLine))
      return {
        code: 'QTY_EXCEEDS_OPEN',
        message: `line ${poLine.poLine} of "${order.poNo}": ${asked} received, ${openOf(poLine)} open`,
        resource: poLine.sku,
      };
  }
  return null;
}

/** Accepts a receipt: QUEUED until the next cycle. */
export function acceptReceipt(state: State, body: unknown): Stored {
  const write = parsed(PoReceiptWrite, body);
  const order =
    state.purchaseOrders.get(write.poNo) ?? refuse('PO_UNKNOWN', `purchase order "${write.poNo}" is not known`);
  checkWarehouse(state, write.warehouse, order.division);
  checkPeriod(state, write.postingDate);
  if (write.lines.length === 0) refuse('NO_LINES', 'a receipt has at least one line');
  for (const line of write.lines) {
    checkQuantity(line.quantity, write.reverses === undefined ? 'positive' : 'negative');
    checkItem(state, line.sku);
    if (order.lines.find((one) => one.poLine === line.poLine)?.sku !== line.sku)
      refuse('PO_LINE_UNKNOWN', `line ${line.poLine} of "${order.poNo}" is not item "${line.sku}"`);
  }
  const lines = write.lines.map((line) => ({ orderLine: line.poLine, quantity: line.quantity }));
  const error = write.reverses === undefined ? receiptError(order, lines) : null;
  if (error !== null) refuse(error.code, error.message);
  if (write.reverses !== undefined) checkReversal(state, 'PO_RECEIPT', write.reverses, write.lines);
  const wire = newTransaction(state, {
    type: 'PO_RECEIPT',
    externalRef: write.externalRef,
    postingDate: write.postingDate,
    division: order.division,
    warehouse: write.warehouse,
    poNo: write.poNo,
    reverses: write.reverses ?? null,
    lines: write.lines.map((line, index) => ({
      line: index + 1,
      orderLine: line.poLine,
      sku: line.sku,
      quantity: line.quantity,
      amount: null,
      taxCode: null,
      taxAmount: null,
      unitCost: null,
    })),
  });
  const qualities = new Map(write.lines.map((line, index) => [index + 1, line.quality]));
  return store(state, wire, 'po-receipt', write, { qualities });
}

/** Why a queued receipt cannot be posted, or null. */
export function receiptRefusal(state: State, stored: Stored): BlueCherryError | null {
  const order = state.purchaseOrders.get(stored.wire.poNo ?? '');
  if (order === undefined || stored.wire.reverses !== null) return null;
  return receiptError(order, stored.wire.lines);
}

/** Moves the goods of a posted receipt in at PO cost and rate, first quality and irregulars apart. */
export function applyReceipt(state: State, stored: Stored): void {
  const order = state.purchaseOrders.get(stored.wire.poNo ?? '');
  if (order === undefined) return;
  for (const line of stored.wire.lines) {
    const poLine = order.lines.find((one) => one.poLine === line.orderLine);
    if (poLine === undefined) continue;
    const cost = divideRounded(micro(poLine.unitCost) * micro(order.rate), 1_000_000n);
    const bucket = stored.qualities.get(line.line) === 'IRREGULAR' ? 'R2' : 'R1';
    line.unitCost = decimalOf(cost);
    state.stock.move(line.sku, stored.wire.warehouse ?? '', bucket, line.quantity, cost + micro(order.landedPerUnit));
    poLine.received += line.quantity;
  }
  touched(state, order);
}
