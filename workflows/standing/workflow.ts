/** One standing round, for ever: do it, sleep as long as it says, do it again. */
import { condition, continueAsNew, setHandler, workflowInfo, type ActivityOptions } from '@temporalio/workflow';
import { nudge } from '../messages.js';
import { standing, type Call } from '../systems.js';
import type { RoundDone } from '../../activities/standing/contract.js';
import { StandingInput, type Round } from './contract.js';

const MOST_ROUNDS = 200;
/** A comparison of the store that died with its worker is made again before the last one lapses. */
const TIMES: Partial<Record<Round, ActivityOptions>> = {
  watch: { startToCloseTimeout: '5 seconds', retry: { maximumInterval: '1 second' } },
};

export async function standingRound(input: StandingInput): Promise<void> {
  const { round, remembered: brought } = StandingInput.parse(input);
  const call = standing[round] as Call<unknown, RoundDone>;
  let remembered = brought;
  let nudged = false;
  setHandler(nudge, () => {
    nudged = true;
  });
  for (let n = 0; n < MOST_ROUNDS && !workflowInfo().continueAsNewSuggested; n++) {
    nudged = false;
    const done = await call.executeWithOptions({ summary: `Round: ${round}`, ...TIMES[round] }, [remembered]);
    remembered = done.remember;
    await condition(() => nudged, done.sleepMs, { summary: `Next ${round} round (${done.note})`.slice(0, 180) });
  }
  await continueAsNew<typeof standingRound>({ round, remembered });
}
