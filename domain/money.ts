import { Big } from 'big.js';
import { z } from 'zod';

/** Decimals of each currency we trade in (ISO 4217). An unknown currency is refused, never assumed to have two. */
const EXPONENTS: Readonly<Record<string, number>> = {
  AUD: 2, CAD: 2, CHF: 2, CZK: 2, DKK: 2, EUR: 2, GBP: 2, HKD: 2, HUF: 2, JPY: 0, KRW: 0, KWD: 3, NOK: 2, NZD: 2,
  PLN: 2, SEK: 2, SGD: 2, USD: 2,
}; // prettier-ignore

export const Currency = z.string().refine((code) => code in EXPONENTS, {
  error: (issue) => `currency "${String(issue.input)}" is not known`,
});

/** An amount: integer minor units as text (a bigint cannot cross Temporal), with its currency. */
export const Money = z.object({ minor: z.string().regex(/^-?\d{1,18}$/), currency: Currency });
export type Money = z.infer<typeof Money>;

/** An exact decimal as text: a unit price, a rate, a cost. Never a number. */
export const DecimalText = z.string().regex(/^-?\d{1,15}(\.\d{1,6})?$/);
export type DecimalText = z.infer<typeof DecimalText>;

Big.strict = true;

/** Number of decimals of a currency. Throws RangeError for one we do not know. */
export function exponentOf(currency: string): number {
  const exponent = EXPONENTS[currency];
  if (exponent === undefined) throw new RangeError(`currency "${currency}" is not known`);
  return exponent;
}

export const money = (minor: bigint | string, currency: string): Money => ({
  minor: String(BigInt(minor)),
  currency,
});
export const zero = (currency: string): Money => ({ minor: '0', currency });
export const minorOf = (m: Money): bigint => BigInt(m.minor);

function sameCurrency(a: Money, b: Money): void {
  if (a.currency !== b.currency) throw new RangeError(`cannot combine ${a.currency} with ${b.currency}`);
}

/** Sum of two amounts of one currency; two currencies throw RangeError. */
export function add(a: Money, b: Money): Money {
  sameCurrency(a, b);
  return money(minorOf(a) + minorOf(b), a.currency);
}
export const negate = (m: Money): Money => money(-minorOf(m), m.currency);
export const subtract = (a: Money, b: Money): Money => add(a, negate(b));
export const sum = (amounts: readonly Money[], currency: string): Money => amounts.reduce(add, zero(currency));
export function compare(a: Money, b: Money): -1 | 0 | 1 {
  sameCurrency(a, b);
  const difference = minorOf(a) - minorOf(b);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}
export const isZero = (m: Money): boolean => minorOf(m) === 0n;
export const isPositive = (m: Money): boolean => minorOf(m) > 0n;

/** Reads a decimal amount (`12.5`) exactly; more decimals than the currency has are refused with RangeError. */
export function parseMoney(text: string, currency: string): Money {
  const scaled = new Big(text).times(new Big('10').pow(exponentOf(currency)));
  if (!scaled.eq(scaled.round(0))) throw new RangeError(`${text} has more decimals than ${currency} allows`);
  return money(scaled.toFixed(0), currency);
}

/** Exact decimal text of an amount with the currency's own decimals: `12.50`, `-3`. */
export function decimalOf(m: Money): string {
  return new Big(m.minor).div(new Big('10').pow(exponentOf(m.currency))).toFixed(exponentOf(m.currency));
}

/** Quantity × unit price, rounded half away from zero to minor units: the rule for one credited line. */
export function extend(unitPrice: DecimalText, quantity: number, currency: string): Money {
  const scaled = new Big(unitPrice).times(String(quantity)).times(new Big('10').pow(exponentOf(currency)));
  return money(roundHalfAwayFromZero(scaled), currency);
}

/** Rounds half away from zero (finance's "commercial" rounding), for both signs. */
export function roundHalfAwayFromZero(value: Big): string {
  return value
    .abs()
    .round(0, 1)
    .times(value.lt('0') ? '-1' : '1')
    .toFixed(0)
    .replace(/^-0$/, '0');
}

/**
 * Share of `whole` that belongs to `part` of `of` units, rounded half away from zero. The last part of a series
 * takes the remainder instead: see `remainderAfter`.
 */
export function prorate(whole: Money, part: number, of: number): Money {
  if (of <= 0) throw new RangeError(`cannot share an amount over ${of} units`);
  const precise = Big();
  precise.DP = 30;
  return money(roundHalfAwayFromZero(new precise(whole.minor).times(String(part)).div(String(of))), whole.currency);
}

/** Splits an amount over weights so that the parts always sum back; the remainder goes out one minor unit at a time. */
export function allocate(whole: Money, weights: readonly number[]): Money[] {
  const total = weights.reduce((a, b) => a + BigInt(b), 0n);
  if (total <= 0n) throw new RangeError('weights must sum to more than zero');
  const minor = minorOf(whole);
  const floor = weights.map((w) => (minor * BigInt(w)) / total);
  let left = minor - floor.reduce((a, b) => a + b, 0n);
  const step = left < 0n ? -1n : 1n;
  return floor.map((share, index) => {
    if (left === 0n || weights[index] === 0) return money(share, whole.currency);
    left -= step;
    return money(share + step, whole.currency);
  });
}

/** For people: `GBP 1,234.50`. Fixed spelling, independent of the machine's locale data. */
export function format(m: Money): string {
  const [whole = '0', fraction] = decimalOf(m).replace('-', '').split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return `${m.currency} ${minorOf(m) < 0n ? '-' : ''}${grouped}${fraction === undefined ? '' : `.${fraction}`}`;
}
