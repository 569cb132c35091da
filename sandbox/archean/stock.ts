import { refill, type Kept } from '../core/index.js';

/** Stock by article and location, as the physical master counts it. */
export interface StockRow {
  sku: string;
  location: string;
  onHand: number;
  allocated: number;
  quarantined: number;
}

/** Movement types of facts/archean-r247.md 3.3 that count as quarantined, not as on hand. */
const QUARANTINE = 'RETURN_QUARANTINE';

export interface Stock extends Kept<Map<string, StockRow>> {
  /** Opening quantity of an article at a location. */
  open(sku: string, location: string, onHand: number): void;
  /** Books one movement. */
  move(movement: { type: string; sku: string; location: string; quantity: number }): void;
  allocate(sku: string, location: string, quantity: number): void;
  knows(sku: string): boolean;
  /** Rows after a key in order of sku and location, with the key to go on from when there are more. */
  page(location: string | null, after: string, limit: number): { rows: StockRow[]; cursor?: string };
  rows(): StockRow[];
}

export function createStock(): Stock {
  const rows = new Map<string, StockRow>();
  const skus = new Set<string>();
  let sorted: string[] | null = null;
  const at = (sku: string, location: string): StockRow => {
    const key = `${sku}\u0000${location}`;
    const found = rows.get(key) ?? { sku, location, onHand: 0, allocated: 0, quarantined: 0 };
    if (!rows.has(key)) sorted = null;
    rows.set(key, found);
    skus.add(sku);
    return found;
  };
  const keys = (): string[] => (sorted ??= [...rows.keys()].sort());
  return {
    open: (sku, location, onHand) => {
      at(sku, location).onHand += onHand;
    },
    move: ({ type, sku, location, quantity }) => {
      const row = at(sku, location);
      if (type === QUARANTINE) row.quarantined += quantity;
      else row.onHand += quantity;
    },
    allocate: (sku, location, quantity) => {
      at(sku, location).allocated += quantity;
    },
    knows: (sku) => skus.has(sku),
    page: (location, after, limit) => {
      const wanted = keys().filter((key) => key > after && (location === null || rows.get(key)?.location === location));
      const shown = wanted.slice(0, limit);
      const last = shown.at(-1);
      return {
        rows: shown.flatMap((key) => rows.get(key) ?? []),
        ...(wanted.length > limit && last !== undefined ? { cursor: last } : {}),
      };
    },
    rows: () => keys().flatMap((key) => rows.get(key) ?? []),
    held: () => rows,
    resume: (held) => {
      refill(rows, held);
      sorted = null;
      skus.clear();
      for (const { sku } of held.values()) skus.add(sku);
    },
  };
}
