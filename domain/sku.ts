/** Article codes and the ERP's item key (R-032, facts/blue-cherry.md 3.3). */
import type { ItemKey } from './documents.js';

export interface CodeTable {
  /** Item master: every code the ERP prints, with its item. Two codes of one item are spellings, no collision. */
  items: readonly { code: string; item: ItemKey }[];
  /** Spellings of other systems that a person tied to an item. */
  aliases: readonly { code: string; item: ItemKey }[];
}

export type ResolvedCode =
  | { state: 'found'; item: ItemKey }
  | { state: 'unknown' }
  /** Two distinct items share the normalised code. */
  | { state: 'ambiguous'; items: ItemKey[] };

/** One spelling for comparison: trimmed, upper case, without `- . / _` and blanks. Leading zeros stay: they count. */
export function normaliseCode(text: string): string {
  return text
    .trim()
    .toUpperCase()
    .replace(/[-./_\s]/g, '');
}

/**
 * An index over an item master and its aliases, built once and asked often. The first of these that finds anything
 * decides: the exact spelling of an item, of an alias; the normalised spelling of an alias, of an item.
 */
export function codeIndex(table: CodeTable): (code: string) => ResolvedCode {
  const exact = new Map<string, Set<ItemKey>>();
  const alias = new Map<string, Set<ItemKey>>();
  const normalAlias = new Map<string, Set<ItemKey>>();
  const normal = new Map<string, Set<ItemKey>>();
  const put = (map: Map<string, Set<ItemKey>>, key: string, item: ItemKey): void => {
    if (key === '') return;
    map.set(key, (map.get(key) ?? new Set<ItemKey>()).add(item));
  };
  for (const { code, item } of table.items) {
    put(exact, code.trim(), item);
    put(normal, normaliseCode(code), item);
  }
  for (const { code, item } of table.aliases) {
    put(alias, code.trim(), item);
    put(normalAlias, normaliseCode(code), item);
  }
  return (code) => {
    const [spelled, normalised] = [code.trim(), normaliseCode(code)];
    const hit = exact.get(spelled) ?? alias.get(spelled) ?? normalAlias.get(normalised) ?? normal.get(normalised);
    const items = [...(hit ?? [])].sort();
    const [first] = items;
    if (first === undefined) return { state: 'unknown' };
    return items.length === 1 ? { state: 'found', item: first } : { state: 'ambiguous', items };
  };
}

/** One code against a table; for many, keep `codeIndex(table)`. X-02 when unknown, X-08 when ambiguous. */
export const resolveCode = (code: string, table: CodeTable): ResolvedCode => codeIndex(table)(code);

/** Division of an item key: its first part. */
export const itemKeyDivision = (item: ItemKey): string => item.split('|')[0] ?? '';

/** Style and colour of an item key, `style|colour`: what the ERP locks. */
export function styleColourOf(item: ItemKey): string {
  const [, style = '', colour = ''] = item.split('|');
  return `${style}|${colour}`;
}

/** The lane a write takes while its outcome is unknown (design.md 5): division, style(-colour), warehouse. */
export function laneOf(item: ItemKey, warehouse: string, lockScope: 'style-colour' | 'style' = 'style-colour'): string {
  const [style = ''] = styleColourOf(item).split('|');
  const locked = lockScope === 'style' ? style : styleColourOf(item);
  return `${itemKeyDivision(item)}|${locked}|${warehouse}`;
}
