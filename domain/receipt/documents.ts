/** From grants to the documents of a receipt. */
import { nextOpenPeriodAfter } from '../business-date.js';
import type { PoReceipt, StockAdjustment } from '../documents.js';
import { choiceOf, type ReceiptAnswer } from './answers.js';
import { inEaches } from './brought.js';
import type { GoodsIn } from './document.js';
import type { ReceiptFacts } from './facts.js';
import type { ReceiptPlanInput } from './plan-types.js';
import { unitCostOf, valueOf, type PurchaseOrder } from './purchase-order.js';

type Grant = ReceiptFacts['grants'][number];
/** A plan's input once the order is known. */
export interface Ordered extends ReceiptPlanInput {
  order: PurchaseOrder;
}

/** A delivery with what it was granted. */
interface Granted {
  document: GoodsIn;
  facts: Pick<ReceiptFacts, 'lines' | 'grants'>;
}

/** Grants cut in two: what nobody disputes, and the damaged units among them, which count last. */
export function splitGrants({ document, facts }: Granted): { sound: Grant[]; damaged: Grant[] } {
  const parts = inEaches(document, facts.lines).map((line) => {
    const grants = facts.grants.filter((grant) => grant.lineNo === line.lineNo && grant.item === line.item);
    let left = line.received - line.damaged;
    const sound: Grant[] = [];
    const damaged: Grant[] = [];
    for (const grant of grants) {
      const units = Math.min(left, grant.units);
      left -= units;
      if (units > 0) sound.push({ ...grant, units });
      if (grant.units > units) damaged.push({ ...grant, units: grant.units - units });
    }
    return { sound, damaged };
  });
  return { sound: parts.flatMap(({ sound }) => sound), damaged: parts.flatMap(({ damaged }) => damaged) };
}

/** Granted units that are not taken after all: the supplier's, damaged when they came. */
export const refusedOf = (input: Granted, answers: readonly ReceiptAnswer[]): Grant[] =>
  choiceOf(answers, 'damaged') === 'damaged-on-arrival' ? splitGrants(input).damaged : [];

/** Both halves bear one date: the delivery's own, or the first day of the period a person moved it to. */
function dating({ document, periods, answers }: Ordered): { businessDate: string; memo: string } {
  const memo = `Goods-in ${document.goodsInNo}`;
  const next = nextOpenPeriodAfter(periods, document.businessDate);
  if (choiceOf(answers, 'closed-period') !== 'open-period' || next === undefined)
    return { businessDate: document.businessDate, memo };
  return { businessDate: next.firstDay, memo: `${memo} of ${document.businessDate}, posted into ${next.code}` };
}

/** One receipt: a line per line of the order, item and quality. Null when nothing is granted. */
export function receiptOf(input: Ordered, grants: readonly Grant[]): PoReceipt | null {
  const { document, order, facts } = input;
  if (grants.length === 0 || facts.location === null) return null;
  const merged = new Map<string, Grant>();
  for (const grant of grants) {
    const key = `${grant.poLine} ${grant.quality}`;
    merged.set(key, { ...grant, units: grant.units + (merged.get(key)?.units ?? 0) });
  }
  const lines = [...merged.values()].sort((a, b) => a.poLine - b.poLine || a.quality.localeCompare(b.quality));
  return {
    kind: 'po-receipt',
    poNo: order.poNo,
    division: order.division,
    warehouse: facts.location.warehouse,
    receivedAt: document.completedAt,
    ...dating(input),
    lines: lines.map(({ poLine, item, quality, units }) => ({
      ...{ poLine, item, quality, quantity: units },
      ...worth(input, poLine, units),
    })),
  };
}

/** Units of a line of the order at its cost and stated rate, and their landed estimates. */
export function worth({ order, policy }: Ordered, poLine: number, units: number): ReturnType<typeof valueOf> {
  const unitCost = order.lines.find((line) => line.poLine === poLine)?.unitCost ?? '0';
  return valueOf(order, { unitCost }, units, policy.baseCurrency);
}

/** The units we damaged leave the books again, at what they came in with. Null when there are none. */
export function writeOffOf(input: Ordered, damaged: readonly Grant[]): StockAdjustment | null {
  const { facts, order } = input;
  if (damaged.length === 0 || facts.location === null || facts.writeOffReason === null) return null;
  const lines = new Map<string, StockAdjustment['lines'][number]>();
  for (const { item, poLine, units } of damaged) {
    const cost = costOf(input, poLine);
    const key = `${item} ${cost.unitCost ?? ''}`;
    lines.set(key, { item, quantity: (lines.get(key)?.quantity ?? 0) - units, ...cost });
  }
  const { businessDate, memo } = dating(input);
  return {
    kind: 'stock-adjustment',
    division: order.division,
    warehouse: facts.location.warehouse,
    businessDate,
    reasonCode: facts.writeOffReason,
    lines: [...lines.values()],
    memo: `${memo}: damaged by us when it was received`.slice(0, 240),
  };
}

/** What a unit came in with; where stock stands at standard cost the site decides alone. */
function costOf({ order, policy }: Ordered, poLine: number): { unitCost?: string } {
  const line = order.lines.find((each) => each.poLine === poLine);
  return policy.site.valuationMethod === 'standard' || line === undefined ? {} : { unitCost: unitCostOf(order, line) };
}
