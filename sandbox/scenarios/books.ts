/** Writes a day's reference data, orders and stock into both systems' books and tells the reckoning of them. */
import type { Archean } from '../archean/index.js';
import type { Random } from '../core/index.js';
import { TRADING_DAY_RULES, type Reckoning } from '../reckoning/index.js';
import {
  ACCOUNTS,
  DIVISION_ACCOUNTS,
  DIVISIONS,
  PLACES,
  PREPACKS,
  REASONS,
  STRANGE_PREPACK,
  UNLISTED_CASE,
  WAREHOUSES,
  type Article,
} from './catalogue.js';
import type { DayPlan } from './day.js';
import type { Erp } from './erp.js';

export interface Systems {
  blueCherry: Erp;
  archean: Archean;
  reckoning: Reckoning;
}

/** Accounts, reasons, divisions, warehouses and locations, for a scenario or a history. */
export function loadStructure(
  { blueCherry: { books }, archean }: Systems,
  divisions: readonly { code: string; name: string; currency: string }[],
): void {
  for (const account of ACCOUNTS) books.addGlAccount(account);
  for (const reason of REASONS) books.addReasonCode(reason);
  for (const division of divisions) books.addDivision({ ...division, accounts: DIVISION_ACCOUNTS });
  for (const warehouse of WAREHOUSES)
    books.addWarehouse({
      ...warehouse,
      divisions: divisions.map((one) => one.code),
      valuationMethod: 'standard',
    });
  for (const place of PLACES) archean.books.locations.set(place.code, { ...place });
}

/** Everything of a planned day that lies before it. */
export function loadReferenceData(systems: Systems, plan: DayPlan): void {
  loadStructure(systems, DIVISIONS);
  const { blueCherry, reckoning } = systems;
  for (const article of plan.articles) {
    const { sku, code, division, cost, sizeRange, upc, unitsPerCase } = article;
    blueCherry.books.addItem({ sku, code, standardCost: cost, sizeRange, upc, unitsPerCase });
    reckoning.noteItem({ sku, code, division, standardCost: cost, unitsPerCase });
  }
  loadPacks(systems, plan);
  for (const order of plan.orders) reckoning.noteOrder(order, { reserved: true });
  for (const order of plan.spare) reckoning.noteOrder(order);
}

/** Prepacks the site knows, and what the warehouse finds in packs that nobody has told it of. */
function loadPacks({ archean, reckoning }: Systems, plan: DayPlan): void {
  const { packs } = archean.books;
  const spelled = new Map(plan.articles.map((article) => [article.sku, article.spelled]));
  for (const { code, contents } of [...PREPACKS, STRANGE_PREPACK])
    packs.set(
      code,
      contents.map(({ sku, units }) => ({ sku: spelled.get(sku) ?? sku, units })),
    );
  for (const { code, contents } of PREPACKS) reckoning.notePrepack(code, contents);
  for (const { spelled: sku, unitsPerCase } of plan.articles)
    if (unitsPerCase === 0) packs.set(sku, [{ sku, units: UNLISTED_CASE }]);
}

/** Places whose ERP warehouse holds a stock of every article. */
const STOCKED = ['FC-UK-1', 'FC-IE-1', 'FC-EU-1'] as const;

/**
 * Opening stock in the ERP, then the shipped orders; Archean opens with what the ERP has on hand after them, so that
 * the two agree before the day begins.
 */
export function openStock({ blueCherry, archean }: Systems, plan: DayPlan, random: Random): void {
  const warehouseOf = TRADING_DAY_RULES.locations;
  for (const { sku, cost } of plan.articles)
    for (const place of STOCKED)
      blueCherry.books.addStock({
        sku,
        warehouse: warehouseOf[place] ?? '',
        quantity: random.int(60, 200),
        unitCost: cost,
      });
  for (const order of plan.spare) blueCherry.books.bookShippedOrder({ ...order, historical: true });
  for (const order of plan.orders) blueCherry.books.bookShippedOrder(order);
  const articleOf = new Map<string, Article>(plan.articles.map((article) => [article.sku, article]));
  const placeOf = new Map(Object.entries(warehouseOf).map(([place, warehouse]) => [warehouse, place]));
  for (const { sku, warehouse, qoh } of blueCherry.dump().stock) {
    const spelled = articleOf.get(sku ?? '')?.spelled;
    const place = placeOf.get(warehouse ?? '');
    if (spelled !== undefined && place !== undefined) archean.books.stock.open(spelled, place, Number(qoh));
  }
}
