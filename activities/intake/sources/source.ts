/** What a feed is made of. */
import type { ArcheanClient, ArcheanPage } from '../../../clients/archean/client.js';
import type { Queryable } from '../../../store/database.js';
import type { EventRow, NewEvent } from '../../../store/inbox.js';

/** Purchase orders as the ERP lists them, unparsed; every call within the tenant's allowance. */
export interface PurchaseOrderReads {
  list(query: {
    modifiedSince: string;
    cursor?: string | undefined;
  }): Promise<{ rows: unknown[]; cursor: string | undefined }>;
  /** Undefined: there is none of that number. */
  find(poNo: string): Promise<unknown>;
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
}

/** A feed of business objects, each with a saga of its own. */
export interface ObjectSource extends FeedSource {
  /** The newest version by its number, unparsed; undefined when the source knows none. */
  find(systems: Systems, key: string): Promise<unknown>;
  /** A version of the inbox as its saga reads it. */
  document(from: { db: Queryable; zone: string }, row: EventRow): Promise<object>;
}
