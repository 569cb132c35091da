/** Causes that hold sagas, and the mapping rows that make them go: an unmapped location, an unknown article code (R-066). */
import { sql } from 'kysely';
import type { Queryable } from './database.js';
import { codesOfItems } from './items.js';
import { locationsOf, lookupAccounts, lookupItems, lookupPrepacks, lookupReason } from './mapping-lookups.js';
import type { MappingRow } from './mappings.js';

/** One cause as a saga and its case name it: `X-03`, `location V-MISC`. */
export interface Cause {
  code: string;
  cause: string;
}

/** Takes the lock that joining the case of a cause takes, until the transaction ends. */
export async function causeLock(tx: Queryable, cause: Cause): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`cause:${cause.code}/${cause.cause}`}, 0))`.execute(tx);
}

/** The causes a confirmed row makes go, in a fixed order (they are locked in it). */
export function causesSolvedBy(row: Pick<MappingRow, 'kind' | 'values'>): Cause[] {
  const value = (name: string): string => String(row.values[name] ?? '');
  if (row.kind === 'location') {
    const divisions = row.values['divisions'];
    const served = Array.isArray(divisions) ? [...divisions].sort() : [];
    return [
      { code: 'X-03', cause: `location ${value('location')}` },
      { code: 'X-03', cause: `warehouse ${value('warehouse')}` },
      ...served.map((division) => ({ code: 'X-03', cause: `division ${division} at ${value('location')}` })),
    ];
  }
  if (row.kind === 'sku-alias') return ['X-02', 'X-08'].map((code) => ({ code, cause: `sku ${value('sku')}` }));
  if (row.kind === 'charge') return [{ code: 'X-02', cause: `charge ${value('code')}` }];
  if (row.kind === 'prepack') return [{ code: 'X-45', cause: `pack ${PREPACK} of ${value('prepack')}` }];
  if (row.kind === 'reason') return [{ code: 'X-02', cause: `reason ${value('reason')}` }];
  return [];
}

/** What a prepack holds is mapped; what a carton holds is the item master's. */
const PREPACK = 'PPK';
const CARTON = 'CTN';

/**
 * A cause names no source: those that wait for one are returns and deliveries, which come from here, and purchase orders, which
 * are announced there. Another source's row would say that the cause has gone while every look finds it still there.
 */
const SOURCE_OF_EVENTS = 'archean';

const afterPrefix = (text: string, prefix: string): string | null =>
  text.startsWith(prefix) ? text.slice(prefix.length) : null;

/**
 * Whether a cause has gone for a business date: the look that joining a case takes while it holds the lock. A cause
 * nobody can look up is answered as not gone.
 */
export async function causeIsGone(q: Queryable, cause: Cause & { businessDate: string }): Promise<boolean> {
  const location = afterPrefix(cause.cause, 'location ');
  if (location !== null) return (await divisionsAt(q, location, cause.businessDate)) !== null;
  const warehouse = afterPrefix(cause.cause, 'warehouse ');
  if (warehouse !== null) return (await locationsOf(q, SOURCE_OF_EVENTS, warehouse, cause.businessDate)).length === 1;
  const item = afterPrefix(cause.cause, 'item ');
  if (item !== null) return (await codesOfItems(q, [item])).has(item);
  const served = /^division (?<division>.+) at (?<location>.+)$/.exec(cause.cause)?.groups;
  if (served !== undefined) {
    const divisions = await divisionsAt(q, served['location'] ?? '', cause.businessDate);
    return divisions?.includes(served['division'] ?? '') ?? false;
  }
  const sku = afterPrefix(cause.cause, 'sku ');
  if (sku !== null) return skuResolves(q, sku, cause.businessDate);
  const charge = afterPrefix(cause.cause, 'charge ');
  if (charge !== null) return charge in (await lookupAccounts(q, 'charge', [charge], cause.businessDate));
  const reason = afterPrefix(cause.cause, 'reason ');
  if (reason !== null) return (await lookupReason(q, SOURCE_OF_EVENTS, reason, cause.businessDate)) !== null;
  const pack = /^pack (?<uom>\S+) of (?<sku>.+)$/.exec(cause.cause)?.groups;
  return pack !== undefined && packIsKnown(q, pack['uom'] ?? '', pack['sku'] ?? '', cause.businessDate);
}

async function packIsKnown(q: Queryable, uom: string, sku: string, businessDate: string): Promise<boolean> {
  if (uom === PREPACK) return (await lookupPrepacks(q, SOURCE_OF_EVENTS, [sku], businessDate)).has(sku);
  const item = (await lookupItems(q, SOURCE_OF_EVENTS, [sku], businessDate)).get(sku);
  return uom === CARTON && item?.state === 'found' && item.unitsPerCase !== null;
}

/** Divisions of a location of the source on a day; null when it is not mapped there. */
async function divisionsAt(q: Queryable, location: string, businessDate: string): Promise<string[] | null> {
  const { rows } = await sql<{ divisions: string[] }>`
    select divisions from location_mapping
    where source = ${SOURCE_OF_EVENTS} and location = ${location} and state = 'confirmed'
      and daterange(valid_from, valid_to, '[]') @> ${businessDate}::date`.execute(q);
  return rows.length === 0 ? null : rows.flatMap((row) => row.divisions);
}

async function skuResolves(q: Queryable, sku: string, businessDate: string): Promise<boolean> {
  return (await lookupItems(q, SOURCE_OF_EVENTS, [sku], businessDate)).get(sku)?.state === 'found';
}
