import { z } from 'zod';

/** A decimal number as text, exactly as it was sent but for needless zeros in front: `12.5000`, `-0.5`, `7`. */
export const Decimal = z.string().regex(/^-?(0|[1-9]\d*)(\.\d+)?$/, 'a decimal number like 12.50 or -3 is expected');

/** The calendar has no year 0000. */
const FIRST_DAY = '0001-01-01';

/** A day of the calendar, `2026-03-31`, in whatever zone the sender keeps. */
export const CalendarDate = z.iso.date().refine((day) => day >= FIRST_DAY, 'a day from the year 1 on is expected');

/** A time of day, `09:30`, `09:30:15` or `09:30:15.25`. */
export const TimeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,2})?)?$/, 'a time like 09:30 or 09:30:15 is expected');

/** Digits of a decimal as X12 counts its length: no sign, no point (X12.6 3.5.1). */
export const digitsOf = (value: string): number =>
  value.length - (value.startsWith('-') ? 1 : 0) - (value.includes('.') ? 1 : 0);

/** A segment that no schema knows, or that stands where none may: its place in the set (ST = 1) and what it holds. */
export const UnknownSegment = z.strictObject({
  segment: z.int().min(2),
  id: z.string(),
  elements: z.array(z.string()).readonly(),
});
export type UnknownSegment = z.infer<typeof UnknownSegment>;

/** Whether text is a day of the calendar, `2026-02-28`. */
export function isDay(text: string): boolean {
  const day = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (day === null || text < FIRST_DAY) return false;
  const [month, inMonth] = [Number(day[2]), Number(day[3])];
  return month >= 1 && month <= 12 && inMonth >= 1 && inMonth <= daysIn(Number(day[1]), month);
}

/** Days of a month. */
export function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
