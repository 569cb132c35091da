/** From a plan to the postings of a return. */
import { format } from '../../domain/money.js';
import type { ReturnDocument } from '../../domain/return/document.js';
import type { ReturnPlan } from '../../domain/return/plan-types.js';
import { amountAtStake } from '../../domain/return/totals.js';
import type { Sold } from '../../domain/return/sold.js';
import { counted } from '../../domain/wording.js';
import { intoOpenPeriod, posting, type PostedStep, type Posting, type Stakes } from '../postings.js';
import { blueCherry } from '../systems.js';

/** A step's name within its version, so that a corrected version posts under references of its own. */
const named = (step: string, document: ReturnDocument): string =>
  document.version === 1 ? step : `${step}-v${document.version}`;

export function stakesOf(document: ReturnDocument, plan: ReturnPlan): Stakes {
  return {
    amount: amountAtStake(plan.credits, document.currency, plan.totals.baseCredit),
    baseAmount: plan.totals.baseCredit,
    units: plan.totals.restockUnits,
    requesters: [document.processedBy],
    customer: document.customer,
    businessDate: document.businessDate,
    twoPeople: false,
  };
}

const links = (document: ReturnDocument, orderNo?: string): { system: string; kind: string; number: string }[] => [
  { system: document.source, kind: 'return', number: document.returnNo },
  ...(orderNo ? [{ system: 'blue-cherry', kind: 'sales order', number: orderNo }] : []),
];

/** The credit half: one memo per original order, division and currency, then an exchange's replacement orders. */
export function creditPostings(document: ReturnDocument, plan: ReturnPlan, sold: Sold): Posting[] {
  const shared = { seq: document.seq, stakes: stakesOf(document, plan) };
  const memos = plan.credits.map(({ step, document: memo }) =>
    posting({
      ...shared,
      step: named(step, document),
      title: `Credit memo over ${format(memo.total)}${memo.orderNo ? ` against ${memo.orderNo}` : ' without an order'}`,
      post: blueCherry.postCreditMemo,
      with: memo,
      reversal: blueCherry.reverseCreditMemo,
      links: links(document, memo.orderNo),
      corrections: intoOpenPeriod(memo, sold.periods),
    }),
  );
  const orders = plan.replacements.map(({ step, document: order }) =>
    posting({
      ...shared,
      step: named(step, document),
      title: `Replacement order over ${format(order.total)}`,
      post: blueCherry.createReplacementOrder,
      with: order,
      reversal: blueCherry.cancelReplacementOrder,
      links: links(document),
    }),
  );
  return [...memos, ...orders];
}

/** The restock half: one adjustment per warehouse and division, up to 100 lines each. */
export function restockPostings(document: ReturnDocument, plan: ReturnPlan, sold: Sold): Posting[] {
  return plan.restocks.map(({ step, document: adjustment }) => {
    const units = adjustment.lines.reduce((sum, line) => sum + line.quantity, 0);
    return posting({
      step: named(step, document),
      title: `Restock ${counted(units, 'unit')} into warehouse ${adjustment.warehouse}`,
      seq: document.seq,
      stakes: stakesOf(document, plan),
      post: blueCherry.postStockAdjustment,
      with: adjustment,
      reversal: blueCherry.reverseStockAdjustment,
      links: links(document),
      corrections: intoOpenPeriod(adjustment, sold.periods),
    });
  });
}

const QUARANTINE = 'quarantine-';
/** Moves restocked units where they cannot be sold, when their credit was refused (R-814). */
export function quarantinePostings(
  document: ReturnDocument,
  plan: ReturnPlan,
  warehouse: string,
  restocked: readonly PostedStep[],
): Posting[] {
  return restocked.flatMap(({ posting: done }) => {
    if (done.document.kind !== 'stock-adjustment' || done.step.startsWith(QUARANTINE)) return [];
    const out = {
      ...done.document,
      lines: done.document.lines.map((l) => ({ ...l, quantity: -l.quantity })),
    };
    const moves = [
      { suffix: 'out', adjustment: out, where: done.document.warehouse },
      { suffix: 'in', adjustment: { ...done.document, warehouse }, where: warehouse },
    ];
    return moves.map(({ suffix, adjustment, where }) =>
      posting({
        step: `${QUARANTINE}${done.step}-${suffix}`,
        title: `Quarantine: units ${suffix === 'out' ? 'leave' : 'enter'} warehouse ${where}`,
        seq: document.seq,
        stakes: stakesOf(document, plan),
        post: blueCherry.postStockAdjustment,
        with: adjustment,
        reversal: blueCherry.reverseStockAdjustment,
        links: links(document),
      }),
    );
  });
}
