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
