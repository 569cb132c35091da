/** The business days a report is about, as instants of the company's zone. */
import { addDays, businessDateOf, instantAt } from '../domain/business-date.js';
import type { ReportOptions } from './report.js';

export interface Span {
  /** First and last business day, both included. */
  readonly from: string;
  readonly to: string;
  /** From the first instant of the first day to that of the day after the last, ISO. */
  readonly since: string;
  readonly until: string;
}

/** The days asked for; left out: those up to today, `back` days before it included. */
export function spanOf({ from, to, now, zone }: ReportOptions, back: number): Span {
  const last = to ?? businessDateOf(now.toISOString(), zone);
  const first = from ?? addDays(last, -back);
  const midnight = (day: string): string => new Date(instantAt(day, '00:00', zone)).toISOString();
  return { from: first, to: last, since: midnight(first), until: midnight(addDays(last, 1)) };
}
