/** The classes of goods receipts a trading day holds, each as it happens on a dock (requirements SG-04). */
import type { ArcheanGoodsInLine } from '../../clients/archean/schema.js';
import type { PurchaseOrderGiven } from '../blue-cherry/index.js';
import type { Random } from '../core/index.js';
import { PREPACKS, STRANGE_PREPACK, UNLISTED_CASE, type Article } from './catalogue.js';

/** What came of one article or pack, by its delivery note and as counted. */
export type PlannedLine = Omit<ArcheanGoodsInLine, 'lineNo'> & {
  /** Item keys the line stands for on the purchase order. */
  items: string[];
};
export interface PlannedDelivery {
  class: string;
  poNo: string;
  /** Counting from 0 within its purchase order. */
  part: number;
  lines: PlannedLine[];
  more: boolean;
  location: string;
  /** Taken back once it can have been posted. */
  reversed: boolean;
}
export interface ReceiptPlan {
  orders: (PurchaseOrderGiven & { closed: boolean })[];
  deliveries: PlannedDelivery[];
}

/** Money of purchase orders: rates and elements that leave pennies to round. */
const CURRENCIES = [
  { currency: 'GBP', rate: '1.00' },
  { currency: 'USD', rate: '0.80' },
  { currency: 'EUR', rate: '0.8613' },
] as const;
const LANDED = [
  [],
  [{ element: 'DUTY', perUnit: '0.768' }, { element: 'FREIGHT', perUnit: '0.332' }],
  [{ element: 'DUTY', perUnit: '0.415' }, { element: 'FREIGHT', perUnit: '0.1275' }, { element: 'INSURANCE', perUnit: '0.021' }],
] as const; // prettier-ignore
const COSTS = ['4.10', '6.35', '8.00', '9.875', '11.237'] as const;
const UK = 'FC-UK-1';

type Ordered = { article: Article; quantity: number }[];
interface Came {
  lines: PlannedLine[];
  more?: boolean;
  location?: string;
  reversed?: boolean;
}

const line = (article: Article, received: number, change: Partial<PlannedLine> = {}): PlannedLine => ({
  sku: article.spelled,
  items: [article.sku],
  expected: received,
  received,
  uom: 'EA',
  quality: 'FIRST',
  damagedUnits: 0,
  ...change,
});
const whole = (ordered: Ordered, change: Partial<PlannedLine> = {}): PlannedLine[] =>
  ordered.map(({ article, quantity }) => line(article, quantity, change));
/** All lines as ordered but the first, which is as told. */
const butFirst = (ordered: Ordered, first: (ordered: Ordered[number]) => PlannedLine): PlannedLine[] =>
  ordered.map((one, index) => (index === 0 ? first(one) : line(one.article, one.quantity)));

/** The drawing board: purchase orders raised before the day, and what comes for them. */
class Dock {
  readonly plan: ReceiptPlan = { orders: [], deliveries: [] };
  readonly random: Random;
  readonly #articles: readonly Article[];

  constructor(random: Random, articles: readonly Article[]) {
    this.random = random;
    this.#articles = articles;
  }

  /** One to three articles of one division, those that `fits`, each with a quantity. */
  ordered(
    quantity: () => number = () => this.random.int(10, 60),
    fits: (article: Article) => boolean = () => true,
  ): Ordered {
    const division = this.random.pick(['WOM', 'MEN', 'ACC']);
    const all = this.#articles.filter((one) => one.division === division && fits(one));
    return this.random
      .shuffle(all)
      .slice(0, this.random.int(1, 3))
      .map((article) => ({ article, quantity: quantity() }));
  }

  article(sku: string): Article | undefined {
    return this.#articles.find((one) => one.sku === sku);
  }

  otherThan(ordered: Ordered): Article {
    const division = ordered[0]?.article.division;
    const taken = new Set(ordered.map(({ article }) => article.sku));
    return this.random.pick(this.#articles.filter((one) => one.division === division && !taken.has(one.sku)));
  }

  /** Sizes of a number of prepacks, as they are ordered. */
  sizes(contents: readonly { sku: string; units: number }[], packs: number): Ordered {
    return contents.flatMap(({ sku, units }) => {
      const article = this.article(sku);
      return article === undefined ? [] : [{ article, quantity: units * packs }];
    });
  }

  raise(ordered: Ordered, { closed = false } = {}): string {
    const poNo = `PO-${500_001 + this.plan.orders.length}`;
    this.plan.orders.push({
      poNo,
      supplier: `SUP-${this.random.int(1, 9)}`,
      division: ordered[0]?.article.division ?? 'WOM',
      warehouse: '01',
      ...this.random.pick(CURRENCIES),
      landed: this.random.pick(LANDED).map((one) => ({ ...one })),
      lines: ordered.map(({ article, quantity }) => ({
        sku: article.sku,
        ordered: quantity,
        unitCost: this.random.pick(COSTS),
      })),
      closed,
    });
    return poNo;
  }

  add(className: ReceiptClass, poNo: string, came: readonly Came[]): void {
    for (const [part, { lines, more = false, location = UK, reversed = false }] of came.entries())
      this.plan.deliveries.push({ class: `receipt-${className}`, poNo, part, lines, more, location, reversed });
  }
}

/** Raises an order and delivers it in so many parts of every line. */
function inParts(dock: Dock, className: ReceiptClass, parts: number): void {
  const ordered = dock.ordered();
  const shares = Array.from({ length: parts }, (_, part) =>
    ordered.map(({ article, quantity }) => {
      const share = Math.floor(quantity / parts);
      return line(article, part === parts - 1 ? quantity - share * (parts - 1) : share);
    }),
  );
  const came = shares.map((lines, part) => ({ lines, more: part < parts - 1 }));
  dock.add(className, dock.raise(ordered), came);
}

/** Raises an order of sizes and delivers prepacks instead of them. */
function asPrepacks(dock: Dock, className: ReceiptClass, pack: (typeof PREPACKS)[number]): void {
  const packs = dock.random.int(3, 9);
  const items = pack.contents.map(({ sku }) => sku);
  const poNo = dock.raise(dock.sizes(pack.contents, packs));
  const count = { expected: packs, received: packs, uom: 'PPK', quality: 'FIRST', damagedUnits: 0 } as const;
  dock.add(className, poNo, [{ lines: [{ sku: pack.code, items, ...count }] }]);
}

/** Raises an order of whole cartons and delivers them as such; `known`: the ERP says how many are in one. */
function asCartons(dock: Dock, className: ReceiptClass, known: boolean): void {
  const cartons = new Map<Article, number>();
  const ordered = dock
    .ordered(
      () => 0,
      (one) => (known ? one.unitsPerCase > 0 : one.unitsPerCase === 0),
    ) // prettier-ignore
    .map(({ article }) => {
      cartons.set(article, dock.random.int(2, 5));
      return { article, quantity: (cartons.get(article) ?? 0) * (known ? article.unitsPerCase : UNLISTED_CASE) };
    });
  const lines = ordered.map(({ article }) => line(article, cartons.get(article) ?? 0, { uom: 'CTN' }));
  dock.add(className, dock.raise(ordered), [{ lines }]);
}

/** One delivery of an order; what came is made of what was ordered. */
function once(
  dock: Dock,
  className: ReceiptClass,
  came: (ordered: Ordered) => Came,
  { closed = false, unknown = false } = {},
): void {
  const ordered = dock.ordered();
  const poNo = unknown ? `PO-${dock.random.int(900_000, 999_999)}` : dock.raise(ordered, { closed });
  dock.add(className, poNo, [came(ordered)]);
}

const RECEIPTS = {
  'full-in-one': (dock) => once(dock, 'full-in-one', (ordered) => ({ lines: whole(ordered) })),
  'two-parts': (dock) => inParts(dock, 'two-parts', 2),
  'three-parts': (dock) => inParts(dock, 'three-parts', 3),
  over: (dock) =>
    once(dock, 'over', (ordered) => {
      const more = dock.random.int(1, 6);
      return { lines: butFirst(ordered, (one) => line(one.article, one.quantity + more, { expected: one.quantity })) };
    }),
  short: (dock) =>
    once(dock, 'short', (ordered) => {
      const less = dock.random.int(1, 6);
      return { lines: butFirst(ordered, (one) => line(one.article, one.quantity - less, { expected: one.quantity })) };
    }),
  damaged: (dock) =>
    once(dock, 'damaged', (ordered) => {
      const damagedUnits = dock.random.int(1, 5);
      return { lines: butFirst(ordered, (one) => line(one.article, one.quantity, { damagedUnits })) };
    }),
  irregular: (dock) => once(dock, 'irregular', (ordered) => ({ lines: whole(ordered, { quality: 'IRREGULAR' }) })),
  cartons: (dock) => asCartons(dock, 'cartons', true),
  prepack: (dock) => asPrepacks(dock, 'prepack', dock.random.pick(PREPACKS)),
  'wrong-sku': (dock) =>
    once(dock, 'wrong-sku', (ordered) => ({
      lines: [...whole(ordered), line(dock.otherThan(ordered), dock.random.int(1, 9), { expected: 0 })],
    })),
  'unknown-sku': (dock) =>
    once(dock, 'unknown-sku', (ordered) => ({
      lines: butFirst(ordered, (one) =>
        line(one.article, one.quantity, { sku: `GONE-${dock.random.int(1000, 9999)}` }),
      ),
    })),
  'unknown-carton': (dock) => asCartons(dock, 'unknown-carton', false),
  'unknown-prepack': (dock) => asPrepacks(dock, 'unknown-prepack', STRANGE_PREPACK),
  'unknown-po': (dock) => once(dock, 'unknown-po', (ordered) => ({ lines: whole(ordered) }), { unknown: true }),
  'closed-po': (dock) => once(dock, 'closed-po', (ordered) => ({ lines: whole(ordered) }), { closed: true }),
  'reversed-after-posting': (dock) =>
    once(dock, 'reversed-after-posting', (ordered) => ({ lines: whole(ordered), reversed: true })),
  'unmapped-location': (dock) =>
    once(dock, 'unmapped-location', (ordered) => ({ lines: whole(ordered), location: 'V-MISC' })),
} as const satisfies Record<string, (dock: Dock) => void>;
export type ReceiptClass =
  | 'full-in-one' | 'two-parts' | 'three-parts' | 'over' | 'short' | 'damaged' | 'irregular' | 'cartons' | 'prepack'
  | 'wrong-sku' | 'unknown-sku' | 'unknown-carton' | 'unknown-prepack' | 'unknown-po' | 'closed-po'
  | 'reversed-after-posting' | 'unmapped-location'; // prettier-ignore

/** Classes of deliveries; in a report each begins with `receipt-`. */
export const RECEIPT_CLASSES = Object.keys(RECEIPTS) as ReceiptClass[];
/** Those that need no person. */
export const QUIET_RECEIPTS = [
  'full-in-one', 'two-parts', 'three-parts', 'irregular', 'cartons', 'prepack',
] as const satisfies readonly ReceiptClass[]; // prettier-ignore

/**
 * The deliveries of a seed: one purchase order of every class, then everyday ones, `count` deliveries in all. Fewer than
 * the classes need leaves the last ones out.
 */
export function planReceipts(
  random: Random,
  articles: readonly Article[],
  count: number,
  classes: readonly ReceiptClass[],
): ReceiptPlan {
  const dock = new Dock(random, articles);
  const { deliveries } = dock.plan;
  for (const one of classes) if (deliveries.length < count) RECEIPTS[one](dock);
  while (deliveries.length < count) RECEIPTS[random.pick(QUIET_RECEIPTS)](dock);
  return { orders: dock.plan.orders, deliveries: deliveries.slice(0, count) };
}
