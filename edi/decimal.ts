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

/** Digits that a binary float holds exactly, with room for some thousand of them. */
const SAFE_DIGITS = 12;
const ROOM = 2 ** 52;

/**
 * Sum of decimals, with as many places as the longest of them. Short ones are added as whole numbers of their place,
 * which is exact and ten times as fast; the others, and what grows too large, as integers without end.
 */
export function sum(values: readonly string[]): string {
  const small: number[] = [];
  const large: Scaled[] = [];
  for (const value of values) {
    const point = value.indexOf('.');
    const places = point < 0 ? 0 : value.length - point - 1;
    const before = small[places] ?? 0;
    if (value.length > SAFE_DIGITS || before > ROOM || before < -ROOM) large.push(scaled(value));
    else small[places] = before + Number(point < 0 ? value : value.slice(0, point) + value.slice(point + 1));
  }
  small.forEach((units, places) => large.push({ units: BigInt(units), places }));
  const places = Math.max(0, ...large.map((part) => part.places));
  return text({ units: large.reduce((all, part) => all + at(part, places), 0n), places });
}

/** The product, with all its places. */
export function product(left: string, right: string): string {
  const [a, b] = [scaled(left), scaled(right)];
  return text({ units: a.units * b.units, places: a.places + b.places });
}

/** The same with the sign turned. */
export const negated = (value: string): string => text({ ...scaled(value), units: -scaled(value).units });

/** Whether two decimals are the same number: `1.50` and `1.5` are. */
export function equal(left: string, right: string): boolean {
  const [a, b] = [scaled(left), scaled(right)];
  const places = Math.max(a.places, b.places);
  return at(a, places) === at(b, places);
}

/** Rounded half away from zero to `places`. */
export function rounded(value: string, places: number): string {
  const given = scaled(value);
  if (given.places <= places) return text({ units: at(given, places), places });
  const by = 10n ** BigInt(given.places - places);
  const half = given.units < 0n ? -by / 2n : by / 2n;
  return text({ units: (given.units + half) / by, places });
}
