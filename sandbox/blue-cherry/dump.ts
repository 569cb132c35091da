/** The books as the control surface shows them (design.md 8): kinds in the fact page's words, decimals as text. */
import type { JournalLine } from '../../clients/blue-cherry/schema.js';
import { amountOf, minorOf } from '../core/index.js';
import { divisionOf } from './journals.js';
import type { Order, State, Stored } from './model.js';
import { BUCKETS, onHand, openToSell, openToSellWithWip } from './stock.js';

export interface DumpedLine {
  line: number;
  orderLine: number | null;
  sku: string;
  /** Decimal text, signed. */
  quantity: string;
  /** Net amount; null on stock documents. */
  amount: string | null;
  taxCode: string | null;
  taxAmount: string | null;
  /** What a unit moved at; null where no stock moved. */
  unitCost: string | null;
  /** Of a PO receipt's line. */
  quality?: 'FIRST' | 'IRREGULAR';
}
export interface DumpedDocument {
  kind: string;
  number: string;
  externalRef: string;
  status: string;
  postingDate: string;
  division: string;
  warehouse: string | null;
  orderNo: string | null;
  invoiceNo: string | null;
  poNo: string | null;
  customer: string | null;
  reasonCode: string | null;
  memo: string | null;
  lines: DumpedLine[];
  charges: { glAccount: string; amount: string; taxCode: string | null; taxAmount: string }[];
  /** Gross total; of a posted PO receipt what it put on the stock account; null on other stock documents. */
  amount: string | null;
  taxAmount: string | null;
  currency: string | null;
  reverses: string | null;
  reversedBy: string | null;
  errors: { code: string; message: string }[];
  createdAt: string;
  modifiedAt: string;
  modifiedBy: string;
  batchId: number | null;
}
export interface BooksDump {
  documents: DumpedDocument[];
  stock: Record<string, string>[];
  journals: (JournalLine & { document: string; postingDate: string; currency: string })[];
}

const KINDS: Record<Stored['wire']['type'], string> = {
  CREDIT_MEMO: 'credit memo',
  ADJUSTMENT: 'inventory adjustment',
  PO_RECEIPT: 'PO receipt',
  SHIPMENT: 'shipment',
  GL_JOURNAL: 'GL journal',
  INVOICE: 'invoice',
};

/** What a posted receipt put on the stock account: its value in base currency. */
function stockSide(state: State, { wire, journal }: Stored): { amount: string; currency: string } | null {
  if (wire.type !== 'PO_RECEIPT' || wire.status !== 'POSTED') return null;
  const { accounts, currency } = divisionOf(state, wire.division);
  const sides = journal.filter((line) => line.account === accounts.stock);
  const worth = sides.reduce((sum, { debit, credit }) => sum + minorOf(debit, currency) - minorOf(credit, currency), 0);
  return { amount: amountOf(worth, currency), currency };
}

function dumped(state: State, stored: Stored): DumpedDocument {
  const { wire, charges, payload, qualities } = stored;
  const worth = stockSide(state, stored);
  return {
    kind: KINDS[wire.type],
    number: wire.transactionNo,
    externalRef: wire.externalRef,
    status: wire.status,
    postingDate: wire.postingDate,
    division: wire.division,
    warehouse: wire.warehouse,
    orderNo: wire.orderNo,
    invoiceNo: wire.invoiceNo,
    poNo: wire.poNo,
    customer: wire.customer,
    reasonCode: wire.reasonCode,
    memo: typeof payload['memo'] === 'string' ? payload['memo'] : null,
    lines: wire.lines.map((line) => {
      const quality = qualities.get(line.line);
      return { ...line, quantity: String(line.quantity), ...(quality === undefined ? {} : { quality }) };
    }),
    charges: wire.charges.map((charge, index) => ({ ...charge, taxCode: charges[index]?.taxCode ?? null })),
    amount: worth?.amount ?? wire.total,
    taxAmount: wire.taxTotal,
    currency: worth?.currency ?? wire.currency,
    reverses: wire.reverses,
    reversedBy: wire.reversedBy,
    errors: wire.errors.map(({ code, message }) => ({ code, message })),
    createdAt: wire.createdAt,
    modifiedAt: wire.modifiedAt,
    modifiedBy: wire.modifiedBy,
    batchId: wire.batchId,
  };
}

/** An order as a document: `sales order` as placed, `invoice` as billed. */
function orderDocument(state: State, order: Order, kind: 'sales order' | 'invoice'): DumpedDocument {
  const show = (minor: number): string => amountOf(minor, order.currency);
  const placed = state.clock.businessDate(new Date(order.placedAt));
  return {
    kind,
    number: kind === 'invoice' ? (order.invoiceNo ?? order.orderNo) : order.orderNo,
    externalRef: order.externalRef,
    status: kind === 'invoice' ? 'POSTED' : order.status,
    postingDate: kind === 'invoice' ? (order.invoiceDate ?? placed) : placed,
    division: order.division,
    warehouse: order.warehouse,
    orderNo: order.orderNo,
    invoiceNo: order.invoiceNo,
    poNo: null,
    customer: order.customer,
    reasonCode: null,
    memo: order.memo,
    lines: order.lines.map((line, index) => ({
      line: index + 1,
      orderLine: line.orderLine,
      sku: line.sku,
      quantity: String(line.quantity),
      amount: show(line.net),
      taxCode: line.taxCode,
      taxAmount: show(line.tax),
      unitCost: line.unitCost,
    })),
    charges: [],
    amount: show(order.lines.reduce((sum, line) => sum + line.net + line.tax, 0)),
    taxAmount: show(order.lines.reduce((sum, line) => sum + line.tax, 0)),
    currency: order.currency,
    reverses: null,
    reversedBy: null,
    errors: [],
    createdAt: order.createdAt,
    modifiedAt: order.modifiedAt,
    modifiedBy: order.modifiedBy,
    batchId: null,
  };
}

function stockRows(state: State): Record<string, string>[] {
  return state.stock.all().map((row) => ({
    sku: row.sku,
    warehouse: row.warehouse,
    qoh: String(onHand(row.buckets)),
    ots: String(openToSell(row.buckets)),
    otsShipToWip: String(openToSellWithWip(row.buckets)),
    ...Object.fromEntries(BUCKETS.map((code) => [code, String(row.buckets[code])])),
  }));
}

/** Purchase orders as they stand. */
function purchaseDocuments(state: State): DumpedDocument[] {
  return [...state.purchaseOrders.values()].map((order) => ({
    kind: 'purchase order',
    number: order.poNo,
    externalRef: '',
    status: order.status,
    postingDate: order.modifiedAt.slice(0, 10),
    division: order.division,
    warehouse: order.warehouse,
    orderNo: null,
    invoiceNo: null,
    poNo: order.poNo,
    customer: null,
    reasonCode: null,
    memo: null,
    lines: order.lines.map((line) => ({
      line: line.poLine,
      orderLine: line.poLine,
      sku: line.sku,
      quantity: String(line.ordered),
      amount: null,
      taxCode: null,
      taxAmount: null,
      unitCost: line.unitCost,
    })),
    charges: [],
    amount: null,
    taxAmount: null,
    currency: order.currency,
    reverses: null,
    reversedBy: null,
    errors: [],
    createdAt: order.orderedAt,
    modifiedAt: order.modifiedAt,
    modifiedBy: 'buyer',
    batchId: null,
  }));
}

/**
 * Every document that came through the interface or a person, purchase orders, stock and journals. The orders and
 * invoices of the business itself only with `invoices`: a history has too many to be asked for by chance.
 */
export function dump(state: State, include: { invoices: boolean } = { invoices: false }): BooksDump {
  const stored = [...state.documents.values()].filter(
    ({ wire }) => include.invoices || (wire.type !== 'INVOICE' && wire.type !== 'SHIPMENT'),
  );
  const orders = [...state.orders.values()];
  const ours = orders.filter((order) => order.ours || include.invoices);
  const billed = include.invoices ? orders.filter((order) => order.historical && order.invoiceNo !== null) : [];
  return {
    documents: [
      ...stored.map((one) => dumped(state, one)),
      ...ours.map((order) => orderDocument(state, order, 'sales order')),
      ...billed.map((order) => orderDocument(state, order, 'invoice')),
      ...purchaseDocuments(state),
    ],
    stock: stockRows(state),
    journals: [
      ...[...state.documents.values()].flatMap(({ wire, journal }) =>
        journal.map((line) => ({
          document: wire.transactionNo,
          postingDate: wire.postingDate,
          currency: wire.currency ?? state.divisions.get(wire.division)?.currency ?? 'GBP',
          ...line,
        })),
      ),
      ...state.supplierInvoices.flatMap(({ wire, journal }) =>
        journal.map((line) => ({
          document: wire.invoiceNo,
          postingDate: wire.invoiceDate,
          currency: state.divisions.get(line.division)?.currency ?? 'GBP',
          ...line,
        })),
      ),
    ],
  };
}
