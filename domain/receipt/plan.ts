/**
 * The decision function of the receipt saga (SG-04). Pure: the same delivery, order, facts, answers and policy always
 * give the same plan.
 *
 * What is settled in which order:
 * 1. reversed at the source, or declined by a person: nothing is posted;
 * 2. causes: mappings that are missing;
 * 3. questions that hold the delivery whole (whole-questions.ts);
 * 4. what is undisputed posts at once; meanwhile the differences are asked about, one after the other
 *    (difference-questions.ts), and what their answers add posts after it.
 */
import { articleCause, divisionCause, eachOnce, locationCause, packCause, reasonCause, type Cause } from '../cause.js';
import { sum, zero, type Money } from '../money.js';
import { choiceOf, type ReceiptAnswer } from './answers.js';
import { differencesOf } from './brought.js';
import { differenceQuestionOf } from './difference-questions.js';
import { receiptOf, splitGrants, writeOffOf, type Ordered } from './documents.js';
import type { ReceiptPlan, ReceiptPlanInput } from './plan-types.js';
import { wholeQuestionOf } from './whole-questions.js';

export type * from './plan-types.js';

/** The source's reason for goods that leave the books as a loss (facts/archean-r247.md 3.3). */
export const WRITE_OFF = 'WRITE_OFF';

/** Plans a receipt. Units come from the grants alone, values from the order alone. */
export function planReceipt(input: ReceiptPlanInput): ReceiptPlan {
  const { document, order, policy } = input;
  const nothing = zero(policy.baseCurrency);
  const none: ReceiptPlan = {
    declined: declinedBy(input),
    causes: [],
    wholeQuestion: null,
    differenceQuestion: null,
    receipt: null,
    extraReceipt: null,
    damagedReceipt: null,
    writeOff: null,
    givenUp: [],
    totals: { units: 0, goods: nothing, landed: nothing },
  };
  if (none.declined !== null) return none;
  if (document.state === 'reversed')
    return { ...none, declined: { why: `delivery ${document.goodsInNo} was reversed at its source` } };
  const wholeQuestion = wholeQuestionOf(input);
  if (order === null) return { ...none, wholeQuestion };
  const causes = causesOf({ ...input, order });
  if (causes.length > 0 || wholeQuestion !== null) return { ...none, causes, wholeQuestion };
  return { ...none, ...postings({ ...input, order }) };
}

function declinedBy({ answers }: ReceiptPlanInput): ReceiptPlan['declined'] {
  const refusal = (['purchase-order', 'closed-period'] as const)
    .map((question) => answers.findLast((answer) => answer.question === question))
    .find((answer): answer is ReceiptAnswer => answer?.choice === 'reject');
  return refusal === undefined ? null : { why: `${refusal.by} declined it: ${refusal.why}` };
}

function causesOf({ document, facts }: Ordered): Cause[] {
  const { location } = facts;
  const found: Cause[] = location === null ? [locationCause(document.location, document.businessDate)] : [];
  for (const { lineNo, problem, contents } of facts.lines) {
    const line = document.lines.find((each) => each.lineNo === lineNo);
    if (line === undefined) continue;
    if (problem === 'unknown-pack') found.push(packCause(line.sku, line.uom));
    else if (problem !== 'none')
      found.push(articleCause(line.sku, problem === 'ambiguous-sku' ? 'ambiguous' : 'unknown'));
    for (const { division } of contents)
      if (location !== null && !location.divisions.includes(division))
        found.push(divisionCause(division, document.location));
  }
  return eachOnce(found);
}

function postings(input: Ordered): Partial<ReceiptPlan> & Pick<ReceiptPlan, 'totals'> {
  const { answers, policy } = input;
  const { sound, damaged } = splitGrants(input);
  const receipt = receiptOf(input, sound);
  const byUs = choiceOf(answers, 'damaged') === 'damaged-by-us' ? damaged : [];
  const extraReceipt = receiptOf(input, input.facts.extra);
  const damagedReceipt = receiptOf(input, byUs);
  const approved = choiceOf(answers, 'write-off') === 'approve';
  const lines = [receipt, extraReceipt, damagedReceipt].flatMap((each) => each?.lines ?? []);
  const total = (pick: (line: (typeof lines)[number]) => Money): Money => sum(lines.map(pick), policy.baseCurrency);
  return {
    // Nothing that was agreed is left out for want of a mapping.
    causes: approved && input.facts.writeOffReason === null ? [reasonCause(WRITE_OFF)] : [],
    receipt,
    extraReceipt,
    damagedReceipt,
    writeOff: approved ? writeOffOf(input, byUs) : null,
    differenceQuestion: differenceQuestionOf(input),
    givenUp: choiceOf(answers, 'short') === 'never-arrived' ? givenUp(input) : [],
    totals: {
      units: lines.reduce((units, { quantity }) => units + quantity, 0),
      goods: total(({ goods }) => goods),
      landed: total(({ landed }) => landed),
    },
  };
}

/** Units that never arrive, on the lines of the order that wait for them: the last line first, each line once. */
function givenUp(input: Ordered): ReceiptPlan['givenUp'] {
  const { document, order, facts } = input;
  const short = new Map<string, number>();
  for (const { item, units } of differencesOf(document, order, facts).short)
    short.set(item, (short.get(item) ?? 0) + units);
  return order.lines.toReversed().flatMap(({ poLine, item, ordered, cancelled }) => {
    const left = short.get(item) ?? 0;
    const taken = Math.min(left, Math.max(0, ordered - cancelled));
    short.set(item, left - taken);
    return taken > 0 ? [{ poLine, units: taken }] : [];
  });
}
