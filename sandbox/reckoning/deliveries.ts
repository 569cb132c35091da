/** What the reckoning knows of purchase orders and of the deliveries that came for them. */
import type { ArcheanGoodsIn } from '../../clients/archean/schema.js';
import { refill, type Kept } from '../core/index.js';
import type { PurchaseOrderFacts } from './facts.js';

/** Sizes of a prepack: item keys, and how many of each. */
export type PrepackFacts = { sku: string; units: number }[];

/** One delivery: its first completed version, and what became of it. */
export interface Delivery {
  id: string;
  class: string;
  row: ArcheanGoodsIn;
  /** The purchase order as it stood when the delivery was told of; null when there was none. */
  order: PurchaseOrderFacts | null;
  /** Taken back at this instant; `invoiced`: what its supplier had billed by then, by line of the order. */
  reversed: { at: string; seq: number; invoiced: Record<number, number> } | null;
  /** Counted again after it was told of. */
  corrected: boolean;
}

export interface HeldDeliveries {
  orders: Map<string, { facts: PurchaseOrderFacts; reserved: boolean }>;
  prepacks: Map<string, PrepackFacts>;
  delivered: Map<string, Delivery>;
}

export class Deliveries implements Kept<HeldDeliveries> {
  readonly orders: HeldDeliveries['orders'] = new Map();
  readonly prepacks: HeldDeliveries['prepacks'] = new Map();
  readonly delivered: HeldDeliveries['delivered'] = new Map();

  /**
   * A purchase order as it is now. Its status counts where a person set it: what is closed because everything came
   * follows from the deliveries.
   */
  noteOrder(
    order: PurchaseOrderFacts,
    { reserved, statusSet }: { reserved?: boolean; statusSet?: boolean } = {},
  ): void {
    const before = this.orders.get(order.poNo);
    const { poNo, division, warehouse, currency, rate } = order;
    const facts: PurchaseOrderFacts = {
      ...{ poNo, division, warehouse, currency, rate },
      status: before === undefined || statusSet === true ? order.status : before.facts.status,
      landed: order.landed.map(({ element, perUnit }) => ({ element, perUnit })),
      lines: order.lines.map(({ poLine, sku, ordered, cancelled, invoiced, unitCost }) => ({
        ...{ poLine, sku, ordered, cancelled, invoiced, unitCost },
      })),
    };
    this.orders.set(poNo, { facts, reserved: reserved ?? before?.reserved ?? false });
  }

  /** A version of a delivery was emitted: the first one is reckoned, a later one says what became of it. */
  noteDelivery(row: ArcheanGoodsIn, className: string, at: string): void {
    const before = this.delivered.get(row.id);
    const order = this.orders.get(row.poNo)?.facts ?? null;
    if (before === undefined)
      this.delivered.set(row.id, { id: row.id, class: className, row, order, reversed: null, corrected: false });
    else if (row.state === 'REVERSED') before.reversed = { at, seq: row.seq, invoiced: invoicedOf(order) };
    else before.corrected = true;
  }

  held(): HeldDeliveries {
    return { orders: this.orders, prepacks: this.prepacks, delivered: this.delivered };
  }

  resume(held: HeldDeliveries): void {
    refill(this.orders, held.orders);
    refill(this.prepacks, held.prepacks);
    refill(this.delivered, held.delivered);
  }
}

const invoicedOf = (order: PurchaseOrderFacts | null): Record<number, number> =>
  Object.fromEntries((order?.lines ?? []).map(({ poLine, invoiced }) => [poLine, invoiced]));
