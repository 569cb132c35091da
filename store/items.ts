/** The ERP's item master as last read: a cache that lookups read, refreshed whole, page by page. */
import { sql } from 'kysely';
import { normaliseCode } from '../domain/sku.js';
import type { Queryable } from './database.js';

export interface ItemRow {
  /** `division|style|color|label|dimension|size`. */
  itemKey: string;
  /** The code people and other systems print. */
  code: string;
  active: boolean;
  /** Decimal text. */
  standardCost: string;
  /** Eaches of a carton; null or left out when the ERP does not say. */
  unitsPerCase?: number | null;
}

/** Writes one page of the item master; answers how many rows were new or changed. */
export async function upsertItems(q: Queryable, items: readonly ItemRow[]): Promise<number> {
  if (items.length === 0) return 0;
  const part = (row: ItemRow, index: number): string => row.itemKey.split('|')[index] ?? '';
  const { rows } = await sql<{ item_key: string }>`
    insert into item (item_key, code, normalised_code, division, style, color, active, standard_cost, units_per_case)
    select * from unnest(
      ${items.map((row) => row.itemKey)}::text[], ${items.map((row) => row.code)}::text[],
      ${items.map((row) => normaliseCode(row.code))}::text[], ${items.map((row) => part(row, 0))}::text[],
      ${items.map((row) => part(row, 1))}::text[], ${items.map((row) => part(row, 2))}::text[],
      ${items.map((row) => row.active)}::boolean[], ${items.map((row) => row.standardCost)}::numeric[],
      ${items.map((row) => row.unitsPerCase ?? null)}::integer[])
    on conflict (item_key) do update
      set code = excluded.code, normalised_code = excluded.normalised_code, active = excluded.active,
          standard_cost = excluded.standard_cost, units_per_case = excluded.units_per_case, read_at = clock_timestamp()
      where (item.code, item.active, item.standard_cost, item.units_per_case)
        is distinct from (excluded.code, excluded.active, excluded.standard_cost, excluded.units_per_case)
    returning item_key`.execute(q);
  return rows.length;
}

/** The code people and other systems print, by item; what the item master does not hold is left out. */
export async function codesOfItems(q: Queryable, items: readonly string[]): Promise<Map<string, string>> {
  if (items.length === 0) return new Map();
  const { rows } = await sql<{ item: string; code: string }>`
    select item_key as item, code from item where item_key = any (${[...new Set(items)]}::text[])`.execute(q);
  return new Map(rows.map(({ item, code }) => [item, code]));
}

/** Notes that the whole item master was read. */
export async function noteItemsRead(q: Queryable, items: number): Promise<void> {
  await q
    .updateTable('item_reading')
    .set({ read_at: sql<string>`clock_timestamp()`, items })
    .execute();
}

/** When the item master was last read whole; null: never. */
export async function itemsReadAt(q: Queryable): Promise<string | null> {
  const row = await q.selectFrom('item_reading').select('read_at').executeTakeFirst();
  return row?.read_at ?? null;
}
