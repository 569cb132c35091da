/**
 * The sandbox's own exact arithmetic: it must not share the product's, or a mistake there would agree with itself.
 * Unit prices, costs and rates are bigint millionths ("micro"); amounts of a document are whole minor units.
 */
const DECIMALS: Readonly<Record<string, number>> = { JPY: 0, KRW: 0, KWD: 3 };
const MICRO = 1_000_000n;

/** Decimals of a currency: two unless ISO 4217 says otherwise. */
export const decimalsOf = (currency: string): number => DECIMALS[currency] ?? 2;

/** Reads decimal text as millionths, exactly; RangeError when it is no decimal of at most six places. */
export function micro(text: string): bigint {
  const parts = /^(-?)(\d{1,15})(?:\.(\d{1,6}))?$/.exec(text);
  if (parts === null) throw new RangeError(`"${text}" is no decimal number of at most six places`);
  const value = BigInt(parts[2] ?? '0') * MICRO + BigInt((parts[3] ?? '').padEnd(6, '0'));
  return parts[1] === '-' ? -value : value;
}

/** Rounds `value / divisor` half away from zero. */
export function divideRounded(value: bigint, divisor: bigint): bigint {
  const negative = value < 0n !== divisor < 0n;
  const top = value < 0n ? -value : value;
  const bottom = divisor < 0n ? -divisor : divisor;
  const rounded = (top * 2n + bottom) / (bottom * 2n);
  return negative ? -rounded : rounded;
}

/** Millionths of the major unit as minor units of the currency, rounded half away from zero. */
export const minorOfMicro = (value: bigint, currency: string): number =>
  Number(divideRounded(value * 10n ** BigInt(decimalsOf(currency)), MICRO));

/** Quantity × unit price in minor units, rounded half away from zero per line. */
export const extended = (unitPrice: string, quantity: number, currency: string): number =>
  minorOfMicro(micro(unitPrice) * BigInt(quantity), currency);

/** Tax of a net amount at a rate given as a fraction (`0.175`), rounded half away from zero per line. */
export const taxOf = (netMinor: number, rate: string): number =>
  Number(divideRounded(BigInt(netMinor) * micro(rate), MICRO));

/** Reads an amount as minor units; RangeError when it has more decimals than the currency. */
export function minorOf(text: string, currency: string): number {
  const scaled = micro(text) * 10n ** BigInt(decimalsOf(currency));
  if (scaled % MICRO !== 0n) throw new RangeError(`${text} has more decimals than ${currency} allows`);
  return Number(scaled / MICRO);
}

/** Minor units as decimal text with the currency's own decimals. */
export function amountOf(minor: number, currency: string): string {
  const decimals = decimalsOf(currency);
  const digits = String(Math.abs(minor)).padStart(decimals + 1, '0');
  const text = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  return minor < 0 ? `-${text}` : text;
}

/** Millionths as decimal text, without needless zeros but with at least two places. */
export function decimalOf(value: bigint): string {
  const digits = String(value < 0n ? -value : value).padStart(7, '0');
  const fraction = digits.slice(-6).replace(/0{1,4}$/, '');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -6)}.${fraction}`;
}
