/**
 * The clocks of requirements.md 11.3: what starts each, when it warns, when it is due and what a breach means. The
 * durations that count are the policy's (config/policy.yaml): a partner, a pair or a division may have its own. A due
 * time stated in a document beats both.
 */
import { instantMs, zoneOffsetMs } from './business-date.js';
import { addBusinessTime, businessTimeBetween, officeHours } from './calendar.js';
import { timerCode } from './case-clocks.js';
import type { Policy } from './policy.js';
import { TIMERS_OF_FLOWS, type Timer } from './timers-of-flows.js';
import { TIMERS_OF_PEOPLE } from './timers-of-people.js';

/** Every clock, by code. T-35 and T-36 run by the wall for critical cases. */
export const TIMERS = { ...TIMERS_OF_FLOWS, ...TIMERS_OF_PEOPLE };
export type { Timer };

export type TimerName = keyof typeof TIMERS;
export const isTimer = (code: string): code is TimerName => code in TIMERS;

/** What a breach of a clock means; an unknown code throws RangeError. */
export function timerSentence(code: string): string {
  if (!isTimer(code)) throw new RangeError(`there is no timer "${code}"; known are T-01 to T-40`);
  return TIMERS[code].sentence;
}

export interface Clock {
  /** Instants, ISO UTC, earliest first. */
  warnAt: string[];
  dueAt: string | null;
}

const rowOf = (policy: Policy, code: string) => policy.timers[code] ?? policy.timers[timerCode(code)];

/**
 * The moments of a clock that started at an instant, by the policy's durations and calendar. `T-36 high` is the policy's
 * own row for that, or else its `T-36`. RangeError for a clock
 * the policy has no row for: a saga that starts one nobody set would wait for nothing.
 */
export function clockFor(policy: Policy, code: string, startedAt: string): Clock {
  const row = rowOf(policy, code);
  if (row === undefined) {
    const known = Object.keys(policy.timers).sort().join(', ');
    throw new RangeError(`policy "${policy.name}" has no timer ${code}; it has ${known}: add it to config/policy.yaml`);
  }
  const calendar = policy.calendar ?? officeHours(policy.zone);
  const after = (ms: number): string => {
    if (row.calendar === 'business') return addBusinessTime(startedAt, ms, calendar);
    const start = instantMs(startedAt);
    const turned =
      row.calendar === 'wall' ? 0 : zoneOffsetMs(start, policy.zone) - zoneOffsetMs(start + ms, policy.zone);
    return new Date(start + ms + turned).toISOString();
  };
  const warnings = row.warnMs.filter((ms) => row.dueMs === null || ms < row.dueMs).sort((a, b) => a - b);
  return { warnAt: warnings.map(after), dueAt: row.dueMs === null ? null : after(row.dueMs) };
}

/** An instant moved later by an amount of a clock's own time, business or wall. */
export function laterBy(policy: Policy, code: string, from: string, ms: number): string {
  return rowOf(policy, code)?.calendar === 'business'
    ? addBusinessTime(from, ms, policy.calendar ?? officeHours(policy.zone))
    : new Date(instantMs(from) + ms).toISOString();
}

/** Milliseconds of a clock's own time, business or wall, between two instants. */
export function spentBetween(policy: Policy, code: string, from: string, to: string): number {
  return rowOf(policy, code)?.calendar === 'business'
    ? businessTimeBetween(from, to, policy.calendar ?? officeHours(policy.zone))
    : Math.max(0, instantMs(to) - instantMs(from));
}

/**
 * How a clock ended: an event in the very instant it is due is met, whatever order the two were seen in.
 * Compare the event's recorded time, never the time somebody noticed it.
 */
export const endOf = ({ dueAt, endedAt }: { dueAt: string | null; endedAt: string }): 'met' | 'missed' =>
  dueAt === null || instantMs(endedAt) <= instantMs(dueAt) ? 'met' : 'missed';
