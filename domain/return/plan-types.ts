/** What a return's plan is. `planReturn` (plan.ts) makes it; the return saga follows it. */
import type { Cause } from '../cause.js';
import type { CreditMemo, ReplacementOrder, StockAdjustment } from '../documents.js';
import type { Money } from '../money.js';
import type { Policy } from '../policy.js';
import type { ReturnAnswer } from './answers.js';
import type { ReturnDocument } from './document.js';
import type { ReturnFacts } from './facts.js';
import type { PlannedQuestion } from './questions.js';
import type { Sold } from './sold.js';

/** The class of a return, in the words of the history's README. It says what the return is, not who must agree. */
export type GoodsOutcome =
  'plain' | 'no-original' | 'exceeds' | 'refund-above-sold' | 'refund-below-sold' | 'unmapped-location';
export type ReturnOutcome = GoodsOutcome | `charge-${GoodsOutcome}`;

/** A cause that holds a half, or the whole, until a mapping is there; it takes no decision (design.md 6). */
export interface HeldCause extends Cause {
  half: 'whole' | 'restock';
}

export interface CreditStep {
  /** `credit-memo`, `credit-memo-2`, … in order of the return's lines. */
  step: string;
  document: CreditMemo;
}
export interface RestockStep {
  /** `restock`, `restock-2`, … */
  step: string;
  document: StockAdjustment;
}

export interface ReplacementStep {
  /** `replacement-order`, `replacement-order-2`, … */
  step: string;
  document: ReplacementOrder;
}

export interface ReturnPlan {
  outcome: ReturnOutcome;
  /** Facts beside the class. */
  beside: { beforeDispatch: boolean; withdrawn: boolean; undelivered: boolean; exchange: boolean };
  /** An answer declined the return: nothing is posted. `question` says which. */
  declined: { why: string; question: string } | null;
  /** Must be answered before anything posts. */
  wholeQuestion: PlannedQuestion | null;
  /** Holds the credit (and an exchange's replacement order) only; the restock goes ahead after T-38. */
  creditQuestion: PlannedQuestion | null;
  causes: HeldCause[];
  /** Orders to cancel in the ERP instead of a credit and a restock. Then all documents below are empty. */
  cancelOrders: string[];
  /** One per original order, division and currency. What a yes to the open question would post, if one is open. */
  credits: CreditStep[];
  /** One per warehouse and division, up to 100 lines each. */
  restocks: RestockStep[];
  /** One per division of an exchange's goods. */
  replacements: ReplacementStep[];
  totals: {
    /** Net plus tax of all credit memos. */
    credit: Money;
    /** Net of goods lines, and of charge lines, deductions and goodwill. */
    creditGoods: Money;
    creditCharges: Money;
    /** Credit in base currency, for limits; `null` when the policy has no rate for the currency. */
    baseCredit: Money | null;
    restockUnits: number;
  };
  /** Exchange only: credit less replacement; positive is refunded to the customer, negative is paid by them. */
  difference: Money | null;
}

export interface PlanInput {
  document: ReturnDocument;
  sold: Sold;
  facts: ReturnFacts;
  /** In the order they were given; the last one to a question counts. */
  answers: readonly ReturnAnswer[];
  policy: Policy;
}
