/** A saga's running clocks as data: which moment comes next, what has come, how each ended. Knows no timer of its own. */
import type { Policy } from './policy.js';
import { timerCode } from './case-clocks.js';
import { clockFor } from './timers.js';

export type Level = 'warning' | 'due';
/** How a clock ended, for RP-13. */
export interface ClockRecord {
  timer: string;
  startedAt: string;
  dueAt: string | null;
  endedAt: string;
  end: 'met' | 'missed' | 'cancelled';
}
export type Ring = (level: Level, timer: string) => Promise<void>;
interface Running {
  timer: string;
  startedAt: string;
  dueAt: string | null;
  moments: { at: number; level: Level }[];
  ring: Ring;
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

  /** Starts the clock `timer` of the policy under `name` (once); answers its due moment, `null` when it never comes. */
  start(policy: Policy, name: string, timer: string, startedAt: string, ring: Ring): string | null {
    const known = this.running.get(name);
    if (known !== undefined) return known.dueAt;
    const clock = clockFor(policy, timer, startedAt);
    const moments = [
      ...clock.warnAt.map((at) => ({ at: Date.parse(at), level: 'warning' as const })),
      ...(clock.dueAt === null ? [] : [{ at: Date.parse(clock.dueAt), level: 'due' as const }]),
    ];
    this.running.set(name, { timer: timerCode(timer), startedAt, dueAt: clock.dueAt, moments, ring });
    return clock.dueAt;
  }

  /** Ends a clock. Met or missed compares the moment with the due time: the same instant is met. */
  end(name: string, endedAt: string, how: 'done' | 'cancelled' = 'done'): void {
    const clock = this.running.get(name);
    if (clock === undefined) return;
    this.running.delete(name);
    const met = clock.dueAt === null || Date.parse(endedAt) <= Date.parse(clock.dueAt);
    const end = how === 'cancelled' ? 'cancelled' : met ? 'met' : 'missed';
    this.ended.push({ timer: clock.timer, startedAt: clock.startedAt, dueAt: clock.dueAt, endedAt, end });
  }

  /** Ends whatever still runs, when the saga itself ends. */
  close(endedAt: string): void {
    for (const name of [...this.running.keys()]) this.end(name, endedAt, 'cancelled');
  }

  /** The earliest moment of any clock. */
  next(): Moment | null {
    return this.moments().reduce<Moment | null>((first, m) => (first === null || m.at < first.at ? m : first), null);
  }

  /** Takes every moment that has come by `now`. */
  takeDue(now: number): Moment[] {
    const due = this.moments().filter((moment) => moment.at <= now);
    for (const clock of this.running.values()) clock.moments = clock.moments.filter((m) => m.at > now);
    return due;
  }

  private moments(): Moment[] {
    return [...this.running].flatMap(([name, { timer, moments, ring }]) =>
      moments.map((moment) => ({ name, timer, ring, ...moment })),
    );
  }
}
