/** What keeps the mappings fit, and the look from the ERP's side: where its goods are to arrive, under which code. */
import type { Places } from '../../domain/expected/plan.js';

export interface ItemsRefreshed {
  items: number;
  changed: number;
}

export interface MappingGap {
  kind: 'location' | 'sku' | 'charge' | 'deduction';
  source: string;
  code: string;
  events: number;
  dates: string[];
}

export interface Mappings {
  /**
   * The locations of a system that stand for a warehouse on a day, and the code of each item. The item master is read again
   * when it lacks one.
   */
  placesOf(query: { system: string; warehouse: string; items: string[]; businessDate: string }): Promise<Places>;
  /** Reads the ERP's whole item master into the store. */
  refreshItems(): Promise<ItemsRefreshed>;
  /** Codes that were used on a day no confirmed row covers, at most 200. */
  checkCoverage(): Promise<{ gaps: MappingGap[]; more: number }>;
}
