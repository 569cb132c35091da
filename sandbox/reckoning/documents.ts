/** The documents a return leads to when nothing holds it: facts/blue-cherry.md 3.4, R-806, R-810, R-811. */
import type { ArcheanReturn, ArcheanReturnLine } from '../../clients/archean/schema.js';
import { decimal, extend, minor, times } from './arithmetic.js';
import type { Grant } from './claims.js';
import type { CodeRule, HouseRules, ItemFacts, SoldLineFacts, SoldOrderFacts } from './facts.js';
import type { ReckonedDocument } from './report.js';

/** A return's line with what the ERP knows of it. `item` is null for an unknown code. */
export interface Matched {
  line: ArcheanReturnLine;
  item: ItemFacts | null;
  order: SoldOrderFacts | null;
  sold: SoldLineFacts | null;
  grant: Grant | null;
}

const rule = (table: Readonly<Record<string, CodeRule>>, code: string, what: string): CodeRule => {
  const found = table[code];
  if (found === undefined) throw new RangeError(`${what} "${code}" is not one of ${Object.keys(table).join(', ')}`);
  return found;
};

interface Memo {
  order: SoldOrderFacts;
  document: ReckonedDocument;
  net: bigint;
  tax: bigint;
}

function emptyMemo(order: SoldOrderFacts, currency: string, postingDate: string): Memo {
  return {
    order,
    net: 0n,
    tax: 0n,
    document: {
      kind: 'credit memo',
      number: null,
      externalRef: null,
      status: 'POSTED',
      postingDate,
      division: order.division,
      warehouse: null,
      orderNo: order.orderNo,
      customer: order.customer,
      lines: [],
      charges: [],
      amount: null,
      taxAmount: null,
      currency,
      reverses: null,
    },
  };
}

function credit(memo: Memo, { sold, grant }: Matched, currency: string, rules: HouseRules): void {
  if (sold === null || grant === null) return;
  memo.net += grant.net;
  memo.tax += grant.tax;
  const money = { amount: decimal(grant.net, currency), taxAmount: decimal(grant.tax, currency) };
  if (sold.kind === 'CHARGE') {
    const { account } = rule(rules.charges, sold.chargeCode ?? sold.sku, 'charge');
    memo.document.charges.push({ glAccount: account, taxCode: sold.taxCode, ...money });
    return;
  }
  memo.document.lines.push({
    sku: sold.sku,
    orderLine: sold.orderLine,
    quantity: String(grant.granted),
    taxCode: sold.taxCode,
    ...money,
  });
}

/** Each deduction is a line of its own, with its reason's account and tax code; goodwill has the other sign. */
function deduct(memo: Memo, row: ArcheanReturn, rules: HouseRules): void {
  for (const deduction of row.deductions) {
    const { account, taxCode, taxRate } = rule(rules.deductions, deduction.code, 'deduction');
    const net = -minor(deduction.amount, row.currency);
    const tax = times(net, taxRate);
    memo.net += net;
    memo.tax += tax;
    memo.document.charges.push({
      glAccount: account,
      amount: decimal(net, row.currency),
      taxCode,
      taxAmount: decimal(tax, row.currency),
    });
  }
}

/** One credit memo per original order, division and currency, in order of the return's lines. */
export function creditMemos(
  row: ArcheanReturn,
  lines: readonly Matched[],
  rules: HouseRules,
  postingDate: string,
): { documents: ReckonedDocument[]; gross: bigint } {
  const memos = new Map<string, Memo>();
  for (const matched of lines) {
    if (matched.order === null) continue;
    const memo = memos.get(matched.order.orderNo) ?? emptyMemo(matched.order, row.currency, postingDate);
    memos.set(matched.order.orderNo, memo);
    credit(memo, matched, row.currency, rules);
  }
  const all = [...memos.values()];
  if (all[0] !== undefined) deduct(all[0], row, rules);
  for (const memo of all) {
    memo.document.amount = decimal(memo.net + memo.tax, row.currency);
    memo.document.taxAmount = decimal(memo.tax, row.currency);
  }
  return {
    documents: all.map((memo) => memo.document),
    gross: all.reduce((sum, memo) => sum + memo.net + memo.tax, 0n),
  };
}

/** One adjustment per warehouse and division; damaged goods go to the non-saleable warehouse, `NONE` nowhere. */
export function adjustments(
  row: ArcheanReturn,
  lines: readonly Matched[],
  rules: HouseRules,
  postingDate: string,
): ReckonedDocument[] {
  const documents = new Map<string, ReckonedDocument>();
  for (const { line, item } of lines) {
    if (line.kind === 'CHARGE' || line.disposition === 'NONE' || item === null) continue;
    const saleable = rules.locations[row.location];
    if (saleable === undefined) continue;
    const warehouse = line.disposition === 'SELLABLE' ? saleable : rules.nonSellableWarehouse;
    const key = `${warehouse}/${item.division}`;
    const document: ReckonedDocument = documents.get(key) ?? {
      kind: 'inventory adjustment',
      number: null,
      externalRef: null,
      status: 'POSTED',
      postingDate,
      division: item.division,
      warehouse,
      orderNo: null,
      customer: null,
      lines: [],
      charges: [],
      amount: null,
      taxAmount: null,
      currency: null,
      reverses: null,
    };
    documents.set(key, document);
    document.lines.push({
      sku: item.sku,
      orderLine: null,
      quantity: String(line.quantity),
      amount: null,
      taxCode: null,
      taxAmount: null,
    });
  }
  return [...documents.values()];
}

/**
 * The replacement orders of an exchange, one per division: full price and tax; the difference to the credit is what money
 * moves. None while an article of it is unknown.
 */
export function replacements(
  row: ArcheanReturn,
  items: readonly (ItemFacts | null)[],
  rules: HouseRules,
  postingDate: string,
): ReckonedDocument[] {
  const divisions = [...new Set(items.map((item) => item?.division ?? null))];
  if (row.exchange === null || divisions.includes(null)) return [];
  const { currency, exchange } = row;
  return divisions.map((division): ReckonedDocument => {
    const lines = exchange.lines.flatMap((line, index) => {
      const item = items[index];
      if (item?.division !== division) return [];
      const amount = decimal(extend(line.unitPrice, line.quantity, currency), currency);
      const taxAmount = decimal(minor(line.taxAmount, currency), currency);
      return [{ sku: item.sku, orderLine: null, quantity: String(line.quantity), amount, taxCode: null, taxAmount }];
    });
    const tax = lines.reduce((sum, line) => sum + minor(line.taxAmount, currency), 0n);
    const net = lines.reduce((sum, line) => sum + minor(line.amount, currency), 0n);
    return {
      kind: 'sales order',
      number: null,
      externalRef: null,
      status: 'OPEN',
      postingDate,
      division: division ?? '',
      warehouse: rules.locations[row.location] ?? null,
      orderNo: null,
      customer: row.customer,
      lines,
      charges: [],
      amount: decimal(net + tax, currency),
      taxAmount: decimal(tax, currency),
      currency,
      reverses: null,
    };
  });
}
