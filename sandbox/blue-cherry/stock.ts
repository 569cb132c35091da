/** Stock by transaction type, with the arithmetic of facts/blue-cherry.md 1.5, and what it is worth. */
import type { z } from 'zod';
import type { StockRow } from '../../clients/blue-cherry/schema.js';
import { divideRounded, refill } from '../core/index.js';
import type { Kept } from '../core/index.js';

export const BUCKETS = [
  'SA', 'RT', 'R1', 'R2', 'IN', 'CM', 'RV', 'RI', 'RP', 'RO', 'PK', 'OP', 'RS', 'DM', 'ST', 'NS', 'US', 'CC', 'CH',
] as const; // prettier-ignore
export type Bucket = (typeof BUCKETS)[number];
export type Buckets = Record<Bucket, number>;
export type ValuationMethod = 'standard' | 'average' | 'original';

/** An empty row of totals. */
export const emptyBuckets = (): Buckets => Object.fromEntries(BUCKETS.map((code) => [code, 0])) as Buckets;

/** QOH: what is on hand. */
export const onHand = (b: Buckets): number => b.SA + b.RT + b.R1 + b.R2 + b.RV - b.IN - b.CM - b.RI;
/** OTS: open to sell from stock alone. */
export const openToSell = (b: Buckets): number => b.SA + b.RT + b.R1 + b.R2 - b.IN - b.CM - b.PK - b.RS - b.OP - b.DM;
/** OTS with work in progress that has a ship-to: the figure that holds phantom stock. */
export const openToSellWithWip = (b: Buckets): number => openToSell(b) + b.ST + b.RV - b.RI - b.RP - b.RO;

interface Row {
  sku: string;
  warehouse: string;
  buckets: Buckets;
  /** Worth of what is on hand, in millionths of the base currency. */
  value: bigint;
  /** Cost of one unit by the last movement, for when nothing is on hand. */
  lastCost: bigint;
}

/** A row as the interface shows it. */
export type PublishedRow = z.infer<typeof StockRow>;

/** Rows, which of them the interface does not show yet as they are, and what it shows. */
interface HeldStock {
  rows: Map<string, Row>;
  changed: Set<string>;
  visible: Map<string, PublishedRow>;
}

export interface StockBooks extends Kept<HeldStock> {
  row(sku: string, warehouse: string): Row;
  all(): Row[];
  /** Adds to a bucket without touching worth. */
  count(sku: string, warehouse: string, bucket: Bucket, quantity: number): void;
  /** Moves goods in (positive) or out (negative) at a unit cost in millionths. */
  move(sku: string, warehouse: string, bucket: 'SA' | 'RT' | 'R1' | 'R2' | 'IN', quantity: number, cost: bigint): void;
  averageCost(sku: string, warehouse: string): bigint | null;
  /** Makes the figures of now those that the interface shows. */
  publish(): void;
  published(): PublishedRow[];
}

const shown = (row: Row): PublishedRow => ({
  sku: row.sku,
  warehouse: row.warehouse,
  qoh: onHand(row.buckets),
  open: row.buckets.OP,
  picked: row.buckets.PK,
  reserved: row.buckets.RS,
  ots: openToSell(row.buckets),
  shipToWip: row.buckets.ST,
  otsShipToWip: openToSellWithWip(row.buckets),
});

/** Worth after a movement: below nothing on hand, what is there counts at the newest cost. */
function worth(row: Row, before: number, quantity: number, cost: bigint): bigint {
  const after = before + quantity;
  return before > 0 && after > 0 ? row.value + BigInt(quantity) * cost : BigInt(after) * cost;
}

/** Empty stock books. */
export function createStockBooks(): StockBooks {
  const rows = new Map<string, Row>();
  const changed = new Set<string>();
  const visible = new Map<string, PublishedRow>();
  const row = (sku: string, warehouse: string): Row => {
    const key = `${warehouse}\n${sku}`;
    let found = rows.get(key);
    if (found === undefined) {
      found = { sku, warehouse, buckets: emptyBuckets(), value: 0n, lastCost: 0n };
      rows.set(key, found);
    }
    changed.add(key);
    return found;
  };
  return {
    row,
    all: () => [...rows.values()],
    count: (sku, warehouse, bucket, quantity) => {
      row(sku, warehouse).buckets[bucket] += quantity;
    },
    move: (sku, warehouse, bucket, quantity, cost) => {
      const found = row(sku, warehouse);
      found.value = worth(found, onHand(found.buckets), quantity, cost);
      found.buckets[bucket] += bucket === 'IN' ? -quantity : quantity;
      const left = onHand(found.buckets);
      found.lastCost = left > 0 ? divideRounded(found.value, BigInt(left)) : cost;
    },
    averageCost: (sku, warehouse) => {
      const found = rows.get(`${warehouse}\n${sku}`);
      return found === undefined ? null : found.lastCost;
    },
    publish: () => {
      for (const key of changed) {
        const found = rows.get(key);
        if (found !== undefined) visible.set(key, shown(found));
      }
      changed.clear();
    },
    published: () => [...visible.values()],
    held: () => ({ rows, changed, visible }),
    resume: (held) => {
      refill(rows, held.rows);
      refill(visible, held.visible);
      changed.clear();
      for (const key of held.changed) changed.add(key);
    },
  };
}
