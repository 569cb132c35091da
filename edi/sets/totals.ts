import { equal, sum } from '../decimal.js';
import type { Sheet } from '../schema/sheet.js';
import type { Source } from '../schema/source.js';
import { tagKey } from '../syntax/spelling.js';

/** Totals as CTT states them. */
export interface StatedTotals {
  readonly totals: { readonly lines: string; readonly hashTotal?: string | undefined };
}

/** Tells that a total is not what the set holds: at the last segment `tag`, element `element`. */
export function tellTotal(source: Source, tag: string, element: number, message: string): void {
  const segment = source.tags.lastIndexOf(tagKey(tag), source.count - 1);
  source.tell('total-differs', message, Math.max(segment, 0), { element });
}

/** Lines as an order has them; a document to be written may leave out an empty list. */
interface Ordered {
  readonly lines?: readonly { readonly item: { readonly ordered?: { readonly value: string } | undefined } }[];
}

/** How many lines an order has, and how much is ordered on each. */
export const ordered = ({ lines = [] }: Ordered): [lines: number, values: string[]] => [
  lines.length,
  lines.map(({ item }) => item.ordered?.value ?? '0'),
];

/** Digits of a hash total: what does not fit is cut off in front (X12 element 347). */
const HASH_DIGITS = 10;

/**
 * Whether `stated` is the hash total of `values`. The dictionary sums their digits without regard to point and sign
 * (element 347); many senders sum the numbers themselves, and are right where all are whole. Either is taken.
 */
function isHash(stated: string, values: readonly string[]): boolean {
  if (equal(stated, sum(values))) return true;
  const digits = sum(values.map((value) => value.replace(/[-.]/g, '')));
  return equal(stated, digits.slice(-HASH_DIGITS));
}

/** CTT01 counts the lines, CTT02 is the hash total of `values`. */
export function checkTotals(
  source: Source,
  stated: StatedTotals | undefined,
  lines: number,
  values: readonly string[] | null,
): void {
  if (stated === undefined) return;
  const { lines: counted, hashTotal } = stated.totals;
  if (counted !== String(lines)) tellTotal(source, 'CTT', 1, `CTT01 is ${counted}; ${lines} lines came`);
  if (hashTotal === undefined || values === null) return;
  if (!isHash(hashTotal, values))
    tellTotal(source, 'CTT', 2, `CTT02 is ${hashTotal}; the lines add up to ${sum(values)}`);
}

/** CTT as the writer computes it. A count or hash total that is given must be the computed one. */
export function completeTotals<T extends StatedTotals>(
  sheet: Sheet,
  stated: T | undefined,
  lines: number,
  values: readonly string[] | null,
): T | StatedTotals {
  const given = stated?.totals;
  if (given !== undefined && given.lines !== String(lines))
    sheet.refuse({ ref: 'CTT01' }, given.lines, `it is computed, and there are ${lines} lines`);
  if (given?.hashTotal !== undefined && values !== null && !isHash(given.hashTotal, values))
    sheet.refuse({ ref: 'CTT02' }, given.hashTotal, `it is computed, and the lines add up to ${sum(values)}`);
  return stated ?? { totals: { lines: String(lines) } };
}
