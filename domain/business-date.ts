/** Business dates: calendar days in the company's own zone (R-807). */
import type { BusinessDate } from './documents.js';

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  formats.set(zone, made);
  return made;
}

/** Milliseconds by which a zone's clocks are ahead of UTC at an instant. RangeError for a zone nobody knows. */
export function zoneOffsetMs(instantMs: number, zone: string): number {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(instantMs)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const shown = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return shown - Math.floor(instantMs / 1000) * 1000;
}

/** Milliseconds since 1970 of an ISO instant with its offset or `Z`. RangeError otherwise: local text has no instant. */
export function instantMs(instant: string): number {
  if (!/T.*(Z|[+-]\d{2}:?\d{2})$/.test(instant)) {
    throw new RangeError(`"${instant}" is no instant: it needs a time and Z or an offset`);
  }
  const ms = Date.parse(instant);
  if (Number.isNaN(ms)) throw new RangeError(`"${instant}" is no instant`);
  return ms;
}

/** The calendar day an instant falls in, in a zone: `2011-03-27`. */
export function businessDateOf(instant: string, zone: string): BusinessDate {
  const ms = instantMs(instant);
  return new Date(ms + zoneOffsetMs(ms, zone)).toISOString().slice(0, 10);
}

/**
 * The instant a zone's clocks show a time of a day. A time that a change to summer time skips becomes the moment of
 * the change shifted by it (01:30 is then 02:30); one that comes twice is the first.
 */
export function instantAt(date: BusinessDate, time: string, zone: string): number {
  const shown = Date.parse(`${date}T${time.length === 5 ? `${time}:00` : time}Z`);
  if (Number.isNaN(shown)) throw new RangeError(`"${date} ${time}" is no day and time`);
  const day = 86_400_000;
  const offsets = [zoneOffsetMs(shown - day, zone), zoneOffsetMs(shown + day, zone)];
  const fitting = offsets
    .map((offset) => shown - offset)
    .filter((ms) => ms + zoneOffsetMs(ms, zone) === shown)
    .sort((a, b) => a - b);
  return fitting[0] ?? shown - (offsets[0] ?? 0);
}

/** The day `days` after (or, negative, before) a day. */
export function addDays(date: BusinessDate, days: number): BusinessDate {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Day of the week, 0 is Sunday. */
export const weekdayOf = (date: BusinessDate): number => new Date(`${date}T00:00:00Z`).getUTCDay();

export interface FiscalPeriod {
  code: string;
  firstDay: BusinessDate;
  lastDay: BusinessDate;
  state: 'open' | 'closed';
}

/** The fiscal period a day falls in; undefined when the list does not reach there. */
export const periodOf = <P extends FiscalPeriod>(periods: readonly P[], date: BusinessDate): P | undefined =>
  periods.find(({ firstDay, lastDay }) => firstDay <= date && date <= lastDay);

/** The first open period that begins after a day; undefined when none is. */
export const nextOpenPeriodAfter = <P extends FiscalPeriod>(periods: readonly P[], date: BusinessDate): P | undefined =>
  periods
    .filter(({ state, firstDay }) => state === 'open' && firstDay > date)
    .sort((a, b) => (a.firstDay < b.firstDay ? -1 : 1))[0];
