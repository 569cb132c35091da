/**
 * What a return is: its class and what does not fit, found without asking anyone.
 *
 * One class per return, by precedence: unmapped location, no original order, more than is left, refund above or below
 * what was sold, plain. `charge-` in front when no line is goods. The class does not say who must agree.
 */
import { add, compare, extend, isZero, minorOf, money, negate, subtract, sum, zero, type Money } from '../money.js';
import { toBase } from '../limits.js';
import { beforeDispatchOrders, choiceOf, type Context, type PlannedLine } from './context.js';
import type { ReturnDocument } from './document.js';
import type { GoodsOutcome, ReturnOutcome } from './plan-types.js';

/** Deductions of a return as money, kept back positive; `rule` is null when no row explains the code. */
export function deductionsOf({ document, facts }: Pick<Context, 'document' | 'facts'>) {
  return document.deductions.map(({ code, amount }) => ({
    code,
    amount: extend(amount, 1, document.currency),
    rule: facts.deductions[code] ?? null,
  }));
}

/** What was paid back for `units` of a line by the source's own price, net. */
export const refundedFor = ({ line }: PlannedLine, units: number, document: ReturnDocument): Money =>
  extend(line.refundUnitPrice, units, document.currency);

export interface RefundGap {
  asSold: Money;
  refunded: Money;
  deductions: Money;
  /** Refunded less as sold: positive when the customer got more than they paid. */
  difference: Money;
  /** Lines whose own refund is off by more than rounding. */
  lines: PlannedLine[];
  unexplained: string[];
  /** Lines sold in another currency than the refund: no figure can be compared. */
  foreign: PlannedLine[];
}

const magnitude = (m: Money): bigint => (minorOf(m) < 0n ? -minorOf(m) : minorOf(m));

function within(difference: Money, tolerance: Money, context: Context): boolean {
  if (isZero(difference)) return true;
  const base = toBase(difference, context.policy);
  return base !== null && magnitude(base) <= magnitude(tolerance);
}

/**
 * Compares what was refunded with what the granted units were sold for, net. Rounding is allowed per line and
 * per document. A reason-coded deduction with a rule explains a difference, whether the source took it off its line
 * prices or stated it beside them; one without a rule explains nothing. Null when everything agrees.
 */
export function refundGap(context: Context): RefundGap | null {
  const { document, policy } = context;
  if (document.state === 'undelivered') return null;
  const tied = context.lines.filter(({ grant }) => grant !== null);
  const foreign = tied.filter(({ invoice }) => invoice?.currency !== document.currency);
  const pairs = tied.flatMap((each) =>
    each.grant === null || foreign.includes(each)
      ? []
      : [{ each, sold: each.grant.net, refunded: refundedFor(each, each.grant.granted, document) }],
  );
  const total = (amounts: Money[]): Money => sum(amounts, document.currency);
  const asSold = total(pairs.map(({ sold }) => sold));
  const refunded = total(pairs.map((pair) => pair.refunded));
  const deductions = deductionsOf(context);
  const kept = total(deductions.filter(({ rule }) => rule !== null).map(({ amount }) => amount));
  const difference = subtract(refunded, asSold);
  const { roundingPerLine, roundingPerDocument } = policy.limits;
  const off = pairs.filter(({ sold, refunded: paid }) => !within(subtract(paid, sold), roundingPerLine, context));
  const unexplained = deductions.filter(({ rule }) => rule === null).map(({ code }) => code);
  const gap: RefundGap = {
    asSold,
    refunded,
    deductions: total(deductions.map(({ amount }) => amount)),
    difference,
    lines: off.map(({ each }) => each),
    unexplained,
    foreign,
  };
  if (foreign.length > 0 || unexplained.length > 0) return gap;
  if (off.length === 0 && within(difference, roundingPerDocument, context)) return null;
  const takenOffPrices = !isZero(kept) && within(add(difference, kept), roundingPerDocument, context);
  return takenOffPrices ? null : gap;
}

/** Above or below: by the whole return, deductions without a rule counted; a tie by its first line that is off. */
function directionOf(context: Context, gap: RefundGap): 'refund-above-sold' | 'refund-below-sold' {
  const unruled = deductionsOf(context).filter(({ rule }) => rule === null);
  const whole = subtract(
    gap.difference,
    sum(
      unruled.map(({ amount }) => amount),
      context.document.currency,
    ),
  );
  const [first] = gap.lines;
  const line = !first?.grant
    ? zero(context.document.currency)
    : subtract(refundedFor(first, first.grant.granted, context.document), first.grant.net);
  const sign = isZero(whole) ? line : whole;
  return gap.foreign.length === 0 && minorOf(sign) < 0n ? 'refund-below-sold' : 'refund-above-sold';
}

/** Lines that ask for more than their order line had left when their turn came. */
export const exceedingLines = (context: Context): PlannedLine[] =>
  context.lines.filter(({ grant }) => grant !== null && grant.granted < grant.asked);

/** Lines without an original, except those whose order is known and merely not dispatched: that is X-64's matter. */
export function linesWithoutOriginal(context: Context): PlannedLine[] {
  const waived = choiceOf(context, 'before-dispatch') === 'process' ? [] : beforeDispatchOrders(context).unproven;
  return context.lines.filter(({ sold, orderNo }) => sold === null && !waived.includes(orderNo));
}

/** The class of a return. */
export function classify(context: Context): ReturnOutcome {
  const gap = refundGap(context);
  const goods: GoodsOutcome =
    context.facts.location === null
      ? 'unmapped-location'
      : linesWithoutOriginal(context).length > 0
        ? 'no-original'
        : exceedingLines(context).length > 0
          ? 'exceeds'
          : gap !== null
            ? directionOf(context, gap)
            : 'plain';
  return context.lines.every(({ line }) => line.kind === 'charge') ? `charge-${goods}` : goods;
}

/** Tax that belongs to `net` at the very rate a line was invoiced with: its share of the invoiced tax. */
export function taxLike(net: Money, soldNet: Money, soldTax: Money): Money {
  if (isZero(soldNet)) return zero(net.currency);
  const [a, b, c] = [minorOf(net), minorOf(soldTax), minorOf(soldNet)];
  const exact = a * b;
  const size = (v: bigint): bigint => (v < 0n ? -v : v);
  const rounded = (size(exact) * 2n + size(c)) / (size(c) * 2n);
  const share = money(rounded, net.currency);
  return exact < 0n !== c < 0n ? negate(share) : share;
}

/** The larger of two amounts of one currency. */
export const larger = (a: Money, b: Money): Money => (compare(a, b) < 0 ? b : a);
