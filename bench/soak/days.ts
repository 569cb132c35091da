/** Trading days, each from nothing, judged by the sandbox's own reckoning as `npm start -- --once` judges them. */
import { join } from 'node:path';
import { settleDay } from '../../bin/day/play.js';
import { install } from './installation.js';
import { seconds } from './run.js';

export interface DaysOptions {
  dir: string;
  returns: number | undefined;
  receipts: number;
  deadlineMs: number;
  say: (line: string) => void;
}

const MISBEHAVE = 0.02;
const MOST_WORDS = 12;

/** Plays every seed and prints a line for each, with what does not balance. Answers the exit code. */
export async function playDays(seeds: readonly number[], options: DaysOptions): Promise<number> {
  let right = 0;
  for (const seed of seeds) {
    const began = Date.now();
    const installation = await install({ dir: join(options.dir, 'day'), workers: 1, say: options.say });
    const upMs = Date.now() - began;
    try {
      const { store, sandbox } = installation;
      const { returns, receipts, deadlineMs } = options;
      const begun = Date.now();
      await sandbox.reset({ seed, scenario: 'trading-day', misbehave: MISBEHAVE, returns, receipts });
      const stopped = (): boolean => false;
      const { balance, end, tookMs } = await settleDay({ sandbox, db: store.db, deadlineMs, stopped, began: begun });
      const balanced = end === 'balanced';
      if (balanced) right += 1;
      const words = balance.differences.slice(0, MOST_WORDS).map((d) => `\n    ${d.key} (${d.class}): ${d.words}`);
      process.stdout.write(
        `seed ${seed}: ${balanced ? 'balances' : `does NOT balance (${end})`}, ${balance.right} of ${balance.events} ` +
          `events as reckoned (up in ${seconds(upMs)}, day ${seconds(tookMs)})${words.join('')}\n`,
      );
    } finally {
      await installation.close();
    }
  }
  process.stdout.write(`${right} of ${seeds.length} days balance\n`);
  return right === seeds.length ? 0 : 1;
}
