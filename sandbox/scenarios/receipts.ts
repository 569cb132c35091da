/** Plays the day's goods receipts: purchase orders raised before it, deliveries during it. */
import type { Archean } from '../archean/index.js';
import type { ArcheanGoodsIn } from '../../clients/archean/schema.js';
import type { Random } from '../core/index.js';
import type { Reckoning } from '../reckoning/index.js';
import type { Systems } from './books.js';
import type { Action } from './play.js';
import type { PlannedDelivery, PlannedLine, ReceiptPlan } from './receipt-plan.js';

/** Deliveries come when the day has run for this part of it: what is ordered is announced by then. */
const FIRST_AT = 0.35;
/** Parts of one purchase order lie apart by this part of the day. */
const APART = 0.1;
/** A delivery is taken back so long after it: two cycles of the development profile. */
const POSTED_WITHIN_MS = 6_500;
const DAY = 86_400_000;

/** Raises the plan's purchase orders in the ERP, some weeks old; the closed ones a person closed since. */
export function raiseOrders({ blueCherry, reckoning }: Systems, plan: ReceiptPlan, now: Date): void {
  for (const [index, { closed, ...order }] of plan.orders.entries()) {
    const orderedAt = new Date(now.getTime() - (20 + (index % 40)) * DAY).toISOString();
    blueCherry.books.addPurchaseOrder({ ...order, orderedAt });
    if (closed) blueCherry.books.edit(order.poNo, { status: 'CLOSED_RECEIVING' });
    const raised = blueCherry.books.findPurchaseOrder(order.poNo);
    if (raised !== undefined) reckoning.notePurchaseOrder(raised, { reserved: true });
  }
}

/** A planned line as the warehouse says it. */
const asCounted = ({ sku, expected, received, uom, quality, damagedUnits }: PlannedLine): object => ({
  ...{ sku, expected, received, uom, quality, damagedUnits },
});

/** How a delivery is counted on the record that expected it: its lines by their articles, nothing of the others. */
function onRecord(delivery: PlannedDelivery, record: ArcheanGoodsIn, reckoning: Reckoning): object[] {
  const keyOf = (sku: string): string | undefined => reckoning.item(sku)?.sku;
  const counted = record.lines.map(({ lineNo, sku }) => {
    const found = delivery.lines.find((line) => line.items.length === 1 && line.items[0] === keyOf(sku));
    if (found === undefined) {
      const packed = delivery.lines.some((line) => line.items.length > 1 && line.items.includes(keyOf(sku) ?? ''));
      return { lineNo, received: 0, ...(packed ? { expected: 0 } : {}) };
    }
    const { received, uom, quality, damagedUnits } = found;
    // What came under another article's code is printed on the record as it was read.
    const read = keyOf(found.sku) === keyOf(sku) ? {} : { sku: found.sku };
    return { lineNo, received, uom, quality, damagedUnits, ...read };
  });
  const known = new Set(record.lines.map(({ sku }) => keyOf(sku)));
  const extra = delivery.lines.filter((line) => line.items.length > 1 || !known.has(line.items[0]));
  return [...counted, ...extra.map(asCounted)];
}

/** The record that expects a delivery. One whose first part came unannounced goes on so. */
function expecting({ books }: Archean, { poNo }: PlannedDelivery): ArcheanGoodsIn | undefined {
  const records = books.allGoodsIn().filter((one) => one.poNo === poNo);
  if (records.some((one) => one.state === 'COMPLETED' && one.externalRef === '')) return undefined;
  return records.find((one) => one.state === 'EXPECTED');
}

function deliver({ archean, reckoning }: Systems, delivery: PlannedDelivery): void {
  const record = expecting(archean, delivery);
  const { poNo, location, more } = delivery;
  const said =
    record === undefined
      ? {
          poNo,
          announced: false,
          lines: delivery.lines.map((line, index) => ({ lineNo: index + 1, ...asCounted(line) })),
        }
      : { id: record.id, lines: onRecord(delivery, record, reckoning) };
  const prompt = more || delivery.part > 0 || delivery.reversed;
  archean.event('goods-in.completed', { ...said, location, more }, { className: delivery.class, prompt });
}

function takeBack({ archean }: Systems, { poNo }: PlannedDelivery): void {
  const record = archean.books.allGoodsIn().find((one) => one.poNo === poNo && one.state === 'COMPLETED');
  if (record !== undefined) archean.event('goods-in.reversed', { id: record.id }, { prompt: true });
}

/** The deliveries over the day's `spreadMs`; `pace` shortens the wait for what is taken back as the day is shortened. */
export function receiptActions(
  systems: Systems,
  plan: ReceiptPlan,
  random: Random,
  { spreadMs, pace }: { spreadMs: number; pace: number },
): Action[] {
  const starts = new Map<string, number>();
  return plan.deliveries.flatMap((delivery): Action[] => {
    const { poNo, part } = delivery;
    const start = starts.get(poNo) ?? spreadMs * (FIRST_AT + (1 - FIRST_AT - 2 * APART) * random.next());
    starts.set(poNo, start);
    const atMs = Math.floor(start + part * APART * spreadMs);
    const came: Action = { atMs, counts: true, run: () => deliver(systems, delivery) };
    if (!delivery.reversed) return [came];
    const backAt = atMs + Math.floor(POSTED_WITHIN_MS * pace);
    return [came, { atMs: backAt, counts: false, run: () => takeBack(systems, delivery) }];
  });
}
