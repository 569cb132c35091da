/**
 * The sandbox's own reckoning (design.md 8): what each event it emitted must lead to, written from the facts pages and
 * the requirements without any code of the product.
 */
import type { ArcheanGoodsIn, ArcheanReturn, ArcheanReturnLine } from '../../clients/archean/schema.js';
import { refill, type Kept } from '../core/index.js';
import { createClaims, type Claims } from './claims.js';
import { Deliveries, type HeldDeliveries, type PrepackFacts } from './deliveries.js';
import type { Matched } from './documents.js';
import {
  TRADING_DAY_RULES,
  type HouseRules,
  type ItemFacts,
  type PurchaseOrderFacts,
  type SoldLineFacts,
  type SoldOrderFacts,
} from './facts.js';
import { outcomeOf, type CustomerDays, type Outcome } from './outcome.js';
import { reckonReceipts, type ReckonedReceipts } from './receipts.js';
import type { Reckoned, ReckonedDocument, ReckonedEvent } from './report.js';
import { totalsOf } from './totals.js';

export type { PrepackFacts } from './deliveries.js';
export type { HouseRules, ItemFacts, PurchaseOrderFacts, SoldLineFacts, SoldOrderFacts } from './facts.js';
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
  deliveries: HeldDeliveries;
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
  /** A purchase order as the ERP has it now. `statusSet`: a person set its status; `reserved`: deliveries are planned. */
  notePurchaseOrder(order: PurchaseOrderFacts, options?: { reserved?: boolean; statusSet?: boolean }): void;
  /** A prepack whose sizes, by item key, the site knows. */
  notePrepack(code: string, contents: PrepackFacts): void;
  /** A version of a delivery was emitted at an instant. */
  noteDelivery(row: ArcheanGoodsIn, className: string, at: string): void;
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
  purchaseOrder(poNo: string): PurchaseOrderFacts | undefined;
  /** Open purchase orders, not reserved; `ordered` of their lines is what is still to come. */
  receivable(): PurchaseOrderFacts[];
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
  readonly deliveries = new Deliveries();

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

function receiptsOf(facts: Facts, rules: HouseRules): ReckonedReceipts {
  return reckonReceipts(facts.deliveries, {
    rules,
    item: (code) => facts.items.get(normalCode(code)),
    prepack: (code) => facts.deliveries.prepacks.get(normalCode(code)),
    dateOf: dates(rules.zone),
  });
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
    notePurchaseOrder: (order, options) => facts.deliveries.noteOrder(order, options),
    notePrepack: (code, contents) => void facts.deliveries.prepacks.set(normalCode(code), contents),
    noteDelivery: (row, className, at) => facts.deliveries.noteDelivery(row, className, at),
    purchaseOrder: (poNo) => facts.deliveries.orders.get(poNo)?.facts,
    receivable: () => receiptsOf(facts, rules).receivable,
    report: () => {
      const receipts = receiptsOf(facts, rules);
      const events = [...reckonAll(facts, rules), ...receipts.events];
      return { events, purchaseOrders: receipts.purchaseOrders, totals: totalsOf(events) };
    },
    reset: () => {
      facts = new Facts();
      rules = TRADING_DAY_RULES;
      posted = () => false;
    },
    held: () => ({ rules, ...facts, deliveries: facts.deliveries.held() }),
    resume: (held) => {
      rules = held.rules;
      facts = new Facts();
      for (const name of ['orders', 'items', 'codes', 'returns'] as const)
        refill<string, unknown>(facts[name], held[name]);
      for (const orderNo of held.reserved) facts.reserved.add(orderNo);
      facts.malformed.push(...held.malformed);
      facts.deliveries.resume(held.deliveries);
    },
  };
}
