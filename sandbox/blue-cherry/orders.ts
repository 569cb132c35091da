/** Sales orders, their shipping and their invoice. */
import { SalesOrderWrite } from '../../clients/blue-cherry/schema.js';
import type { Invoice, SalesOrder } from '../../clients/blue-cherry/schema.js';
import { amountOf, decimalOf, extended, minorOf, Refusal, taxOf } from '../core/index.js';
import { checkDivision, checkItem, checkQuantity, checkWarehouse, parsed, refuse } from './checks.js';
import { lagging } from './documents.js';
import { isGoods } from './journals.js';
import { nextNumber } from './model.js';
import type { Order, OrderLine, State } from './model.js';
import { unitCostOf } from './valuation.js';

/** An order as a scenario or a history books it. Amounts are decimal text, the tax rate a fraction (`0.175`). */
export interface OrderGiven {
  orderNo: string;
  externalRef?: string;
  division: string;
  warehouse: string;
  customer: string;
  placedAt: string;
  /** Null: placed, not shipped. Else shipped and invoiced at that instant. */
  shippedAt: string | null;
  currency: string;
  lines: {
    orderLine: number;
    sku: string;
    kind: 'GOODS' | 'CHARGE';
    chargeCode: string | null;
    quantity: number;
    unitPrice: string;
    discount?: string;
    taxCode: string;
    taxRate: string;
    unitCost: string;
  }[];
  /** The past of the business: stock and cost move, but no shipment, invoice document or journal is kept. */
  historical?: boolean;
}

function soldLine(given: OrderGiven['lines'][number], currency: string): OrderLine {
  const discount = minorOf(given.discount ?? '0', currency);
  const net = extended(given.unitPrice, given.quantity, currency) - discount;
  return {
    orderLine: given.orderLine,
    sku: given.sku,
    kind: given.kind,
    chargeCode: given.chargeCode,
    quantity: given.quantity,
    unitPrice: given.unitPrice,
    discount,
    net,
    taxCode: given.taxCode,
    taxRate: given.taxRate,
    tax: taxOf(net, given.taxRate),
    unitCost: given.unitCost,
  };
}

/** Books an order as placed. A number already there throws RangeError. */
export function placeOrder(state: State, given: OrderGiven): Order {
  if (state.orders.has(given.orderNo)) throw new RangeError(`order "${given.orderNo}" is already there`);
  const now = given.historical === true ? given.placedAt : state.clock.instant();
  const order: Order = {
    orderNo: given.orderNo,
    externalRef: given.externalRef ?? '',
    division: given.division,
    warehouse: given.warehouse,
    customer: given.customer,
    status: 'OPEN',
    revision: 1,
    modifiedBy: 'API',
    createdAt: now,
    modifiedAt: now,
    placedAt: given.placedAt,
    shippedAt: null,
    currency: given.currency,
    lines: given.lines.map((line) => soldLine(line, given.currency)),
    invoiceNo: null,
    invoiceDate: null,
    credited: 0,
    historical: given.historical === true,
    ours: false,
    storedInCycle: state.cycleNo,
    hidden: false,
    memo: null,
  };
  state.orders.set(order.orderNo, order);
  if (!order.historical) demand(state, order, 1);
  return order;
}

/** Adds (1) or takes back (-1) an order's demand on stock. */
export function demand(state: State, order: Order, sign: 1 | -1): void {
  for (const line of order.lines.filter(isGoods))
    state.stock.count(line.sku, order.warehouse, 'OP', sign * line.quantity);
}

/** The order leaves the house: each goods line gets the cost it left with. On-hand has not moved yet (facts 3.5). */
export function markShipped(state: State, order: Order, shippedAt: string): void {
  order.status = 'SHIPPED';
  order.shippedAt = shippedAt;
  order.revision += 1;
  for (const line of order.lines.filter(isGoods))
    line.unitCost = decimalOf(unitCostOf(state, line.sku, order.warehouse, line.unitCost));
}

/** The order is invoiced: on-hand falls now (facts/blue-cherry.md 1.5). */
export function markInvoiced(state: State, order: Order, date: string): void {
  order.status = 'INVOICED';
  order.invoiceNo = `IV-${order.orderNo}`;
  order.invoiceDate = date;
  if (!order.historical) demand(state, order, -1);
  for (const line of order.lines.filter(isGoods))
    state.stock.move(
      line.sku,
      order.warehouse,
      'IN',
      -line.quantity,
      unitCostOf(state, line.sku, order.warehouse, line.unitCost),
    );
}

/** POST /sales-orders: unique by division, customer and reference; a repeat is 409 DUPLICATE_REF with the first. */
export function acceptSalesOrder(state: State, body: unknown): { order: Order } {
  const write = parsed(SalesOrderWrite, body);
  checkDivision(state, write.division);
  checkWarehouse(state, write.warehouse, write.division);
  for (const line of write.lines) {
    checkItem(state, line.sku);
    checkQuantity(line.quantity, 'positive');
  }
  if (write.lines.length === 0) refuse('NO_LINES', 'a sales order has at least one line');
  checkOrderTotal(write);
  const key = [write.division, write.customer, write.externalRef].join('\n');
  const first = state.orderOfReference.get(key);
  if (first !== undefined)
    throw new Refusal(409, 'DUPLICATE_REF', `reference "${write.externalRef}" is order "${first}"`, {
      resource: first,
      orderNo: first,
    });
  const order = placeOrder(state, {
    orderNo: nextNumber(state, 'SO'),
    externalRef: write.externalRef,
    division: write.division,
    warehouse: write.warehouse,
    customer: write.customer,
    placedAt: state.clock.instant(),
    shippedAt: null,
    currency: write.currency,
    lines: write.lines.map((line, index) => ({
      orderLine: index + 1,
      sku: line.sku,
      kind: 'GOODS',
      chargeCode: null,
      quantity: line.quantity,
      unitPrice: line.unitPrice,
      taxCode: 'AS-SENT',
      taxRate: '0',
      unitCost: state.items.get(line.sku)?.standardCost ?? '0',
    })),
  });
  for (const [index, line] of write.lines.entries()) {
    const sold = order.lines[index];
    if (sold !== undefined) sold.tax = minorOf(line.tax, write.currency);
  }
  order.ours = true;
  order.memo = write.memo ?? null;
  order.hidden = lagging(state, 'sales-order', write);
  state.orderOfReference.set(key, order.orderNo);
  return { order };
}

function checkOrderTotal(write: SalesOrderWrite): void {
  const total = write.lines.reduce(
    (sum, line) => sum + extended(line.unitPrice, line.quantity, write.currency) + minorOf(line.tax, write.currency),
    0,
  );
  if (total !== minorOf(write.total, write.currency))
    refuse('TOTAL_MISMATCH', `the lines make ${amountOf(total, write.currency)}, the total says ${write.total}`);
}

/** Cancels an order; 409 once it is picked or shipped. Cancelling twice is once. */
export function cancelOrder(state: State, order: Order, by = 'API'): Order {
  if (order.status === 'CANCELLED') return order;
  if (order.status === 'PICKED')
    throw new Refusal(409, 'ORDER_PICKED', `order "${order.orderNo}" is picked`, { resource: order.orderNo });
  if (order.status === 'SHIPPED' || order.status === 'INVOICED')
    throw new Refusal(409, 'ALREADY_SHIPPED', `order "${order.orderNo}" has left the house`, {
      resource: order.orderNo,
    });
  demand(state, order, -1);
  order.status = 'CANCELLED';
  order.revision += 1;
  order.modifiedBy = by;
  order.modifiedAt = state.clock.instant();
  return order;
}

/** The order as the interface shows it. */
export function shownOrder(order: Order): SalesOrder {
  const gone = order.shippedAt !== null;
  const total = order.lines.reduce((sum, line) => sum + line.net + line.tax, 0);
  return {
    orderNo: order.orderNo,
    externalRef: order.externalRef,
    division: order.division,
    warehouse: order.warehouse,
    customer: order.customer,
    status: order.status,
    revision: order.revision,
    modifiedBy: order.modifiedBy,
    placedAt: order.placedAt,
    shippedAt: order.shippedAt,
    currency: order.currency,
    lines: order.lines.map((line) => ({
      orderLine: line.orderLine,
      sku: line.sku,
      quantity: line.quantity,
      shipped: gone ? line.quantity : 0,
      unitPrice: line.unitPrice,
    })),
    total: amountOf(total, order.currency),
  };
}

/** The invoice of an order as the interface shows it, or null before it is invoiced. */
export function shownInvoice(order: Order): Invoice | null {
  if (order.invoiceNo === null || order.invoiceDate === null) return null;
  const show = (minor: number): string => amountOf(minor, order.currency);
  const total = order.lines.reduce((sum, line) => sum + line.net + line.tax, 0);
  return {
    invoiceNo: order.invoiceNo,
    orderNo: order.orderNo,
    division: order.division,
    customer: order.customer,
    warehouse: order.warehouse,
    invoiceDate: order.invoiceDate,
    currency: order.currency,
    lines: order.lines.map((line) => ({
      orderLine: line.orderLine,
      sku: line.sku,
      kind: line.kind,
      chargeCode: line.chargeCode,
      quantity: line.quantity,
      unitPrice: line.unitPrice,
      discount: show(line.discount),
      net: show(line.net),
      taxCode: line.taxCode,
      taxRate: line.taxRate,
      taxAmount: show(line.tax),
      unitCost: line.unitCost,
    })),
    total: show(total),
  };
}
