import type { Guardian } from '../../bin/supervisor/guardian.js';
import type { Kept } from '../../bin/supervisor/keep.js';

/** What the set-up started: the guardian ends processes, but what is kept running must be told first. */
interface Started {
  guardian: Guardian;
  kept: Kept[];
}

const shelf = globalThis as { selvedgeTestServers?: Started };

/** Set-up and tear-down are loaded apart; the process they share is where they meet. */
export const keepForTeardown = (started: Started): void => {
  shelf.selvedgeTestServers = started;
};

/** Ends everything the set-up started; the guardian bounds it to ten seconds. */
export async function endKept(): Promise<void> {
  const started = shelf.selvedgeTestServers;
  for (const kept of started?.kept.toReversed() ?? []) await kept.stop(5_000);
  await started?.guardian.finish();
}
