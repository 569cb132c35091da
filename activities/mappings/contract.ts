/** What keeps the mappings fit: the item master read again, and a look at what is used but not mapped. */

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
  /** Reads the ERP's whole item master into the store. */
  refreshItems(): Promise<ItemsRefreshed>;
  /** Codes that were used on a day no confirmed row covers, at most 200. */
  checkCoverage(): Promise<{ gaps: MappingGap[]; more: number }>;
}
