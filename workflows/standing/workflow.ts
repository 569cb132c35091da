/** One standing round, for ever: do it, sleep as long as it says, do it again. */
import { condition, continueAsNew, setHandler, workflowInfo } from '@temporalio/workflow';
import { nudge } from '../messages.js';
import { standing } from '../systems.js';
import { StandingInput } from './contract.js';

const MOST_ROUNDS = 200;

export async function standingRound(input: StandingInput): Promise<void> {
  const { round } = StandingInput.parse(input);
  let nudged = false;
  setHandler(nudge, () => {
    nudged = true;
  });
  for (let n = 0; n < MOST_ROUNDS && !workflowInfo().continueAsNewSuggested; n++) {
    nudged = false;
    const done = await standing[round].executeWithOptions({ summary: `Round: ${round}` }, [undefined]);
    await condition(() => nudged, done.sleepMs, { summary: `Next ${round} round (${done.note})`.slice(0, 180) });
  }
  await continueAsNew<typeof standingRound>({ round });
}
