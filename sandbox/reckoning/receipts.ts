/** What must come of deliveries: receipts, questions, and the status of purchase orders. */
import type { ArcheanGoodsInLine } from '../../clients/archean/schema.js';
import { atRate, decimal, extend } from './arithmetic.js';
import type { Deliveries, Delivery, PrepackFacts } from './deliveries.js';
import type { HouseRules, ItemFacts, PurchaseOrderFacts } from './facts.js';
import type { ReckonedDocument, ReckonedEvent, ReckonedLine, ReckonedPurchaseOrder, WaitsFor } from './report.js';

/** The site as the fold needs it. */
export interface Site {
  rules: HouseRules;
  /** An item by any spelling of its code. */
  item(code: string): ItemFacts | undefined;
  prepack(code: string): PrepackFacts | undefined;
  /** Business date of an instant. */
  dateOf(instant: string): string;
}

type Quality = ArcheanGoodsInLine['quality'];
interface Units {
  sku: string;
  quality: Quality;
  units: number;
}
type Pieces = Omit<Units, 'quality'>[];

const asks = (code: WaitsFor['code'], owner: WaitsFor['owner']): WaitsFor => ({ code, owner });
const UNKNOWN_PO = asks('X-18', 'finance');
const UNMAPPED = asks('X-03', 'warehouse');
const UNKNOWN_ITEM = asks('X-02', 'operations');
const UNKNOWN_PACK = asks('X-45', 'buying');
const NOT_ON_PO = asks('X-17', 'warehouse');
const OTHER_QUANTITY = asks('X-16', 'warehouse');
const SUPPLIER_RETURN = asks('approval', 'finance');

/** What one of a line's units holds by item, or why nobody can say. */
function contentsOf(line: ArcheanGoodsInLine, site: Site): Pieces | WaitsFor {
  if (line.uom === 'PPK') return site.prepack(line.sku) ?? UNKNOWN_PACK;
  const item = site.item(line.sku);
  if (item === undefined) return UNKNOWN_ITEM;
  if (line.uom === 'EA') return [{ sku: item.sku, units: 1 }];
  const perCase = line.uom === 'CTN' ? (item.unitsPerCase ?? 0) : 0;
  return perCase > 0 ? [{ sku: item.sku, units: perCase }] : UNKNOWN_PACK;
}

/** A line's undamaged eaches: the damaged ones are taken off its sizes in their order. */
function undamaged(line: ArcheanGoodsInLine, contents: Pieces): Units[] {
  let damaged = line.damagedUnits;
  return contents.map(({ sku, units }) => {
    const came = units * line.received;
    const lost = Math.min(came, damaged);
    damaged -= lost;
    return { sku, quality: line.quality, units: came - lost };
  });
}

/** Undamaged eaches of a delivery by item and quality, or what holds it whole. */
function unitsOf({ row }: Delivery, site: Site): Units[] | WaitsFor {
  const came = row.lines.filter((line) => line.received > 0);
  const contents = came.map((line) => contentsOf(line, site));
  const unknown = [UNKNOWN_ITEM, UNKNOWN_PACK].find((one) => contents.includes(one));
  if (unknown !== undefined) return unknown;
  const sums = new Map<string, Units>();
  for (const [index, line] of came.entries())
    for (const part of undamaged(line, contents[index] as Pieces)) {
      const key = `${part.sku}\n${part.quality}`;
      const sum = sums.get(key) ?? { ...part, units: 0 };
      sum.units += part.units;
      sums.set(key, sum);
    }
  return [...sums.values()];
}

interface Grant {
  poLine: number;
  sku: string;
  quality: Quality;
  units: number;
}

/** What purchase order lines were granted so far. */
class Granted {
  readonly #units = new Map<string, number>();
  #key = (poNo: string, poLine: number): string => `${poNo}\n${poLine}`;

  of(poNo: string, poLine: number): number {
    return this.#units.get(this.#key(poNo, poLine)) ?? 0;
  }

  left({ poNo, lines }: PurchaseOrderFacts, poLine: number): number {
    const line = lines.find((one) => one.poLine === poLine);
    const asked = line === undefined ? 0 : line.ordered - line.cancelled;
    return Math.max(0, asked - this.of(poNo, poLine));
  }

  /** Whether deliveries have come and nothing is open on any line. */
  complete(order: PurchaseOrderFacts): boolean {
    const some = order.lines.some((line) => this.of(order.poNo, line.poLine) > 0);
    return some && order.lines.every((line) => this.left(order, line.poLine) === 0);
  }

  add(poNo: string, grants: readonly Grant[], sign: 1 | -1): void {
    for (const { poLine, units } of grants) {
      this.#units.set(this.#key(poNo, poLine), this.of(poNo, poLine) + sign * units);
    }
  }
}

interface Outcome {
  grants: Grant[];
  waitsFor: WaitsFor | null;
}

/** Fills the order's lines of an item in their order; what is above them is the rest. */
function fill(wanted: Units, order: PurchaseOrderFacts, granted: Granted): { grants: Grant[]; rest: number } {
  let rest = wanted.units;
  const lines = order.lines.filter((line) => line.sku === wanted.sku).sort((a, b) => a.poLine - b.poLine);
  const grants = lines.map(({ poLine, sku }): Grant => {
    const units = Math.min(rest, granted.left(order, poLine));
    rest -= units;
    return { poLine, sku, quality: wanted.quality, units };
  });
  return { grants: grants.filter(({ units }) => units > 0), rest };
}

/** One delivery: what it is granted, and the first of the questions it raises. */
function outcomeOf(delivery: Delivery, granted: Granted, site: Site): Outcome {
  const { order, row } = delivery;
  const held = (waitsFor: WaitsFor): Outcome => ({ grants: [], waitsFor });
  if (order?.status !== 'OPEN' || granted.complete(order)) return held(UNKNOWN_PO);
  if (site.rules.locations[row.location] === undefined) return held(UNMAPPED);
  const units = unitsOf(delivery, site);
  if ('code' in units) return held(units);
  const grants: Grant[] = [];
  let waitsFor: WaitsFor | null = null;
  for (const wanted of units) {
    const filled = fill(wanted, order, granted);
    granted.add(order.poNo, filled.grants, 1);
    grants.push(...filled.grants);
    if (filled.rest === 0) continue;
    if (order.lines.some((line) => line.sku === wanted.sku)) waitsFor ??= OTHER_QUANTITY;
    else waitsFor = NOT_ON_PO;
  }
  const short = row.followedBy === null && row.lines.some((line) => line.received < line.expected);
  const damaged = row.lines.some((line) => line.damagedUnits > 0);
  return { grants, waitsFor: waitsFor ?? (short || damaged ? OTHER_QUANTITY : null) };
}

/** The receipt of what was granted; its amount is what the stock is worth: cost at the order's rate, and landed. */
function receiptOf({ order, row }: Delivery, grants: readonly Grant[], site: Site): ReckonedDocument[] {
  if (order === null || grants.length === 0) return [];
  const { baseCurrency } = site.rules;
  let amount = 0n;
  const lines = grants.map(({ poLine, sku, quality, units }): ReckonedLine => {
    const unitCost = order.lines.find((line) => line.poLine === poLine)?.unitCost ?? '0';
    amount += extend(atRate(unitCost, order.rate), units, baseCurrency);
    for (const { perUnit } of order.landed) amount += extend(perUnit, units, baseCurrency);
    const none = { amount: null, taxCode: null, taxAmount: null };
    return { sku, orderLine: poLine, quantity: String(units), ...none, quality };
  });
  return [
    {
      kind: 'PO receipt',
      number: null,
      externalRef: null,
      status: 'POSTED',
      postingDate: site.dateOf(row.completedAt ?? ''),
      division: order.division,
      warehouse: site.rules.locations[row.location] ?? null,
      orderNo: null,
      poNo: order.poNo,
      customer: null,
      lines,
      charges: [],
      amount: decimal(amount, baseCurrency),
      taxAmount: null,
      currency: baseCurrency,
      reverses: null,
    },
  ];
}

interface Moment {
  at: number;
  seq: number;
  delivery: Delivery;
  back: boolean;
}

/** Deliveries and their reversals in the order they happened at their source: by time, then by number. */
function momentsOf(deliveries: Iterable<Delivery>): Moment[] {
  const moments = [...deliveries].flatMap((delivery): Moment[] => {
    const { row, reversed } = delivery;
    const came = { at: Date.parse(row.completedAt ?? ''), seq: row.seq, delivery, back: false };
    if (reversed === null) return [came];
    return [came, { at: Math.max(came.at, Date.parse(reversed.at)), seq: reversed.seq, delivery, back: true }];
  });
  return moments.sort((a, b) => a.at - b.at || a.seq - b.seq);
}

/** A delivery counted again: no rule says yet what must come of it. */
const leftOut = ({ corrected }: Delivery): boolean => corrected;

/** Whether less would be left of a line than its supplier has billed: then it cannot be taken back. */
function isBilled({ row, reversed }: Delivery, grants: readonly Grant[], granted: Granted): boolean {
  const units = (poLine: number): number =>
    grants.filter((one) => one.poLine === poLine).reduce((sum, one) => sum + one.units, 0);
  return grants.some(({ poLine }) => granted.of(row.poNo, poLine) - units(poLine) < (reversed?.invoiced[poLine] ?? 0));
}

export interface ReckonedReceipts {
  events: ReckonedEvent[];
  purchaseOrders: ReckonedPurchaseOrder[];
  /** Open orders that no plan keeps for itself, each line with what is still to come as `ordered`. */
  receivable: PurchaseOrderFacts[];
}

/** Reckons all deliveries in source order. What is left out is named by no event, and its order by no status. */
export function reckonReceipts(facts: Deliveries, site: Site): ReckonedReceipts {
  const granted = new Granted();
  const outcomes = new Map<Delivery, Outcome>();
  for (const { delivery, back } of momentsOf(facts.delivered.values())) {
    const before = outcomes.get(delivery);
    if (!back) outcomes.set(delivery, outcomeOf(delivery, granted, site));
    else if (before !== undefined && isBilled(delivery, before.grants, granted))
      // The receipt stands beside its invoice, and finance is asked to send the goods back to the supplier.
      outcomes.set(delivery, { grants: before.grants, waitsFor: SUPPLIER_RETURN });
    else if (before !== undefined && !leftOut(delivery)) {
      granted.add(delivery.row.poNo, before.grants, -1);
      outcomes.set(delivery, { grants: [], waitsFor: null });
    }
  }
  const events = [...outcomes]
    .filter(([delivery]) => !leftOut(delivery))
    .map(([delivery, { grants, waitsFor }]): ReckonedEvent => ({
      source: 'archean',
      key: delivery.id,
      version: delivery.row.version + (delivery.reversed === null ? 0 : 1),
      class: delivery.class,
      documents: receiptOf(delivery, grants, site),
      waitsFor,
    }));
  const unsaid = new Set([...outcomes.keys()].filter(leftOut).map(({ row }) => row.poNo));
  const orders = [...facts.orders.values()];
  const statusOf = (order: PurchaseOrderFacts): PurchaseOrderFacts['status'] =>
    order.status === 'OPEN' && granted.complete(order) ? 'CLOSED_RECEIVING' : order.status;
  return {
    events,
    purchaseOrders: orders
      .filter(({ facts: { poNo } }) => !unsaid.has(poNo))
      .map(({ facts: order }) => ({ poNo: order.poNo, status: statusOf(order) })),
    receivable: orders
      .filter(({ facts: order, reserved }) => !reserved && statusOf(order) === 'OPEN')
      .map(({ facts: order }) => ({
        ...order,
        lines: order.lines
          .map((line) => ({ ...line, ordered: granted.left(order, line.poLine), cancelled: 0 }))
          .filter((line) => line.ordered > 0),
      }))
      .filter((order) => order.lines.length > 0),
  };
}
