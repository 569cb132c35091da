/** The drawing board of a trading day: orders already shipped, and returns to come, in a seed's own order. */
import type { ArcheanReturn, ArcheanReturnLine } from '../../clients/archean/schema.js';
import { unitNet } from '../archean/fill.js';
import type { Random } from '../core/index.js';
import type { SoldLineFacts, SoldOrderFacts } from '../reckoning/index.js';
import { articles, type Article } from './catalogue.js';

/** A return as it will be emitted: seq, times and number of the row come with the moment. */
export type PlannedReturn = Omit<ArcheanReturn, 'seq' | 'processedAt'>;

/** One return of the day: its versions, emitted together, and where its movement falls. */
export interface PlannedEvent {
  class: string;
  versions: PlannedReturn[];
  /** The movement that proves the goods are back comes before the return, after it, or never. */
  movement: 'before' | 'after' | 'none';
  /** Hours by which the movement had happened before it was recorded. */
  recordedLateHours: number;
  /** Returns of one group keep their order and are never visible late. */
  group: string | null;
}

export interface DayPlan {
  articles: Article[];
  /** Orders that the day's returns come from. */
  orders: SoldOrderFacts[];
  /** Older orders nobody has returned yet: asked-for events are filled in from these. */
  spare: SoldOrderFacts[];
  events: PlannedEvent[];
}

/** An article sold on an order line. */
export interface Sale {
  article: Article;
  quantity: number;
  /** For the whole quantity. */
  discount?: string;
  tax?: { code: string; rate: string };
}
export interface OrderOptions {
  place?: 'FC-UK-1' | 'FC-IE-1' | 'FC-EU-1';
  customer?: string;
  /** Instant of its own; without it five to 35 days before. */
  placedAt?: string;
  /** Placed today and not dispatched yet. */
  undispatched?: boolean;
  charge?: { code: string; amount: string };
}
/** What comes back of an order line. */
export interface Back {
  order: SoldOrderFacts;
  orderLine: number;
  quantity: number;
  change?: Partial<ArcheanReturnLine>;
}

const WAREHOUSE = { 'FC-UK-1': '01', 'FC-IE-1': '02', 'FC-EU-1': '03' } as const;
const PLACE_OF: Readonly<Record<string, string>> = { '01': 'FC-UK-1', '02': 'FC-IE-1', '03': 'FC-EU-1' };
export const TAX = {
  standard: { code: 'S20', rate: '0.20' },
  zero: { code: 'Z0', rate: '0.00' },
  /** The rate of before 4 January 2011: an order keeps the rate it was invoiced with. */
  historic: { code: 'S175', rate: '0.175' },
} as const;
const REASONS = ['TOO-SMALL', 'TOO-LARGE', 'CHANGED-MIND', 'NOT-AS-SHOWN', 'LATE'] as const;
const CLERKS = ['clerk-1', 'clerk-2', 'clerk-3'] as const;
const HOUR = 3_600_000;

export class Day {
  readonly orders: SoldOrderFacts[] = [];
  readonly events: PlannedEvent[] = [];
  readonly articles: Article[];
  readonly random: Random;
  readonly now: Date;

  constructor(random: Random, now: Date) {
    this.random = random;
    this.now = now;
    this.articles = articles(random.fork('catalogue'));
  }

  article(division?: string): Article {
    return this.random.pick(this.articles.filter((one) => division === undefined || one.division === division));
  }

  /** Another article of the division, for an exchange. */
  otherThan(article: Article): Article {
    return this.random.pick(
      this.articles.filter((one) => one.division === article.division && one.sku !== article.sku),
    );
  }

  order(sales: readonly Sale[], options: OrderOptions = {}): SoldOrderFacts {
    const place = options.place ?? 'FC-UK-1';
    const first = sales[0]?.article;
    const lines = sales.map((sale, index): SoldLineFacts => ({
      orderLine: index + 1,
      sku: sale.article.sku,
      kind: 'GOODS',
      chargeCode: null,
      quantity: sale.quantity,
      unitPrice: sale.article.price,
      discount: sale.discount ?? '0.00',
      taxCode: (sale.tax ?? TAX.zero).code,
      taxRate: (sale.tax ?? TAX.zero).rate,
      unitCost: sale.article.cost,
    }));
    const division = first?.division ?? 'WOM';
    const order: SoldOrderFacts = {
      orderNo: `SO-${String(100_001 + this.orders.length)}`,
      division,
      warehouse: WAREHOUSE[place],
      customer: options.customer ?? `C-${String(20_001 + this.orders.length)}`,
      ...this.#times(options),
      currency: place === 'FC-UK-1' ? 'GBP' : 'EUR',
      lines: options.charge === undefined ? lines : [...lines, chargeLine(division, lines, options.charge)],
    };
    this.orders.push(order);
    return order;
  }

  #times({ placedAt, undispatched }: OrderOptions): { placedAt: string; shippedAt: string | null } {
    const instant = (at: number): string => new Date(at).toISOString();
    const now = this.now.getTime();
    if (undispatched === true) return { placedAt: instant(now - 2 * HOUR), shippedAt: null };
    const placed = placedAt === undefined ? now - this.random.int(5, 35) * 24 * HOUR : Date.parse(placedAt);
    return { placedAt: instant(placed), shippedAt: instant(placed + 26 * HOUR) };
  }

  line(back: Back, lineNo: number): ArcheanReturnLine {
    const sold = back.order.lines.find((one) => one.orderLine === back.orderLine);
    const article = this.articles.find((one) => one.sku === sold?.sku);
    const charge = sold?.kind === 'CHARGE';
    return {
      lineNo,
      orderNo: back.order.orderNo,
      orderLine: back.orderLine,
      sku: article?.spelled ?? sold?.chargeCode ?? 'NO-SUCH-CODE',
      quantity: back.quantity,
      refundUnitPrice: sold === undefined ? '0.00' : unitNet(sold),
      condition: 'NEW',
      disposition: charge ? 'NONE' : 'SELLABLE',
      kind: charge ? 'CHARGE' : 'GOODS',
      reasonCode: charge ? 'CHARGE' : this.random.pick(REASONS),
      ...back.change,
    };
  }

  /** A return of what came back, `change` applied to the whole. It is not part of the day until `add`. */
  returned(backs: readonly Back[], change: Partial<PlannedReturn> = {}): PlannedReturn {
    const order = backs[0]?.order;
    const lines = backs.map((back, index) => this.line(back, index + 1));
    const goods = lines.some((line) => line.disposition !== 'NONE');
    return {
      returnNo: '',
      version: 1,
      state: 'PROCESSED',
      customer: order?.customer ?? 'C-20000',
      location: PLACE_OF[order?.warehouse ?? '01'] ?? 'FC-UK-1',
      currency: order?.currency ?? 'GBP',
      processedBy: this.random.pick(CLERKS),
      refund: { state: this.random.chance(0.8) ? 'REFUNDED' : 'ON_ACCOUNT', reference: '' },
      restockState: goods ? 'RESTOCKED' : 'NONE',
      lines,
      deductions: [],
      exchange: null,
      ...change,
    };
  }

  /** Puts a return (all its versions) into the day. */
  add(className: string, versions: PlannedReturn | PlannedReturn[], group: string | null = null): void {
    const all = Array.isArray(versions) ? versions : [versions];
    const last = all.at(-1);
    const returnNo = `RTN-${String(this.events.length + 1).padStart(6, '0')}`;
    const moves = last?.restockState !== 'NONE' && last?.state !== 'WITHDRAWN';
    const movement = !moves ? 'none' : this.random.chance(0.4) ? 'before' : 'after';
    // Goods that are not on the shelf yet: the movement is the only proof that they are.
    const pending = movement === 'after' && this.random.chance(0.3);
    this.events.push({
      class: className,
      versions: all.map((row) => ({
        ...row,
        returnNo,
        restockState: pending ? 'PENDING' : row.restockState,
        refund: { ...row.refund, reference: row.refund.state === 'NONE' ? '' : `PAY-${returnNo}` },
      })),
      movement,
      recordedLateHours: this.random.chance(0.2) ? this.random.int(3, 90) : 0,
      group,
    });
  }
}

/** Postage or the like as a line of its own, taxed as the goods. */
function chargeLine(
  division: string,
  lines: readonly SoldLineFacts[],
  charge: { code: string; amount: string },
): SoldLineFacts {
  return {
    orderLine: lines.length + 1,
    sku: `${division}|${charge.code}||||`,
    kind: 'CHARGE',
    chargeCode: charge.code,
    quantity: 1,
    unitPrice: charge.amount,
    discount: '0.00',
    taxCode: lines[0]?.taxCode ?? TAX.zero.code,
    taxRate: lines[0]?.taxRate ?? TAX.zero.rate,
    unitCost: '0.00',
  };
}
