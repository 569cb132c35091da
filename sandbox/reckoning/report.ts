/** What `GET /_sandbox/reckoning` gives: per emitted event, the documents or the question that must be there by now. */
import type { PurchaseOrderFacts } from './facts.js';

export interface ReckonedLine {
  sku: string;
  orderLine: number | null;
  /** Decimal text, signed. */
  quantity: string;
  /** Net amount as decimal text; `null` on stock documents, whose value the site's valuation decides. */
  amount: string | null;
  taxCode: string | null;
  taxAmount: string | null;
  /** Of a receipt, whose `orderLine` is the purchase order's. */
  quality?: 'FIRST' | 'IRREGULAR';
}
export interface ReckonedCharge {
  glAccount: string;
  /** Net; a deduction is negative. */
  amount: string;
  taxCode: string;
  taxAmount: string;
}
/** A document in the shape of the books; numbers, references and revisions are the ERP's and stay empty. */
export interface ReckonedDocument {
  kind: 'credit memo' | 'inventory adjustment' | 'sales order' | 'PO receipt';
  number: null;
  externalRef: null;
  status: 'POSTED' | 'OPEN';
  postingDate: string;
  division: string;
  warehouse: string | null;
  orderNo: string | null;
  /** Of a receipt. */
  poNo?: string;
  customer: string | null;
  lines: ReckonedLine[];
  charges: ReckonedCharge[];
  /** Gross total with tax; of a receipt the stock's value in base currency; `null` on other stock documents. */
  amount: string | null;
  taxAmount: string | null;
  currency: string | null;
  reverses: null;
}

/** The open case that must be there: the requirement's exception code, or `approval` where a person must agree. */
export interface WaitsFor {
  code:
    | 'X-02' | 'X-03' | 'X-09' | 'X-11' | 'X-12' | 'X-16' | 'X-17' | 'X-18' | 'X-45' | 'X-61' | 'X-63' | 'X-64'
    | 'approval'; // prettier-ignore
  owner: 'finance' | 'warehouse' | 'operations' | 'buying' | 'integration-support';
}
export interface ReckonedEvent {
  source: 'archean';
  /** Number of the return or the goods-in, or what is left of a row that could not be read. */
  key: string;
  /** The version that counts. */
  version: number;
  /** What the scenario made it to be; `event` for one that was asked for. */
  class: string;
  documents: ReckonedDocument[];
  waitsFor: WaitsFor | null;
}
/** What a purchase order's status must be once everything due is posted. */
export interface ReckonedPurchaseOrder {
  poNo: string;
  status: PurchaseOrderFacts['status'];
}
export interface Reckoned {
  events: ReckonedEvent[];
  purchaseOrders: ReckonedPurchaseOrder[];
  totals: {
    events: number;
    documents: number;
    /** Events per class, and open cases per code. */
    classes: Record<string, number>;
    waitsFor: Record<string, number>;
    /** Gross credit and units put back, by currency and in all; decimal text. */
    credit: Record<string, string>;
    units: string;
    /** Units and value in base currency that receipts take in. */
    received: { units: string; value: string };
  };
}
