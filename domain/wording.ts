/** Counts, times and lengths of time in words that people read. */
import { zoneOffsetMs } from './business-date.js';

/** `1 unit`, `2 units`; `many` where the plural is irregular. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

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

/** Text cut to a length, so that one long value does not break a table. */
export const short = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1)}…`;

/** A cell of a text table; `right` sets it to the right edge of its column. */
export interface TextCell {
  text: string;
  right: boolean;
}

/** Columns under headings, each as wide as its widest cell. */
export function textColumns(headings: readonly string[], rows: readonly (readonly TextCell[])[]): string {
  const widths = headings.map((heading, column) =>
    rows.reduce((most, row) => Math.max(most, row[column]?.text.length ?? 0), heading.length),
  );
  const line = (cells: readonly TextCell[]): string =>
    cells
      .map(({ text, right }, column) => (right ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  const left = (text: string): TextCell => ({ text, right: false });
  return [line(headings.map(left)), line(widths.map((width) => left('-'.repeat(width)))), ...rows.map(line)].join('\n');
}
