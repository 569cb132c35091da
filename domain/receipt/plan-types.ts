/** What a receipt's plan is. `planReceipt` (plan.ts) makes it; the receipt saga follows it. */
import type { PoReceipt, StockAdjustment } from '../documents.js';
import type { FiscalPeriod } from '../business-date.js';
import type { Cause } from '../cause.js';
import type { Money } from '../money.js';
import type { Policy } from '../policy.js';
import type { PlannedQuestion } from '../question.js';
import type { ReceiptAnswer, ReceiptQuestion } from './answers.js';
import type { GoodsIn } from './document.js';
import type { ReceiptFacts } from './facts.js';
import type { PurchaseOrder } from './purchase-order.js';

export interface ReceiptPlan {
  /** An answer declined the delivery: nothing is posted. */
  declined: { why: string } | null;
  /** Mappings that are missing: they hold the delivery whole. */
  causes: Cause[];
  /** Must be answered before anything posts. */
  wholeQuestion: PlannedQuestion<ReceiptQuestion> | null;
  /** Asked while what is undisputed posts; one at a time. */
  differenceQuestion: PlannedQuestion<ReceiptQuestion> | null;
  /** What the order takes and nobody disputes; null when that is nothing. */
  receipt: PoReceipt | null;
  /** Units taken since the first claim, because the order was raised. */
  extraReceipt: PoReceipt | null;
  /** Units that we damaged: they are owed to the supplier all the same, so they are received and written off. */
  damagedReceipt: PoReceipt | null;
  writeOff: StockAdjustment | null;
  /** Units that never arrived, by line of the order: the order is closed for receiving without them. */
  givenUp: { poLine: number; units: number }[];
  totals: { units: number; goods: Money; landed: Money };
}

export interface ReceiptPlanInput {
  document: GoodsIn;
  /** `null`: the ERP has none of the number. */
  order: PurchaseOrder | null;
  /** Fiscal periods the delivery's date may fall in, and the next open one. */
  periods: readonly FiscalPeriod[];
  facts: ReceiptFacts;
  /** In the order they were given; the last one to a question counts. */
  answers: readonly ReceiptAnswer[];
  policy: Policy;
  /** A part of it may stand in the books already: the rest goes to no other order. */
  begun?: boolean;
}
