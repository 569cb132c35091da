import { Migrator, type Migration } from 'kysely';
import type { Db } from './database.js';
import * as inbox from './migrations/0001-inbox.js';
import * as postings from './migrations/0002-postings.js';
import * as claims from './migrations/0003-claims-links.js';
import * as desk from './migrations/0004-desk.js';
import * as audit from './migrations/0005-audit.js';
import * as mappings from './migrations/0006-mappings.js';
import * as documents from './migrations/0007-documents.js';

/** In order; none is edited after it has landed. */
const MIGRATIONS: Record<string, Migration> = {
  '0001-inbox': inbox,
  '0002-postings': postings,
  '0003-claims-links': claims,
  '0004-desk': desk,
  '0005-audit': audit,
  '0006-mappings': mappings,
  '0007-documents': documents,
};

/**
 * Brings the store forward to this release; answers the names it ran. A store that is newer than the program, or a
 * database of something else, is refused with an Error that says so.
 */
export async function migrate(db: Db): Promise<string[]> {
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve(MIGRATIONS) } });
  const { error, results } = await migrator.migrateToLatest();
  if (error !== undefined) throw error instanceof Error ? error : new Error('migration failed');
  return (results ?? []).map((r) => r.migrationName);
}
