/** The store: PostgreSQL through Kysely. It holds what must outlive a workflow's history, never process state. */
import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import type { AuditTables } from './audit.js';
import type { ClaimTables } from './claims.js';
import type { DeskTables } from './desk.js';
import type { DocumentTables } from './documents.js';
import type { InboxTables } from './inbox.js';
import type { LinkTables } from './links.js';
import type { MappingTables } from './mappings.js';
import type { PostingTables } from './postings.js';

export type Tables = InboxTables &
  PostingTables &
  ClaimTables &
  LinkTables &
  DeskTables &
  AuditTables &
  MappingTables &
  DocumentTables;
export type Db = Kysely<Tables>;
/** What a query needs: the store itself or a transaction on it. */
export type Queryable = Db | Transaction<Tables>;

/** int8, numeric, date and timestamps as text: exact, and the same whatever the machine's zone. */
function textTypes(): pg.CustomTypesConfig {
  const asText = new Set<number>([
    pg.types.builtins.INT8,
    pg.types.builtins.NUMERIC,
    pg.types.builtins.DATE,
    pg.types.builtins.TIMESTAMPTZ,
  ]);
  return {
    getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
      asText.has(oid)
        ? (value: string) =>
            oid === Number(pg.types.builtins.TIMESTAMPTZ) ? new Date(value).toISOString() : value
        : pg.types.getTypeParser(oid, format as 'text')) as pg.CustomTypesConfig['getTypeParser'],
  };
}

export interface Store {
  readonly db: Db;
  close(): Promise<void>;
}

/**
 * Opens the store. Dates come back as `yyyy-mm-dd`, instants as ISO text in UTC, bigint and numeric as text.
 * @param url `postgres://…`; @param connections most connections this process takes.
 */
export function openStore(url: string, connections = 10): Store {
  const pool = new pg.Pool({ connectionString: url, max: connections, types: textTypes() });
  // A server that goes away breaks idle connections; the pool replaces them, the process must not die of it.
  pool.on('error', () => undefined);
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  return { db, close: () => db.destroy() };
}
