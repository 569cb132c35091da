/** Invoices of suppliers as payables book them. Three-way matching is theirs: here they only count. */
import type { SupplierInvoice } from '../../clients/blue-cherry/schema.js';
import { amountOf, extended } from '../core/index.js';
import { supplierInvoiceJournal } from './journals.js';
import type { BookedInvoice, PurchaseOrder, State } from './model.js';
import { nextNumber } from './model.js';
import { poLineOf, touched } from './purchasing.js';

/** What an invoice says; without lines it bills everything received and not billed yet, at the order's cost. */
export interface SupplierInvoiceGiven {
  poNo: string;
  invoiceNo?: string | undefined;
  invoiceDate?: string | undefined;
  lines?: { poLine: number; quantity: number; unitPrice?: string | undefined }[] | undefined;
}

/** Units of a line that came, stayed, and are not billed yet. */
export const unbilled = (line: PurchaseOrder['lines'][number]): number =>
  Math.max(0, line.received - line.returned - line.invoiced);

/** Books an invoice at once; RangeError when there is no such order or line, the number is used, or nothing is to bill. */
export function bookSupplierInvoice(state: State, given: SupplierInvoiceGiven): SupplierInvoice {
  const order = state.purchaseOrders.get(given.poNo);
  if (order === undefined) throw new RangeError(`purchase order "${given.poNo}" is not known`);
  const invoiceNo = given.invoiceNo ?? nextNumber(state, 'SI');
  if (state.supplierInvoices.some(({ wire }) => wire.invoiceNo === invoiceNo && wire.supplier === order.supplier))
    throw new RangeError(`invoice "${invoiceNo}" of supplier "${order.supplier}" is booked already`);
  const received = order.lines.map((line) => ({ poLine: line.poLine, quantity: unbilled(line) }));
  const billed: NonNullable<SupplierInvoiceGiven['lines']> =
    given.lines ?? received.filter((line) => line.quantity > 0);
  const lines = billed.map(({ poLine, quantity, unitPrice }) => {
    const { unitCost } = poLineOf(order, poLine);
    return { poLine, quantity, unitPrice: unitPrice ?? unitCost };
  });
  if (lines.length === 0)
    throw new RangeError(`nothing of "${order.poNo}" is received and not invoiced; name lines to bill what never came`);
  for (const { poLine, quantity } of lines) poLineOf(order, poLine).invoiced += quantity;
  touched(state, order);
  const total = lines.reduce((sum, line) => sum + extended(line.unitPrice, line.quantity, order.currency), 0);
  const { poNo, supplier, currency } = order;
  const invoiceDate = given.invoiceDate ?? state.clock.businessDate();
  const wire = { invoiceNo, poNo, supplier, invoiceDate, currency, lines, total: amountOf(total, currency) };
  const booked: BookedInvoice = { wire, journal: supplierInvoiceJournal(state, order, wire) };
  state.supplierInvoices.push(booked);
  return wire;
}

/** Invoices of an order in the order they were booked. */
export const supplierInvoicesOf = (state: State, poNo: string): SupplierInvoice[] =>
  state.supplierInvoices.map(({ wire }) => wire).filter((wire) => wire.poNo === poNo);
