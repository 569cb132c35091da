/** What the mappings say on a business date. Only confirmed rows count; what has none is answered as unmapped. */
import { sql } from 'kysely';
import { codeIndex, normaliseCode, type ResolvedCode } from '../domain/sku.js';
import type { Queryable } from './database.js';

export interface MappedLocation {
  warehouse: string;
  /** Where goods go that cannot be sold; null when none is mapped. */
  nonSellable: string | null;
  /** Divisions the location may serve. */
  divisions: string[];
}

/** Warehouse and divisions of a location on a day; null when no row covers it. */
export async function lookupLocation(
  q: Queryable,
  source: string,
  location: string,
  businessDate: string,
): Promise<MappedLocation | null> {
  const { rows } = await sql<MappedLocation>`
    select warehouse, non_sellable_warehouse as "nonSellable", divisions from location_mapping
    where source = ${source} and location = ${location} and state = 'confirmed'
      and daterange(valid_from, valid_to, '[]') @> ${businessDate}::date`.execute(q);
  return rows[0] ?? null;
}

/** Most locations of one warehouse that are told: more than one is a question anyway. */
const MOST_LOCATIONS = 20;

/** The locations of a system that stand for a warehouse on a day, by name: the location map read backwards. */
export async function locationsOf(
  q: Queryable,
  source: string,
  warehouse: string,
  businessDate: string,
): Promise<string[]> {
  const { rows } = await sql<{ location: string }>`
    select distinct location from location_mapping
    where source = ${source} and warehouse = ${warehouse} and state = 'confirmed'
      and daterange(valid_from, valid_to, '[]') @> ${businessDate}::date
    order by location limit ${MOST_LOCATIONS}`.execute(q);
  return rows.map(({ location }) => location);
}

export interface MappedAccount {
  account: string;
  taxCode: string;
  /** A fraction: `0.2`. */
  taxRate: string;
}

/**
 * Accounts of charge or deduction codes on a day, under the spelling asked for; capitals do not matter. Codes without
 * a row are left out.
 */
export async function lookupAccounts(
  q: Queryable,
  kind: 'charge' | 'deduction',
  codes: readonly string[],
  businessDate: string,
): Promise<Record<string, MappedAccount>> {
  if (codes.length === 0) return {};
  const { rows } = await sql<MappedAccount & { code: string }>`
    select upper(code) as code, account, tax_code as "taxCode", trim_scale(tax_rate)::text as "taxRate"
    from ${sql.table(kind === 'charge' ? 'charge_mapping' : 'deduction_mapping')}
    where state = 'confirmed' and daterange(valid_from, valid_to, '[]') @> ${businessDate}::date
      and upper(code) = any (${codes.map((code) => code.trim().toUpperCase())}::text[])`.execute(q);
  const byCode = new Map(rows.map(({ code, ...account }) => [code, account]));
  return Object.fromEntries(
    codes.flatMap((code) => {
      const account = byCode.get(code.trim().toUpperCase());
      return account === undefined ? [] : [[code, account]];
    }),
  );
}

/** The ERP's reason for a source's reason on a day; null when unmapped. */
export async function lookupReason(
  q: Queryable,
  source: string,
  reason: string,
  businessDate: string,
): Promise<string | null> {
  const { rows } = await sql<{ erp_reason: string }>`
    select erp_reason from reason_mapping
    where source = ${source} and reason = ${reason} and state = 'confirmed'
      and daterange(valid_from, valid_to, '[]') @> ${businessDate}::date`.execute(q);
  return rows[0]?.erp_reason ?? null;
}

export type LookedUpCode = ResolvedCode & { standardCost: string | null; unitsPerCase: number | null };

/** Each code as the item master and the aliases of that day resolve it. Costs are decimal text. */
export async function lookupItems(
  q: Queryable,
  source: string,
  codes: readonly string[],
  businessDate: string,
): Promise<Map<string, LookedUpCode>> {
  if (codes.length === 0) return new Map();
  const spelled = [...new Set(codes.map((code) => code.trim()))];
  const normal = [...new Set(spelled.map(normaliseCode))];
  const aliases = await sql<{ sku: string; item: string; code: string; cost: string; pack: number | null }>`
    select a.sku, i.item_key as item, i.code, i.standard_cost::text as cost, i.units_per_case as pack
    from sku_alias a join item i on i.code = a.item_code
    where a.source = ${source} and a.state = 'confirmed'
      and daterange(a.valid_from, a.valid_to, '[]') @> ${businessDate}::date
      and upper(regexp_replace(a.sku, '[-./_[:space:]]', '', 'g')) = any (${normal}::text[])`.execute(q);
  const items = await sql<{ item: string; code: string; cost: string; pack: number | null }>`
    select item_key as item, code, standard_cost::text as cost, units_per_case as pack from item
    where normalised_code = any (${normal}::text[])`.execute(q);
  const resolve = codeIndex({
    items: items.rows,
    aliases: aliases.rows.map(({ sku, item }) => ({ code: sku, item })),
  });
  const known = new Map([...items.rows, ...aliases.rows].map(({ item, cost, pack }) => [item, { cost, pack }]));
  return new Map(
    codes.map((code) => {
      const resolved = resolve(code);
      const item = resolved.state === 'found' ? known.get(resolved.item) : undefined;
      return [code, { ...resolved, standardCost: item?.cost ?? null, unitsPerCase: item?.pack ?? null }];
    }),
  );
}

/** What one of each prepack holds on a day, by its code as asked for; those without a row are left out. */
export async function lookupPrepacks(
  q: Queryable,
  source: string,
  codes: readonly string[],
  businessDate: string,
): Promise<Map<string, { code: string; units: number }[]>> {
  if (codes.length === 0) return new Map();
  const { rows } = await sql<{ prepack: string; contents: string[] }>`
    select upper(prepack) as prepack, contents from prepack_mapping
    where source = ${source} and state = 'confirmed'
      and daterange(valid_from, valid_to, '[]') @> ${businessDate}::date
      and upper(prepack) = any (${codes.map((code) => code.trim().toUpperCase())}::text[])`.execute(q);
  const byCode = new Map(rows.map(({ prepack, contents }) => [prepack, contents]));
  return new Map(
    codes.flatMap((code) => {
      const contents = byCode.get(code.trim().toUpperCase());
      return contents === undefined ? [] : [[code, contents.map(toContent)]];
    }),
  );
}

function toContent(text: string): { code: string; units: number } {
  const at = text.lastIndexOf('=');
  return { code: text.slice(0, at), units: Number(text.slice(at + 1)) };
}

/** Codes of a document that mappings are looked up by. */
export interface MappedCodes {
  source: string;
  location: string;
  skus: readonly string[];
  prepacks?: readonly string[];
  reasons?: readonly string[];
  charges: readonly string[];
  deductions: readonly string[];
}

/** Who made the mapping rows that cover these codes on a day: they approve nothing that rests on them. */
export async function mappersOf(q: Queryable, codes: MappedCodes, businessDate: string): Promise<string[]> {
  const { source, location, prepacks = [], reasons = [] } = codes;
  const upper = (of: readonly string[]): string[] => of.map((code) => code.trim().toUpperCase());
  const counts = sql`state = 'confirmed' and daterange(valid_from, valid_to, '[]') @> ${businessDate}::date`;
  const { rows } = await sql<{ by: string }>`
    select added_by as by from location_mapping where source = ${source} and location = ${location} and ${counts}
    union select added_by from sku_alias where source = ${source} and ${counts}
      and upper(regexp_replace(sku, '[-./_[:space:]]', '', 'g')) = any (${codes.skus.map(normaliseCode)}::text[])
    union select added_by from prepack_mapping where source = ${source} and ${counts}
      and upper(prepack) = any (${upper(prepacks)}::text[])
    union select added_by from reason_mapping where source = ${source} and ${counts}
      and reason = any (${[...reasons]}::text[])
    union select added_by from charge_mapping where ${counts} and upper(code) = any (${upper(codes.charges)}::text[])
    union select added_by from deduction_mapping where ${counts} and upper(code) = any (${upper(codes.deductions)}::text[])
    order by 1`.execute(q);
  return rows.map(({ by }) => by);
}
