/** What a person does in the ERP's own screens: changes a document, or types one in without any reference of ours. */
import { z } from 'zod';
import { Decimal, WireDate } from '../../clients/blue-cherry/schema.js';
import { amountOf, divideRounded, micro, minorOf, Refusal } from '../core/index.js';

import { acceptAdjustment } from './adjustments.js';
import { acceptCreditMemo } from './credit-memos.js';
import type { Order, State, Stored } from './model.js';
import { cancelOrder, shownOrder } from './orders.js';
import { journalOf, postOne } from './posting.js';
import { editPurchaseOrder } from './purchasing.js';

/** A whole number, as a number or as the text the books show. */
const Whole = z.union([
  z.number().int(),
  z
    .string()
    .regex(/^-?\d{1,9}$/, 'a whole number')
    .transform(Number),
]);

/**
 * Fields a person may change, named as the books name them: `amount` is the gross total of the document, or with
 * `line` the net of that line; `quantity` is that of `line`, the first unless told. `lines` changes several at once.
 */
export const Edit = z.strictObject({
  line: z.number().int().positive().optional(),
  quantity: Whole.optional(),
  amount: Decimal.optional(),
  taxAmount: Decimal.optional(),
  lines: z
    .array(
      z.looseObject({
        line: z.number().int().positive().optional(),
        quantity: Whole.optional(),
        amount: Decimal.nullish(),
        taxAmount: Decimal.nullish(),
      }),
    )
    .optional(),
  postingDate: WireDate.optional(),
  customer: z.string().max(40).optional(),
  status: z.enum(['CANCELLED', 'PICKED', 'ALLOCATED', 'OPEN', 'CLOSED', 'CLOSED_RECEIVING']).optional(),
  /** Of a purchase order: billed as a whole; and of its `line`, cost and units sent back to the supplier. */
  invoiced: z.boolean().optional(),
  unitCost: Decimal.optional(),
  returned: z.number().int().nonnegative().optional(),
  by: z.string().min(1).max(60).optional(),
});
export type Edit = z.infer<typeof Edit>;

/** Changes a transaction, a sales order or a purchase order as a person would; 404 when there is no such document. */
export function edit(state: State, number: string, set: Edit): unknown {
  const stored = state.documents.get(number);
  if (stored !== undefined) return editTransaction(state, stored, set);
  const order = state.orders.get(number);
  if (order !== undefined) return shownOrder(editOrder(state, order, set));
  const purchase = state.purchaseOrders.get(number);
  if (purchase === undefined) throw new Refusal(404, 'NOT_FOUND', `there is no document "${number}"`);
  return editPurchaseOrder(state, purchase, set);
}

function editOrder(state: State, order: Order, set: Edit): Order {
  const by = set.by ?? 'erp-user';
  if (set.status === 'CANCELLED') return cancelOrder(state, order, by);
  if (set.status === 'OPEN' || set.status === 'ALLOCATED' || set.status === 'PICKED') order.status = set.status;
  if (set.customer !== undefined) order.customer = set.customer;
  order.revision += 1;
  order.modifiedBy = by;
  order.modifiedAt = state.clock.instant();
  return order;
}

interface LineEdit {
  line: number;
  quantity?: number | undefined;
  amount?: string | null | undefined;
  taxAmount?: string | null | undefined;
}

/** The lines an edit touches. */
function lineEdits(set: Edit): LineEdit[] {
  const several = (set.lines ?? []).map((one, index) => ({ ...one, line: one.line ?? index + 1 }));
  if (set.line === undefined && (set.quantity ?? set.taxAmount) === undefined) return several;
  const { line = 1, quantity, taxAmount } = set;
  return [...several, { line, quantity, taxAmount, amount: set.line === undefined ? undefined : set.amount }];
}

/** Changes one line; a posted quantity moves the stock too. Answers by how much net and tax changed. */
function editLine(state: State, stored: Stored, change: LineEdit, currency: string) {
  const { wire } = stored;
  const line = wire.lines.find((one) => one.line === change.line);
  if (line === undefined) throw new Refusal(400, 'BAD_REQUEST', `"${wire.transactionNo}" has no line ${change.line}`);
  const read = (text: string | null): number => minorOf(text ?? '0', currency);
  if (change.quantity !== undefined) {
    const more = change.quantity - line.quantity;
    if (more !== 0 && wire.status === 'POSTED' && wire.type === 'ADJUSTMENT')
      state.stock.move(line.sku, wire.warehouse ?? '', 'SA', more, micro(line.unitCost ?? '0'));
    line.quantity = change.quantity;
  }
  const before = { net: read(line.amount), tax: read(line.taxAmount) };
  if (typeof change.amount === 'string') line.amount = amountOf(read(change.amount), currency);
  if (typeof change.taxAmount === 'string') line.taxAmount = amountOf(read(change.taxAmount), currency);
  return { net: read(line.amount) - before.net, tax: read(line.taxAmount) - before.tax };
}

/** Changing a line's amount or tax changes the total with it; a changed total falls on the first line. */
function editTransaction(state: State, stored: Stored, set: Edit): unknown {
  const { wire } = stored;
  const currency = wire.currency ?? state.divisions.get(wire.division)?.currency ?? 'GBP';
  const before = minorOf(wire.total ?? '0', currency);
  let net = 0;
  let tax = 0;
  for (const one of lineEdits(set)) {
    const change = editLine(state, stored, one, currency);
    net += change.net;
    tax += change.tax;
  }
  if (set.amount !== undefined && set.line === undefined) {
    if (wire.total === null)
      throw new Refusal(400, 'BAD_REQUEST', `"${wire.transactionNo}" has no amount; change a quantity`);
    net += spread(stored, minorOf(set.amount, currency) - (before + net + tax), currency);
  }
  if (wire.total !== null) wire.total = amountOf(before + net + tax, currency);
  if (wire.taxTotal !== null) wire.taxTotal = amountOf(minorOf(wire.taxTotal, currency) + tax, currency);
  const order = state.orders.get(wire.orderNo ?? '');
  if (wire.type === 'CREDIT_MEMO' && wire.status === 'POSTED' && order !== undefined) order.credited += net + tax;
  if (set.postingDate !== undefined) wire.postingDate = set.postingDate;
  if (set.customer !== undefined) wire.customer = set.customer;
  wire.modifiedBy = set.by ?? 'erp-user';
  wire.modifiedAt = state.clock.instant();
  if (wire.status === 'POSTED') stored.journal = journalOf(state, stored);
  return wire;
}

/** A changed total falls on the first line, or on the first charge of a memo without lines. */
function spread({ wire }: Stored, change: number, currency: string): number {
  const part = wire.lines[0] ?? wire.charges[0];
  if (part === undefined) return 0;
  part.amount = amountOf(minorOf(part.amount ?? '0', currency) + change, currency);
  return change;
}

/** A document typed in by a person. What is left out of a credit memo is taken from the invoice, in proportion. */
export const TypedIn = z.looseObject({
  type: z.enum(['CREDIT_MEMO', 'ADJUSTMENT']).default('CREDIT_MEMO'),
  by: z.string().min(1).max(60).default('erp-user'),
  /** False leaves it QUEUED for the next cycle. */
  post: z.boolean().default(true),
  orderNo: z.string().optional(),
  reasonCode: z.string().optional(),
  lines: z.array(z.looseObject({ orderLine: z.number().int().optional(), quantity: z.number().int() })).default([]),
});
export type TypedIn = z.input<typeof TypedIn>;

const partOf = (whole: number, quantity: number, of: number): number =>
  Number(divideRounded(BigInt(whole) * BigInt(quantity), BigInt(of)));

function memoOf(given: z.infer<typeof TypedIn>, order: Order): Record<string, unknown> {
  const wanted =
    given.lines.length > 0
      ? given.lines
      : order.lines
          .filter((l) => l.kind === 'GOODS')
          .slice(0, 1)
          .map((l) => ({ orderLine: l.orderLine, quantity: 1 }));
  let total = 0;
  const lines = wanted.map((ask) => {
    const sold = order.lines.find((line) => line.orderLine === ask.orderLine);
    if (sold === undefined)
      throw new Refusal(400, 'BAD_REQUEST', `order "${order.orderNo}" has no line ${String(ask.orderLine)}`);
    const net = partOf(sold.net, ask.quantity, sold.quantity);
    const tax = partOf(sold.tax, ask.quantity, sold.quantity);
    total += net + tax;
    return {
      orderLine: sold.orderLine,
      sku: sold.sku,
      quantity: ask.quantity,
      unitPrice: sold.unitPrice,
      net: amountOf(net, order.currency),
      taxCode: sold.taxCode,
      taxRate: sold.taxRate,
      taxAmount: amountOf(tax, order.currency),
      ...(ask as object),
    };
  });
  return {
    originalOrderNo: order.orderNo,
    originalInvoiceNo: order.invoiceNo ?? '',
    division: order.division,
    customer: order.customer,
    restock: 'none',
    charges: [],
    currency: order.currency,
    total: amountOf(total, order.currency),
    lines,
  };
}

/** Types a document in by hand: no reference of ours, a person as its author; posted at once unless told otherwise. */
export function typeInByHand(state: State, payload: TypedIn): Stored {
  const { type, by, post, orderNo, lines, ...rest } = TypedIn.parse(payload);
  const common = {
    externalRef: '',
    postingDate: state.clock.businessDate(),
    reasonCode: [...state.reasons.keys()][0] ?? '',
  };
  let stored: Stored;
  if (type === 'ADJUSTMENT') stored = acceptAdjustment(state, { ...common, lines, ...rest }, by).stored;
  else {
    const order =
      orderNo === undefined
        ? [...state.orders.values()].find((one) => one.invoiceNo !== null)
        : state.orders.get(orderNo);
    if (order === undefined)
      throw new Refusal(400, 'BAD_REQUEST', `order "${orderNo ?? ''}" is not known; name an invoiced one`);
    const memo = memoOf(TypedIn.parse(payload), order);
    stored = acceptCreditMemo(state, { ...common, ...memo, ...rest }, by);
  }
  if (post) postOne(state, stored, { at: state.clock.instant(), cycleNo: state.cycleNo });
  return stored;
}
