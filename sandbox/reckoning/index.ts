/**
 * The sandbox's own reckoning (design.md 8): what each event it emitted must lead to, written from the facts pages and
 * the requirements without any code of the product.
 */
import type { ArcheanReturn, ArcheanReturnLine } from '../../clients/archean/schema.js';
import { refill, type Kept } from '../core/index.js';
import { decimal, minor } from './arithmetic.js';
import { createClaims, type Claims } from './claims.js';
import type { Matched } from './documents.js';
import {
  TRADING_DAY_RULES,
  type HouseRules,
  type ItemFacts,
  type SoldLineFacts,
  type SoldOrderFacts,
} from './facts.js';
import { outcomeOf, type CustomerDays, type Outcome } from './outcome.js';
import type { Reckoned, ReckonedDocument, ReckonedEvent } from './report.js';

export type { HouseRules, ItemFacts, SoldLineFacts, SoldOrderFacts } from './facts.js';
export { CHARGES, DEDUCTIONS, HISTORY_RULES, TRADING_DAY_RULES } from './facts.js';
export type { Reckoned, ReckonedCharge, ReckonedDocument, ReckonedEvent, WaitsFor } from './report.js';

/** The spelling two systems share: upper case without separators. Leading zeros stay: they count. */
export const normalCode = (code: string): string => code.toUpperCase().replace(/[-./\s]/g, '');

/** All versions of one return that were emitted, in their order, with what the first one claimed by. */
interface Emitted {
  returnNo: string;
  class: string;
  firstSeq: number;
  firstAt: string;
  /** The version that counts. */
  row: ArcheanReturn;
  /** A version that came after documents had been posted: they stand until a person decides. */
  later: ArcheanReturn | null;
}

/** What the reckoning knows, as plain data. */
export interface HeldFacts {
  rules: HouseRules;
  orders: Map<string, SoldOrderFacts>;
  reserved: Set<string>;
  items: Map<string, ItemFacts>;
  codes: Map<string, string>;
  returns: Map<string, Emitted>;
  malformed: string[];
}

export interface Reckoning extends Kept<HeldFacts> {
  /** Rules of the site; without a call those of the trading day. */
  setRules(rules: HouseRules): void;
  rules(): HouseRules;
  /** An order was booked into the ERP. A `reserved` one has returns to come: asked-for events leave it alone. */
  noteOrder(order: SoldOrderFacts, options?: { reserved: boolean }): void;
  noteItem(item: ItemFacts): void;
  /** A version of a return was emitted. `className` labels it; a later version keeps the first one's label. */
  noteReturn(row: ArcheanReturn, className?: string): void;
  /** A row no reader can make sense of was emitted. */
  noteMalformed(key: string): void;
  /** Asked when a later version comes: whether the ERP already holds what the version before it led to. */
  onLater(posted: (documents: readonly ReckonedDocument[]) => boolean): void;
  order(orderNo: string): SoldOrderFacts | undefined;
  /** An item by any spelling of its code. */
  item(code: string): ItemFacts | undefined;
  /** The ERP's spelling of an item, by its six-part key. */
  codeOf(sku: string): string | undefined;
  /** Lines of dispatched orders, not reserved, with units no return has claimed; in order of their booking. */
  returnable(): { order: SoldOrderFacts; line: SoldLineFacts; left: number }[];
  report(): Reckoned;
  reset(): void;
}

/** The order line a return's line is of: by its number where it names one, else by its article; null when it fits none. */
function soldLineOf(order: SoldOrderFacts, line: ArcheanReturnLine, item: ItemFacts | null): SoldLineFacts | null {
  const same = (one: SoldLineFacts): boolean =>
    one.kind === line.kind &&
    (line.kind === 'GOODS' ? item !== null && one.sku === item.sku : one.chargeCode === line.sku.trim().toUpperCase());
  if (line.orderLine === null) return order.lines.find(same) ?? null;
  const named = order.lines.find((one) => one.orderLine === line.orderLine && one.kind === line.kind);
  const fits = line.kind === 'CHARGE' || item === null || named?.sku === item.sku;
  return named !== undefined && fits ? named : null;
}

class Facts {
  readonly orders = new Map<string, SoldOrderFacts>();
  readonly reserved = new Set<string>();
  readonly items = new Map<string, ItemFacts>();
  readonly codes = new Map<string, string>();
  readonly returns = new Map<string, Emitted>();
  readonly malformed: string[] = [];

  match(row: ArcheanReturn, claims: Claims): Matched[] {
    return row.lines.map((line) => {
      const order = line.orderNo === '' ? null : (this.orders.get(line.orderNo) ?? null);
      const item = this.items.get(normalCode(line.sku)) ?? null;
      const sold = order === null || order.shippedAt === null ? null : soldLineOf(order, line, item);
      const grant =
        order === null || sold === null || row.state === 'WITHDRAWN'
          ? null
          : claims.claim(order.orderNo, sold, order.currency, line.quantity);
      return { line, item, order, sold, grant };
    });
  }

  /** In the order the events happened at their source, by time and then by number: the earlier claims first. */
  inOrder(): Emitted[] {
    return [...this.returns.values()].sort(
      (a, b) => Date.parse(a.firstAt) - Date.parse(b.firstAt) || a.firstSeq - b.firstSeq,
    );
  }
}

/** Business date of an instant in the company's zone. */
function dates(zone: string): (instant: string) => string {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' });
  return (instant) => format.format(new Date(instant));
}

function reckonAll(facts: Facts, rules: HouseRules): ReckonedEvent[] {
  const claims = createClaims();
  const days: CustomerDays = new Map();
  const dateOf = dates(rules.zone);
  const events = facts.inOrder().map((emitted): ReckonedEvent => {
    const { row, later } = emitted;
    const lines = facts.match(row, claims);
    const exchange = (row.exchange?.lines ?? []).map((line) => facts.items.get(normalCode(line.sku)) ?? null);
    const outcome: Outcome = outcomeOf(row, lines, exchange, rules, days, dateOf(row.processedAt));
    return {
      source: 'archean',
      key: emitted.returnNo,
      version: (later ?? row).version,
      class: emitted.class,
      documents: outcome.documents,
      waitsFor: later === null ? outcome.waitsFor : { code: 'approval', owner: 'finance' },
    };
  });
  const unread = facts.malformed.map((key): ReckonedEvent => ({
    source: 'archean',
    key,
    version: 1,
    class: 'malformed',
    documents: [],
    waitsFor: { code: 'X-63', owner: 'integration-support' },
  }));
  return [...events, ...unread];
}

function totalsOf(events: readonly ReckonedEvent[]): Reckoned['totals'] {
  const classes: Record<string, number> = {};
  const waitsFor: Record<string, number> = {};
  const credit: Record<string, bigint> = {};
  let units = 0n;
  for (const event of events) {
    classes[event.class] = (classes[event.class] ?? 0) + 1;
    if (event.waitsFor !== null) waitsFor[event.waitsFor.code] = (waitsFor[event.waitsFor.code] ?? 0) + 1;
    for (const document of event.documents) {
      if (document.kind === 'inventory adjustment')
        units += document.lines.reduce((sum, line) => sum + BigInt(line.quantity), 0n);
      if (document.kind === 'credit memo' && document.currency !== null && document.amount !== null)
        credit[document.currency] = (credit[document.currency] ?? 0n) + minor(document.amount, document.currency);
    }
  }
  return {
    events: events.length,
    documents: events.reduce((sum, event) => sum + event.documents.length, 0),
    classes,
    waitsFor,
    credit: Object.fromEntries(
      Object.entries(credit).map(([currency, amount]) => [currency, decimal(amount, currency)]),
    ),
    units: String(units),
  };
}

function returnableLines(facts: Facts): ReturnType<Reckoning['returnable']> {
  const claimed = new Map<string, number>();
  for (const { row } of facts.returns.values())
    for (const line of row.lines) {
      const key = `${line.orderNo}/${line.orderLine}`;
      claimed.set(key, (claimed.get(key) ?? 0) + line.quantity);
    }
  return [...facts.orders.values()]
    .filter((order) => order.shippedAt !== null && !facts.reserved.has(order.orderNo))
    .flatMap((order) =>
      order.lines
        .filter((line) => line.kind === 'GOODS')
        .map((line) => ({
          order,
          line,
          left: line.quantity - (claimed.get(`${order.orderNo}/${line.orderLine}`) ?? 0),
        })),
    )
    .filter(({ left }) => left > 0);
}

/** A version of a return: the first one claims its place, a later one replaces it unless documents stand already. */
function noteReturn(
  facts: Facts,
  row: ArcheanReturn,
  className: string,
  reckoned: () => ReckonedEvent[],
  posted: (documents: readonly ReckonedDocument[]) => boolean,
): void {
  const { returnNo, seq, processedAt, version } = row;
  const before = facts.returns.get(returnNo);
  if (before === undefined) {
    facts.returns.set(returnNo, { returnNo, class: className, firstSeq: seq, firstAt: processedAt, row, later: null });
    return;
  }
  if (version <= (before.later ?? before.row).version) return;
  const due = reckoned().find((event) => event.key === returnNo)?.documents ?? [];
  if (before.later !== null || (due.length > 0 && posted(due))) before.later = row;
  else before.row = row;
}

/** An empty reckoning under the trading day's rules. */
export function createReckoning(): Reckoning {
  let facts = new Facts();
  let rules: HouseRules = TRADING_DAY_RULES;
  let posted: (documents: readonly ReckonedDocument[]) => boolean = () => false;
  return {
    setRules: (next) => {
      rules = next;
    },
    rules: () => rules,
    noteOrder: (order, { reserved } = { reserved: false }) => {
      facts.orders.set(order.orderNo, order);
      if (reserved) facts.reserved.add(order.orderNo);
    },
    noteItem: (item) => {
      facts.items.set(normalCode(item.code), item);
      facts.codes.set(item.sku, item.code);
    },
    noteReturn: (row, className = 'event') => noteReturn(facts, row, className, () => reckonAll(facts, rules), posted),
    noteMalformed: (key) => void facts.malformed.push(key),
    onLater: (probe) => {
      posted = probe;
    },
    order: (orderNo) => facts.orders.get(orderNo),
    item: (code) => facts.items.get(normalCode(code)),
    codeOf: (sku) => facts.codes.get(sku),
    returnable: () => returnableLines(facts),
    report: () => {
      const events = reckonAll(facts, rules);
      return { events, totals: totalsOf(events) };
    },
    reset: () => {
      facts = new Facts();
      rules = TRADING_DAY_RULES;
      posted = () => false;
    },
    held: () => ({ rules, ...facts }),
    resume: (held) => {
      rules = held.rules;
      facts = new Facts();
      for (const name of ['orders', 'items', 'codes', 'returns'] as const)
        refill<string, unknown>(facts[name], held[name]);
      for (const orderNo of held.reserved) facts.reserved.add(orderNo);
      facts.malformed.push(...held.malformed);
    },
  };
}
