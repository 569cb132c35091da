/** Registered as `mappings.placesOf`, `mappings.refreshItems` and `mappings.checkCoverage`. */
import type { Places } from '../../domain/expected/plan.js';
import type { Store } from '../../store/database.js';
import { codesOfItems, itemsReadAt, noteItemsRead, upsertItems, type ItemRow } from '../../store/items.js';
import { waiting } from '../posting/failures.js';
import { coverage } from '../../store/mapping-coverage.js';
import { locationsOf } from '../../store/mapping-lookups.js';
import type { ItemsRefreshed, Mappings } from './contract.js';

/** One page of the ERP's item master; no cursor on the last one. */
export interface ItemMasterPage {
  items: ItemRow[];
  cursor?: string | undefined;
}

export interface MappingsDeps {
  store: Store;
  /** GET /item-master of the ERP, a page after a cursor. */
  readItems: (cursor: string | undefined) => Promise<ItemMasterPage>;
  now?: () => Date;
}

/** Pages of one reading: 200 items each, ten times the largest fashion catalogue we know of. */
const MOST_PAGES = 5000;
/** Gaps one answer carries; a history must stay small. */
const MOST_GAPS = 200;
/** Sagas that meet an unknown code at once share one reading. */
const FRESH_MS = 5_000;

/** Reads the item master page by page; each page is kept at once, so a reading that breaks off is not lost. */
async function refreshItems(deps: MappingsDeps): Promise<ItemsRefreshed> {
  let cursor: string | undefined;
  let items = 0;
  let changed = 0;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const page = await deps.readItems(cursor);
    changed += await upsertItems(deps.store.db, page.items);
    items += page.items.length;
    cursor = page.cursor;
    if (cursor === undefined) {
      await noteItemsRead(deps.store.db, items);
      return { items, changed };
    }
  }
  throw new Error(`the item master has more than ${MOST_PAGES} pages`);
}

/**
 * A reading for those who met an unknown code: one at a time in this process, and none within `freshMs` of the last
 * whole one, whoever made it.
 */
export function createItemRefresher(deps: MappingsDeps, freshMs = FRESH_MS): () => Promise<void> {
  let running: Promise<void> | undefined;
  const read = async (): Promise<void> => {
    const last = await itemsReadAt(deps.store.db);
    const now = (deps.now?.() ?? new Date()).getTime();
    if (last !== null && now - Date.parse(last) < freshMs) return;
    await refreshItems(deps);
  };
  return () => {
    running ??= read().finally(() => {
      running = undefined;
    });
    return running;
  };
}

type Query = Parameters<Mappings['placesOf']>[0];

async function placesOf(deps: MappingsDeps, refresh: () => Promise<void>, query: Query): Promise<Places> {
  const { db } = deps.store;
  const { system, warehouse, items, businessDate } = query;
  let codes = await codesOfItems(db, items);
  const lacking = (): boolean => items.some((item) => !codes.has(item));
  if (lacking()) {
    const before = await itemsReadAt(db);
    await refresh();
    codes = await codesOfItems(db, items);
    // The last reading was shared, and the item may be younger than it: only one that began after this look says it is not there.
    if (lacking() && (await itemsReadAt(db)) === before)
      throw waiting('NotYet', 'The item master is read again in a moment', FRESH_MS);
  }
  return {
    locations: await locationsOf(db, system, warehouse, businessDate),
    codes: [...new Set(items)].map((item) => ({ item, code: codes.get(item) ?? null })),
  };
}

/** `refresh`: as others share it, so that all who meet an unknown item at once read the item master once. */
export function createMappingsActivities(deps: MappingsDeps, refresh = createItemRefresher(deps)): Mappings {
  return {
    placesOf: (query) => placesOf(deps, refresh, query),
    refreshItems: () => refreshItems(deps),
    checkCoverage: async () => {
      const gaps = await coverage(deps.store.db);
      return {
        gaps: gaps
          .slice(0, MOST_GAPS)
          .map(({ kind, source, code, events, dates }) => ({ kind, source, code, events, dates: dates.slice(0, 31) })),
        more: Math.max(0, gaps.length - MOST_GAPS),
      };
    },
  };
}
