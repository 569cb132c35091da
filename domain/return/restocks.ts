/**
 * The physical half of a return: one stock adjustment per division and warehouse, and the replacement
 * orders of an exchange. Charges and lines that stay out of stock never appear here.
 */
import type { ReplacementOrder, StockAdjustment } from '../documents.js';
import { extend, parseMoney, sum } from '../money.js';
import { itemKeyDivision } from '../sku.js';
import type { Context, PlannedLine } from './context.js';
import type { ReplacementStep, RestockStep } from './plan-types.js';
import type { Stance } from './stance.js';

/** Lines of one adjustment (facts/blue-cherry.md 3.4). */
const LINES_PER_ADJUSTMENT = 100;

/** Units of a line that go back on a shelf, or behind it, under a stance. */
export function unitsBack({ line, grant }: PlannedLine, stance: Stance): number {
  return grant === null || stance.units === 'all' ? line.quantity : grant.granted;
}

/**
 * Where a line goes: the location's warehouse, or its non-sellable one. Null when it goes nowhere: a charge, a line
 * the source keeps out of stock, damaged goods at a location that keeps none in the ERP.
 */
function warehouseFor({ facts }: Context, { line }: PlannedLine): string | null {
  if (facts.location === null || line.kind === 'charge') return null;
  if (line.disposition === 'none') return null;
  return line.disposition === 'sellable' ? facts.location.warehouse : facts.location.nonSellable;
}

/**
 * The cost a unit left with, which puts cost of sales back to where it was. At standard cost the ERP has its own;
 * an average has moved on since the sale, so there the cost is named as well.
 */
function costOf({ policy }: Context, { sold, mapped }: PlannedLine): { unitCost?: string } {
  if (policy.site.valuationMethod === 'standard') return {};
  const unitCost = sold?.unitCost ?? mapped.unitCost;
  return unitCost === null ? {} : { unitCost };
}

/** The adjustments of a return under a stance, as steps `restock`, `restock-2`, … in line order. */
export function restockSteps(context: Context, stance: Stance): RestockStep[] {
  if (context.policy.site.creditMemoRestocks && context.document.state !== 'undelivered') return [];
  const groups = new Map<string, StockAdjustment>();
  for (const tied of stance.lines) {
    const warehouse = warehouseFor(context, tied);
    const item = tied.mapped.item;
    const quantity = unitsBack(tied, stance);
    if (warehouse === null || item === null || quantity === 0) continue;
    const division = itemKeyDivision(item);
    const key = `${warehouse}|${division}`;
    const group: StockAdjustment = groups.get(key) ?? {
      kind: 'stock-adjustment',
      division,
      warehouse,
      businessDate: stance.businessDate,
      reasonCode: context.policy.site.returnReason,
      lines: [],
      memo: stance.memo,
    };
    group.lines.push({ item, quantity, ...costOf(context, tied) });
    groups.set(key, group);
  }
  return [...groups.values()]
    .flatMap((group) => {
      const pages = Math.ceil(group.lines.length / LINES_PER_ADJUSTMENT);
      return Array.from({ length: pages }, (_, page) => ({
        ...group,
        lines: group.lines.slice(page * LINES_PER_ADJUSTMENT, (page + 1) * LINES_PER_ADJUSTMENT),
      }));
    })
    .map((document, index) => ({ step: index === 0 ? 'restock' : `restock-${index + 1}`, document }));
}

/**
 * The orders that send an exchange's goods: one per division, since a sales order has one, as steps
 * `replacement-order`, `replacement-order-2`, … in order of the exchange's lines. Empty when there is no exchange, or
 * while an item of it or the warehouse is not known.
 */
export function replacementSteps(context: Context, stance: Stance): ReplacementStep[] {
  const { document, facts } = context;
  const { location } = facts;
  if (document.exchange === null || location === null || document.state === 'undelivered') return [];
  const byDivision = new Map<string, ReplacementOrder['lines']>();
  for (const [index, line] of document.exchange.lines.entries()) {
    const item = facts.exchangeItems[index]?.item ?? null;
    if (item === null) return [];
    const tax = parseMoney(line.taxAmount, document.currency);
    const division = itemKeyDivision(item);
    const lines = byDivision.get(division) ?? [];
    lines.push({ item, quantity: line.quantity, unitPrice: line.unitPrice, tax });
    byDivision.set(division, lines);
  }
  return [...byDivision].map(([division, lines], index) => ({
    step: index === 0 ? 'replacement-order' : `replacement-order-${index + 1}`,
    document: {
      kind: 'sales-order',
      division,
      warehouse: location.warehouse,
      customer: document.customer,
      businessDate: stance.businessDate,
      lines,
      total: sum(
        lines.flatMap(({ unitPrice, quantity, tax }) => [extend(unitPrice, quantity, document.currency), tax]),
        document.currency,
      ),
      memo: `Exchange for return ${document.returnNo}`,
    },
  }));
}
