/**
 * Who of several deliveries gets the open units of a purchase order's lines. Deliveries are served in
 * source order, whether or not their sagas have run; what was granted never changes until it is given back.
 */
import type { Quality } from './document.js';
import type { PurchaseOrder } from './purchase-order.js';

/** Units of one item that a line of a delivery brings; damaged ones are none of them. */
export interface Brought {
  lineNo: number;
  item: string;
  quality: Quality;
  units: number;
}
/** Units of a delivery's line that one line of the order takes. */
export interface ReceiptGrant {
  lineNo: number;
  poLine: number;
  item: string;
  quality: Quality;
  units: number;
}
/** A delivery in the queue: with what it was granted, or with what it brings and was not granted yet. */
export interface Queued {
  goodsInNo: string;
  brought: readonly Brought[];
  granted: readonly ReceiptGrant[] | null;
}

/** Units by line of an order. */
const byLine = (grants: readonly Pick<ReceiptGrant, 'poLine' | 'units'>[]): Map<number, number> => {
  const sums = new Map<number, number>();
  for (const { poLine, units } of grants) sums.set(poLine, (sums.get(poLine) ?? 0) + units);
  return sums;
};

/**
 * The order less what the ERP has received and no delivery holds: from before we received for it, or entered by hand. While
 * something that is held is not posted yet, so much of it stays unseen; then the ERP itself refuses what is too much.
 */
export function withoutReceivedElsewhere(order: PurchaseOrder, held: readonly ReceiptGrant[]): PurchaseOrder {
  const ours = byLine(held);
  const lines = order.lines.map((line) => ({
    ...line,
    cancelled: line.cancelled + Math.max(0, line.received - (ours.get(line.poLine) ?? 0)),
  }));
  return { ...order, lines };
}

/** By how much units held and units given up exceed what a line takes: so many of the given-up ones came after all. */
export function cameAlthoughGivenUp(
  order: PurchaseOrder,
  held: readonly ReceiptGrant[],
  givenUp: readonly { poLine: number; units: number }[],
): { poLine: number; units: number }[] {
  const [taken, up] = [byLine(held), byLine(givenUp)];
  return order.lines.flatMap(({ poLine, ordered, cancelled }) => {
    const lost = up.get(poLine) ?? 0;
    const units = Math.min(lost, lost + (taken.get(poLine) ?? 0) - Math.max(0, ordered - cancelled));
    return units > 0 ? [{ poLine, units }] : [];
  });
}

/**
 * Serves the queue in its order and answers what each delivery gets. A line of the order takes what is ordered and not
 * cancelled; several lines of one item fill up in their order.
 */
export function grantInOrder(order: PurchaseOrder, queue: readonly Queued[]): Map<string, ReceiptGrant[]> {
  const left = new Map(order.lines.map((line) => [line.poLine, Math.max(0, line.ordered - line.cancelled)]));
  const take = (poLine: number, units: number): number => {
    const taken = Math.min(units, left.get(poLine) ?? 0);
    left.set(poLine, (left.get(poLine) ?? 0) - taken);
    return taken;
  };
  for (const { granted } of queue) for (const { poLine, units } of granted ?? []) take(poLine, units);
  const result = new Map<string, ReceiptGrant[]>();
  for (const { goodsInNo, brought, granted } of queue)
    result.set(goodsInNo, granted === null ? brought.flatMap((each) => spread(order, each, take)) : [...granted]);
  return result;
}

function spread(
  order: PurchaseOrder,
  { lineNo, item, quality, units }: Brought,
  take: (poLine: number, units: number) => number,
): ReceiptGrant[] {
  let wanted = units;
  const found: ReceiptGrant[] = [];
  for (const { poLine } of order.lines.filter((line) => line.item === item)) {
    const taken = take(poLine, wanted);
    wanted -= taken;
    if (taken > 0) found.push({ lineNo, poLine, item, quality, units: taken });
  }
  return found;
}
