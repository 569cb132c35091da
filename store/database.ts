/** The store: PostgreSQL through Kysely. It holds what must outlive a workflow's history, never process state. */
import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import type { AuditTables } from './audit.js';
import type { ClaimTables } from './claims.js';
import type { SessionTables } from './desk-sessions.js';
import type { DeskTables } from './desk.js';
import type { DocumentTables } from './documents.js';
import type { InboxTables } from './inbox.js';
import type { LinkTables } from './links.js';
import type { MappingTables } from './mappings.js';
import type { PayloadKeyTables } from './payload-keys.js';
import type { PostingTables } from './postings.js';
import type { PurchaseOrderTables } from './purchase-orders.js';
import type { ReceiptTables } from './receipts.js';
import type { WatchTables } from './watch.js';
import type { Sealing } from './sealed.js';

export type Tables = InboxTables &
  PostingTables &
  ClaimTables &
  ReceiptTables &
  PurchaseOrderTables &
  LinkTables &
  DeskTables &
  SessionTables &
  AuditTables &
  MappingTables &
  DocumentTables &
  WatchTables &
  PayloadKeyTables;
export type Db = Kysely<Tables>;
/** What a query needs: the store itself or a transaction on it. */
export type Queryable = Db | Transaction<Tables>;

/** int8, numeric, date and timestamps as text: exact, and the same whatever the machine's zone. */
function textTypes(): pg.CustomTypesConfig {
  const { INT8, NUMERIC, DATE, TIMESTAMPTZ } = pg.types.builtins;
  const asIs = new Set<number>([INT8, NUMERIC, DATE]);
  const parserOf = (oid: number, format?: 'text' | 'binary'): unknown => {
    if (asIs.has(oid)) return (value: string) => value;
    if (oid === Number(TIMESTAMPTZ)) return (value: string) => new Date(value).toISOString();
    return format === 'binary' ? pg.types.getTypeParser(oid, 'binary') : pg.types.getTypeParser(oid, 'text');
  };
  return { getTypeParser: parserOf as pg.CustomTypesConfig['getTypeParser'] };
}

export interface Store {
  readonly db: Db;
  /** Seals what is kept as it came; null keeps it in clear. */
  readonly sealing: Sealing | null;
  close(): Promise<void>;
}

/** A process stopped inside a transaction holds its locks no longer than this: the server ends the transaction. */
const IDLE_IN_TRANSACTION_MS = 10_000;

/**
 * Opens the store. Dates come back as `yyyy-mm-dd`, instants as ISO text in UTC, bigint and numeric as text.
 * @param url `postgres://…`; @param connections most connections this process takes; @param sealing keys for what is
 * kept as it came.
 */
export function openStore(url: string, connections = 10, sealing: Sealing | null = null): Store {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    types: textTypes(),
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
  });
  // A server that goes away breaks idle connections, which the pool replaces, and those at work, whose query fails.
  // Either is also told as an event, and an event nobody listens to ends the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  return { db, sealing, close: () => db.destroy() };
}
