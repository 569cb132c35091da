/** A saga's clocks under one timer: sleeps to the next moment of any clock and rings it. A clock never decides. */
import { condition } from '@temporalio/workflow';
import { resolveTimer } from '../domain/case-clocks.js';
import { ClockSet, type ClockRecord, type Ring } from '../domain/clock-set.js';
import type { ExceptionCode } from '../domain/failures.js';
import type { Policy } from '../domain/policy.js';

export class Clocks {
  private readonly clocks = new ClockSet();
  private readonly policy: () => Policy;
  private ticking = false;

  constructor(policy: () => Policy) {
    this.policy = policy;
  }

  /** Starts the policy's clock `timer` under a name of its own; answers when it is due. */
  start(name: string, timer: string, ring: Ring = () => Promise.resolve()): string | null {
    if (!this.ticking) void this.tick();
    return this.clocks.start(this.policy(), name, timer, new Date().toISOString(), ring);
  }

  /** Starts the clock of an asking: T-30 of an approval, else T-36 by the severity of its code. */
  startAsking(asked: { question: string; code: ExceptionCode | 'approval' }, ring: Ring): string | null {
    return this.start(`question ${asked.question}`, resolveTimer(asked.code), ring);
  }

  end(name: string, how: 'done' | 'cancelled' = 'done'): void {
    this.clocks.end(name, new Date().toISOString(), how);
  }

  /** Ends whatever still runs and hands over how every clock ended, once. */
  close(): ClockRecord[] {
    this.clocks.close(new Date().toISOString());
    return this.clocks.ended.splice(0);
  }

  /** Only a moment earlier than the armed one re-arms the timer, so that a saga has one, not one per clock. */
  private async tick(): Promise<void> {
    this.ticking = true;
    for (;;) {
      await condition(() => this.clocks.next() !== null);
      const next = this.clocks.next();
      if (next === null) continue;
      await condition(() => (this.clocks.next()?.at ?? next.at) < next.at, Math.max(1, next.at - Date.now()), {
        // The moment it would ring, not that it rings: the row stays when the saga ends in time.
        summary: `${next.timer} ${next.level === 'due' ? 'would be due' : 'would warn'}: ${next.name}`,
      });
      for (const moment of this.clocks.takeDue(Date.now())) await moment.ring(moment.level, moment.timer);
    }
  }
}
