/** A shipment and the invoice that follows it (facts/blue-cherry.md 3.5: in the same cycle, or in a later run). */
import { amountOf } from '../core/index.js';
import { markPosted, newTransaction, store } from './documents.js';
import { invoiceJournal, isGoods, shipmentJournal } from './journals.js';
import type { Order, State, Stored } from './model.js';
import { markInvoiced, markShipped } from './orders.js';

interface Stamp {
  at: string;
  cycleNo: number | null;
}

const documentOf = (state: State, order: Order, type: 'SHIPMENT' | 'INVOICE', date: string): Stored => {
  const goods = type === 'SHIPMENT';
  const total = order.lines.reduce((sum, line) => sum + line.net + line.tax, 0);
  const tax = order.lines.reduce((sum, line) => sum + line.tax, 0);
  const show = (minor: number): string => amountOf(minor, order.currency);
  const wire = newTransaction(state, {
    type,
    externalRef: '',
    postingDate: date,
    division: order.division,
    warehouse: order.warehouse,
    orderNo: order.orderNo,
    invoiceNo: order.invoiceNo,
    customer: order.customer,
    currency: goods ? null : order.currency,
    total: goods ? null : show(total),
    taxTotal: goods ? null : show(tax),
    lines: order.lines
      .filter((line) => !goods || isGoods(line))
      .map((line, index) => ({
        line: index + 1,
        orderLine: line.orderLine,
        sku: line.sku,
        quantity: line.quantity,
        amount: goods ? null : show(line.net),
        taxCode: goods ? null : line.taxCode,
        taxAmount: goods ? null : show(line.tax),
        unitCost: goods ? line.unitCost : null,
      })),
  });
  return store(state, wire, 'by-hand', {});
};

/** Invoices a shipped order; on-hand falls. A historical one keeps no document. */
export function invoiceOrder(state: State, order: Order, date: string, stamp: Stamp): void {
  markInvoiced(state, order, date);
  if (order.historical) return;
  order.modifiedAt = stamp.at;
  markPosted(documentOf(state, order, 'INVOICE', date), stamp, invoiceJournal(state, order, date));
}

/** Ships and, unless invoicing is a later run, invoices an order at once. */
export function shipNow(state: State, order: Order, shippedAt: string, stamp: Stamp): void {
  const date = state.clock.businessDate(new Date(shippedAt));
  markShipped(state, order, shippedAt);
  if (!order.historical) {
    order.modifiedAt = stamp.at;
    const shipment = documentOf(state, order, 'SHIPMENT', date);
    markPosted(shipment, stamp, shipmentJournal(state, order, date));
  }
  if (state.profile.invoicing === 'later-run' && !order.historical) state.toInvoice.push(order.orderNo);
  else invoiceOrder(state, order, date, stamp);
}

/** Queues a shipment: it is POSTED, with its invoice, at the end of the next cycle. */
export function queueShipment(state: State, order: Order, shippedAt: string): Stored {
  const date = state.clock.businessDate(new Date(shippedAt));
  const stored = documentOf(state, order, 'SHIPMENT', date);
  stored.payload = { shippedAt };
  return stored;
}

/** What a queued shipment does when its cycle ends. */
export function applyShipment(state: State, stored: Stored, stamp: Stamp): void {
  const order = state.orders.get(stored.wire.orderNo ?? '');
  if (order === undefined || order.shippedAt !== null) return;
  const shippedAt = String(stored.payload['shippedAt']);
  markShipped(state, order, shippedAt);
  for (const line of stored.wire.lines)
    line.unitCost = order.lines.find((one) => one.orderLine === line.orderLine)?.unitCost ?? null;
  markPosted(stored, stamp, shipmentJournal(state, order, stored.wire.postingDate));
  if (state.profile.invoicing === 'later-run') state.toInvoice.push(order.orderNo);
  else invoiceOrder(state, order, stored.wire.postingDate, stamp);
}
