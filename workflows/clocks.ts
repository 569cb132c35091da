/** A saga's clocks under one timer: sleeps to the next moment of any clock and rings it. A clock never decides. */
import { condition } from '@temporalio/workflow';
import { resolveTimer } from '../domain/case-clocks.js';
import { ClockSet, type ClockRecord, type Ring } from '../domain/clock-set.js';
import type { ExceptionCode } from '../domain/failures.js';
import type { Policy } from '../domain/policy.js';

interface Asked {
  question: string;
  code: ExceptionCode | 'approval';
  timer?: string;
}

export class Clocks {
  private readonly clocks = new ClockSet();
  private readonly policy: () => Policy;
  private readonly asked: () => boolean;
  private ticking = false;

  /** `asked`: true while a person or a mapping is what the saga waits for. */
  constructor(policy: () => Policy, asked: () => boolean = () => false) {
    this.policy = policy;
    this.asked = asked;
  }

  /** Starts the policy's clock `timer` under a name of its own; answers when it is due. */
  start(name: string, timer: string, ring: Ring = () => Promise.resolve()): string | null {
    return this.begin(name, timer, ring, false);
  }

  /** The same for a clock of the saga's own work: the time people take is apart (T-04), it stands still meanwhile. */
  startApart(name: string, timer: string, onDue: () => Promise<void>): void {
    this.begin(name, timer, (level) => (level === 'due' ? onDue() : Promise.resolve()), true);
  }

  /** Starts the clock of an asking: its own, else T-30 of an approval, else T-36 by the severity of its code. */
  startAsking({ question, code, timer = resolveTimer(code) }: Asked, ring: Ring): string | null {
    return this.start(`question ${question}`, timer, ring);
  }

  end(name: string, how: 'done' | 'cancelled' = 'done'): void {
    this.clocks.end(name, new Date().toISOString(), how);
  }

  /** Ends whatever still runs and hands over how every clock ended, once. */
  close(): ClockRecord[] {
    this.clocks.close(new Date().toISOString());
    return this.clocks.ended.splice(0);
  }

  private begin(name: string, timer: string, ring: Ring, apart: boolean): string | null {
    const due = this.clocks.start(this.policy(), name, timer, new Date().toISOString(), ring, apart);
    if (!this.ticking) {
      void this.tick();
      void this.standStill();
    }
    return due;
  }

  /** Whoever is asked, the clocks of the saga's own work wait with it. */
  private async standStill(): Promise<void> {
    for (let still = true; ; still = !still) {
      await condition(() => this.asked() === still);
      this.clocks.stand(still, new Date().toISOString());
    }
  }

  /** Only a moment earlier than the armed one re-arms the timer, so that a saga has one, not one per clock. */
  private async tick(): Promise<void> {
    this.ticking = true;
    for (;;) {
      const next = this.clocks.next();
      if (next === null) {
        await condition(() => this.clocks.next() !== null);
        continue;
      }
      await condition(() => (this.clocks.next()?.at ?? next.at) < next.at, Math.max(1, next.at - Date.now()), {
        // The moment it would ring, not that it rings: the row stays when the saga ends in time.
        summary: `${next.timer} ${next.level === 'due' ? 'would be due' : 'would warn'}: ${next.name}`,
      });
      for (const moment of this.clocks.takeDue(Date.now())) await moment.ring(moment.level, moment.timer);
    }
  }
}
