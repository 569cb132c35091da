/** How screens show times, ages, money and addresses. Times are the company's own, to the second. */
import { zoneOffsetMs } from '../domain/business-date.js';
import { format } from '../domain/money.js';

/** An instant in a zone: `2026-03-31 14:05:07`; `-` for none. */
export function at(instant: string | null | undefined, zone: string): string {
  const ms = instant === null || instant === undefined ? NaN : Date.parse(instant);
  if (Number.isNaN(ms)) return '-';
  return new Date(ms + zoneOffsetMs(ms, zone)).toISOString().slice(0, 19).replace('T', ' ');
}

const STEPS: readonly (readonly [number, string, number])[] = [
  [90_000, 's', 1000],
  [90 * 60_000, 'min', 60_000],
  [48 * 3_600_000, 'h', 3_600_000],
  [Infinity, 'days', 86_400_000],
];

/** A length of time in one unit: `12 s`, `40 min`, `3 h`, `5 days`; `-` for none. */
export function lasting(ms: number | null): string {
  if (ms === null) return '-';
  const [, unit, of] = STEPS.find(([below]) => Math.abs(ms) < below) ?? [0, 'days', 86_400_000];
  return `${Math.round(Math.abs(ms) / of)} ${unit}`;
}

/** When something is due, seen from now: `2026-03-31 14:05:07 (in 3 h)`, `… (40 min overdue)`. */
export function due(instant: string | null, zone: string, now = Date.now()): string {
  if (instant === null) return 'no due time';
  const ms = Date.parse(instant) - now;
  return `${at(instant, zone)} (${ms >= 0 ? `in ${lasting(ms)}` : `${lasting(ms)} overdue`})`;
}

/** Minor units and currency as people read them; `-` for none. */
export const amount = (minor: string | null, currency: string | null): string =>
  minor === null || currency === null ? '-' : format({ minor, currency });

export { counted } from '../domain/wording.js';

/** Where Temporal's Web UI is, if it is known. */
export interface WebUi {
  ui: string | null;
  temporal: { namespace: string };
}

/** Where the Web UI shows a saga; null when no Web UI is known. */
export const linkTo = (where: WebUi, workflowId: string): string | null =>
  where.ui === null
    ? null
    : `${where.ui}/namespaces/${encodeURIComponent(where.temporal.namespace)}/workflows/${encodeURIComponent(workflowId)}`;

/** Text cut to a length, so that one long value does not break a table. */
export const short = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1)}…`;

/** Lines moved right. */
export const indent = (text: string, by = 2): string => text.replace(/^(?=.)/gm, ' '.repeat(by));

/** A date without its neighbours: `2026-03-01 to 2026-03-04`, or the dates one by one where they are few. */
export function datesText(dates: readonly string[]): string {
  if (dates.length <= 3) return dates.join(', ');
  return `${dates[0] ?? ''} to ${dates.at(-1) ?? ''} (${dates.length} days)`;
}
