/** Business time as pure functions of a table (design.md 7): hours, weekend, holidays and zone, summer time included. */
import { z } from 'zod';
import { addDays, businessDateOf, instantAt, instantMs, weekdayOf } from './business-date.js';
import { BusinessDate } from './documents.js';

export const BusinessCalendar = z.object({
  /** IANA time zone. */
  zone: z.string(),
  /** Hours of a working day, `from` before `to`. */
  businessHours: z.object({
    from: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/),
    to: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/),
  }),
  /** Days off in a week, 0 is Sunday. */
  weekend: z.array(z.number().int().min(0).max(6)).max(6),
  holidays: z.array(BusinessDate),
});
export type BusinessCalendar = z.infer<typeof BusinessCalendar>;

/** A table that has no working day within this many days is wrong. */
const DAYS_AT_MOST = 3_700;

/** Office hours of a zone: Monday to Friday, 09:00 to 17:30, no holidays. Where a policy names no calendar. */
export const officeHours = (zone: string): BusinessCalendar => ({
  zone,
  businessHours: { from: '09:00', to: '17:30' },
  weekend: [0, 6],
  holidays: [],
});

export const isWorkingDay = (date: BusinessDate, calendar: BusinessCalendar): boolean =>
  !calendar.weekend.includes(weekdayOf(date)) && !calendar.holidays.includes(date);

/** Opening and closing of a day in milliseconds since 1970; null on a day off. */
function hoursOf(date: BusinessDate, calendar: BusinessCalendar): { opens: number; closes: number } | null {
  if (!isWorkingDay(date, calendar)) return null;
  const { from, to } = calendar.businessHours;
  return { opens: instantAt(date, from, calendar.zone), closes: instantAt(date, to, calendar.zone) };
}

/**
 * The instant (ISO UTC) at which `durationMs` of business time have passed since `start`. What ends with the day ends
 * at closing time, not at the next opening; no time at all is the start itself. RangeError for a negative duration and
 * for a calendar without working days.
 */
export function addBusinessTime(start: string, durationMs: number, calendar: BusinessCalendar): string {
  if (durationMs < 0) throw new RangeError(`cannot go back ${-durationMs} ms in business time`);
  const from = instantMs(start);
  if (durationMs === 0) return new Date(from).toISOString();
  let left = durationMs;
  let date = businessDateOf(start, calendar.zone);
  for (let day = 0; day < DAYS_AT_MOST; day += 1, date = addDays(date, 1)) {
    const hours = hoursOf(date, calendar);
    if (hours === null) continue;
    const begins = Math.max(hours.opens, from);
    const open = Math.max(0, hours.closes - begins);
    if (left <= open) return new Date(begins + left).toISOString();
    left -= open;
  }
  throw new RangeError(`${durationMs} ms of business time do not pass within ${DAYS_AT_MOST} days of ${start}`);
}

/** Business time in milliseconds between two instants; zero when the second is not later. */
export function businessTimeBetween(start: string, end: string, calendar: BusinessCalendar): number {
  const [from, to] = [instantMs(start), instantMs(end)];
  const last = businessDateOf(end, calendar.zone);
  let total = 0;
  for (let date = businessDateOf(start, calendar.zone); date <= last; date = addDays(date, 1)) {
    const hours = hoursOf(date, calendar);
    if (hours !== null) total += Math.max(0, Math.min(hours.closes, to) - Math.max(hours.opens, from));
  }
  return total;
}
