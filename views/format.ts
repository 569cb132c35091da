/** How screens show times, ages, money and addresses. Times are the company's own, to the second. */
import { format } from '../domain/money.js';
import { at, lasting } from '../domain/wording.js';

/** When something is due, seen from now: `2026-03-31 14:05:07 (in 3 h)`, `… (40 min overdue)`. */
export function due(instant: string | null, zone: string, now = Date.now()): string {
  if (instant === null) return 'no due time';
  const ms = Date.parse(instant) - now;
  return `${at(instant, zone)} (${ms >= 0 ? `in ${lasting(ms)}` : `${lasting(ms)} overdue`})`;
}

/** Minor units and currency as people read them; `-` for none. */
export const amount = (minor: string | null, currency: string | null): string =>
  minor === null || currency === null ? '-' : format({ minor, currency });

/** Where Temporal's Web UI is, if it is known. */
export interface WebUi {
  ui: string | null;
  temporal: { namespace: string };
}

export { at, counted, lasting, short } from '../domain/wording.js';

/** Where the Web UI shows a saga; null when no Web UI is known. */
export const linkTo = (where: WebUi, workflowId: string): string | null =>
  where.ui === null
    ? null
    : `${where.ui}/namespaces/${encodeURIComponent(where.temporal.namespace)}/workflows/${encodeURIComponent(workflowId)}`;

/** Lines moved right. */
export const indent = (text: string, by = 2): string => text.replace(/^(?=.)/gm, ' '.repeat(by));

/** A date without its neighbours: `2026-03-01 to 2026-03-04`, or the dates one by one where they are few. */
export function datesText(dates: readonly string[]): string {
  if (dates.length <= 3) return dates.join(', ');
  return `${dates[0] ?? ''} to ${dates.at(-1) ?? ''} (${dates.length} days)`;
}
