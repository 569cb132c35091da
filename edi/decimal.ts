/** Exact decimal arithmetic on text, for control totals: X12 numbers are never binary floats. */

interface Scaled {
  readonly units: bigint;
  readonly places: number;
}

function scaled(value: string): Scaled {
  const [whole = '0', fraction = ''] = value.split('.');
  return { units: BigInt(whole + fraction), places: fraction.length };
}

const at = ({ units, places }: Scaled, wanted: number): bigint => units * 10n ** BigInt(wanted - places);

function text({ units, places }: Scaled): string {
  const digits = (units < 0n ? -units : units).toString().padStart(places + 1, '0');
  const number = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
  return units < 0n ? `-${number}` : number;
}

/** Places behind the point. */
function placesOf(value: string): number {
  const point = value.indexOf('.');
  return point < 0 ? 0 : value.length - point - 1;
}

/** Digits that a whole number may have to be exact as a number of the language, whatever they are. */
const EXACT_DIGITS = 15;

/**
 * The digits of a decimal as a whole number, exactly, or NaN if there are too many. Adding up whole numbers takes a
 * tenth of the time that long integers take.
 */
function digitsOf(value: string): number {
  if (value.length > EXACT_DIGITS) return NaN;
  let digits = 0;
  let sign = 1;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code === 45) sign = -1;
    else if (code !== 46) digits = digits * 10 + (code - 48);
  }
  return sign * digits;
}

const POWERS = Array.from({ length: EXACT_DIGITS + 1 }, (_, n) => 10 ** n);

/** Sum of decimals, with as many places as the longest of them. */
export function sum(values: readonly string[]): string {
  let places = 0;
  for (const value of values) places = Math.max(places, placesOf(value));
  let units = 0;
  let size = 0;
  for (const value of values) {
    const part = digitsOf(value) * (POWERS[places - placesOf(value)] ?? NaN);
    units += part;
    size += Math.abs(part);
  }
  // While the sizes add up to a safe number, so did every step of the sum.
  if (Number.isSafeInteger(size)) return text({ units: BigInt(units), places });
  return longSum(values);
}

/** The same of numbers of any length: those with as many places are added up first, so none is widened alone. */
function longSum(values: readonly string[]): string {
  const sums = new Map<number, bigint>();
  for (const { units, places } of values.map(scaled)) sums.set(places, (sums.get(places) ?? 0n) + units);
  let [units, places] = [0n, 0];
  for (const [next, part] of [...sums].sort(([a], [b]) => a - b)) {
    units = units * 10n ** BigInt(next - places) + part;
    places = next;
  }
  return text({ units, places });
}

/** The product, with all its places. */
export function product(left: string, right: string): string {
  const units = digitsOf(left) * digitsOf(right);
  if (Number.isSafeInteger(units)) return text({ units: BigInt(units), places: placesOf(left) + placesOf(right) });
  const [a, b] = [scaled(left), scaled(right)];
  return text({ units: a.units * b.units, places: a.places + b.places });
}

/** The same with the sign turned. */
export const negated = (value: string): string => text({ ...scaled(value), units: -scaled(value).units });

/** Whether two decimals are the same number: `1.50` and `1.5` are. */
export function equal(left: string, right: string): boolean {
  if (left === right) return true;
  const [a, b] = [scaled(left), scaled(right)];
  const places = Math.max(a.places, b.places);
  return at(a, places) === at(b, places);
}

/** Whether a decimal is a whole number of times another one that is not zero. */
export function isMultiple(value: string, of: string): boolean {
  const [a, b] = [scaled(value), scaled(of)];
  const places = Math.max(a.places, b.places);
  return at(a, places) % at(b, places) === 0n;
}

/** Rounded half away from zero to `places`. */
export function rounded(value: string, places: number): string {
  const given = scaled(value);
  if (given.places <= places) return text({ units: at(given, places), places });
  const by = 10n ** BigInt(given.places - places);
  const half = given.units < 0n ? -by / 2n : by / 2n;
  return text({ units: (given.units + half) / by, places });
}
