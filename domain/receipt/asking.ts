/** What every question of a receipt has in common: who may not decide it, what is at stake, what is shown. */
import { EXCEPTIONS, type ExceptionCode, type Owner } from '../failures.js';
import { needsTwo } from '../limits.js';
import { add, format, sum, type Money } from '../money.js';
import type { PlannedChoice, PlannedQuestion } from '../question.js';
import type { ReceiptQuestion } from './answers.js';
import type { Disputed } from './brought.js';
import type { Ordered } from './documents.js';
import type { ReceiptPlanInput } from './plan-types.js';
import { valueOf } from './purchase-order.js';

/** A choice that moves money or stock. */
export const moves = (choice: string, label: string): PlannedChoice => ({ choice, label, proof: true });
/** A choice that only looks again. */
export const looks = (choice: string, label: string): PlannedChoice => ({ choice, label, proof: false });

/** Declines the delivery, or what is left of it once a part may stand in the books. */
export const refusal = (begun: boolean): PlannedChoice => ({
  choice: 'reject',
  label: begun ? 'Decline the rest of the delivery.' : 'Decline the delivery: nothing of it is posted.',
  proof: false,
});

interface Wording {
  question: ReceiptQuestion;
  code: ExceptionCode | 'approval';
  owner?: Owner;
  title: string;
  expected: string;
  actual: string;
  steps: string[];
  choices: PlannedChoice[];
  /** Frozen beside what names the delivery: what a yes would do. */
  facts: Record<string, unknown>;
  atStake: { units: number; value: Money | null };
  /** Who else asked for it and may not decide it. */
  askedBy?: readonly string[];
}

/** Puts a question together. Amounts are in base currency. */
export function questionOf(
  { document, facts, answers, policy }: ReceiptPlanInput,
  { question, code, owner, title, expected, actual, steps, choices, facts: shown, atStake, askedBy = [] }: Wording,
): PlannedQuestion<ReceiptQuestion> {
  const requesters = [document.receivedBy, ...facts.mappedBy, ...askedBy].filter((name) => name !== '');
  return {
    ...{ question, code, title, expected, actual, steps, choices },
    owner: owner ?? (code === 'approval' ? 'finance' : EXCEPTIONS[code].owner),
    shown: {
      delivery: document.goodsInNo,
      version: document.version,
      // Asked once more it is another asking: the first answer does not count again.
      asked: answers.filter((answer) => answer.question === question).length + 1,
      ...shown,
    },
    amount: atStake.value,
    baseAmount: atStake.value,
    units: atStake.units,
    requesters: [...new Set(requesters)],
    customer: '',
    businessDate: document.businessDate,
    twoPeople: atStake.value !== null && needsTwo({ policy }, atStake.value),
  };
}

/** Units of a delivery's lines in words, three lines at most; a prepack with its sizes, all of them. */
export function listed(lines: readonly Disputed[]): string {
  const byLine = new Map<string, Disputed[]>();
  for (const line of lines) {
    const key = `${line.lineNo} ${line.sku}`;
    byLine.set(key, [...(byLine.get(key) ?? []), line]);
  }
  const each = [...byLine.values()];
  const told = each.slice(0, 3).map(lineInWords);
  return [...told, ...(each.length > 3 ? [`and ${each.length - 3} more lines`] : [])].join('; ');
}

/** A line of one article, or of a prepack: then how many of each size. */
function lineInWords(sizes: readonly Disputed[]): string {
  const units = sizes.reduce((all, size) => all + size.units, 0);
  const of = `${units} × ${sizes[0]?.sku ?? ''}`;
  if (sizes.length < 2) return of;
  return `${of} (${sizes.map(({ item, units: some }) => `${some} × ${item.split('|').filter(Boolean).join('-')}`).join(', ')})`;
}

/** What disputed units are worth at the order's cost and landed estimates; items that are not on it have no price. */
export function stakesOf(input: Ordered, lines: readonly Disputed[]): { units: number; value: Money | null } {
  const { order, policy } = input;
  const values = lines.flatMap(({ item, units }) => {
    const line = order.lines.find((each) => each.item === item);
    if (line === undefined) return [];
    const { goods, landed } = valueOf(order, line, units, policy.baseCurrency);
    return [add(goods, landed)];
  });
  return {
    units: lines.reduce((all, { units }) => all + units, 0),
    value: values.length === 0 ? null : sum(values, policy.baseCurrency),
  };
}

export const valueText = (value: Money | null): string => (value === null ? 'no price known' : format(value));
