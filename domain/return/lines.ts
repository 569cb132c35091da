/**
 * A return's lines tied to what was sold. Used by the plan, and by the claims activity, so that both mean the same
 * order line: `correct` answers to the original-order question are already followed here.
 */
import { itemKeyDivision } from '../sku.js';
import type { ReturnAnswer } from './answers.js';
import type { ReturnDocument, ReturnLine } from './document.js';
import type { Sold, SoldInvoice, SoldLine, SoldOrder } from './sold.js';

export interface TiedLine {
  line: ReturnLine;
  /** The order named by the source, or by the person who corrected it; empty when there is none. */
  orderNo: string;
  invoice: SoldInvoice | null;
  sold: SoldLine | null;
  order: SoldOrder | null;
  /** Why there is no original line, as a clause; empty when there is one. */
  missing: string;
}

/** What the item mapping says of a line; null where it is unknown. */
export type ItemOf = (lineNo: number) => string | null;

/** Order numbers people gave as corrections, newest first. */
export function correctedOrders(answers: readonly ReturnAnswer[]): string[] {
  return answers
    .filter(({ question, choice }) => question === 'original-order' && choice === 'correct')
    .map(({ orderNo }) => orderNo?.trim() ?? '')
    .reverse();
}

/** Every order whose sale must be looked up for a return: those its lines name, and those people named. */
export function orderNosOf(document: ReturnDocument, answers: readonly ReturnAnswer[]): string[] {
  const named = document.lines.map(({ orderNo }) => orderNo);
  return [...new Set([...named, ...correctedOrders(answers)])].filter((orderNo) => orderNo !== '');
}

/**
 * Orders a return must still wait for under T-39: named, but not there or not invoiced yet. A cancelled order is not
 * waited for: nothing will come. Empty once everything is there, or when the return names no order.
 */
export function awaitedOrders(document: ReturnDocument, sold: Sold, answers: readonly ReturnAnswer[]): string[] {
  return orderNosOf(document, answers).filter((orderNo) => {
    const order = sold.orders.find((each) => each.orderNo === orderNo);
    return order?.status !== 'cancelled' && !sold.invoices.some((invoice) => invoice.orderNo === orderNo);
  });
}

/** True while the ERP does not show that the order left the house. */
export const isUndispatched = (order: SoldOrder): boolean =>
  order.shippedAt === null && ['open', 'allocated', 'picked'].includes(order.status);

function fits(line: ReturnLine, sold: SoldLine, item: string | null): boolean {
  if (line.kind !== sold.kind) return false;
  return line.kind === 'charge' || item === null || item === sold.item;
}

function sameArticle(line: ReturnLine, sold: SoldLine, item: string | null): boolean {
  if (line.kind !== sold.kind) return false;
  if (line.kind === 'goods') return item !== null && item === sold.item;
  return sold.chargeCode !== null && sold.chargeCode.toUpperCase() === line.sku.trim().toUpperCase();
}

type Found = Pick<TiedLine, 'invoice' | 'sold' | 'missing'>;

function findOriginal(
  line: ReturnLine,
  orderNo: string,
  orderLine: number | null,
  sold: Sold,
  item: string | null,
): Found {
  const none = (missing: string): Found => ({ invoice: null, sold: null, missing });
  if (orderNo === '') return none('it names no order');
  const invoices = sold.invoices.filter((invoice) => invoice.orderNo === orderNo);
  if (invoices.length === 0) {
    const known = sold.orders.some((order) => order.orderNo === orderNo);
    return none(known ? `order ${orderNo} was never invoiced` : `the ERP knows no order ${orderNo}`);
  }
  const all = invoices.flatMap((invoice) => invoice.lines.map((each) => ({ invoice, sold: each })));
  if (orderLine === null) {
    const match = all.find((each) => sameArticle(line, each.sold, item));
    return match ? { ...match, missing: '' } : none(`order ${orderNo} holds no ${line.sku}`);
  }
  const match = all.find((each) => each.sold.orderLine === orderLine);
  if (!match) return none(`order ${orderNo} has no invoiced line ${orderLine}`);
  if (!fits(line, match.sold, item)) {
    return none(`line ${orderLine} of order ${orderNo} is ${match.sold.item}, not ${line.sku}`);
  }
  return { ...match, missing: '' };
}

/** Ties each line of a return to its invoice line; a line without one follows the newest correction that fits. */
export function tieLines(
  document: ReturnDocument,
  sold: Sold,
  answers: readonly ReturnAnswer[],
  itemOf: ItemOf,
): TiedLine[] {
  const corrections = correctedOrders(answers);
  const orderOf = (orderNo: string): SoldOrder | null => sold.orders.find((each) => each.orderNo === orderNo) ?? null;
  return document.lines.map((line) => {
    const item = itemOf(line.lineNo);
    const own = findOriginal(line, line.orderNo, line.orderLine, sold, item);
    const asNamed = { line, orderNo: line.orderNo, order: orderOf(line.orderNo), ...own };
    if (own.sold !== null) return asNamed;
    for (const orderNo of corrections) {
      const corrected = findOriginal(line, orderNo, null, sold, item);
      if (corrected.sold !== null) return { line, orderNo, order: orderOf(orderNo), ...corrected };
    }
    return asNamed;
  });
}

/** Division of a tied line: of its item, else of its invoice. Null when neither says. */
export function divisionOf(tied: TiedLine, mapped: string | null): string | null {
  if (tied.sold?.kind === 'goods') return itemKeyDivision(tied.sold.item) || (tied.invoice?.division ?? null);
  return mapped ?? tied.invoice?.division ?? null;
}
