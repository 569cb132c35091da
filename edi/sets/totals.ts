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

/**
 * CTT01 counts the lines, CTT02 is the sum of `values`. A hash total longer than its ten digits has lost its first ones
 * (X12 element 347), so only what fits is compared.
 */
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
  const hash = sum(values);
  if (!equal(hashTotal, hash)) tellTotal(source, 'CTT', 2, `CTT02 is ${hashTotal}; the lines add up to ${hash}`);
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
  if (given?.hashTotal !== undefined && values !== null && !equal(given.hashTotal, sum(values)))
    sheet.refuse({ ref: 'CTT02' }, given.hashTotal, `it is computed, and the lines add up to ${sum(values)}`);
  return stated ?? { totals: { lines: String(lines) } };
}
