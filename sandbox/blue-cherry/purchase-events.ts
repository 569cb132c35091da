/** What buyers, suppliers and payables do: purchase orders raised, amended, cancelled, billed. */
import { z } from 'zod';
import { Decimal, LandedElement, WireDate, WireInstant } from '../../clients/blue-cherry/schema.js';
import { decimalOf, divideRounded, micro, type Clock, type Random } from '../core/index.js';
import type { BlueCherryBooks } from './books.js';
import type { PurchaseOrder, StoredItem } from './model.js';
import { unbilled } from './supplier-invoices.js';

export const PURCHASE_EVENTS = [
  'purchase-order.raised',
  'purchase-order.amended',
  'purchase-order.cancelled',
  'supplier-invoice.received',
] as const;
export type PurchaseEvent = (typeof PURCHASE_EVENTS)[number];

export interface PurchaseContext {
  books: BlueCherryBooks;
  clock: Clock;
  random: Random;
  /** Told of every purchase order as it stands after the event; `statusSet` when a person set its status. */
  onPurchaseOrder(order: PurchaseOrder, options?: { statusSet: boolean }): void;
  /** An active item by chance. */
  anyItem(): StoredItem;
  /** Division and warehouse that an order of this item may use. */
  placeOf(sku: string): { division: string; warehouse: string; currency: string };
}

const Quantity = z.number().int().positive().max(1_000_000);
const PoNo = z.string().min(1).max(40);
const PoLine = z.number().int().positive();
const NewLine = z.strictObject({
  poLine: PoLine.optional(),
  sku: z.string(),
  ordered: Quantity,
  unitCost: Decimal.default('5.00'),
  cancelled: z.number().int().nonnegative().optional(),
});
const Raised = z.strictObject({
  poNo: PoNo.optional(),
  supplier: z.string().max(40).optional(),
  division: z.string().optional(),
  warehouse: z.string().optional(),
  currency: z.string().optional(),
  rate: Decimal.optional(),
  orderedAt: WireInstant.optional(),
  landed: z.array(LandedElement).max(20).optional(),
  landedPerUnit: Decimal.optional(),
  lines: z.array(NewLine).min(1).max(2000).optional(),
});
const Amended = z.strictObject({
  poNo: PoNo.optional(),
  rate: Decimal.optional(),
  landed: z.array(LandedElement).max(20).optional(),
  lines: z
    .array(
      z.strictObject({
        poLine: PoLine,
        ordered: z.number().int().nonnegative().optional(),
        unitCost: Decimal.optional(),
      }),
    )
    .max(2000)
    .optional(),
  add: z.array(NewLine).max(2000).optional(),
});
const Cancelled = z.strictObject({ poNo: PoNo.optional() });
const Billed = z.strictObject({
  poNo: PoNo.optional(),
  invoiceNo: z.string().min(1).max(40).optional(),
  invoiceDate: WireDate.optional(),
  lines: z
    .array(z.strictObject({ poLine: PoLine, quantity: Quantity, unitPrice: Decimal.optional() }))
    .min(1)
    .max(2000)
    .optional(),
});

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };
/** What a payload says, without what it leaves out. */
export const defined = <T extends object>(payload: T): Defined<T> =>
  Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== undefined)) as Defined<T>;

/** Currencies suppliers bill in, with a rate of the day to pounds. */
const CURRENCIES = [
  { currency: 'GBP', rate: '1.00' },
  { currency: 'USD', rate: '0.80' },
  { currency: 'EUR', rate: '0.86' },
] as const;

const part = (cost: string, percent: bigint): string =>
  decimalOf(divideRounded(micro(cost) * percent, 100_000n) * 1_000n);

/** A plausible order of one division: one to three articles in dozens, duty and freight of 12 and 5 percent. */
function likely(context: PurchaseContext) {
  const { random, books } = context;
  const first = context.anyItem();
  const division = first.sku.split('|')[0];
  const items = [...books.items()].filter((item) => item.active && item.sku.split('|')[0] === division);
  const chosen = random.shuffle(items).slice(0, random.int(1, 3));
  const cost = micro(first.standardCost) === 0n ? '5.00' : first.standardCost;
  return {
    ...random.pick(CURRENCIES),
    landed: [
      { element: 'DUTY', perUnit: part(cost, 12n) },
      { element: 'FREIGHT', perUnit: part(cost, 5n) },
    ],
    lines: chosen.map(({ sku, standardCost }) => ({
      sku,
      ordered: 12 * random.int(1, 15),
      unitCost: micro(standardCost) === 0n ? cost : standardCost,
    })),
  };
}

function raise(context: PurchaseContext, payload: z.infer<typeof Raised>): PurchaseOrder {
  const { lines, ...rest } = payload;
  const filled = lines === undefined ? likely(context) : { lines };
  const place = context.placeOf(filled.lines[0]?.sku ?? '');
  return context.books.addPurchaseOrder({
    ...place,
    ...filled,
    poNo: `PO-${context.random.int(600_000, 999_999)}`,
    ...defined(rest),
  });
}

/** The order named; without a number the newest that fits. */
function numberOf(
  { books }: PurchaseContext,
  poNo: string | undefined,
  fits: (order: PurchaseOrder) => boolean,
  what: string,
): string {
  const found = poNo ?? [...books.purchaseOrders()].reverse().find(fits)?.poNo;
  if (found === undefined) throw new RangeError(`no purchase order ${what}; name one, or send purchase-order.raised`);
  return found;
}

const isOpen = (order: PurchaseOrder): boolean => order.status === 'OPEN';

/** Without anything said a dozen more of the first line are ordered. */
function amend({ books }: PurchaseContext, poNo: string, said: Omit<z.infer<typeof Amended>, 'poNo'>): PurchaseOrder {
  const first = books.findPurchaseOrder(poNo)?.lines[0];
  const silent = Object.values(said).every((value) => value === undefined);
  const more = first === undefined || !silent ? [] : [{ poLine: first.poLine, ordered: first.ordered + 12 }];
  return books.amendPurchaseOrder(poNo, { ...said, lines: said.lines ?? more });
}

function bill(context: PurchaseContext, payload: z.infer<typeof Billed>): unknown {
  const due = (order: PurchaseOrder): boolean => order.lines.some((line) => unbilled(line) > 0);
  const poNo = numberOf(context, payload.poNo, due, 'has anything received and not invoiced');
  const supplierInvoice = context.books.bookSupplierInvoice({ ...payload, poNo });
  const order = context.books.findPurchaseOrder(poNo);
  if (order !== undefined) context.onPurchaseOrder(order);
  return { supplierInvoice, purchaseOrder: order };
}

/** Makes an event happen and says what it made; RangeError or ZodError names what is wrong. */
export function purchaseEvent(
  context: PurchaseContext,
  type: PurchaseEvent,
  payload: Record<string, unknown>,
): unknown {
  const told = (order: PurchaseOrder, statusSet: boolean): unknown => {
    context.onPurchaseOrder(order, { statusSet });
    return { purchaseOrder: order };
  };
  switch (type) {
    case 'purchase-order.raised':
      return told(raise(context, Raised.parse(payload)), true);
    case 'purchase-order.amended': {
      const { poNo: given, ...wanted } = Amended.parse(payload);
      const poNo = numberOf(context, given, isOpen, 'is open');
      const before = context.books.findPurchaseOrder(poNo)?.status;
      const order = amend(context, poNo, wanted);
      return told(order, order.status !== before);
    }
    case 'purchase-order.cancelled': {
      const number = numberOf(context, Cancelled.parse(payload).poNo, isOpen, 'is open');
      return told(context.books.cancelPurchaseOrder(number), true);
    }
    case 'supplier-invoice.received':
      return bill(context, Billed.parse(payload));
  }
}
