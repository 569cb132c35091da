/**
 * The decision function of the return saga (SG-02). Pure: the same return, sale, facts, answers and policy always give
 * the same plan, so a replay, a reset and a test see what production saw.
 *
 * The saga plans, waits for the causes, asks the open question, adds the answer, and plans again until nothing is
 * open; then it posts. After an answer of *correct* (X-09) the sale and the claims are read again first.
 *
 * What is settled in which order:
 * 1. withdrawn at the source, or declined by a person: nothing is posted;
 * 2. causes: mappings that are missing. A cause that holds the whole return also holds its
 *    questions, since what would be posted is not known;
 * 3. questions that hold the return whole (whole-questions.ts);
 * 4. questions that hold the credit (credit-questions.ts), before them the approval of an adjustment above its limit,
 *    which the restock must not overtake;
 * 5. the approval above a limit (limit-questions.ts).
 * A question is asked only when those before it are settled, so at most one of `wholeQuestion` and `creditQuestion` is
 * there. Once it is answered it does not come back with the same `shown`.
 */
import { subtract, sum } from '../money.js';
import { RETURN_QUESTIONS } from './answers.js';
import { causesOf } from './causes.js';
import { classify } from './classify.js';
import { beforeDispatchOrders, choiceOf, contextOf, type Context } from './context.js';
import { creditQuestionOf } from './credit-questions.js';
import { creditSteps } from './credits.js';
import type { PlanInput, ReturnPlan } from './plan-types.js';
import { adjustmentLimitQuestionOf, limitQuestionOf } from './limit-questions.js';
import { replacementSteps, restockSteps } from './restocks.js';
import { stanceOf } from './stance.js';
import { totalsOf } from './totals.js';
import { cancelledOrders, ordersToCancel, wholeQuestionOf } from './whole-questions.js';

export type * from './plan-types.js';
export type { PlannedChoice, PlannedQuestion } from './questions.js';

function declinedBy(context: Context): ReturnPlan['declined'] {
  const { document } = context;
  if (document.state === 'withdrawn') {
    return { question: 'withdrawn', why: `return ${document.returnNo} was withdrawn at its source` };
  }
  const question = RETURN_QUESTIONS.find((each) => choiceOf(context, each) === 'reject');
  const answer = question === undefined ? undefined : context.answered[question];
  if (question === undefined || answer === undefined) return null;
  return { question, why: `${answer.by} declined it: ${answer.why}` };
}

type Open = Pick<ReturnPlan, 'wholeQuestion' | 'creditQuestion'>;
const NOTHING_OPEN: Open = { wholeQuestion: null, creditQuestion: null };

function openQuestions(context: Context, cancelled: readonly string[]): Open {
  const whole = wholeQuestionOf(context, cancelled);
  if (whole !== null) return { ...NOTHING_OPEN, wholeQuestion: whole };
  const credit = creditQuestionOf(context, cancelled);
  if (credit !== null) {
    const adjustment = adjustmentLimitQuestionOf(context, cancelled);
    return adjustment === null
      ? { ...NOTHING_OPEN, creditQuestion: credit }
      : { ...NOTHING_OPEN, wholeQuestion: adjustment };
  }
  const limit = limitQuestionOf(context, cancelled);
  if (limit === null) return NOTHING_OPEN;
  return limit.half === 'whole'
    ? { ...NOTHING_OPEN, wholeQuestion: limit.question }
    : { ...NOTHING_OPEN, creditQuestion: limit.question };
}

/**
 * Plans a return. Amounts come from the invoices alone, units from the grants alone. Throws Error when
 * the facts were read for other lines or answers.
 */
export function planReturn(input: PlanInput): ReturnPlan {
  const all = contextOf(input);
  const { document } = input;
  const cancelOrders = cancelledOrders(all);
  const context = { ...all, lines: all.lines.filter(({ orderNo }) => !cancelOrders.includes(orderNo)) };
  const { unproven } = beforeDispatchOrders(all);
  const outcome = classify(all);
  const declined = declinedBy(all);
  const beside = {
    beforeDispatch: unproven.length > 0 || ordersToCancel(all).length > 0,
    withdrawn: document.state === 'withdrawn',
    undelivered: document.state === 'undelivered',
    exchange: document.exchange !== null,
  };
  if (declined !== null || context.lines.length === 0) {
    return {
      ...{ outcome, beside, declined, ...NOTHING_OPEN },
      ...{ causes: [], cancelOrders: declined === null ? cancelOrders : [], credits: [], restocks: [] },
      ...{ replacements: [], totals: totalsOf(all, [], []), difference: null },
    };
  }
  const causes = causesOf(context);
  const heldWhole = causes.some(({ half }) => half === 'whole');
  const stance = stanceOf(context, cancelOrders);
  const credits = creditSteps(context, stance);
  const restocks = causes.length > 0 ? [] : restockSteps(context, stance);
  const replacements = causes.length > 0 ? [] : replacementSteps(context, stance);
  const ordered = replacements.map(({ document: order }) => order.total);
  const totals = totalsOf(context, credits, restocks);
  return {
    outcome,
    beside,
    declined,
    ...(heldWhole ? NOTHING_OPEN : openQuestions(context, cancelOrders)),
    causes,
    cancelOrders,
    credits,
    restocks,
    replacements,
    totals,
    difference: ordered.length === 0 ? null : subtract(totals.credit, sum(ordered, document.currency)),
  };
}
