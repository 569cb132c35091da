/** Journals of posted documents. Every one balances by construction: it is checked before it is booked. */
import type { JournalLine, SupplierInvoice } from '../../clients/blue-cherry/schema.js';
import { amountOf, decimalOf, divideRounded, micro, minorOf, minorOfMicro } from '../core/index.js';

import type { Accounts, Division, Order, OrderLine, PurchaseOrder, State, Stored } from './model.js';

/** Net amount per account: positive is debit, in minor units. */
type Sides = Map<string, number>;

const book = (sides: Sides, account: string, debit: number): void => {
  sides.set(account, (sides.get(account) ?? 0) + debit);
};

/** Turns sides into journal lines; throws when they do not balance. */
function written(sides: Sides, division: Division, postingDate: string, currency: string): JournalLine[] {
  const off = [...sides.values()].reduce((sum, side) => sum + side, 0);
  if (off !== 0) throw new Error(`a journal of division ${division.code} is off balance by ${off}`);
  return [...sides]
    .filter(([, debit]) => debit !== 0)
    .map(([account, debit]) => ({
      account,
      debit: amountOf(Math.max(debit, 0), currency),
      credit: amountOf(Math.max(-debit, 0), currency),
      division: division.code,
      period: postingDate.slice(0, 7),
    }));
}

/** The division of a document, which has been checked before. */
export function divisionOf(state: State, code: string): Division {
  const division = state.divisions.get(code);
  if (division === undefined) throw new Error(`division ${code} is gone from the books`);
  return division;
}

/** Credit memo: returns and tax against the customer; charges to their own accounts. Cost too where credits restock. */
export function creditMemoJournal(state: State, stored: Stored): JournalLine[] {
  const { wire } = stored;
  const division = divisionOf(state, wire.division);
  const currency = wire.currency ?? division.currency;
  const read = (text: string | null): number => minorOf(text ?? '0', currency);
  const sides: Sides = new Map();
  for (const line of wire.lines) {
    book(sides, division.accounts.salesReturns, read(line.amount));
    book(sides, division.accounts.tax, read(line.taxAmount));
    if (line.unitCost === null) continue;
    const cost = valueOf(line.unitCost, line.quantity, division.currency);
    book(sides, division.accounts.stock, cost);
    book(sides, division.accounts.costOfSales, -cost);
  }
  for (const charge of wire.charges) {
    book(sides, charge.glAccount, read(charge.amount));
    book(sides, division.accounts.tax, read(charge.taxAmount));
  }
  book(sides, division.accounts.receivable, -read(wire.total));
  return written(sides, division, wire.postingDate, currency);
}

/** Units at a cost, in minor units of the base currency. */
export const valueOf = (unitCost: string, quantity: number, currency: string): number =>
  minorOfMicro(micro(unitCost) * BigInt(quantity), currency);

/** Adjustment: stock against the contra account its reason names. */
export function adjustmentJournal(state: State, stored: Stored): JournalLine[] {
  const { wire } = stored;
  const division = divisionOf(state, wire.division);
  const contra = state.reasons.get(wire.reasonCode ?? '')?.glAccount ?? division.accounts.costOfSales;
  const sides: Sides = new Map();
  for (const line of wire.lines) {
    const value = valueOf(line.unitCost ?? '0', line.quantity, division.currency);
    book(sides, division.accounts.stock, value);
    book(sides, contra, -value);
  }
  return written(sides, division, wire.postingDate, division.currency);
}

/** The account that accrues an element of landed cost. */
function accrualOf({ accounts }: Division, element: string): string {
  if (element === 'DUTY') return accounts.duty;
  return element === 'FREIGHT' ? accounts.freight : accounts.landed;
}

/** Receipt: stock against goods received not invoiced at PO cost and rate; each landed cost element apart (facts 3.4). */
export function receiptJournal(state: State, stored: Stored): JournalLine[] {
  const { wire } = stored;
  const division = divisionOf(state, wire.division);
  const sides: Sides = new Map();
  for (const line of wire.lines) {
    const goods = valueOf(line.unitCost ?? '0', line.quantity, division.currency);
    book(sides, division.accounts.stock, goods);
    book(sides, division.accounts.received, -goods);
    for (const { element, perUnit } of stored.landed) {
      const extra = valueOf(perUnit, line.quantity, division.currency);
      book(sides, division.accounts.stock, extra);
      book(sides, accrualOf(division, element), -extra);
    }
  }
  return written(sides, division, wire.postingDate, division.currency);
}

/**
 * Supplier invoice: goods received not invoiced are cleared at the order's cost and rate, the price's difference apart,
 * so that the account holds received less invoiced of every line.
 */
export function supplierInvoiceJournal(
  state: State,
  order: PurchaseOrder,
  { lines, invoiceDate }: Pick<SupplierInvoice, 'lines' | 'invoiceDate'>,
): JournalLine[] {
  const division = divisionOf(state, order.division);
  const sides: Sides = new Map();
  for (const { poLine, quantity, unitPrice } of lines) {
    const ordered = order.lines.find((line) => line.poLine === poLine)?.unitCost ?? unitPrice;
    const [cleared, owed] = [ordered, unitPrice].map((price) =>
      valueOf(costAtRate(price, order.rate), quantity, division.currency),
    ) as [number, number];
    book(sides, division.accounts.received, cleared);
    book(sides, division.accounts.priceVariance, owed - cleared);
    book(sides, division.accounts.payable, -owed);
  }
  return written(sides, division, invoiceDate, division.currency);
}

/** A price at a rate to the base currency, to six places. */
export const costAtRate = (price: string, rate: string): string =>
  decimalOf(divideRounded(micro(price) * micro(rate), 1_000_000n));

/** Shipment: cost of sales against stock, goods lines alone. */
export function shipmentJournal(state: State, order: Order, date: string): JournalLine[] {
  const division = divisionOf(state, order.division);
  const sides: Sides = new Map();
  for (const line of order.lines.filter(isGoods)) {
    const value = valueOf(line.unitCost, line.quantity, division.currency);
    book(sides, division.accounts.costOfSales, value);
    book(sides, division.accounts.stock, -value);
  }
  return written(sides, division, date, division.currency);
}

/** Invoice: the customer against sales and tax. */
export function invoiceJournal(state: State, order: Order, date: string): JournalLine[] {
  const division = divisionOf(state, order.division);
  const sides: Sides = new Map();
  for (const line of order.lines) {
    book(sides, division.accounts.receivable, line.net + line.tax);
    book(sides, division.accounts.sales, -line.net);
    book(sides, division.accounts.tax, -line.tax);
  }
  return written(sides, division, date, order.currency);
}

export const isGoods = (line: OrderLine): boolean => line.kind === 'GOODS';

/** Accounts of a division that states none of its own. */
export const STANDARD_ACCOUNTS: Accounts = {
  sales: '4000',
  salesReturns: '4100',
  tax: '2200',
  receivable: '1100',
  stock: '1200',
  costOfSales: '5000',
  received: '2110',
  landed: '2120',
  duty: '2121',
  freight: '2122',
  payable: '2100',
  priceVariance: '5950',
};
