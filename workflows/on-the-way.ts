/** Documents on their way to the ERP: what overtakes their saga forbids those that have not left yet. */
import { condition } from '@temporalio/workflow';
import type { PostingResult } from '../activities/posting/contract.js';
import type { Posting } from './postings.js';
import { postings, tell } from './systems.js';

interface Way {
  step: string;
  stopped?: Promise<unknown>;
}

export class OnTheWay {
  private readonly ways = new Map<string, Way>();
  private readonly overtakenBy: () => string | undefined;
  private watching = false;

  /** `overtakenBy`: in words, what forbids whatever has not been sent; undefined while nothing does. */
  constructor(overtakenBy: () => string | undefined) {
    this.overtakenBy = overtakenBy;
  }

  /**
   * Sends; forbids first when the saga is overtaken already, and meanwhile when that happens while the ERP is waited for.
   * Written with `then`: the SDK takes down a stack for every promise of a workflow, and a saga has many steps.
   */
  send({ step, send }: Posting, reference: string): Promise<PostingResult> {
    if (this.overtakenBy() !== undefined) return this.forbid(step, reference).then(() => send(reference));
    this.ways.set(reference, { step });
    if (!this.watching) void this.watch();
    return send(reference).then(
      (result) => this.arrived(reference)?.then(() => result) ?? result,
      (error: unknown) => {
        const stopped = this.arrived(reference);
        if (stopped === undefined) throw error;
        return stopped.then(() => {
          throw error;
        });
      },
    );
  }

  /** Answered: nothing is left to forbid. What forbids it already is waited for. */
  private arrived(reference: string): Promise<unknown> | undefined {
    const stopped = this.ways.get(reference)?.stopped;
    this.ways.delete(reference);
    return stopped;
  }

  private forbid(step: string, reference: string): Promise<unknown> {
    const why = this.overtakenBy() ?? '';
    return tell(`Stop ${step} unless it has left`, postings.forbid, { reference, why });
  }

  /** One watcher for the whole saga. */
  private async watch(): Promise<void> {
    this.watching = true;
    const going = (): [string, Way][] => [...this.ways].filter(([, way]) => way.stopped === undefined);
    for (;;) {
      await condition(() => this.overtakenBy() !== undefined && going().length > 0);
      for (const [reference, way] of going()) way.stopped = this.forbid(way.step, reference);
    }
  }
}
