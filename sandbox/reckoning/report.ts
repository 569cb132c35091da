/** What `GET /_sandbox/reckoning` gives: per emitted event, the documents or the question that must be there by now. */

export interface ReckonedLine {
  sku: string;
  orderLine: number | null;
  /** Decimal text, signed. */
  quantity: string;
  /** Net amount as decimal text; `null` on stock documents, whose value the site's valuation decides. */
  amount: string | null;
  taxCode: string | null;
  taxAmount: string | null;
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
  kind: 'credit memo' | 'inventory adjustment' | 'sales order';
  number: null;
  externalRef: null;
  status: 'POSTED' | 'OPEN';
  postingDate: string;
  division: string;
  warehouse: string | null;
  orderNo: string | null;
  customer: string | null;
  lines: ReckonedLine[];
  charges: ReckonedCharge[];
  /** Gross total with tax; `null` on stock documents. */
  amount: string | null;
  taxAmount: string | null;
  currency: string | null;
  reverses: null;
}

/** The open case that must be there: the requirement's exception code, or `approval` where a person must agree. */
export interface WaitsFor {
  code: 'X-02' | 'X-03' | 'X-09' | 'X-11' | 'X-12' | 'X-61' | 'X-63' | 'X-64' | 'approval';
  owner: 'finance' | 'warehouse' | 'operations' | 'integration-support';
}
export interface ReckonedEvent {
  source: 'archean';
  /** Number of the return, or what is left of a row that could not be read. */
  key: string;
  /** The version that counts. */
  version: number;
  /** What the scenario made it to be; `event` for one that was asked for. */
  class: string;
  documents: ReckonedDocument[];
  waitsFor: WaitsFor | null;
}
export interface Reckoned {
  events: ReckonedEvent[];
  totals: {
    events: number;
    documents: number;
    /** Events per class, and open cases per code. */
    classes: Record<string, number>;
    waitsFor: Record<string, number>;
    /** Gross credit and units put back, by currency and in all; decimal text. */
    credit: Record<string, string>;
    units: string;
  };
}
