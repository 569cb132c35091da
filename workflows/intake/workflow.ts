/** A feed's rhythm: take in what is new, sleep, go on. A webhook's nudge only cuts the sleep short (design.md 4). */
import { condition, continueAsNew, setHandler, workflowInfo } from '@temporalio/workflow';
import { nudge } from '../messages.js';
import { intake } from '../systems.js';
import { IntakeInput } from './contract.js';

const MOST_ROUNDS = 200;

export async function intakeFeed(input: IntakeInput): Promise<void> {
  const { feed } = IntakeInput.parse(input);
  let nudged = false;
  setHandler(nudge, () => {
    nudged = true;
  });
  for (let round = 0; round < MOST_ROUNDS && !workflowInfo().continueAsNewSuggested; round++) {
    nudged = false;
    const taken = await intake.takeIn.executeWithOptions({ summary: `Read ${feed}` }, [{ feed }]);
    await condition(() => nudged, taken.sleepMs, { summary: `Next reading of ${feed}` });
  }
  await continueAsNew<typeof intakeFeed>({ feed });
}
