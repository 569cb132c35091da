/** What a unit costs by the valuation method of its warehouse (facts/blue-cherry.md 3.7, R-804). */
import { micro } from '../core/index.js';
import type { State } from './model.js';
import type { ValuationMethod } from './stock.js';

/** The method of a warehouse: the site's override, else its own. */
export const methodOf = (state: State, warehouse: string): ValuationMethod =>
  state.profile.valuationMethod ?? state.warehouses.get(warehouse)?.valuationMethod ?? 'standard';

/**
 * Cost of one unit that comes back, in millionths. A cost given with the document is the cost it left with and counts
 * (facts/blue-cherry.md 3.4: without one the valuation decides), except where stock stands at standard cost.
 */
export function returnedCostOf(state: State, sku: string, warehouse: string, given: string | undefined): bigint {
  if (given === undefined || methodOf(state, warehouse) === 'standard') return unitCostOf(state, sku, warehouse, given);
  return micro(given);
}

/**
 * Cost of one unit that moves, in millionths. Standard: the item's own, whatever was given. Average: what stands on
 * the shelf. Original: the cost given. Each falls back on what is known, never on zero while anything is.
 */
export function unitCostOf(state: State, sku: string, warehouse: string, given: string | undefined): bigint {
  const standard = micro(state.items.get(sku)?.standardCost ?? '0');
  const average = state.stock.averageCost(sku, warehouse);
  const stated = given === undefined ? null : micro(given);
  switch (methodOf(state, warehouse)) {
    case 'standard':
      return standard !== 0n ? standard : (stated ?? average ?? 0n);
    case 'average':
      return average !== null && average !== 0n ? average : (stated ?? standard);
    case 'original':
      return stated ?? average ?? standard;
  }
}
