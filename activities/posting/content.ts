/** Arithmetic on what a posting holds: fewer lines, the contra document, totals. Pure. */
import type { CreditMemo, ErpDocument, PoReceipt, ReplacementOrder, StockAdjustment } from '../../domain/documents.js';
import { add, negate, sum, type Money } from '../../domain/money.js';
import type { PostingContent } from '../../store/postings.js';
import { digestOf } from './reference.js';

/** How many lines the ERP can accept or refuse one by one. Charges of a memo go with the document. */
export const lineCountOf = (document: ErpDocument): number => document.lines.length;

/** Net plus tax of a memo's lines and charges. */
export const totalOf = (memo: Pick<CreditMemo, 'lines' | 'charges' | 'total'>): Money =>
  sum(
    [...memo.lines, ...memo.charges].map((l) => add(l.net, l.tax)),
    memo.total.currency,
  );

/** Tax alone of a memo's lines and charges. */
export const taxOf = (memo: Pick<CreditMemo, 'lines' | 'charges' | 'total'>): Money =>
  sum(
    [...memo.lines, ...memo.charges].map((l) => l.tax),
    memo.total.currency,
  );

/**
 * What a repeated request is compared by: the document without what the ERP values it at. The cost of an order may be
 * amended after its goods were received; asked again then, it is the same document all the same. What it was
 * expected to be worth stays in the posting's own content, which the read-back is checked against.
 */
export const askedDigestOf = (document: ErpDocument): string => digestOf(withoutValues(document));

function withoutValues(document: ErpDocument): unknown {
  switch (document.kind) {
    case 'po-receipt':
      return { ...document, lines: document.lines.map((line) => ({ ...line, goods: undefined, landed: undefined })) };
    case 'stock-adjustment':
      return { ...document, lines: document.lines.map((line) => ({ ...line, unitCost: undefined })) };
    case 'credit-memo':
    case 'sales-order':
      return document;
  }
}

/** The document with only the lines numbered (from 1); `withCharges` says which part keeps a memo's charges. */
export function onlyLines(document: ErpDocument, lines: ReadonlySet<number>, withCharges: boolean): ErpDocument {
  switch (document.kind) {
    case 'credit-memo': {
      const kept = {
        ...document,
        lines: pick(document.lines, lines),
        charges: withCharges ? document.charges : [],
      };
      return { ...kept, total: totalOf(kept) };
    }
    case 'stock-adjustment':
      return { ...document, lines: pick(document.lines, lines) };
    case 'po-receipt':
      return { ...document, lines: pick(document.lines, lines) };
    case 'sales-order':
      return { ...document, lines: pick(document.lines, lines) };
  }
}

/** The document with the lines, charges and total of a part of it: the rest of it is in the books already. */
export function withLinesOf(document: ErpDocument, part: ErpDocument): ErpDocument {
  if (document.kind === 'credit-memo' && part.kind === 'credit-memo') {
    const { lines, charges, total } = part;
    return { ...document, lines, charges, total };
  }
  if (document.kind === 'po-receipt' && part.kind === 'po-receipt') return { ...document, lines: part.lines };
  return document.kind === 'stock-adjustment' && part.kind === 'stock-adjustment'
    ? { ...document, lines: part.lines }
    : part;
}

const pick = <T>(rows: T[], lines: ReadonlySet<number>): T[] => rows.filter((_, i) => lines.has(i + 1));

/**
 * The contra of a posted document: the same lines with opposite sign, naming the document it undoes.
 * Throws RangeError for an order, which is cancelled, not reversed.
 */
export function contraOf(document: ErpDocument, number: string, businessDate: string, reason: string): PostingContent {
  const memo = `${reason} ${document.memo}`.trim().slice(0, 240);
  switch (document.kind) {
    case 'credit-memo':
      return { operation: 'reverse', undoes: number, document: contraMemo(document, businessDate, memo) };
    case 'stock-adjustment':
      return { operation: 'reverse', undoes: number, document: contraStock(document, businessDate, memo) };
    case 'po-receipt':
      return { operation: 'reverse', undoes: number, document: contraReceipt(document, businessDate, memo) };
    case 'sales-order':
      throw new RangeError('an order is cancelled, not reversed');
  }
}

function contraMemo(document: CreditMemo, businessDate: string, memo: string): CreditMemo {
  return {
    ...document,
    businessDate,
    memo,
    lines: document.lines.map((l) => ({
      ...l,
      quantity: -l.quantity,
      net: negate(l.net),
      tax: negate(l.tax),
    })),
    charges: document.charges.map((c) => ({ ...c, net: negate(c.net), tax: negate(c.tax) })),
    total: negate(document.total),
  };
}

function contraStock(document: StockAdjustment, businessDate: string, memo: string): StockAdjustment {
  return {
    ...document,
    businessDate,
    memo,
    lines: document.lines.map((l) => ({ ...l, quantity: -l.quantity })),
  };
}

function contraReceipt(document: PoReceipt, businessDate: string, memo: string): PoReceipt {
  return {
    ...document,
    businessDate,
    memo,
    lines: document.lines.map((l) => ({
      ...l,
      quantity: -l.quantity,
      goods: negate(l.goods),
      landed: negate(l.landed),
    })),
  };
}

/** The cancellation of an order that was created by us. */
export const cancellationOf = (document: ReplacementOrder, orderNo: string): PostingContent => ({
  operation: 'cancel',
  undoes: orderNo,
  document,
});

/** Goods and landed estimates of a receipt's lines, in base currency; null when it has none. */
export function valueOf({ lines }: Pick<PoReceipt, 'lines'>): { goods: Money; landed: Money } | null {
  const [first] = lines;
  if (first === undefined) return null;
  const { currency } = first.goods;
  return {
    goods: sum(
      lines.map(({ goods }) => goods),
      currency,
    ),
    landed: sum(
      lines.map(({ landed }) => landed),
      currency,
    ),
  };
}
