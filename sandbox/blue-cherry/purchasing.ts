/** Purchase orders as the ERP's people raise, amend, cancel and close them. */
import { Refusal } from '../core/index.js';
import type { Landed, PurchaseOrder, State } from './model.js';

type PoLine = PurchaseOrder['lines'][number];

/** One line as it is ordered. */
export interface PoLineGiven {
  poLine?: number | undefined;
  sku: string;
  ordered: number;
  unitCost: string;
  cancelled?: number | undefined;
}
/** What a purchase order is raised with. */
export interface PurchaseOrderGiven {
  poNo: string;
  supplier?: string | undefined;
  division: string;
  warehouse: string;
  currency?: string | undefined;
  /** Rate to the base currency as decimal text. */
  rate?: string | undefined;
  orderedAt?: string | undefined;
  lines: PoLineGiven[];
  /** Estimated landed cost of one unit in base currency, by element. */
  landed?: Landed | undefined;
  /** The same as one sum that is not split: accrued with the other elements. */
  landedPerUnit?: string | undefined;
}
/** What a buyer changes: quantities and costs by line, lines added, the rate and landed cost of what is still to come. */
export interface Amendment {
  rate?: string | undefined;
  landed?: Landed | undefined;
  lines?: { poLine: number; ordered?: number | undefined; unitCost?: string | undefined }[] | undefined;
  add?: PoLineGiven[] | undefined;
}

/** What a person may change in an order's screens. */
interface PurchaseEdit {
  /** Which line, from 1; the first unless told. */
  line?: number | undefined;
  /** What is ordered of it. */
  quantity?: number | undefined;
  unitCost?: string | undefined;
  returned?: number | undefined;
  invoiced?: boolean | undefined;
  status?: string | undefined;
}

/** What may still be received of a line. */
export const openOf = (line: PoLine): number => Math.max(0, line.ordered - line.received - line.cancelled);

function lineOf(given: PoLineGiven, poLine: number): PoLine {
  const { sku, ordered, unitCost, cancelled = 0 } = given;
  return {
    poLine,
    sku,
    ordered,
    received: 0,
    open: ordered - cancelled,
    cancelled,
    returned: 0,
    invoiced: 0,
    unitCost,
  };
}

/** Raises a purchase order; a number or a line that is already there throws RangeError. */
export function addPurchaseOrder(state: State, given: PurchaseOrderGiven): PurchaseOrder {
  if (state.purchaseOrders.has(given.poNo)) throw new RangeError(`purchase order "${given.poNo}" is already there`);
  const now = state.clock.instant();
  const unsplit = given.landedPerUnit ?? '0';
  const order: PurchaseOrder = {
    poNo: given.poNo,
    supplier: given.supplier ?? 'SUP-1',
    division: given.division,
    warehouse: given.warehouse,
    currency: given.currency ?? state.divisions.get(given.division)?.currency ?? 'GBP',
    rate: given.rate ?? '1.00',
    landed: given.landed ?? (Number(unsplit) === 0 ? [] : [{ element: 'OTHER', perUnit: unsplit }]),
    status: 'OPEN',
    revision: 1,
    orderedAt: given.orderedAt ?? now,
    modifiedAt: now,
    invoiced: false,
    lines: [],
  };
  addLines(order, given.lines);
  state.purchaseOrders.set(order.poNo, order);
  return order;
}

function addLines(order: PurchaseOrder, given: readonly PoLineGiven[]): void {
  for (const line of given) {
    const poLine = line.poLine ?? Math.max(0, ...order.lines.map((one) => one.poLine)) + 1;
    if (order.lines.some((one) => one.poLine === poLine))
      throw new RangeError(`purchase order "${order.poNo}" has a line ${poLine} already`);
    order.lines.push(lineOf(line, poLine));
  }
}

/** A change by whomever: the revision rises, and what is open follows. */
export function touched(state: State, order: PurchaseOrder): void {
  order.revision += 1;
  order.modifiedAt = state.clock.instant();
  for (const line of order.lines) line.open = openOf(line);
}

/** The purchase order, or 404. */
export function purchaseOrderOf(state: State, poNo: string): PurchaseOrder {
  const order = state.purchaseOrders.get(poNo);
  if (order === undefined) throw new Refusal(404, 'NOT_FOUND', `purchase order "${poNo}" is not known`);
  return order;
}

/** A line of an order; RangeError names those there are. */
export function poLineOf(order: PurchaseOrder, poLine: number): PoLine {
  const line = order.lines.find((one) => one.poLine === poLine);
  if (line !== undefined) return line;
  const known = order.lines.map((one) => one.poLine).join(', ');
  throw new RangeError(`purchase order "${order.poNo}" has no line ${poLine}; it has ${known}`);
}

const openIn = (order: PurchaseOrder): number => order.lines.reduce((sum, line) => sum + openOf(line), 0);

/**
 * A buyer changes an order: what is ordered, at what cost, and further lines. More to come reopens one that was closed
 * for receiving; one that is CLOSED or CANCELLED is final.
 */
export function amendPurchaseOrder(state: State, poNo: string, change: Amendment): PurchaseOrder {
  const order = changeable(state, poNo);
  const { lines = [], add = [] } = change;
  const before = openIn(order);
  const changes = lines.map((said) => ({ said, line: poLineOf(order, said.poLine) }));
  addLines(order, add);
  for (const { said, line } of changes) {
    line.ordered = said.ordered ?? line.ordered;
    line.unitCost = said.unitCost ?? line.unitCost;
  }
  order.rate = change.rate ?? order.rate;
  order.landed = change.landed ?? order.landed;
  if (openIn(order) > before) order.status = 'OPEN';
  touched(state, order);
  return order;
}

/** Nothing more is to come: open quantities become cancelled; an order of which something came is closed for receiving. */
export function cancelPurchaseOrder(state: State, poNo: string): PurchaseOrder {
  const order = changeable(state, poNo);
  for (const line of order.lines) line.cancelled += openOf(line);
  order.status = order.lines.every((line) => line.received === 0) ? 'CANCELLED' : 'CLOSED_RECEIVING';
  touched(state, order);
  return order;
}

function changeable(state: State, poNo: string): PurchaseOrder {
  const order = state.purchaseOrders.get(poNo);
  if (order === undefined) throw new RangeError(`purchase order "${poNo}" is not known`);
  if (order.status === 'CLOSED' || order.status === 'CANCELLED')
    throw new RangeError(`purchase order "${poNo}" is ${order.status} and cannot be changed any more`);
  return order;
}

/**
 * Closes or reopens for receiving; 409 REVISION_CHANGED when somebody else changed it since, 409 PO_CLOSED when payables
 * or a buyer ended it for good.
 */
export function changeReceiving(state: State, poNo: string, revision: unknown, open: boolean): PurchaseOrder {
  const order = purchaseOrderOf(state, poNo);
  if (revision !== order.revision)
    throw new Refusal(
      409,
      'REVISION_CHANGED',
      `"${poNo}" is at revision ${order.revision}, not ${JSON.stringify(revision)}`,
    );
  if (order.status === 'CLOSED' || order.status === 'CANCELLED')
    throw new Refusal(409, 'PO_CLOSED', `"${poNo}" is ${order.status} and neither receives nor closes any more`);
  order.status = open ? 'OPEN' : 'CLOSED_RECEIVING';
  touched(state, order);
  return order;
}

/** A person changes an order in the ERP's own screens. */
export function editPurchaseOrder(state: State, order: PurchaseOrder, set: PurchaseEdit): PurchaseOrder {
  const line = order.lines[(set.line ?? 1) - 1];
  if (line !== undefined) {
    line.ordered = set.quantity ?? line.ordered;
    line.unitCost = set.unitCost ?? line.unitCost;
    line.returned = set.returned ?? line.returned;
  }
  if (set.invoiced !== undefined) order.invoiced = set.invoiced;
  if (set.status === 'CANCELLED') return cancelPurchaseOrder(state, order.poNo);
  if (set.status === 'CLOSED' || set.status === 'CLOSED_RECEIVING' || set.status === 'OPEN') order.status = set.status;
  touched(state, order);
  return order;
}
