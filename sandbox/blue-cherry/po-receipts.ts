/** Receipts of purchase orders. A repeated one is bounded only by what is open (facts/blue-cherry.md 3.6). */
import { PoReceiptWrite } from '../../clients/blue-cherry/schema.js';
import type { BlueCherryError } from '../../clients/blue-cherry/schema.js';
import { micro } from '../core/index.js';
import { checkItem, checkPeriod, checkQuantity, checkReversal, checkWarehouse, parsed, refuse } from './checks.js';
import { newTransaction, store } from './documents.js';
import { costAtRate } from './journals.js';
import type { PurchaseOrder, State, Stored } from './model.js';
import { openOf, touched } from './purchasing.js';

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

function checkLines(state: State, write: PoReceiptWrite, order: PurchaseOrder): void {
  if (write.lines.length === 0) refuse('NO_LINES', 'a receipt has at least one line');
  for (const line of write.lines) {
    checkQuantity(line.quantity, write.reverses === undefined ? 'positive' : 'negative');
    checkItem(state, line.sku);
    if (order.lines.find((one) => one.poLine === line.poLine)?.sku !== line.sku)
      refuse('PO_LINE_UNKNOWN', `line ${line.poLine} of "${order.poNo}" is not item "${line.sku}"`);
  }
}

/** Accepts a receipt: QUEUED until the next cycle. */
export function acceptReceipt(state: State, body: unknown): Stored {
  const write = parsed(PoReceiptWrite, body);
  const order =
    state.purchaseOrders.get(write.poNo) ?? refuse('PO_UNKNOWN', `purchase order "${write.poNo}" is not known`);
  checkWarehouse(state, write.warehouse, order.division);
  checkPeriod(state, write.postingDate);
  checkLines(state, write, order);
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

/**
 * Moves the goods of a posted receipt in at PO cost and rate, first quality and irregulars apart. A contra receipt takes
 * them out at what they came in with, whatever the order says by now; the order's status stays as it is.
 */
export function applyReceipt(state: State, stored: Stored): void {
  const order = state.purchaseOrders.get(stored.wire.poNo ?? '');
  if (order === undefined) return;
  const original = state.documents.get(stored.wire.reverses ?? '');
  stored.landed = original?.landed ?? order.landed.map((one) => ({ ...one }));
  const landed = stored.landed.reduce((sum, { perUnit }) => sum + micro(perUnit), 0n);
  for (const line of stored.wire.lines) {
    const poLine = order.lines.find((one) => one.poLine === line.orderLine);
    if (poLine === undefined) continue;
    const came = original?.wire.lines.find((one) => one.orderLine === line.orderLine)?.unitCost ?? null;
    line.unitCost = came ?? costAtRate(poLine.unitCost, order.rate);
    const bucket = stored.qualities.get(line.line) === 'IRREGULAR' ? 'R2' : 'R1';
    state.stock.move(line.sku, stored.wire.warehouse ?? '', bucket, line.quantity, micro(line.unitCost) + landed);
    poLine.received += line.quantity;
  }
  touched(state, order);
}
