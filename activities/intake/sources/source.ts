/** What a feed is made of. */
import type { ArcheanClient, ArcheanPage } from '../../../clients/archean/client.js';
import type { SupplierInvoice } from '../../../clients/blue-cherry/schema.js';
import type { Db, Queryable } from '../../../store/database.js';
import type { EventRow, NewEvent } from '../../../store/inbox.js';

/** Purchase orders as the ERP lists them, unparsed; every call within the tenant's allowance. */
export interface PurchaseOrderReads {
  list(query: {
    modifiedSince: string;
    cursor?: string | undefined;
  }): Promise<{ rows: unknown[]; cursor: string | undefined }>;
  /** Undefined: there is none of that number. */
  find(poNo: string): Promise<unknown>;
  /** What suppliers billed of an order, in the order of its booking. */
  invoices(poNo: string): Promise<SupplierInvoice[]>;
}

/** The systems feeds read. */
export interface Systems {
  archean: ArcheanClient;
  blueCherry: PurchaseOrderReads;
}

/** How a feed lists its source, and what its rows become. */
export interface FeedSource {
  readonly source: string;
  readonly kind: string;
  page(systems: Systems, afterSeq: number, limit: number): Promise<ArcheanPage>;
  event(raw: unknown, zone: string, now: Date): NewEvent;
  /** Looks what the inbox holds already: a version that brings its process nothing new is kept as ignored, with why. */
  news?(q: Queryable, events: readonly NewEvent[]): Promise<NewEvent[]>;
  /** Keeps more of a page than its news, in the transaction that takes it in. */
  keep?(this: void, tx: Queryable, events: readonly NewEvent[]): Promise<void>;
  /** Reads what the rows taken in call for besides; told again it goes on where it stopped. */
  follow?(systems: Systems, db: Db): Promise<void>;
}

/** A feed of business objects, each with a saga of its own. */
export interface ObjectSource extends FeedSource {
  /** The newest version by its number, unparsed; undefined when the source knows none. */
  find(systems: Systems, key: string): Promise<unknown>;
  /** A version of the inbox as its saga reads it. */
  document(from: { db: Queryable; zone: string }, row: EventRow): Promise<object>;
}
