/**
 * The approval above a limit, once the amount stands (R-086): of the credit, of the customer's day, of the adjustment.
 *
 * An answer of finance that says what to credit (X-61, X-09, X-12) is the approval as well: the store holds it against
 * the person's limits with the same amount, so the same person is not asked twice. *Correct* names an order and no
 * amount, and the answers about quantity and cancellation are not finance's: after those the limit is still asked.
 */
import { needsTwo, toBase } from '../limits.js';
import { compare, extend, format, minorOf, sum, type Money } from '../money.js';
import { counted } from '../wording.js';
import { approved, creditText, moves, questionOf, yes, type Yes } from './asking.js';
import { linesWithoutOriginal, refundGap } from './classify.js';
import { choiceOf, type Context } from './context.js';
import type { PlannedQuestion } from './questions.js';
import { unitsBack } from './restocks.js';
import { stanceOf } from './stance.js';

/** What the goods of the adjustments cost, in base currency: unit costs are the company's own. */
function costOfRestock(context: Context, cancelled: readonly string[]): Money {
  const { baseCurrency } = context.policy;
  const stance = stanceOf(context, cancelled);
  return sum(
    stance.lines
      .filter(({ line }) => line.kind === 'goods' && line.disposition !== 'none')
      .map((tied) => extend(tied.sold?.unitCost ?? tied.mapped.unitCost ?? '0', unitsBack(tied, stance), baseCurrency)),
    baseCurrency,
  );
}

const decidedByFinance = (context: Context): boolean =>
  (choiceOf(context, 'undelivered') === 'credit' && linesWithoutOriginal(context).length === 0) ||
  approved(choiceOf(context, 'original-order')) ||
  ['as-sold', 'approve'].includes(choiceOf(context, 'refund') ?? '') ||
  (['open-period', 'own-date'].includes(choiceOf(context, 'closed-period') ?? '') &&
    linesWithoutOriginal(context).length === 0 &&
    refundGap(context) === null);

const above = (amount: Money | null, limit: Money | null): boolean =>
  limit !== null && (amount === null || compare(amount, limit) > 0);

/** Why the adjustment needs an approval, or null: it is within its limit, or was approved on its own. */
function costlyAdjustment(context: Context, cost: Money): string | null {
  const { adjustmentAtCost } = context.policy.limits;
  if (adjustmentAtCost === null || !above(cost, adjustmentAtCost)) return null;
  if (choiceOf(context, 'adjustment-limit') !== null) return null;
  return `its goods cost ${format(cost)}, and the limit for an adjustment is ${format(adjustmentAtCost)}`;
}

/**
 * The approval of an adjustment above its limit, while what to credit is still asked: the restock would go ahead of that
 * answer (T-38), so its own limit is asked first. Null when it needs none.
 */
export function adjustmentLimitQuestionOf(context: Context, cancelled: readonly string[]): PlannedQuestion | null {
  const cost = costOfRestock(context, cancelled);
  const why = costlyAdjustment(context, cost);
  if (why === null) return null;
  const draft = yes(context, cancelled, moves('approve', 'Put the goods back into stock.'), 'adjustment-limit');
  const question = questionOf(context, {
    question: 'adjustment-limit',
    code: 'approval',
    title: `Return ${context.document.returnNo} brings back ${counted(draft.units, 'unit')}: ${why}.`,
    expected: 'Within the limit, or agreed by a person whose own limit covers it',
    actual: why,
    steps: ['Count the goods and compare with the return.', 'Right: approve. Not ours: reject.'],
    yes: [draft],
    facts: { cost },
  });
  return { ...question, amount: cost, baseAmount: cost, twoPeople: needsTwo(context, cost) };
}

/**
 * The approval above a limit, or of a credit below nothing (R-086). `half` says what it holds: the credit; or the whole return, when it is the
 * adjustment's own limit that is passed.
 */
export function limitQuestionOf(
  context: Context,
  cancelled: readonly string[],
): { half: 'credit' | 'whole'; question: PlannedQuestion } | null {
  if (choiceOf(context, 'credit-limit') !== null || decidedByFinance(context)) return null;
  const { document, facts, policy } = context;
  const { creditPerReturn, creditPerCustomerDay } = policy.limits;
  const draft = yes(context, cancelled, moves('approve', ''), 'credit-limit');
  const total = sumOf(context, draft);
  const cost = costOfRestock(context, cancelled);
  const credits = draft.credits.length > 0;
  const costly = costlyAdjustment(context, cost);
  const credit = creditText(draft);
  const reasons = [
    credits && above(total, creditPerReturn) && creditPerReturn !== null
      ? `the limit for one return is ${format(creditPerReturn)}`
      : '',
    credits && above(total === null ? null : facts.customerDay, creditPerCustomerDay) && creditPerCustomerDay !== null
      ? `with it the customer is credited ${total === null ? `${credit} at no recorded rate` : format(facts.customerDay)} on ${document.businessDate}, and the limit for a day is ${format(creditPerCustomerDay)}`
      : '',
    owing(draft) ? 'its fees take more than the goods bring, so that the customer would owe money' : '',
    costly ?? '',
  ].filter(Boolean);
  if (reasons.length === 0) return null;
  const half = costly === null ? 'credit' : 'whole';
  const question = questionOf(context, {
    holds: half,
    question: 'credit-limit',
    code: 'approval',
    title: `Return ${document.returnNo} credits ${credit}: ${reasons.join('; ')}.`,
    expected: 'Within the limits, or agreed by a person whose own limit covers it',
    actual: reasons.join('; '),
    steps: [
      'Compare the credit with the return and with what was sold.',
      'Right: approve. Not to be credited: reject.',
    ],
    yes: [{ ...draft, choice: moves('approve', `Credit ${credit} and post the return.`) }],
  });
  return { half, question };
}

/** A return that comes to less than nothing: nobody bills a customer for one unasked. */
function owing({ credits }: Yes): boolean {
  const byCurrency = new Map<string, bigint>();
  for (const { total } of credits.map(({ document }) => document))
    byCurrency.set(total.currency, (byCurrency.get(total.currency) ?? 0n) + minorOf(total));
  return [...byCurrency.values()].some((minor) => minor < 0n);
}

function sumOf(context: Context, { credits }: Yes): Money | null {
  const amounts = credits.map(({ document }) => toBase(document.total, context.policy));
  const known = amounts.filter((amount) => amount !== null);
  return known.length < amounts.length ? null : sum(known, context.policy.baseCurrency);
}
