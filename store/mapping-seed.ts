/** The seed of the mappings: mappings/*.csv, which is also the form in which they are reviewed. The store holds the truth. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { sql } from 'kysely';
import { z } from 'zod';
import { appendAudit } from './audit.js';
import { digestOf } from './canonical.js';
import type { Db, Queryable } from './database.js';
import { insertRow, listMappings, nameOf } from './mapping-changes.js';
import { MAPPINGS, MappingRefused, parseColumns, parseDay, type MappingKind } from './mappings.js';

/** File of each kind; the columns are the kind's own (divisions and contents separated by blanks), `valid_from`, `valid_to`, `why`. */
export const SEED_FILES: Record<Exclude<MappingKind, 'limit'>, string> = {
  location: 'location.csv',
  'sku-alias': 'sku-alias.csv',
  reason: 'reason.csv',
  charge: 'charge.csv',
  deduction: 'deduction.csv',
  prepack: 'prepack.csv',
};

/** Largest seed file: an order of magnitude above any real one. */
const MOST_BYTES = 2 * 1024 * 1024;

export interface SeedRow {
  kind: MappingKind;
  values: Record<string, string | string[] | null>;
  validFrom: string;
  validTo: string | null;
  why: string;
}

/** Reads the seed files of a folder. @throws MappingRefused listing every fault of every file, with its line. */
export async function readSeed(dir: string): Promise<SeedRow[]> {
  const faults: string[] = [];
  const rows: SeedRow[] = [];
  for (const [kind, file] of Object.entries(SEED_FILES) as [Exclude<MappingKind, 'limit'>, string][]) {
    const text = await readFile(join(dir, file), 'utf8').catch((error: unknown) => {
      faults.push(`${file}: cannot be read (${error instanceof Error ? error.message : String(error)})`);
      return '';
    });
    if (Buffer.byteLength(text) > MOST_BYTES) faults.push(`${file}: is over ${MOST_BYTES} bytes`);
    else if (text !== '') rows.push(...parseSeed(kind, file, text, faults));
  }
  if (faults.length > 0) throw new MappingRefused(`the mapping seed does not fit: ${faults.join('; ')}`);
  return rows;
}

function parseSeed(kind: MappingKind, file: string, text: string, faults: string[]): SeedRow[] {
  const wanted = [...Object.keys(MAPPINGS[kind].columns.shape), 'valid_from', 'valid_to', 'why'];
  let records: Record<string, string>[];
  try {
    const content: unknown = parse(text, {
      columns: true,
      trim: true,
      skip_empty_lines: true,
      comment: '#',
      comment_no_infix: true,
    });
    records = z.array(z.record(z.string(), z.string())).parse(content);
  } catch (error) {
    faults.push(`${file}: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
  const columns = Object.keys(records[0] ?? Object.fromEntries(wanted.map((name) => [name, ''])));
  if (columns.join() !== wanted.join()) {
    faults.push(`${file}: its columns are ${columns.join(', ')}; they must be ${wanted.join(', ')}`);
    return [];
  }
  return records.flatMap((record, index) => {
    try {
      return [toSeedRow(kind, record)];
    } catch (error) {
      faults.push(`${file}, row ${index + 1}: ${error instanceof Error ? error.message : String(error)}`);
      return [];
    }
  });
}

function toSeedRow(kind: MappingKind, record: Record<string, string>): SeedRow {
  const { valid_from: from = '', valid_to: to = '', why = '', ...cells } = record;
  const values = Object.fromEntries(
    Object.entries(cells).map(([name, cell]): [string, string | string[] | null] => {
      if (name === 'divisions' || name === 'contents') return [name, cell.split(/\s+/).filter((part) => part !== '')];
      return [name, name === 'non_sellable_warehouse' && cell === '' ? null : cell];
    }),
  );
  return {
    kind,
    values: parseColumns(kind, values),
    validFrom: parseDay(from, 'valid_from'),
    validTo: to === '' ? null : parseDay(to, 'valid_to'),
    why,
  };
}

export interface Seeded {
  inserted: number;
  kept: number;
  /** Rows the store holds with other content under the same key and first day; the store's stand. */
  differing: string[];
}

/**
 * Loads the seed as confirmed rows. A key that has a row from the same first day keeps it, so loading twice, or after
 * people changed a row, changes nothing. Limits are not seeded: they need two people.
 */
export async function seedFromCsv(db: Db, dir: string): Promise<Seeded> {
  const rows = await readSeed(dir);
  return db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended('mapping-seed', 0))`.execute(tx);
    const seeded: Seeded = { inserted: 0, kept: 0, differing: [] };
    for (const row of rows) await seedOne(tx, row, seeded);
    if (seeded.inserted > 0)
      await appendAudit(tx, {
        actor: 'seed',
        identity: 'system',
        action: 'seed-mappings',
        subject: 'mappings',
        why: 'rows of mappings/*.csv that the store did not hold',
        detail: { inserted: seeded.inserted },
      });
    return seeded;
  });
}

async function seedOne(tx: Queryable, row: SeedRow, seeded: Seeded): Promise<void> {
  const held = (await listMappings(tx, row.kind)).find(
    (other) => nameOf(other) === nameOf(row) && other.validFrom === row.validFrom,
  );
  if (held !== undefined) {
    if (digestOf(held.values) === digestOf(comparable(row.values))) seeded.kept += 1;
    else seeded.differing.push(`${row.kind} ${nameOf(row)} from ${row.validFrom}`);
    return;
  }
  await insertRow(tx, row.kind, row.values, {
    valid_from: row.validFrom,
    valid_to: row.validTo,
    state: 'confirmed',
    why: row.why,
    added_by: 'seed',
    confirmed_by: 'review',
    confirmed_at: new Date().toISOString(),
  });
  seeded.inserted += 1;
}

/** Rates as the database writes them, six decimals. */
const comparable = (values: SeedRow['values']): SeedRow['values'] =>
  typeof values['tax_rate'] === 'string' ? { ...values, tax_rate: sixDecimals(values['tax_rate']) } : values;

function sixDecimals(rate: string): string {
  const [whole = '0', fraction = ''] = rate.split('.');
  return `${whole}.${fraction.padEnd(6, '0')}`;
}
