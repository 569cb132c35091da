/**
 * Questions that hold only the credit half; the restock goes ahead after T-38. In this order:
 * 1. undelivered: whether a parcel that came back is credited at all; its restock does not wait.
 * 2. original-order: without an order there is no price to compare with.
 * 3. refund: what to credit.
 * The approval above a limit comes last (limit-questions.ts).
 */
import { extend, format, minorOf, sum, type Money } from '../money.js';
import { counted } from '../wording.js';
import type { ReturnQuestion } from './answers.js';
import { approved, creditText, listed, moves, questionOf, yes, type Yes } from './asking.js';
import { deductionsOf, linesWithoutOriginal, refundGap } from './classify.js';
import { choiceOf, isCredited, type Context } from './context.js';
import { correctedOrders } from './lines.js';
import type { PlannedQuestion } from './questions.js';
import { refundTimer } from './refund.js';
import { divisionChoices } from './stance.js';

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
    holds: 'credit',
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
    holds: 'credit',
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

/** An undelivered parcel is back in stock: it goes out again, or is credited as it was sold. */
function undelivered(context: Context, cancelled: readonly string[]): PlannedQuestion | null {
  const { document } = context;
  if (document.state !== 'undelivered' || choiceOf(context, 'undelivered') !== null) return null;
  const credit = labelled(context, cancelled, 'undelivered', 'credit', (text) => `Credit ${text}: what was sold.`);
  const orders = [...new Set(context.lines.map(({ orderNo }) => orderNo).filter((orderNo) => orderNo !== ''))];
  const of = orders.length === 0 ? 'of no known order' : `of ${orders.join(', ')}`;
  const question = questionOf(context, {
    question: 'undelivered',
    code: 'X-61',
    title: `Parcel ${document.returnNo} ${of} came back undelivered: send it again, or credit ${creditText(credit)}?`,
    expected: 'The parcel with its customer, or the customer credited',
    actual: `${counted(credit.units, 'unit')} back at ${document.location}; nothing is credited`,
    steps: [
      'Ask the customer: another address, or the money back.',
      'They want the goods: redispatch, when the warehouse sends them. They do not: credit.',
    ],
    yes: [credit],
    others: [moves('redispatch', 'Send the goods again: they leave stock as they came, nothing is credited.')],
  });
  const choices = question.choices.filter(({ choice }) => choice !== 'reject');
  return { ...question, timer: refundTimer(document, context.policy), choices };
}

/** The next question about what to credit, or null. */
export function creditQuestionOf(context: Context, cancelled: readonly string[]): PlannedQuestion | null {
  const parcel = undelivered(context, cancelled);
  if (parcel !== null || !isCredited(context)) return parcel;
  return originalOrder(context, cancelled) ?? refund(context, cancelled);
}
