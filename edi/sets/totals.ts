import { equal, sum } from '../decimal.js';
import type { Severity } from '../faults.js';
import type { Sheet } from '../schema/sheet.js';
import type { Source } from '../schema/source.js';
import { tagKey } from '../syntax/spelling.js';

/** What CTT states. */
export interface StatedCounts {
  readonly lines: string;
  readonly hashTotal?: string | undefined;
}

/** Totals as CTT states them, in sets where amounts follow it. */
export interface StatedTotals {
  readonly totals: StatedCounts;
}

/** Tells that a total is not what the set holds: at the last segment `tag`, element `element`. */
export function tellTotal(source: Source, tag: string, element: number, message: string, severity?: Severity): void {
  const segment = source.tags.lastIndexOf(tagKey(tag), source.count - 1);
  source.tell('total-differs', message, Math.max(segment, 0), { element }, severity);
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

/** CTT01 counts the lines. */
export function checkLineCount(source: Source, { lines: counted }: StatedCounts, lines: number): void {
  if (counted !== String(lines)) tellTotal(source, 'CTT', 1, `CTT01 is ${counted}; ${lines} lines came`);
}

/** CTT01 of a ship notice counts the levels; senders that count the items are understood, and told. */
export function checkLevelCount(
  source: Source,
  { lines: counted }: StatedCounts,
  levels: number,
  itemLevels: () => number,
): void {
  if (counted === String(levels)) return;
  const items = itemLevels();
  const own = counted === String(items);
  const message = own
    ? `CTT01 is ${counted}, the number of items; the standard counts all ${levels} levels`
    : `CTT01 is ${counted}; ${levels} levels came, ${items} of them items`;
  tellTotal(source, 'CTT', 1, message, own ? 'warning' : undefined);
}

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

/** CTT02 is the hash total of the values; of several lists, of one of them. */
export function checkHash(source: Source, { hashTotal }: StatedCounts, lists: readonly (readonly string[])[]): void {
  if (hashTotal === undefined || lists.some((values) => isHash(hashTotal, values))) return;
  tellTotal(source, 'CTT', 2, `CTT02 is ${hashTotal}; the lines add up to ${sum(lists[0] ?? [])}`);
}

/** CTT01 counts the lines, CTT02 is the hash total of `values`. */
export function checkTotals(
  source: Source,
  stated: StatedTotals | undefined,
  lines: number,
  values: readonly string[] | null,
): void {
  if (stated === undefined) return;
  checkLineCount(source, stated.totals, lines);
  if (values !== null) checkHash(source, stated.totals, [values]);
}

/**
 * What a document comes to; null where it is not made as its type says, which the writer then refuses part by part.
 */
export function tried<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}

/** A count or hash total that is given must be a computed one; CTT is the computed one where none is given. */
export function completeCounts<T extends StatedCounts>(
  sheet: Sheet,
  given: T | undefined,
  lines: number,
  lists: readonly (readonly string[])[] | null,
): T | StatedCounts {
  if (given !== undefined && given.lines !== String(lines))
    sheet.refuse({ ref: 'CTT01' }, given.lines, `it is computed, and there are ${lines} lines`);
  const { hashTotal } = given ?? {};
  if (hashTotal === undefined || lists === null) return given ?? { lines: String(lines) };
  if (tried(() => lists.some((values) => isHash(hashTotal, values))) === false)
    sheet.refuse({ ref: 'CTT02' }, hashTotal, `it is computed, and the lines add up to ${sum(lists[0] ?? [])}`);
  return given ?? { lines: String(lines) };
}

/** CTT as the writer computes it, in sets where amounts follow it. */
export const completeTotals = <T extends StatedTotals>(
  sheet: Sheet,
  stated: T | undefined,
  lines: number,
  values: readonly string[] | null,
): T | StatedTotals => {
  const totals = completeCounts(sheet, stated?.totals, lines, values === null ? null : [values]);
  return stated ?? { totals };
};
