/** Credit memos: accepted without any duplicate check, bounded only by what was invoiced (facts/blue-cherry.md 3.6). */
import { CreditMemoWrite } from '../../clients/blue-cherry/schema.js';
import type { BlueCherryError } from '../../clients/blue-cherry/schema.js';
import { amountOf, decimalOf, minorOf } from '../core/index.js';
import {
  checkAccount,
  checkDivision,
  checkItem,
  checkPeriod,
  checkQuantity,
  checkReason,
  checkReversal,
  parsed,
  refuse,
} from './checks.js';
import { newTransaction, store } from './documents.js';
import type { Order, State, Stored } from './model.js';
import { returnedCostOf } from './valuation.js';

/** The invoiced order a memo credits; null for a memo of charges alone that names none. */
function orderOf(state: State, memo: CreditMemoWrite): Order | null {
  if (memo.originalOrderNo === '' && memo.lines.length === 0) return null;
  const order =
    state.orders.get(memo.originalOrderNo) ??
    refuse('ORDER_UNKNOWN', `sales order "${memo.originalOrderNo}" is not known`);
  if (order.invoiceNo === null || order.invoiceNo !== memo.originalInvoiceNo)
    refuse('INVOICE_UNKNOWN', `order "${order.orderNo}" has no invoice "${memo.originalInvoiceNo}"`);
  if (order.currency !== memo.currency)
    refuse('CURRENCY_MISMATCH', `order "${order.orderNo}" is in ${order.currency}, the memo in ${memo.currency}`);
  if (order.division !== memo.division)
    refuse('DIVISION_MISMATCH', `order "${order.orderNo}" is of division "${order.division}"`);
  return order;
}

function checkLines(state: State, memo: CreditMemoWrite, order: Order | null): void {
  const sign = memo.reverses === undefined ? 'positive' : 'negative';
  for (const line of memo.lines) {
    checkQuantity(line.quantity, sign);
    checkItem(state, line.sku);
    const sold = order?.lines.find((one) => one.orderLine === line.orderLine);
    if (sold?.sku !== line.sku)
      refuse('ORDER_LINE_UNKNOWN', `line ${line.orderLine} of the order is not item "${line.sku}"`);
  }
  for (const charge of memo.charges) checkAccount(state, charge.glAccount);
  if (memo.lines.length + memo.charges.length === 0) refuse('NO_LINES', 'a credit memo has at least one line');
}

/** Net of lines and charges plus all tax must be the total: 422 TOTAL_MISMATCH. Answers total and tax in minor units. */
function checkTotal(memo: CreditMemoWrite): { total: number; tax: number } {
  const read = (text: string): number => {
    try {
      return minorOf(text, memo.currency);
    } catch (error) {
      return refuse('TOTAL_MISMATCH', (error as Error).message);
    }
  };
  let net = 0;
  let tax = 0;
  for (const line of memo.lines) {
    net += read(line.net);
    tax += read(line.taxAmount);
  }
  for (const charge of memo.charges) {
    net += read(charge.amount);
    tax += read(charge.taxAmount);
  }
  if (net + tax !== read(memo.total))
    refuse(
      'TOTAL_MISMATCH',
      `lines, charges and tax make ${amountOf(net + tax, memo.currency)}, the total says ${memo.total}`,
    );
  return { total: net + tax, tax };
}

/** Accepts a credit memo: QUEUED until the next cycle. `by` is a person's name when one typed it. */
export function acceptCreditMemo(state: State, body: unknown, by: string | null = null): Stored {
  const memo = parsed(CreditMemoWrite, body);
  checkDivision(state, memo.division);
  checkPeriod(state, memo.postingDate);
  checkReason(state, memo.reasonCode);
  const order = orderOf(state, memo);
  checkLines(state, memo, order);
  const { total, tax } = checkTotal(memo);
  if (memo.reverses !== undefined) checkReversal(state, 'CREDIT_MEMO', memo.reverses, memo.lines);
  const wire = newTransaction(state, {
    type: 'CREDIT_MEMO',
    externalRef: memo.externalRef,
    postingDate: memo.postingDate,
    division: memo.division,
    orderNo: memo.originalOrderNo === '' ? null : memo.originalOrderNo,
    invoiceNo: memo.originalInvoiceNo === '' ? null : memo.originalInvoiceNo,
    customer: memo.customer,
    reasonCode: memo.reasonCode,
    currency: memo.currency,
    total: amountOf(total, memo.currency),
    taxTotal: amountOf(tax, memo.currency),
    modifiedBy: by ?? 'API',
    reverses: memo.reverses ?? null,
    lines: memo.lines.map((line, index) => ({
      line: index + 1,
      orderLine: line.orderLine,
      sku: line.sku,
      quantity: line.quantity,
      amount: amountOf(minorOf(line.net, memo.currency), memo.currency),
      taxCode: line.taxCode,
      taxAmount: amountOf(minorOf(line.taxAmount, memo.currency), memo.currency),
      unitCost: null,
    })),
    charges: memo.charges.map((charge) => ({
      glAccount: charge.glAccount,
      amount: amountOf(minorOf(charge.amount, memo.currency), memo.currency),
      taxAmount: amountOf(minorOf(charge.taxAmount, memo.currency), memo.currency),
    })),
  });
  const charges = memo.charges.map(({ glAccount, amount, taxCode, taxRate, taxAmount }) => ({
    glAccount,
    amount,
    taxCode,
    taxRate,
    taxAmount,
  }));
  return store(state, wire, by === null ? 'credit-memo' : 'by-hand', memo, { charges });
}

/** Why a queued memo cannot be posted: it would credit more than was invoiced. */
export function creditRefusal(state: State, stored: Stored): BlueCherryError | null {
  const order = state.orders.get(stored.wire.orderNo ?? '');
  if (order === undefined) return null;
  const invoiced = order.lines.reduce((sum, line) => sum + line.net + line.tax, 0);
  const asked = minorOf(stored.wire.total ?? '0', order.currency);
  if (asked <= 0 || order.credited + asked <= invoiced) return null;
  const show = (minor: number): string => `${order.currency} ${amountOf(minor, order.currency)}`;
  return {
    code: 'CREDIT_EXCEEDS_INVOICED',
    message: `order "${order.orderNo}" was invoiced ${show(invoiced)}, ${show(order.credited)} is credited, ${show(asked)} more was asked`,
    resource: order.orderNo,
  };
}

/** What a posted memo changes: the order's credited sum, and the stock at a site whose credits restock. */
export function applyCreditMemo(state: State, stored: Stored): void {
  const order = state.orders.get(stored.wire.orderNo ?? '');
  if (order === undefined) return;
  order.credited += minorOf(stored.wire.total ?? '0', order.currency);
  if (!state.profile.creditMemoRestocks) return;
  for (const line of stored.wire.lines) {
    const sold = order.lines.find((one) => one.orderLine === line.orderLine);
    if (sold?.kind !== 'GOODS') continue;
    const cost = returnedCostOf(state, line.sku, order.warehouse, sold.unitCost);
    line.unitCost = decimalOf(cost);
    state.stock.move(line.sku, order.warehouse, 'RT', line.quantity, cost);
  }
}
