/** What every question of a return has in common: who may not decide it, the money at stake, what is shown. */
import type { ErpDocument } from '../documents.js';
import { digestOf } from '../digest.js';
import { EXCEPTIONS, type ExceptionCode, type Owner } from '../failures.js';
import { needsTwo } from '../limits.js';
import { add, format, zero, type Money } from '../money.js';
import type { ReturnAnswer, ReturnQuestion } from './answers.js';
import { larger } from './classify.js';
import { contextOf, creditedCustomer, type Context, type PlannedLine } from './context.js';
import { creditSteps } from './credits.js';
import type { CreditStep } from './plan-types.js';
import type { PlannedChoice, PlannedQuestion } from './questions.js';
import { unitsBack } from './restocks.js';
import { stanceOf } from './stance.js';
import { amountAtStake, baseCreditOf } from './totals.js';

/** Documents with more lines than this are shown by their totals and bound by their digest. */
const SHOWN_LINES = 60;

const REJECT: PlannedChoice = {
  choice: 'reject',
  label: 'Decline the return: nothing is posted and its units are given back.',
  proof: false,
};

/** No to a question that holds the credit alone: by then the restock may have gone ahead. */
const REJECT_CREDIT: PlannedChoice = {
  choice: 'reject',
  label: 'Do not credit it. What is not posted yet stays unposted; units back in stock become a question of their own.',
  proof: false,
};

/** A choice that moves money or stock. */
export const moves = (choice: string, label: string): PlannedChoice => ({ choice, label, proof: true });
export const approved = (choice: string | null): boolean => choice !== null && choice.startsWith('approve');

export interface Yes {
  choice: PlannedChoice;
  credits: CreditStep[];
  shown: unknown;
  units: number;
}

function frozen(document: ErpDocument): unknown {
  const count = document.lines.length + (document.kind === 'credit-memo' ? document.charges.length : 0);
  if (count <= SHOWN_LINES) return document;
  return { ...document, lines: [], charges: [], lineCount: count, digest: digestOf(document) };
}

/**
 * What a choice would lead to. `shown` names units and articles instead of adjustments, so that a mapping which
 * arrives meanwhile does not void an approval that never depended on it.
 */
export function yes(
  context: Context,
  cancelOrders: readonly string[],
  choice: PlannedChoice,
  question: ReturnQuestion,
): Yes {
  const answer: ReturnAnswer = { question, choice: choice.choice, why: '', by: '', shown: '' };
  const under = contextOf({ ...context, answers: [...context.answers, answer] });
  const stance = stanceOf(under, cancelOrders);
  const credits = creditSteps(under, stance);
  const back = stance.lines
    .filter(({ line }) => line.kind === 'goods' && line.disposition !== 'none')
    .map((tied) => ({ sku: tied.line.sku, quantity: unitsBack(tied, stance), disposition: tied.line.disposition }))
    .filter(({ quantity }) => quantity > 0);
  const units = back.reduce((sum, { quantity }) => sum + quantity, 0);
  const shownBack = back.length <= SHOWN_LINES ? back : { lineCount: back.length, digest: digestOf(back) };
  const shown = {
    credits: credits.map(({ step, document }) => ({ step, document: frozen(document) })),
    businessDate: stance.businessDate,
    unitsBack: shownBack,
  };
  return { choice, credits, shown, units };
}

/** Where the money of several choices differs, limits look at the largest. */
function atStake(context: Context, each: readonly Yes[]): { amount: Money; baseAmount: Money | null } {
  let amount = zero(context.document.currency);
  let baseAmount: Money | null = zero(context.policy.baseCurrency);
  for (const { credits } of each) {
    const base = baseCreditOf(credits, context);
    const own = amountAtStake(credits, context.document.currency, base);
    amount = own.currency === amount.currency ? larger(amount, own) : own;
    baseAmount = base === null || baseAmount === null ? null : larger(baseAmount, base);
  }
  return { amount, baseAmount };
}

/** The service or clerk that made the event and everyone who corrected something since: none of them approves. */
function requestersOf({ document, answers, facts }: Context): string[] {
  const correctors = answers.filter(({ choice }) => choice === 'correct').map(({ by }) => by);
  return [...new Set([document.processedBy, ...facts.mappedBy, ...correctors])].filter((name) => name !== '');
}

interface Wording {
  /** What a no ends: the credit alone, or the return. */
  holds?: 'credit' | 'whole';
  question: ReturnQuestion;
  code: ExceptionCode | 'approval';
  title: string;
  expected: string;
  actual: string;
  steps: string[];
  yes: Yes[];
  /** Choices that lead to nothing that could be shown: an order to correct to, an order to cancel. */
  others?: PlannedChoice[];
  /** More that is bound by the digest, such as orders tried already. */
  facts?: Record<string, unknown>;
}

/** Puts a question together. */
export function questionOf(context: Context, wording: Wording): PlannedQuestion {
  const { document } = context;
  const { question, code, title, expected, actual, steps, others = [], facts = {}, holds } = wording;
  const owner: Owner = code === 'approval' ? 'finance' : EXCEPTIONS[code].owner;
  const { amount, baseAmount } = atStake(context, wording.yes);
  return {
    question,
    code,
    owner,
    title,
    expected,
    actual,
    steps,
    choices: [...wording.yes.map(({ choice }) => choice), ...others, holds === 'credit' ? REJECT_CREDIT : REJECT],
    shown: {
      return: document.returnNo,
      version: document.version,
      ...facts,
      choices: Object.fromEntries(wording.yes.map(({ choice, shown }) => [choice.choice, shown])),
    },
    amount,
    baseAmount,
    units: Math.max(0, ...wording.yes.map(({ units }) => units)),
    requesters: requestersOf(context),
    customer: creditedCustomer(context),
    businessDate: document.businessDate,
    twoPeople: needsTwo(context, baseAmount),
  };
}

/** Some lines as text: the first three, and how many more there are. */
export function listed(lines: readonly PlannedLine[], tell: (line: PlannedLine) => string): string {
  const told = lines.slice(0, 3).map(tell).join('; ');
  return lines.length > 3 ? `${told}; and ${lines.length - 3} more lines` : told;
}

/** What a choice would credit, for its label: `GBP 12.00`, or nothing. */
export function creditText({ credits }: Pick<Yes, 'credits'>): string {
  const byCurrency = new Map<string, Money>();
  for (const { document } of credits) {
    const { currency } = document.total;
    byCurrency.set(currency, add(byCurrency.get(currency) ?? zero(currency), document.total));
  }
  return byCurrency.size === 0 ? 'nothing' : [...byCurrency.values()].map(format).join(' and ');
}
