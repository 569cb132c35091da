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

/** Sum of decimals, with as many places as the longest of them. */
export function sum(values: readonly string[]): string {
  const parts = values.map(scaled);
  const places = Math.max(0, ...parts.map((part) => part.places));
  return text({ units: parts.reduce((all, part) => all + at(part, places), 0n), places });
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
