/**
 * Questions about what came otherwise than ordered. They hold nothing but the units they are about; each reason
 * has its own consequence. One question a kind, over all lines of the delivery.
 */
import { add, format, sum } from '../money.js';
import type { PlannedQuestion } from '../question.js';
import { counted } from '../wording.js';
import { choiceOf, type ReceiptQuestion } from './answers.js';
import { listed, looks, moves, questionOf, stakesOf, valueText } from './asking.js';
import { differencesOf, type Differences } from './brought.js';
import { splitGrants, worth, type Ordered } from './documents.js';

type Asked = PlannedQuestion<ReceiptQuestion> | null;
type Ask = (input: Ordered, differences: Differences) => Asked;

const notOnOrder: Ask = (input, { notOnOrder: lines }) => {
  if (lines.length === 0 || choiceOf(input.answers, 'not-on-order') === 'send-back') return null;
  const { document, order } = input;
  return questionOf(input, {
    question: 'not-on-order',
    code: 'X-17',
    title: `Delivery ${document.goodsInNo} brought ${listed(lines)}, and ${order.poNo} orders none of it.`,
    expected: `Articles of ${order.poNo}`,
    actual: listed(lines),
    steps: [
      'Compare label and delivery note: a wrong article scanned is corrected in the stock system.',
      'Wanted all the same: have buying add it to the order, then look again.',
      'Not wanted: send it back.',
    ],
    choices: [
      looks('look-again', 'The article is on the order now, or was corrected: look again.'),
      moves('send-back', 'It goes back to the supplier: these units are not received.'),
    ],
    facts: { lines, revision: order.revision },
    atStake: stakesOf(input, lines),
  });
};

const extra: Ask = (input, { extra: lines }) => {
  if (lines.length === 0 || choiceOf(input.answers, 'extra') === 'send-back') return null;
  const { document, order } = input;
  const stakes = stakesOf(input, lines);
  return questionOf(input, {
    question: 'extra',
    code: 'X-16',
    title: `Delivery ${document.goodsInNo} brought ${listed(lines)} more than ${order.poNo} still takes, worth ${valueText(stakes.value)}.`,
    expected: `No more than is open on ${order.poNo}`,
    actual: `${counted(stakes.units, 'unit')} too many: ${listed(lines)}`,
    steps: [
      'Have the warehouse count once more.',
      'Wanted: raise the ordered quantity in the ERP, then take them.',
      'Not wanted: send them back.',
    ],
    choices: [
      moves('take', `The order was raised: receive the ${counted(stakes.units, 'unit')} as well.`),
      moves('send-back', 'They go back to the supplier: these units are not received and not owed.'),
    ],
    facts: { lines, revision: order.revision },
    atStake: stakes,
  });
};

const damaged: Ask = (input, { damaged: lines }) => {
  if (lines.length === 0 || choiceOf(input.answers, 'damaged') !== null) return null;
  const { document, order } = input;
  const stakes = stakesOf(input, lines);
  return questionOf(input, {
    question: 'damaged',
    code: 'X-16',
    title: `Of delivery ${document.goodsInNo} ${listed(lines)} are damaged, worth ${valueText(stakes.value)}: who damaged them?`,
    expected: 'Sound goods',
    actual: `${counted(stakes.units, 'unit')} damaged: ${listed(lines)}`,
    steps: [
      'Look at the carton and the carrier’s receipt: damaged before it was signed for, or in our house?',
      'On arrival: keep photographs for the claim.',
    ],
    choices: [
      moves('damaged-on-arrival', `They arrived damaged: not received and not owed to ${order.supplier}.`),
      moves(
        'damaged-by-us',
        `We damaged them: received, owed to ${order.supplier}, and written off once finance agrees.`,
      ),
    ],
    facts: { lines },
    atStake: stakes,
  });
};

const short: Ask = (input, { short: lines }) => {
  if (lines.length === 0 || choiceOf(input.answers, 'short') !== null) return null;
  const { document, order } = input;
  const stakes = stakesOf(input, lines);
  return questionOf(input, {
    question: 'short',
    code: 'X-16',
    title: `Delivery ${document.goodsInNo} lacks ${listed(lines)} of what was expected, worth ${valueText(stakes.value)}.`,
    expected: listed(lines.map((line) => ({ ...line, units: expectedOf(input, line) }))),
    actual: `${counted(stakes.units, 'unit')} missing: ${listed(lines)}`,
    steps: [
      'Compare the count with the delivery note and ask the supplier.',
      'They follow later: the order stays open for them.',
      'They never come: the order is closed for receiving without them, and nothing is owed for them.',
    ],
    choices: [
      looks('still-coming', 'They follow with a later delivery: the order stays open.'),
      moves('never-arrived', `They never arrive: ${order.poNo} is closed for receiving without them.`),
    ],
    facts: { lines },
    atStake: stakes,
  });
};

const expectedOf = ({ document, facts }: Ordered, { lineNo, item }: { lineNo: number; item: string }): number => {
  const line = document.lines.find((each) => each.lineNo === lineNo);
  const content = facts.lines.find((each) => each.lineNo === lineNo)?.contents.find((each) => each.item === item);
  return (line?.expected ?? 0) * (content?.units ?? 1);
};

/** Finance agrees to a write-off, however small: it is the company's own loss. */
const writeOff: Ask = (input) => {
  if (choiceOf(input.answers, 'damaged') !== 'damaged-by-us' || choiceOf(input.answers, 'write-off') !== null)
    return null;
  const { document, policy } = input;
  const grants = splitGrants(input).damaged;
  const units = grants.reduce((all, each) => all + each.units, 0);
  if (units === 0) return null;
  const values = grants.map(({ poLine, units: some }) => worth(input, poLine, some));
  const value = sum(
    values.map(({ goods, landed }) => add(goods, landed)),
    policy.baseCurrency,
  );
  return questionOf(input, {
    question: 'write-off',
    code: 'approval',
    title: `Write off ${counted(units, 'unit')} of delivery ${document.goodsInNo} that we damaged: ${format(value)}.`,
    expected: 'A loss that finance has agreed to',
    actual: `${counted(units, 'unit')}, ${format(value)} with landed cost`,
    steps: [
      'Read what happened in the case of the damage.',
      'Agreed: approve. Not ours: reject, then they stay in stock.',
    ],
    choices: [
      moves('approve', `Write off ${counted(units, 'unit')}, ${format(value)}.`),
      { choice: 'reject', label: 'Do not write them off: they are received and stay in stock.', proof: false },
    ],
    facts: { units, value },
    atStake: { units, value },
    // Who said that we damaged them asks for the write-off.
    askedBy: input.answers.filter(({ question }) => question === 'damaged').map(({ by }) => by),
  });
};

/** The next question about a difference, or null when all are settled. */
export function differenceQuestionOf(input: Ordered): Asked {
  const differences = differencesOf(input.document, input.order, input.facts);
  for (const ask of [damaged, writeOff, notOnOrder, extra, short]) {
    const question = ask(input, differences);
    if (question !== null) return question;
  }
  return null;
}
