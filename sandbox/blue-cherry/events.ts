/** Things that happen in the ERP by themselves: POST /_sandbox/events. What is left out is filled in from the books. */
import { z } from 'zod';
import { BlueCherrySku, Decimal, WireInstant } from '../../clients/blue-cherry/schema.js';
import type { Clock, Random } from '../core/index.js';
import type { BlueCherryBooks } from './books.js';
import { TypedIn } from './edits.js';
import type { Order, StoredItem } from './model.js';
import { shownOrder } from './orders.js';
import type { OrderGiven } from './orders.js';
import { defined, PURCHASE_EVENTS, purchaseEvent } from './purchase-events.js';
import type { PurchaseContext } from './purchase-events.js';

export const BLUE_CHERRY_EVENTS = [
  'order.placed',
  'order.shipped',
  ...PURCHASE_EVENTS,
  'work-order.opened',
  'item.added',
  'document.typed-in',
] as const;

export interface EventContext extends Pick<PurchaseContext, 'onPurchaseOrder'> {
  books: BlueCherryBooks;
  clock: Clock;
  random: Random;
  /** Told of every order as it stands after the event. */
  onOrder(order: ReturnType<BlueCherryBooks['factsOf']>): void;
  /** Told of every item that is new or stands otherwise. */
  onItem(item: StoredItem): void;
}

const Quantity = z.number().int().positive();
const OrderPlaced = z.strictObject({
  orderNo: z.string().min(1).max(40).optional(),
  division: z.string().optional(),
  warehouse: z.string().optional(),
  customer: z.string().max(40).optional(),
  placedAt: WireInstant.optional(),
  currency: z.string().optional(),
  lines: z
    .array(
      z.strictObject({
        sku: z.string(),
        kind: z.enum(['GOODS', 'CHARGE']).default('GOODS'),
        chargeCode: z.string().nullable().default(null),
        quantity: Quantity.default(1),
        unitPrice: Decimal.default('20.00'),
        discount: Decimal.default('0.00'),
        taxCode: z.string().default('S20'),
        taxRate: Decimal.default('0.20'),
        unitCost: Decimal.optional(),
      }),
    )
    .min(1)
    .optional(),
});
const OrderShipped = OrderPlaced.extend({
  shippedAt: WireInstant.optional(),
  /** True: POSTED with the next cycle instead of now. */
  queued: z.boolean().optional(),
});
const ItemAdded = z.strictObject({
  sku: BlueCherrySku.optional(),
  code: z.string().min(1).max(40).optional(),
  active: z.boolean().optional(),
  uom: z.string().min(1).max(10).optional(),
  unitsPerCase: z.number().int().nonnegative().max(10_000).optional(),
  sizeRange: z.string().optional(),
  upc: z.string().optional(),
  standardCost: Decimal.optional(),
});
const WorkOrderOpened = z.strictObject({
  workOrderNo: z.string().min(1).max(40).optional(),
  sku: z.string().optional(),
  quantity: Quantity.optional(),
  dueDate: z.string().optional(),
  shipTo: z.string().optional(),
});

function anyItem({ books, random }: EventContext): StoredItem {
  const items = [...books.items()].filter((item) => item.active);
  if (items.length === 0) throw new RangeError('the books hold no item; reset with a scenario first');
  return random.pick(items);
}

/** Division and warehouse of an item that an order or a purchase order may use. */
function placeOf(context: EventContext, sku: string): { division: string; warehouse: string; currency: string } {
  const division = sku.split('|')[0] ?? '';
  const found = context.books.placeFor(division);
  if (found === null) throw new RangeError(`no physical warehouse serves division "${division}"`);
  return { division, ...found };
}

function placed(context: EventContext, payload: z.infer<typeof OrderPlaced>): Order {
  const { books, clock, random } = context;
  const lines = payload.lines ?? [OrderPlaced.shape.lines.unwrap().element.parse({ sku: anyItem(context).sku })];
  const place = placeOf(context, lines[0]?.sku ?? '');
  const given: OrderGiven = {
    orderNo: payload.orderNo ?? `WEB-${random.int(1_000_000, 9_999_999)}`,
    division: payload.division ?? place.division,
    warehouse: payload.warehouse ?? place.warehouse,
    customer: payload.customer ?? `C-${random.int(1000, 9999)}`,
    placedAt: payload.placedAt ?? clock.instant(),
    shippedAt: null,
    currency: payload.currency ?? place.currency,
    lines: lines.map((line, index) => ({
      ...line,
      orderLine: index + 1,
      unitCost: line.unitCost ?? books.findSku(line.sku)?.standardCost ?? '0',
    })),
  };
  return books.bookShippedOrder(given);
}

/** Ships the order named; without one the oldest open one, else a new one. */
function shipped(context: EventContext, payload: z.infer<typeof OrderShipped>): Order {
  const { books } = context;
  const { shippedAt, queued, ...rest } = payload;
  const open = payload.orderNo ?? [...books.orders()].find((one) => one.status === 'OPEN')?.orderNo;
  const known = open === undefined || payload.lines !== undefined ? undefined : books.findOrder(open);
  const orderNo = known?.orderNo ?? placed(context, rest).orderNo;
  books.shipOrder(orderNo, {
    ...(shippedAt === undefined ? {} : { shippedAt }),
    ...(queued === undefined ? {} : { queued }),
  });
  const order = books.findOrder(orderNo);
  if (order === undefined) throw new RangeError(`order "${orderNo}" is not known`);
  const when = order.shippedAt ?? shippedAt ?? context.clock.instant();
  context.onOrder({ ...books.factsOf(order), shippedAt: when });
  return order;
}

function opened(context: EventContext, payload: z.infer<typeof WorkOrderOpened>): unknown {
  const { books, clock, random } = context;
  const sku = payload.sku ?? anyItem(context).sku;
  const order = {
    workOrderNo: payload.workOrderNo ?? `WO-${random.int(100_000, 999_999)}`,
    sku,
    quantity: payload.quantity ?? random.int(10, 300),
    dueDate: payload.dueDate ?? clock.businessDate(),
    shipTo: payload.shipTo ?? placeOf(context, sku).warehouse,
  };
  books.addWorkOrder(order);
  return order;
}

/** A new item, or one that is known with what is said of it changed. */
function added(context: EventContext, payload: z.infer<typeof ItemAdded>): StoredItem {
  const { books, random } = context;
  const known =
    (payload.sku === undefined ? undefined : books.findSku(payload.sku)) ??
    (payload.code === undefined ? undefined : books.findItem(payload.code));
  const number = String(random.int(50_000, 99_999));
  const division = known === undefined && payload.sku === undefined ? anyItem(context).sku.split('|')[0] : '';
  const sku = payload.sku ?? `${division}|${number}|NEW|||OS`;
  const [, style, colour, , , size] = sku.split('|');
  const code = [style, colour, size].filter((part) => part !== '').join('-');
  const item = books.addItem({ sku, code, standardCost: '0', ...known, ...defined(payload) });
  context.onItem(item);
  return item;
}

/** Makes an event happen and says what it made. RangeError or a validation error names what is wrong. */
export function blueCherryEvent(context: EventContext, type: string, payload: Record<string, unknown>): unknown {
  const purchase = PURCHASE_EVENTS.find((one) => one === type);
  if (purchase !== undefined) {
    const by = { anyItem: () => anyItem(context), placeOf: (sku: string) => placeOf(context, sku) };
    return purchaseEvent({ ...context, ...by }, purchase, payload);
  }
  switch (type) {
    case 'order.placed': {
      const order = placed(context, OrderPlaced.parse(payload));
      context.onOrder(context.books.factsOf(order));
      return { order: shownOrder(order) };
    }
    case 'order.shipped':
      return { order: shownOrder(shipped(context, OrderShipped.parse(payload))) };
    case 'work-order.opened':
      return { workOrder: opened(context, WorkOrderOpened.parse(payload)) };
    case 'item.added':
      return { item: added(context, ItemAdded.parse(payload)) };
    case 'document.typed-in':
      return { document: context.books.typeInByHand(TypedIn.parse(payload)) };
    default:
      throw new RangeError(`event "${type}" is not one of ${BLUE_CHERRY_EVENTS.join(', ')}`);
  }
}
