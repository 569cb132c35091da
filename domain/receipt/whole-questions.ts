/** Questions that hold a delivery whole: which order it is for (X-18), and into which period it goes (X-24). */
import { nextOpenPeriodAfter, periodOf } from '../business-date.js';
import type { PlannedQuestion } from '../question.js';
import { choiceOf, orderNamed, type ReceiptQuestion } from './answers.js';
import { looks, moves, questionOf, refusal } from './asking.js';
import { splitGrants, type Ordered } from './documents.js';
import type { ReceiptPlanInput } from './plan-types.js';
import type { PurchaseOrder } from './purchase-order.js';

const NOTHING = { units: 0, value: null };
const STATES: Record<Exclude<PurchaseOrder['status'], 'open'>, string> = {
  'closed-for-receiving': 'closed for receiving',
  closed: 'closed',
  cancelled: 'cancelled',
};

/**
 * Something is still to be received on an order whose units were claimed while it was open. What was claimed first posts
 * by itself, and the ERP says no if it must; the order may even be closed because of it.
 */
const needsOrder = (input: Ordered): boolean =>
  input.facts.extra.length > 0 ||
  (choiceOf(input.answers, 'damaged') !== 'damaged-on-arrival' && splitGrants(input).damaged.length > 0);

/** The delivery names an order that does not exist or takes nothing any more. */
function purchaseOrder(input: ReceiptPlanInput): PlannedQuestion<ReceiptQuestion> | null {
  const { document, order, answers, facts, begun = false } = input;
  if (order?.status === 'open' || (order !== null && facts.claimed && !needsOrder({ ...input, order }))) return null;
  const poNo = orderNamed(document.poNo, answers);
  const named = poNo === '' ? 'no purchase order' : `purchase order ${poNo}`;
  const state = order === null ? 'the ERP has none of that number' : `it is ${STATES[order.status]}`;
  const units = document.lines.reduce((sum, line) => sum + line.received, 0);
  return questionOf(input, {
    question: 'purchase-order',
    code: 'X-18',
    title: `Delivery ${document.goodsInNo} names ${named}, and ${state}.`,
    expected: 'An open purchase order',
    actual: `${named}: ${state}; ${units} units wait at ${document.location}`,
    steps: [
      'Ask the warehouse for the delivery note and find the order it belongs to.',
      'The order is missing or wrongly closed: have buying raise or reopen it, then look again.',
      ...(begun ? [] : ['It belongs to another order: name that one in data.poNo.']),
    ],
    choices: [
      looks('look-again', 'The order is there and open now: look again.'),
      ...(order?.status === 'closed-for-receiving'
        ? [moves('reopen', `Reopen ${poNo} for receiving and receive the delivery against it.`)]
        : []),
      ...(begun ? [] : [moves('other-order', 'It belongs to the purchase order named in data.poNo.')]),
      refusal(begun),
    ],
    facts: { poNo, state: order?.status ?? 'unknown', revision: order?.revision ?? 0 },
    atStake: { ...NOTHING, units },
  });
}

function closedPeriod(input: ReceiptPlanInput): PlannedQuestion<ReceiptQuestion> | null {
  const { document, periods, answers, begun = false } = input;
  const own = periodOf(periods, document.businessDate);
  if (own?.state !== 'closed' || choiceOf(answers, 'closed-period') !== null) return null;
  const next = nextOpenPeriodAfter(periods, document.businessDate);
  return questionOf(input, {
    question: 'closed-period',
    code: 'X-24',
    title: `Delivery ${document.goodsInNo} is of ${document.businessDate}, and period ${own.code} is closed.`,
    expected: `A receipt dated ${document.businessDate}`,
    actual: `Period ${own.code} closed; ${next === undefined ? 'no later period is open' : `first open period ${next.code} from ${next.firstDay}`}`,
    steps: [
      'Within the close: reopen the period in the ERP, then choose its own date.',
      'After the close: post into the first open period.',
    ],
    choices: [
      ...(next === undefined
        ? []
        : [moves('open-period', `Post it on ${next.firstDay}; the document names ${document.businessDate}.`)]),
      moves('own-date', `Period ${own.code} has been reopened: post it on ${document.businessDate}.`),
      refusal(begun),
    ],
    facts: { period: own.code },
    atStake: NOTHING,
  });
}

/** The next question that holds the delivery whole, or null. */
export const wholeQuestionOf = (input: ReceiptPlanInput): PlannedQuestion<ReceiptQuestion> | null =>
  purchaseOrder(input) ?? closedPeriod(input);
