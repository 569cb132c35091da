/** What must come of one return: its documents, and what it waits for. Written from the requirements alone. */
import type { ArcheanReturn } from '../../clients/archean/schema.js';
import { extend, minor, times } from './arithmetic.js';
import { adjustments, creditMemos, replacements, type Matched } from './documents.js';
import type { HouseRules, ItemFacts } from './facts.js';
import type { ReckonedDocument, WaitsFor } from './report.js';

/** What a problem holds: both halves, or one of them. */
type Half = 'whole' | 'credit' | 'restock';
interface Problem {
  waitsFor: WaitsFor;
  half: Half;
}

const problem = (code: WaitsFor['code'], owner: WaitsFor['owner'], half: Half): Problem => ({
  waitsFor: { code, owner },
  half,
});

/** Minor units per line by which a refund may differ through rounding of a unit price. */
const ROUNDING = 1n;

/** Whether any line was refunded above or below what was sold, beyond rounding. */
function refundDiffers(row: ArcheanReturn, lines: readonly Matched[]): boolean {
  return lines.some(({ line, sold, grant }) => {
    if (sold === null || grant === null) return false;
    const off = extend(line.refundUnitPrice, line.quantity, row.currency) - grant.net;
    const plain = minor(sold.discount, row.currency) === 0n;
    return plain
      ? extend(line.refundUnitPrice, line.quantity, row.currency) !==
          extend(sold.unitPrice, line.quantity, row.currency)
      : off > ROUNDING || off < -ROUNDING;
  });
}

const minutesBetween = (earlier: string, later: string): number => (Date.parse(later) - Date.parse(earlier)) / 60_000;

/** Whether goods came back sooner after their order than a parcel can have left. */
function insideLeadTime(row: ArcheanReturn, lines: readonly Matched[], rules: HouseRules): boolean {
  return (
    rules.dispatchLeadMinutes > 0 &&
    lines.some(
      ({ line, order }) =>
        line.kind === 'GOODS' &&
        order !== null &&
        minutesBetween(order.placedAt, row.processedAt) <= rules.dispatchLeadMinutes,
    )
  );
}

/** What the goods that go back cost, at what they left with, in base currency. */
const costOf = (lines: readonly Matched[], { baseCurrency }: HouseRules): bigint =>
  lines
    .filter(({ line }) => line.kind === 'GOODS' && line.disposition !== 'NONE')
    .reduce((sum, { line, item, sold, grant }) => {
      const unitCost = sold?.unitCost ?? item?.standardCost ?? '0';
      return sum + extend(unitCost, grant?.granted ?? line.quantity, baseCurrency);
    }, 0n);

const over = (limit: string | null, amount: bigint, { baseCurrency }: HouseRules): boolean =>
  limit !== null && amount > minor(limit, baseCurrency);

/** Mappings that are missing: they hold the restock. */
function unmapped(row: ArcheanReturn, lines: readonly Matched[], rules: HouseRules): Problem[] {
  const found: Problem[] = [];
  const goods = lines.filter(({ line }) => line.kind === 'GOODS');
  if (goods.some(({ line, item }) => item === null && line.disposition !== 'NONE'))
    found.push(problem('X-02', 'operations', 'restock'));
  if (rules.locations[row.location] === undefined && (goods.length > 0 || !rules.halvesGoAhead))
    found.push(problem('X-03', 'warehouse', 'restock'));
  return found;
}

/**
 * The question of a return, one at a time. What holds it whole comes first: a question about the credit would let the
 * restock go ahead of it; and its own limit before that.
 */
function questionOf(row: ArcheanReturn, lines: readonly Matched[], rules: HouseRules): Problem | null {
  const costly = over(rules.adjustmentAtCost, costOf(lines, rules), rules)
    ? problem('approval', 'finance', 'whole')
    : null;
  const undispatched = ({ line, order }: Matched): boolean =>
    line.kind === 'GOODS' && order !== null && order.shippedAt === null;
  if (lines.some(undispatched)) return problem('X-64', 'operations', 'whole');
  if (lines.some(({ grant }) => grant !== null && grant.granted < grant.asked))
    return problem('X-11', 'warehouse', 'whole');
  if (row.state === 'UNDELIVERED') return costly ?? problem('X-61', 'finance', 'credit');
  if (lines.some(({ sold }) => sold === null)) return costly ?? problem('X-09', 'finance', 'credit');
  if (refundDiffers(row, lines)) return costly ?? problem('X-12', 'finance', 'credit');
  return insideLeadTime(row, lines, rules) ? problem('X-64', 'operations', 'whole') : costly;
}

/** Every problem of a return, most urgent first; the first is the one its case is opened for. */
function problemsOf(row: ArcheanReturn, lines: readonly Matched[], rules: HouseRules): Problem[] {
  const found = unmapped(row, lines, rules);
  if (found.length > 0 && !rules.halvesGoAhead) return found;
  const question = questionOf(row, lines, rules);
  return question === null ? found : [...found, question];
}

/** Credits of each customer and business day so far, in minor units of the base currency. */
export type CustomerDays = Map<string, bigint>;

/** Adds the credit to the day of the customer credited; whether it, or the day with it, is above a limit. */
function aboveLimit(
  row: ArcheanReturn,
  memos: ReturnType<typeof creditMemos>,
  rules: HouseRules,
  days: CustomerDays,
  day: string,
): boolean {
  const { gross } = memos;
  const base = row.currency === rules.baseCurrency ? gross : times(gross, rules.rates[row.currency] ?? '1');
  const customer = memos.documents[0]?.customer ?? row.customer;
  const key = `${customer}/${day}`;
  const sum = (customer === '' ? 0n : (days.get(key) ?? 0n)) + base;
  days.set(key, sum);
  return gross < 0n || over(rules.creditPerReturn, base, rules) || over(rules.creditPerCustomerDay, sum, rules);
}

/** Problems whose answer decides what is credited, if anything: until then the return adds nothing to its day. */
const UNDECIDED = new Set<WaitsFor['code']>(['X-09', 'X-11', 'X-12', 'X-61']);

export interface Outcome {
  documents: ReckonedDocument[];
  waitsFor: WaitsFor | null;
}

/**
 * The outcome of one return. Credit and restock bear one date, the return's own; a credit that waits for a
 * person lets the restock go, a restock that waits for a mapping lets the credit go.
 */
export function outcomeOf(
  row: ArcheanReturn,
  lines: readonly Matched[],
  exchangeItems: readonly (ItemFacts | null)[],
  rules: HouseRules,
  days: CustomerDays,
  postingDate: string,
): Outcome {
  if (row.state === 'WITHDRAWN') return { documents: [], waitsFor: null };
  const problems = problemsOf(row, lines, rules);
  const memos = creditMemos(row, lines, rules, postingDate);
  const decided = !problems.some(({ waitsFor }) => UNDECIDED.has(waitsFor.code));
  if (decided && aboveLimit(row, memos, rules, days, postingDate) && problems.every((one) => one.half === 'restock'))
    problems.push(problem('approval', 'finance', 'credit'));
  const held = (half: Half): boolean =>
    problems.some((one) => one.half === 'whole' || one.half === half || !rules.halvesGoAhead);
  const documents: ReckonedDocument[] = [];
  if (!held('credit')) documents.push(...memos.documents, ...replacements(row, exchangeItems, rules, postingDate));
  if (!held('restock') && !rules.creditMemoRestocks) documents.push(...adjustments(row, lines, rules, postingDate));
  return { documents, waitsFor: problems[0]?.waitsFor ?? null };
}
