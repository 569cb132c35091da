import type { Kept } from './keeper.js';

/**
 * The sandbox's own clock: real time plus an offset a test can advance. It moves business dates, periods and the
 * stamps on documents; timers (batch cycles, late requests) run in real time (design.md 7).
 */
export interface Clock extends Kept<{ offset: number }> {
  now(): Date;
  /** `now()` as an ISO instant in UTC with milliseconds. */
  instant(): string;
  /** Moves the clock forward. A negative or fractional number throws RangeError: stamps must never go back. */
  advance(ms: number): void;
  /** The business date (`yyyy-mm-dd`) of an instant, by default of now, in the company's time zone. */
  businessDate(of?: Date): string;
}

/** A clock in the company's time zone, `Europe/London` unless told. */
export function createClock(zone = 'Europe/London'): Clock {
  const days = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  let offset = 0;
  const now = (): Date => new Date(Date.now() + offset);
  return {
    now,
    instant: () => now().toISOString(),
    advance: (ms) => {
      if (!Number.isSafeInteger(ms) || ms < 0)
        throw new RangeError(`the clock goes forward by whole milliseconds; found ${ms}`);
      offset += ms;
    },
    businessDate: (of) => days.format(of ?? now()),
    held: () => ({ offset }),
    resume: (held) => {
      offset = held.offset;
    },
  };
}
