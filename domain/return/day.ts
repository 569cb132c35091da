/** What a return adds to its customer's day: the sum the daily limit looks at. */
import { zero, type Money } from '../money.js';
import type { ReturnAnswer } from './answers.js';
import { larger } from './classify.js';
import { planReturn } from './plan.js';
import type { PlanInput } from './plan-types.js';

/** Questions whose answer decides what is credited: until it is given the return adds nothing. */
const UNDECIDED: readonly ReturnAnswer['question'][] = ['original-order', 'quantity', 'refund'];

/**
 * Credit a return adds to its customer's day, in base currency. It counts from the moment its amount stands: posted,
 * waiting for an approval, for a mapping or for *cancelled before dispatch?*. One whose amount a person has yet to
 * decide adds nothing until then, and a declined one gives its share back.
 * A credit below nothing (fees above what was sold) makes no room for others.
 * Null: there is no rate for its currency, so the limit must ask.
 */
export function dayCredit(
  input: Omit<PlanInput, 'facts'> & { facts: Omit<PlanInput['facts'], 'customerDay'> },
): Money | null {
  const none = zero(input.policy.baseCurrency);
  const plan = planReturn({ ...input, facts: { ...input.facts, customerDay: none } });
  const open = plan.wholeQuestion ?? plan.creditQuestion;
  const undecided = open !== null && UNDECIDED.includes(open.question);
  if (plan.declined !== null || undecided) return none;
  const { baseCredit } = plan.totals;
  return baseCredit === null ? null : larger(none, baseCredit);
}
