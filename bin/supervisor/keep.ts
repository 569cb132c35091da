import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from './child.js';

const FIRST_PAUSE_MS = 300;
const MOST_PAUSE_MS = 10_000;
/** A child that ran this long had started well: its next crash is a new story. */
const HEALTHY_AFTER_MS = 30_000;

/** A child that is started again when it ends by itself. */
export interface Kept {
  readonly name: string;
  pid(): number;
  /** How often it had to be started again. */
  restarts(): number;
  stop(graceMs?: number): Promise<void>;
}

/**
 * Watches `first` and launches it anew whenever it ends, with growing pauses.
 * @param changed told after every start, so that run.json can name the new pid; @param say gets a line for each crash.
 */
export function keep(
  name: string,
  first: Child,
  launch: () => Promise<Child>,
  changed: () => void,
  say: (line: string) => void,
): Kept {
  let child = first;
  let stopping = false;
  let restarts = 0;
  const watch = async (): Promise<void> => {
    let pause = FIRST_PAUSE_MS;
    for (;;) {
      const began = Date.now();
      const how = await child.end;
      if (stopping) return;
      if (Date.now() - began > HEALTHY_AFTER_MS) pause = FIRST_PAUSE_MS;
      say(`${name} ended (${how}); starting it again. Its log: ${child.logFile}`);
      for (;;) {
        await sleep(pause);
        pause = Math.min(pause * 2, MOST_PAUSE_MS);
        if (stopping) return;
        const again = await launch().catch((error: unknown) => {
          say(`${name} did not start: ${error instanceof Error ? error.message : String(error)}`);
          return null;
        });
        if (again === null) continue;
        child = again;
        restarts += 1;
        if (stopping) return child.stop();
        changed();
        break;
      }
    }
  };
  const watching = watch();
  return {
    name,
    pid: () => child.pid,
    restarts: () => restarts,
    stop: async (graceMs) => {
      stopping = true;
      await child.stop(graceMs);
      await watching;
    },
  };
}
