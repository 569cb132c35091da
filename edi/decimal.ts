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

const text = ({ units, places }: Scaled): string =>
  written((units < 0n ? -units : units).toString(), units < 0n, places);

/** The same of a whole number of the language that is safe. */
const short = (units: number, places: number): string => written(String(Math.abs(units)), units < 0, places);

function written(units: string, negative: boolean, places: number): string {
  const digits = units.length > places ? units : units.padStart(places + 1, '0');
  const number = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
  return negative ? `-${number}` : number;
}

/** Places behind the point. */
function placesOf(value: string): number {
  for (let at = value.length - 1; at >= 0; at--) if (value.charCodeAt(at) === 46) return value.length - at - 1;
  return 0;
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

/** Decimals that are added up, exactly: in whole numbers of the language while these are safe, then in long integers. */
export class Total {
  private units = 0;
  private places = 0;
  /** sum of the sizes: while it is safe, so was every step of the sum */
  private size = 0;
  /** by places, so that no number is widened alone; null until a sum is no longer safe */
  private long: Map<number, bigint> | null = null;

  /** Adds a decimal like `12.50` or `-3`. */
  add(value: string): void {
    if (value === '0') return;
    if (this.long !== null) return addLong(this.long, scaled(value));
    const own = placesOf(value);
    const places = Math.max(own, this.places);
    const widened = POWERS[places - this.places] ?? NaN;
    const part = digitsOf(value) * (POWERS[places - own] ?? NaN);
    const size = this.size * widened + Math.abs(part);
    if (Number.isSafeInteger(size)) {
      this.units = this.units * widened + part;
      this.size = size;
      this.places = places;
      return;
    }
    this.long = new Map([[this.places, BigInt(this.units)]]);
    addLong(this.long, scaled(value));
  }

  /** The sum, with as many places as the longest of what was added. */
  get value(): string {
    if (this.long === null) return short(this.units, this.places);
    let [units, places] = [0n, 0];
    for (const [next, part] of [...this.long].sort(([a], [b]) => a - b)) {
      units = units * 10n ** BigInt(next - places) + part;
      places = next;
    }
    return text({ units, places });
  }
}

const addLong = (to: Map<number, bigint>, { units, places }: Scaled): void => {
  to.set(places, (to.get(places) ?? 0n) + units);
};

/** Sum of decimals, with as many places as the longest of them. */
export function sum(values: readonly string[]): string {
  const total = new Total();
  for (const value of values) total.add(value);
  return total.value;
}

/** The product, with all its places. */
export function product(left: string, right: string): string {
  const units = digitsOf(left) * digitsOf(right);
  if (Number.isSafeInteger(units)) return short(units, placesOf(left) + placesOf(right));
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
