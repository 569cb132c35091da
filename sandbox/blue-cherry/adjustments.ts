/** Inventory adjustments: up to 100 lines, a result per line, no duplicate check at all (facts/blue-cherry.md 3.4, 3.6). */
import { AdjustmentWrite } from '../../clients/blue-cherry/schema.js';
import type { AcceptedReply, BlueCherryError } from '../../clients/blue-cherry/schema.js';
import { decimalOf, micro, Refusal } from '../core/index.js';
import {
  checkDivision,
  checkItem,
  checkPeriod,
  checkQuantity,
  checkReason,
  checkReversal,
  checkWarehouse,
  parsed,
  refuse,
} from './checks.js';
import { newTransaction, store } from './documents.js';
import type { PurchaseOrder, State, Stored } from './model.js';
import { touched } from './purchasing.js';
import { returnedCostOf } from './valuation.js';

const MOST_LINES = 100;
type LineResults = NonNullable<AcceptedReply['lineResults']>;

/** What is wrong with a line, or null. */
function lineError(state: State, line: AdjustmentWrite['lines'][number]): BlueCherryError | null {
  try {
    checkQuantity(line.quantity, 'any');
    checkItem(state, line.sku);
    return null;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { code: error.code, message: error.message, resource: line.sku };
  }
}

/** Lines an injected `partial` fault refuses: those it names, else the last of several. */
function injected(state: State, write: AdjustmentWrite): Map<number, BlueCherryError> {
  const fault = state.faults.take('blue-cherry', 'inventory-adjustment', { body: write }, ['partial', 'lines-refused']);
  if (fault === null) return new Map();
  const code = fault.code ?? 'SKU_INACTIVE';
  const lines = fault.lines ?? [write.lines.length];
  return new Map(
    lines.map((line) => [line, { code, message: `line ${line} is refused`, resource: write.lines[line - 1]?.sku }]),
  );
}

/** Each line's own outcome; when none is good the whole document is refused with the first one's code. */
function judged(state: State, write: AdjustmentWrite): LineResults {
  const faults = injected(state, write);
  const results = write.lines.map((line, index) => {
    const error = lineError(state, line) ?? faults.get(index + 1) ?? null;
    return { line: index + 1, accepted: error === null, ...(error === null ? {} : { error }) };
  });
  const first = results.find((one) => one.error !== undefined)?.error;
  if (first !== undefined && results.every((one) => !one.accepted)) refuse(first.code, first.message);
  return results;
}

type PurchaseOrderLines = PurchaseOrder['lines'];

/** The order whose goods go back to their supplier with this document, or undefined; its lines must be of it. */
function orderOf(state: State, write: AdjustmentWrite): PurchaseOrder | undefined {
  if (write.poNo === undefined) return undefined;
  const order =
    state.purchaseOrders.get(write.poNo) ?? refuse('PO_UNKNOWN', `purchase order "${write.poNo}" is not known`);
  for (const line of write.lines)
    if (order.lines.find((one) => one.poLine === line.poLine)?.sku !== line.sku)
      refuse('PO_LINE_UNKNOWN', `line ${line.poLine ?? '(none)'} of "${order.poNo}" is not item "${line.sku}"`);
  return order;
}

/** Why goods cannot go back on an order, or null: no more of a line than came and is still here. */
export function returnRefusal(state: State, { wire }: Pick<Stored, 'wire'>): BlueCherryError | null {
  const order = state.purchaseOrders.get(wire.poNo ?? '');
  if (order === undefined) return null;
  const over = order.lines.find((line) => {
    const returned = line.returned - movedOn(wire.lines, line);
    return returned < 0 || returned > line.received;
  });
  if (over === undefined) return null;
  const message = `line ${over.poLine} of "${order.poNo}": ${over.received} received, ${over.returned} returned`;
  return { code: 'QTY_EXCEEDS_RECEIVED', message, resource: over.sku };
}

const movedOn = (
  lines: readonly { orderLine: number | null; quantity: number }[],
  { poLine }: PurchaseOrderLines[number],
): number => lines.filter((one) => one.orderLine === poLine).reduce((sum, one) => sum + one.quantity, 0);

/** Accepts an adjustment with the lines that are good: QUEUED until the next cycle. */
export function acceptAdjustment(
  state: State,
  body: unknown,
  by: string | null = null,
): { stored: Stored; lineResults: LineResults } {
  const write = parsed(AdjustmentWrite, body);
  checkDivision(state, write.division);
  checkWarehouse(state, write.warehouse, write.division);
  checkPeriod(state, write.postingDate);
  checkReason(state, write.reasonCode);
  if (write.lines.length === 0 || write.lines.length > MOST_LINES)
    refuse('TOO_MANY_LINES', `${write.lines.length} lines; a document has 1 to ${MOST_LINES}`);
  const lineResults = judged(state, write);
  if (write.reverses !== undefined) checkReversal(state, 'ADJUSTMENT', write.reverses, write.lines);
  const order = orderOf(state, write);
  const wire = newTransaction(state, {
    type: 'ADJUSTMENT',
    externalRef: write.externalRef,
    postingDate: write.postingDate,
    division: write.division,
    warehouse: write.warehouse,
    poNo: order?.poNo ?? null,
    reasonCode: write.reasonCode,
    modifiedBy: by ?? 'API',
    reverses: write.reverses ?? null,
    lines: write.lines
      .map((line, index) => ({
        line: index + 1,
        orderLine: order === undefined ? null : (line.poLine ?? null),
        sku: line.sku,
        quantity: line.quantity,
        amount: null,
        taxCode: null,
        taxAmount: null,
        unitCost: line.unitCost ?? null,
      }))
      .filter((line) => lineResults[line.line - 1]?.accepted === true),
  });
  const over = returnRefusal(state, { wire });
  if (over !== null) refuse(over.code, over.message);
  const stored = store(state, wire, by === null ? 'inventory-adjustment' : 'by-hand', write);
  return { stored, lineResults };
}

/**
 * Moves the stock of a posted adjustment, each line at the cost its valuation gives it. A reversal takes the original's. What
 * goes back to a supplier counts as returned on its order, whose status stays as it is.
 */
export function applyAdjustment(state: State, stored: Stored): void {
  const { wire } = stored;
  const warehouse = wire.warehouse ?? '';
  const original = state.documents.get(wire.reverses ?? '');
  for (const line of wire.lines) {
    const reversed = originalCost(original, line.sku);
    const cost =
      reversed === undefined ? returnedCostOf(state, line.sku, warehouse, line.unitCost ?? undefined) : micro(reversed);
    line.unitCost = decimalOf(cost);
    state.stock.move(line.sku, warehouse, 'SA', line.quantity, cost);
  }
  const order = state.purchaseOrders.get(wire.poNo ?? '');
  if (order === undefined) return;
  for (const line of order.lines) line.returned -= movedOn(wire.lines, line);
  touched(state, order);
}

const originalCost = (original: Stored | undefined, sku: string): string | undefined =>
  original?.wire.lines.find((line) => line.sku === sku)?.unitCost ?? undefined;
