/** What posting once needs of a system it posts to. One implementation per ERP; neither side sees the other's wire. */
import type { DocumentKind } from '../../domain/documents.js';
import type { BatchClock } from '../../store/call-tenants.js';
import type { PostingContent, PostingOperation } from '../../store/postings.js';

/** A document as the ERP holds it. Amounts are decimal text in its currency. */
export interface Held {
  number: string;
  /** `null`: a kind we never post. */
  kind: DocumentKind | null;
  externalRef: string;
  state: 'queued' | 'posted' | 'rejected';
  businessDate: string;
  division: string;
  warehouse: string | null;
  /** Of the sales or purchase order it belongs to. */
  orderNo: string | null;
  currency: string | null;
  total: string | null;
  taxTotal: string | null;
  lines: { item: string; quantity: number }[];
  /** `null`: the ERP shows none (not posted yet, or a site that leaves journals out). */
  journal: { account: string; debit: string; credit: string; division: string; period: string }[] | null;
  errors: { code: string; message: string }[];
  /** The number of the document this one reverses. */
  undoes: string | null;
  /** The number of the document that reverses this one. */
  undoneBy: string | null;
  modifiedBy: string;
  createdAt: string;
}

/** A page of a listing; `cursor` is null on the last one. */
export interface Page {
  held: Held[];
  cursor: string | null;
}

export type SendOutcome =
  /** Stored and queued; `refusedLines` were not taken. */
  | { outcome: 'accepted'; number: string; refusedLines: { line: number; code: string; message: string }[] }
  /** Took effect at once. */
  | { outcome: 'posted'; number: string }
  | {
      outcome: 'not-stored';
      why: 'unreachable' | 'busy' | 'locked' | 'window' | 'unauthorised';
      retryAfterMs: number | null;
      message: string;
    }
  | { outcome: 'refused'; code: string; message: string }
  | { outcome: 'unknown'; why: string };

/** What names a write when its outcome is looked up. */
export interface Lookup {
  externalRef: string;
  kind: DocumentKind;
  operation: PostingOperation;
  undoes: string | null;
  number: string | null;
}

export interface Erp {
  /** The lanes a document needs, sorted, each once. */
  lanesOf(content: PostingContent): string[];
  /** Builds the request; what it answers sends it. Throws RangeError for content that can never be sent. */
  prepare(content: PostingContent, externalRef: string): () => Promise<SendOutcome>;
  /** Documents the ERP shows for a write of ours. */
  find(lookup: Lookup): Promise<Held[]>;
  /** One document by the ERP's number. */
  read(kind: DocumentKind, number: string): Promise<Held | null>;
  /** Documents of the same kind and order (or place) changed since, whoever made them. */
  similar(content: PostingContent, since: string | null): Promise<Held[]>;
  /** A page of what changed since an instant of the ERP's clock, oldest first. */
  changed(since: string, cursor: string | null): Promise<Page>;
  clock(): Promise<BatchClock>;
}
