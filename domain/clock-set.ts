/** A saga's running clocks as data: which moment comes next, what has come, how each ended. Knows no timer of its own. */
import type { Policy } from './policy.js';
import { timerCode } from './case-clocks.js';
import { clockFor, laterBy, spentBetween } from './timers.js';

export type Level = 'warning' | 'due';
/** How a clock ended, for RP-13. `dueAt` is the moment that counted in the end, time apart included. */
export interface ClockRecord {
  timer: string;
  startedAt: string;
  dueAt: string | null;
  endedAt: string;
  end: 'met' | 'missed' | 'cancelled';
}
export type Ring = (level: Level, timer: string) => Promise<void>;
interface Planned {
  /** As it would be had the clock never stood still. */
  from: string;
  at: number;
  level: Level;
}
interface Running {
  policy: Policy;
  /** The policy's name for it, with severity or market: `T-36 high`. */
  timer: string;
  startedAt: string;
  /** Due moment had the clock never stood still. */
  dueFrom: string | null;
  dueAt: string | null;
  /** Moments still to come. */
  moments: Planned[];
  ring: Ring;
  /** Stands still while the set does: what passes then is other people's time. */
  apart: boolean;
  /** Time it stood still so far, in its own calendar. */
  stoodMs: number;
  stillSince: string | null;
}
export interface Moment {
  name: string;
  timer: string;
  at: number;
  level: Level;
  ring: Ring;
}

export class ClockSet {
  readonly ended: ClockRecord[] = [];
  private readonly running = new Map<string, Running>();
  private still = false;

  /**
   * Starts the clock `timer` of the policy under `name` (once); answers its due moment, `null` when it never comes. One
   * that runs `apart` counts no time during which the set stands still.
   */
  start(policy: Policy, name: string, timer: string, startedAt: string, ring: Ring, apart = false): string | null {
    const known = this.running.get(name);
    if (known !== undefined) return known.dueAt;
    const clock = clockFor(policy, timer, startedAt);
    const planned = (level: Level) => (from: string) => ({ from, at: Date.parse(from), level });
    this.running.set(name, {
      ...{ policy, timer, startedAt, ring, apart, stoodMs: 0 },
      ...{ dueFrom: clock.dueAt, dueAt: clock.dueAt, stillSince: apart && this.still ? startedAt : null },
      moments: [
        ...clock.warnAt.map(planned('warning')),
        ...(clock.dueAt === null ? [] : [planned('due')(clock.dueAt)]),
      ],
    });
    return clock.dueAt;
  }

  /** From now on people or a mapping are waited for (`still`), or the process itself is at work again. */
  stand(still: boolean, at: string): void {
    this.still = still;
    for (const clock of this.running.values()) {
      if (still && clock.apart) clock.stillSince ??= at;
      if (!still) goOn(clock, at);
    }
  }

  /** Ends a clock. Met or missed compares the moment with the due time: the same instant is met. */
  end(name: string, endedAt: string, how: 'done' | 'cancelled' = 'done'): void {
    const clock = this.running.get(name);
    if (clock === undefined) return;
    this.running.delete(name);
    goOn(clock, endedAt);
    const met = clock.dueAt === null || Date.parse(endedAt) <= Date.parse(clock.dueAt);
    const end = how === 'cancelled' ? 'cancelled' : met ? 'met' : 'missed';
    this.ended.push({ timer: timerCode(clock.timer), startedAt: clock.startedAt, dueAt: clock.dueAt, endedAt, end });
  }

  /** Ends whatever still runs, when the saga itself ends. */
  close(endedAt: string): void {
    for (const name of [...this.running.keys()]) this.end(name, endedAt, 'cancelled');
  }

  /** The earliest moment of any clock that does not stand still. */
  next(): Moment | null {
    return this.moments().reduce<Moment | null>((first, m) => (first === null || m.at < first.at ? m : first), null);
  }

  /** Takes every moment that has come by `now`. */
  takeDue(now: number): Moment[] {
    const due = this.moments().filter((moment) => moment.at <= now);
    for (const clock of this.going()) clock.moments = clock.moments.filter((m) => m.at > now);
    return due;
  }

  private going(): Running[] {
    return [...this.running.values()].filter(({ stillSince }) => stillSince === null);
  }

  private moments(): Moment[] {
    return [...this.running].flatMap(([name, { timer, moments, ring, stillSince }]) =>
      stillSince === null ? moments.map(({ at, level }) => ({ name, timer: timerCode(timer), ring, at, level })) : [],
    );
  }
}

/** Moves what is still to come by the time the clock stood still. */
function goOn(clock: Running, at: string): void {
  const { policy, timer, stillSince, dueFrom } = clock;
  if (stillSince === null) return;
  clock.stoodMs += spentBetween(policy, timer, stillSince, at);
  clock.stillSince = null;
  const later = (from: string): string => laterBy(policy, timer, from, clock.stoodMs);
  clock.dueAt = dueFrom === null ? null : later(dueFrom);
  clock.moments = clock.moments.map((moment) => ({ ...moment, at: Date.parse(later(moment.from)) }));
}
