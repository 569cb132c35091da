/**
 * Questions that hold a return whole. At most one is open; they come in this order:
 * 1. before-dispatch (X-64), when the ERP does not show that the order left: without dispatch there is no invoice to
 *    credit against, so nothing else can be judged first. Within the dispatch lead time only when nothing else is
 *    asked about the return's lines (R-812).
 * 2. quantity (X-11): how many units the return is about decides every figure after it (R-813).
 * 3. closed-period (X-24): both halves bear one date (R-807), so neither can post before it is settled.
 */
import { nextOpenPeriodAfter, periodOf } from '../business-date.js';
import { counted } from '../wording.js';
import { creditText, listed, moves, questionOf, yes, type Yes } from './asking.js';
import { exceedingLines, linesWithoutOriginal, refundGap } from './classify.js';
import { beforeDispatchOrders, choiceOf, type Context } from './context.js';
import type { PlannedQuestion } from './questions.js';

/** Orders that the before-dispatch question is about: empty when it does not come up (R-812). */
export function ordersToCancel(context: Context): string[] {
  const { unproven, withinLead } = beforeDispatchOrders(context);
  const asksElse =
    linesWithoutOriginal(context).length > 0 || exceedingLines(context).length > 0 || refundGap(context) !== null;
  return asksElse ? unproven : [...unproven, ...withinLead];
}

/** The orders a person had cancelled instead, less those that had left the house after all. */
export function cancelledOrders(context: Context): string[] {
  const answer = context.answered['before-dispatch'];
  return answer?.choice === 'cancel-order' ? (answer.orders ?? ordersToCancel(context)) : [];
}

function beforeDispatch(context: Context): PlannedQuestion | null {
  const orders = ordersToCancel(context);
  if (orders.length === 0 || choiceOf(context, 'before-dispatch') !== null) return null;
  const { document } = context;
  const { unproven } = beforeDispatchOrders(context);
  const [named, they] = orders.length === 1 ? ['Order', 'it'] : ['Orders', 'they'];
  const placed = context.lines.flatMap(({ order }) =>
    order !== null && orders.includes(order.orderNo) ? [`${order.orderNo} placed at ${order.placedAt}`] : [],
  );
  const process = moves('process', 'Go on as a return: credit what was sold and put the goods back into stock.');
  const cancel = moves('cancel-order', `Cancel ${orders.join(', ')} as a whole: no credit and no stock movement.`);
  const state =
    unproven.length > 0
      ? `${unproven.join(', ')} shows no dispatch in the ERP`
      : `return processed at ${document.processedAt}, within ${context.policy.dispatchLeadMinutes} minutes of its order`;
  return questionOf(context, {
    question: 'before-dispatch',
    code: 'X-64',
    title: `Return ${document.returnNo} came before ${orders.join(', ')} was dispatched: was ${they} cancelled instead?`,
    expected: `${named} ${orders.join(', ')} dispatched before anything comes back`,
    actual: `${state}; ${[...new Set(placed)].join(', ')}`,
    steps: [
      'Ask the warehouse whether the parcel left the house.',
      'Left: process the return.',
      'Never left, and nothing else of the order is to go out: cancel the order.',
    ],
    yes: [yes(context, [], process, 'before-dispatch')],
    others: [cancel],
    facts: { cancel: orders },
  });
}

function quantity(context: Context, cancelled: readonly string[]): PlannedQuestion | null {
  const exceeding = exceedingLines(context);
  if (exceeding.length === 0 || choiceOf(context, 'quantity') !== null) return null;
  const { document } = context;
  const siblings = [...new Set(exceeding.flatMap(({ grant }) => (grant?.siblings ?? []).map((each) => each.returnNo)))];
  const figures = listed(
    exceeding,
    ({ line, orderNo, sold, grant }) =>
      `${grant?.asked ?? line.quantity} × ${line.sku} of order ${orderNo} line ${sold?.orderLine ?? '?'}, where ${grant?.granted ?? 0} of ${sold?.quantity ?? 0} were left`,
  );
  const suspicion =
    siblings.length > 0
      ? `probable duplicate entry of ${siblings.join(', ')}`
      : 'no earlier return took any, so the order or the count is wrong';
  const covered = yes(context, cancelled, moves('post-covered', ''), 'quantity');
  const all = yes(context, cancelled, moves('post-all', ''), 'quantity');
  const label = (each: Yes, text: string): Yes => ({ ...each, choice: { ...each.choice, label: text } });
  const coveredText = `Post what was left: ${counted(covered.units, 'unit')}, credit ${creditText(covered)}.`;
  const allText = `Post all ${counted(all.units, 'unit')}, the excess at the refund price to goodwill: credit ${creditText(all)}.`;
  const anything = covered.units > 0 || covered.credits.length > 0;
  return questionOf(context, {
    question: 'quantity',
    code: 'X-11',
    title: `Return ${document.returnNo} brings back ${figures}: ${suspicion}.`,
    expected: 'No more units than were shipped and not yet returned',
    actual: figures,
    steps: [
      siblings.length > 0
        ? `Compare with ${siblings.join(', ')}: same goods, same day, same clerk means entered twice.`
        : 'Count the goods and compare with what the order shipped.',
      'Entered twice: reject. Partly right: post the covered part. All of it is here: post all.',
    ],
    yes: [...(anything ? [label(covered, coveredText)] : []), label(all, allText)],
    facts: { siblings },
  });
}

function closedPeriod(context: Context, cancelled: readonly string[]): PlannedQuestion | null {
  const { document, sold } = context;
  const own = periodOf(sold.periods, document.businessDate);
  if (own?.state !== 'closed' || choiceOf(context, 'closed-period') !== null) return null;
  const next = nextOpenPeriodAfter(sold.periods, document.businessDate);
  const intoNext = `Post both halves on ${next?.firstDay ?? ''}, into ${next?.code ?? ''}; the documents name ${document.businessDate}.`;
  const ownDate = `Period ${own.code} has been reopened: post both halves on ${document.businessDate}.`;
  return questionOf(context, {
    question: 'closed-period',
    code: 'X-24',
    title: `Return ${document.returnNo} is of ${document.businessDate}, and period ${own.code} is closed.`,
    expected: `Both halves dated ${document.businessDate}`,
    actual: `Period ${own.code} closed; ${next === undefined ? 'no later period is open' : `first open period ${next.code} from ${next.firstDay}`}`,
    steps: [
      'Within the close: reopen the period in the ERP, then choose its own date.',
      'After the close: post into the first open period.',
    ],
    yes: [
      ...(next === undefined ? [] : [yes(context, cancelled, moves('open-period', intoNext), 'closed-period')]),
      yes(context, cancelled, moves('own-date', ownDate), 'closed-period'),
    ],
    facts: { period: own.code },
  });
}

/** The next question that holds the return whole, or null. */
export function wholeQuestionOf(context: Context, cancelled: readonly string[]): PlannedQuestion | null {
  return beforeDispatch(context) ?? quantity(context, cancelled) ?? closedPeriod(context, cancelled);
}
