/**
 * Questions that hold only the credit half; the restock goes ahead after T-38 (R-127, R-129). In this order:
 * 1. original-order (X-09): without an order there is no price to compare with.
 * 2. refund (X-12): what to credit.
 * 3. credit-limit (approval): whether it may be credited, once the amount stands (R-086).
 *
 * An answer of finance to 1 or 2 that says what to credit is the approval as well: the store holds it against the
 * person's limits with the same amount, so the same person is not asked twice. *Correct* names an order and no amount,
 * and the answers about quantity and cancellation are not finance's: after those the limit is still asked.
 */
import { compare, extend, format, minorOf, sum, type Money } from '../money.js';
import type { ReturnQuestion } from './answers.js';
import { creditText, listed, questionOf, yes, type Yes } from './asking.js';
import { deductionsOf, linesWithoutOriginal, refundGap } from './classify.js';
import { choiceOf, toBase, type Context } from './context.js';
import { correctedOrders } from './lines.js';
import type { PlannedChoice, PlannedQuestion } from './questions.js';
import { unitsBack } from './restocks.js';
import { divisionChoices, stanceOf } from './stance.js';

const moves = (choice: string, label: string): PlannedChoice => ({ choice, label, proof: true });
const approved = (choice: string | null): boolean => choice !== null && choice.startsWith('approve');

function labelled(
  context: Context,
  cancelled: readonly string[],
  question: ReturnQuestion,
  choice: string,
  tell: (credit: string) => string,
): Yes {
  const draft = yes(context, cancelled, moves(choice, ''), question);
  return { ...draft, choice: moves(choice, tell(creditText(draft))) };
}

function originalOrder(context: Context, cancelled: readonly string[]): PlannedQuestion | null {
  const { document } = context;
  const without = linesWithoutOriginal(context);
  if (without.length === 0 || approved(choiceOf(context, 'original-order'))) return null;
  const divisions = divisionChoices(context);
  const needsDivision = divisions.length > 1 && without.some(({ mapped }) => mapped.division === null);
  const choices = needsDivision ? divisions.map((division) => `approve-${division}`) : ['approve'];
  const tried = correctedOrders(context.answers);
  const { returnsWithoutOrder } = context.policy.site.accounts;
  const figures = listed(
    without,
    ({ line, missing }) => `line ${line.lineNo}, ${line.quantity} × ${line.sku}: ${missing}`,
  );
  const refund = sum(
    without.map(({ line }) => extend(line.refundUnitPrice, line.quantity, document.currency)),
    document.currency,
  );
  return questionOf(context, {
    question: 'original-order',
    code: 'X-09',
    title: `Return ${document.returnNo} has no original order for ${without.length} of ${context.lines.length} lines, refunded with ${format(refund)}.`,
    expected: 'Each line names an invoiced line of an order',
    actual: tried.length > 0 ? `${figures}; tried ${tried.join(', ')}` : figures,
    steps: [
      `Look for the order by customer ${document.customer || '(none given)'} and article; found: correct, with its number in data.orderNo.`,
      `Not to be found, and the refund stands: approve; it is credited at the refund price to account ${returnsWithoutOrder}.`,
    ],
    yes: choices.map((choice) => {
      const where = needsDivision ? ` of division ${choice.slice('approve-'.length)}` : '';
      return labelled(
        context,
        cancelled,
        'original-order',
        choice,
        (credit) => `Credit ${credit} without an order, at the refund price${where}.`,
      );
    }),
    others: [moves('correct', 'Name the original order in data.orderNo; the return is judged again with it.')],
    facts: { tried },
  });
}

function refund(context: Context, cancelled: readonly string[]): PlannedQuestion | null {
  const gap = refundGap(context);
  if (gap === null || ['as-sold', 'approve'].includes(choiceOf(context, 'refund') ?? '')) return null;
  const { document, policy } = context;
  const [foreign] = gap.foreign;
  const off = minorOf(gap.difference) < 0n ? 'below' : 'above';
  const deductions = deductionsOf(context).map(
    ({ code, amount, rule }) => `${code} ${format(amount)}${rule === null ? ' (no rule)' : ''}`,
  );
  const size: Money = { ...gap.difference, minor: gap.difference.minor.replace('-', '') };
  const title = foreign
    ? `Return ${document.returnNo} was refunded in ${document.currency}, and order ${foreign.orderNo} was sold in ${foreign.invoice?.currency ?? '?'}.`
    : minorOf(size) === 0n && gap.unexplained.length > 0
      ? `Return ${document.returnNo} carries ${gap.unexplained.join(', ')}, which no rule explains.`
      : `Return ${document.returnNo} was refunded ${format(size)} ${off} what was sold: ${format(gap.refunded)} against ${format(gap.asSold)}.`;
  const details = listed(
    gap.lines,
    ({ line, sold }) => `${line.sku}: refunded ${line.refundUnitPrice} each, sold at ${sold?.unitPrice ?? '?'}`,
  );
  return questionOf(context, {
    question: 'refund',
    code: 'X-12',
    title,
    expected: `${format(gap.asSold)} net, as sold`,
    actual: [`${format(gap.refunded)} net refunded`, details, ...deductions].filter(Boolean).join('; '),
    steps: [
      'The clerk mistyped, and the customer is paid what was sold: as-sold.',
      `The customer has what was refunded: approve; the difference goes to account ${policy.site.accounts.goodwill}.`,
      'A fee or goodwill with a reason of its own: have its code added to the deductions.',
    ],
    yes: [
      labelled(context, cancelled, 'refund', 'as-sold', (credit) => `Credit ${credit}: what was sold.`),
      ...(foreign
        ? []
        : [
            labelled(
              context,
              cancelled,
              'refund',
              'approve',
              (credit) => `Credit ${credit}: what was refunded, the difference as a line of its own.`,
            ),
          ]),
    ],
  });
}

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
  approved(choiceOf(context, 'original-order')) ||
  ['as-sold', 'approve'].includes(choiceOf(context, 'refund') ?? '') ||
  (['open-period', 'own-date'].includes(choiceOf(context, 'closed-period') ?? '') &&
    linesWithoutOriginal(context).length === 0 &&
    refundGap(context) === null);

const above = (amount: Money | null, limit: Money | null): boolean =>
  limit !== null && (amount === null || compare(amount, limit) > 0);

/**
 * The approval above a limit (R-086). `half` says what it holds: the credit; or the whole return, when it is the
 * adjustment's own limit that is passed.
 */
export function limitQuestionOf(
  context: Context,
  cancelled: readonly string[],
): { half: 'credit' | 'whole'; question: PlannedQuestion } | null {
  if (choiceOf(context, 'credit-limit') !== null || decidedByFinance(context)) return null;
  const { document, facts, policy } = context;
  const { creditPerReturn, creditPerCustomerDay, adjustmentAtCost } = policy.limits;
  const draft = yes(context, cancelled, moves('approve', ''), 'credit-limit');
  const total = sumOf(context, draft);
  const cost = costOfRestock(context, cancelled);
  const credits = draft.credits.length > 0;
  const credit = creditText(draft);
  const reasons = [
    credits && above(total, creditPerReturn) && creditPerReturn !== null
      ? `the limit for one return is ${format(creditPerReturn)}`
      : '',
    credits && above(total === null ? null : facts.customerDay, creditPerCustomerDay) && creditPerCustomerDay !== null
      ? `with it the customer is credited ${total === null ? `${credit} at no recorded rate` : format(facts.customerDay)} on ${document.businessDate}, and the limit for a day is ${format(creditPerCustomerDay)}`
      : '',
    above(cost, adjustmentAtCost) && adjustmentAtCost !== null
      ? `its goods cost ${format(cost)}, and the limit for an adjustment is ${format(adjustmentAtCost)}`
      : '',
  ].filter(Boolean);
  if (reasons.length === 0) return null;
  const question = questionOf(context, {
    question: 'credit-limit',
    code: 'approval',
    title: `Return ${document.returnNo} credits ${credit}: ${reasons.join('; ')}.`,
    expected: 'Within the limits, or agreed by a person whose own limit covers it',
    actual: reasons.join('; '),
    steps: ['Compare the documents below with the return.', 'Right: approve. Not to be credited: reject.'],
    yes: [{ ...draft, choice: moves('approve', `Credit ${credit} and post the return.`) }],
  });
  return { half: above(cost, adjustmentAtCost) ? 'whole' : 'credit', question };
}

/** The next question about what to credit, or null. */
export function creditQuestionOf(context: Context, cancelled: readonly string[]): PlannedQuestion | null {
  return originalOrder(context, cancelled) ?? refund(context, cancelled);
}

function sumOf(context: Context, { credits }: Yes): Money | null {
  const amounts = credits.map(({ document }) => toBase(document.total, context.policy));
  const known = amounts.filter((amount) => amount !== null);
  return known.length < amounts.length ? null : sum(known, context.policy.baseCurrency);
}
