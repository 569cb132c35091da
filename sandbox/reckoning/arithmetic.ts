/** Amounts of the reckoning: minor units as bigint, over the sandbox's own exact decimals. */
import { amountOf, decimalOf, decimalsOf, divideRounded, micro } from '../core/decimal.js';

const MICRO = 1_000_000n;

const inMinor = (millionths: bigint, currency: string): bigint =>
  divideRounded(millionths * 10n ** BigInt(decimalsOf(currency)), MICRO);

/** Minor units of a decimal amount, rounded half away from zero; RangeError when it is no decimal. */
export const minor = (text: string, currency: string): bigint => inMinor(micro(text), currency);

/** Decimal text of minor units, with the currency's own decimals: `12.50`. */
export const decimal = (amount: bigint, currency: string): string => amountOf(Number(amount), currency);

/** Unit price × quantity in minor units, rounded half away from zero per line. */
export const extend = (unitPrice: string, quantity: number, currency: string): bigint =>
  inMinor(micro(unitPrice) * BigInt(quantity), currency);

/** `part` of `of` units' share of an amount in minor units, rounded half away from zero. */
export const share = (whole: bigint, part: number, of: number): bigint =>
  divideRounded(whole * BigInt(part), BigInt(of));

/** An amount times a decimal, such as a tax rate (`0.175`) or an exchange rate, rounded half away from zero. */
export const times = (amount: bigint, factor: string): bigint => divideRounded(amount * micro(factor), MICRO);

/** A unit cost at a rate to the base currency, to six places, rounded half away from zero. */
export const atRate = (unitCost: string, rate: string): string =>
  decimalOf(divideRounded(micro(unitCost) * micro(rate), MICRO));
