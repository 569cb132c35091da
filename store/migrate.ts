import { Migrator, sql, type Migration } from 'kysely';
import type { Db } from './database.js';
import * as inbox from './migrations/0001-inbox.js';
import * as postings from './migrations/0002-postings.js';
import * as claims from './migrations/0003-claims-links.js';
import * as desk from './migrations/0004-desk.js';
import * as audit from './migrations/0005-audit.js';
import * as mappings from './migrations/0006-mappings.js';
import * as documents from './migrations/0007-documents.js';
import * as postingStops from './migrations/0008-posting-stops.js';
import * as eventCustomer from './migrations/0009-event-customer.js';
import * as caseSubjects from './migrations/0010-case-subjects.js';
import * as caseClocks from './migrations/0011-case-clocks.js';
import * as receipts from './migrations/0012-receipts.js';
import * as purchaseOrders from './migrations/0013-purchase-orders.js';
import * as watch from './migrations/0015-watch.js';
import * as keysAndCalls from './migrations/0016-keys-and-calls.js';
import * as deskPage from './migrations/0017-desk-page.js';

/** In order; none is edited after it has landed. */
const MIGRATIONS: Record<string, Migration> = {
  '0001-inbox': inbox,
  '0002-postings': postings,
  '0003-claims-links': claims,
  '0004-desk': desk,
  '0005-audit': audit,
  '0006-mappings': mappings,
  '0007-documents': documents,
  '0008-posting-stops': postingStops,
  '0009-event-customer': eventCustomer,
  '0010-case-subjects': caseSubjects,
  '0011-case-clocks': caseClocks,
  '0012-receipts': receipts,
  '0013-purchase-orders': purchaseOrders,
  '0015-watch': watch,
  '0016-keys-and-calls': keysAndCalls,
  '0017-desk-page': deskPage,
};

/** A database that this program must leave alone; the message says what it is and is for the user as it stands. */
export class ForeignStore extends Error {}

/** Kysely's own two tables: which migrations ran, and who runs them now. */
const OWN = ['kysely_migration', 'kysely_migration_lock'];

async function tablesOf(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
    where table_schema = current_schema() and table_type = 'BASE TABLE' order by 1`.execute(db);
  return rows.map((row) => row.name);
}

async function migrationsOf(db: Db): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db);
  return rows.map((row) => row.name);
}

const some = (names: readonly string[]): string => names.slice(0, 3).join(', ') + (names.length > 3 ? ', …' : '');

/** Throws ForeignStore for a store that a newer release wrote, and for a database of something else. */
async function refuseForeign(db: Db): Promise<void> {
  const tables = await tablesOf(db);
  const others = tables.filter((name) => !OWN.includes(name));
  const ran = tables.includes('kysely_migration') ? await migrationsOf(db) : [];
  const unknown = ran.filter((name) => MIGRATIONS[name] === undefined);
  if (unknown.length > 0 && unknown.length < ran.length)
    throw new ForeignStore(
      `was written by a newer release of this program (${some(unknown)}). Update the program, or use another database`,
    );
  if (unknown.length > 0)
    throw new ForeignStore(`belongs to another program (its migrations: ${some(unknown)}). Use an empty database`);
  if (ran.length === 0 && others.length > 0)
    throw new ForeignStore(`holds tables of something else (${some(others)}). Use an empty database`);
}

/**
 * Brings the store forward to this release; answers the names it ran. A store that is newer than the program, or a
 * database of something else, is refused with a ForeignStore that says so.
 */
export async function migrate(db: Db): Promise<string[]> {
  await refuseForeign(db);
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve(MIGRATIONS) } });
  const { error, results } = await migrator.migrateToLatest();
  if (error !== undefined) throw error instanceof Error ? error : new Error('migration failed');
  return (results ?? []).map((r) => r.migrationName);
}
