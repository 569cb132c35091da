/** The history of a real retailer as the domain sees it: read from its folder, never copied. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { instantAt } from '../../../domain/business-date.js';
import { extend, zero } from '../../../domain/money.js';
import type { ReturnDocument } from '../../../domain/return/document.js';
import type { Grant, ReturnFacts } from '../../../domain/return/facts.js';
import { foldGrants, type FoldedGrant, type Wish } from '../../../domain/return/grants.js';
import type { Sold, SoldLine } from '../../../domain/return/sold.js';
import { itemOf } from './returns.js';

export const FOLDER = join(import.meta.dirname, '../../../../shared/data/online-retail');
export const present = existsSync(FOLDER);

export type Row = Record<string, string>;
export const cell = (row: Row, column: string): string => {
  const value = row[column];
  if (value === undefined) throw new Error(`no column ${column}`);
  return value;
};

export function rows(kind: string): Row[] {
  return readdirSync(FOLDER)
    .filter((name) => name.startsWith(`${kind}-`))
    .sort()
    .flatMap((name) => parse<Row>(gunzipSync(readFileSync(join(FOLDER, name))), { columns: true }));
}

/** The history's times are London's, without offset. */
function london(text: string): string {
  const [date = '', time = ''] = text.split('T');
  return new Date(instantAt(date, time, 'Europe/London')).toISOString();
}

function soldLine(row: Row): SoldLine {
  const [sku, unitPrice] = [cell(row, 'sku'), cell(row, 'unit_price')];
  const quantity = Number(cell(row, 'quantity'));
  const kind = cell(row, 'kind') === 'charge' ? 'charge' : 'goods';
  return {
    orderLine: Number(cell(row, 'line_no')),
    item: itemOf(sku),
    kind,
    chargeCode: kind === 'charge' ? sku.toUpperCase() : null,
    quantity,
    unitPrice,
    discount: zero('GBP'),
    net: extend(unitPrice, quantity, 'GBP'),
    taxCode: 'Z0',
    taxRate: '0',
    tax: zero('GBP'),
    unitCost: '0',
  };
}

interface Order {
  placedAt: string;
  customer: string;
  lines: Map<number, SoldLine>;
}

function readOrders(): Map<string, Order> {
  const orders = new Map<string, Order>();
  for (const row of rows('orders')) {
    const orderNo = cell(row, 'order_no');
    const order = orders.get(orderNo) ?? {
      placedAt: london(cell(row, 'placed_at')),
      customer: cell(row, 'customer'),
      lines: new Map<number, SoldLine>(),
    };
    const line = soldLine(row);
    order.lines.set(line.orderLine, line);
    orders.set(orderNo, order);
  }
  return orders;
}

function toDocument(returnNo: string, lines: Row[], seq: number): ReturnDocument {
  const [first = {}] = lines;
  return {
    source: 'archean',
    returnNo,
    version: 1,
    seq,
    state: 'processed',
    customer: cell(first, 'customer'),
    location: cell(first, 'location'),
    currency: 'GBP',
    processedBy: 'archean',
    processedAt: london(cell(first, 'returned_at')),
    businessDate: cell(first, 'returned_at').slice(0, 10),
    refund: { kind: 'refunded', reference: returnNo },
    restocked: true,
    lines: lines.map((row, index) => ({
      lineNo: index + 1,
      orderNo: cell(row, 'order_no'),
      orderLine: cell(row, 'order_line') === '' ? null : Number(cell(row, 'order_line')),
      sku: cell(row, 'sku'),
      quantity: Number(cell(row, 'quantity')),
      refundUnitPrice: cell(row, 'refund_unit_price'),
      disposition: cell(row, 'disposition') === 'sellable' ? 'sellable' : 'none',
      kind: cell(row, 'kind') === 'charge' ? 'charge' : 'goods',
      reasonCode: '',
    })),
    deductions: [],
    exchange: null,
  };
}

function readReturns(): ReturnDocument[] {
  const byNumber = new Map<string, Row[]>();
  for (const row of rows('returns')) {
    const known = byNumber.get(cell(row, 'return_no'));
    if (known) known.push(row);
    else byNumber.set(cell(row, 'return_no'), [row]);
  }
  return [...byNumber].map(([returnNo, lines], seq) => toDocument(returnNo, lines, seq));
}

/** Every grant of the history: each order line's queue folded once. */
function grantAll(orders: Map<string, Order>, documents: ReturnDocument[]): Map<string, FoldedGrant[]> {
  const queues = new Map<string, { orderNo: string; line: SoldLine; wishes: Wish[] }>();
  for (const { returnNo, seq, processedAt, lines } of documents) {
    for (const { orderNo, orderLine, lineNo, quantity } of lines) {
      const line = orders.get(orderNo)?.lines.get(orderLine ?? -1);
      if (line === undefined) continue;
      const key = `${orderNo}/${line.orderLine}`;
      const queue = queues.get(key) ?? { orderNo, line, wishes: [] };
      queue.wishes.push({ returnNo, lineNo, quantity, sourceTime: processedAt, seq, state: 'active' });
      queues.set(key, queue);
    }
  }
  const byReturn = new Map<string, FoldedGrant[]>();
  for (const { orderNo, line, wishes } of queues.values()) {
    for (const grant of foldGrants({ ...line, orderNo }, wishes)) {
      byReturn.set(grant.returnNo, [...(byReturn.get(grant.returnNo) ?? []), grant]);
    }
  }
  return byReturn;
}

export function soldFor(orders: Map<string, Order>, document: ReturnDocument): Sold {
  const numbers = [...new Set(document.lines.map(({ orderNo }) => orderNo))];
  const found = numbers.flatMap((orderNo) => {
    const order = orders.get(orderNo);
    return order === undefined ? [] : [{ orderNo, ...order }];
  });
  return {
    orders: found.map(({ orderNo, placedAt }) => ({ orderNo, status: 'invoiced', placedAt, shippedAt: placedAt })),
    invoices: found.map(({ orderNo, placedAt, customer, lines }) => ({
      invoiceNo: `I${orderNo}`,
      orderNo,
      division: '10',
      customer,
      invoiceDate: placedAt.slice(0, 10),
      currency: 'GBP',
      lines: [...lines.values()],
    })),
    periods: [],
  };
}

export function factsFor(document: ReturnDocument, grants: Grant[]): ReturnFacts {
  const rule = { account: '4200', taxCode: 'Z0', taxRate: '0' };
  return {
    location: document.location === 'V-MISC' ? null : { warehouse: '01', nonSellable: '09', divisions: ['10'] },
    lines: document.lines.map(({ lineNo, sku, kind }) => ({
      lineNo,
      item: kind === 'charge' ? null : itemOf(sku),
      division: kind === 'charge' ? null : '10',
      problem: 'none',
      unitCost: null,
    })),
    exchangeItems: [],
    grants,
    charges: Object.fromEntries(document.lines.map(({ sku }) => [sku.toUpperCase(), rule])),
    deductions: {},
    mappedBy: [],
    customerDay: zero('GBP'),
  };
}

/** Everything there is: orders, returns in the order of their files, and the grant of every line. */
export function readHistory() {
  const [orders, documents] = [readOrders(), readReturns()];
  return { orders, documents, grants: grantAll(orders, documents) };
}
