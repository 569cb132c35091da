/** Archean's books in the shape of the control surface (design.md 8). */
import { decimalOf, micro, type Clock } from '../core/index.js';
import type { ArcheanBooks } from './books.js';

export interface BooksDump {
  documents: {
    kind: string;
    number: string;
    externalRef: string;
    /** Of a goods-in; null on everything else. */
    poNo: string | null;
    status: string;
    postingDate: string;
    division: string;
    warehouse: string;
    lines: { sku: string; quantity: string; amount: string | null }[];
    amount: string | null;
    currency: string | null;
    reverses: string | null;
  }[];
  stock: { sku: string; warehouse: string; qoh: string; allocated: string; quarantined: string }[];
  journals: never[];
}

type Document = BooksDump['documents'][number];

function returns(books: ArcheanBooks, clock: Clock): Document[] {
  return books.latestReturns().map((row) => {
    const amounts = row.lines.map((line) => micro(line.refundUnitPrice) * BigInt(line.quantity));
    return {
      kind: 'RETURN',
      number: row.returnNo,
      externalRef: '',
      poNo: null,
      status: row.state,
      postingDate: clock.businessDate(new Date(row.processedAt)),
      division: '',
      warehouse: row.location,
      lines: row.lines.map((line, index) => ({
        sku: line.sku,
        quantity: String(line.quantity),
        amount: decimalOf(amounts[index] ?? 0n),
      })),
      amount: decimalOf(amounts.reduce((sum, amount) => sum + amount, 0n)),
      currency: row.currency,
      reverses: null,
    };
  });
}

function goodsIn(books: ArcheanBooks, clock: Clock): Document[] {
  return books.allGoodsIn().map((row) => ({
    kind: 'GOODS_IN',
    number: row.id,
    externalRef: row.externalRef,
    poNo: row.poNo,
    status: row.state,
    postingDate: row.completedAt === null ? '' : clock.businessDate(new Date(row.completedAt)),
    division: '',
    warehouse: row.location,
    lines: row.lines.map((line) => ({ sku: line.sku, quantity: String(line.received), amount: null })),
    amount: null,
    currency: null,
    reverses: null,
  }));
}

/** Documents and stock as they stand; Archean keeps no ledger, so there are no journals. */
export function dumpBooks(books: ArcheanBooks, clock: Clock): BooksDump {
  const movements = books.movements.all().map((row): Document => ({
    kind: row.type,
    number: row.id,
    externalRef: row.documentId,
    poNo: null,
    status: 'RECORDED',
    postingDate: clock.businessDate(new Date(row.occurredAt)),
    division: '',
    warehouse: row.location,
    lines: [{ sku: row.sku, quantity: String(row.quantity), amount: null }],
    amount: null,
    currency: null,
    reverses: null,
  }));
  const stock = books.stock.rows().map((row) => ({
    sku: row.sku,
    warehouse: row.location,
    qoh: String(row.onHand),
    allocated: String(row.allocated),
    quarantined: String(row.quarantined),
  }));
  return { documents: [...returns(books, clock), ...goodsIn(books, clock), ...movements], stock, journals: [] };
}
