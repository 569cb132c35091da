/** Waiting for a mapping that many sagas may lack. */
import { condition } from '@temporalio/workflow';
import type { Cause } from '../domain/cause.js';
import type { Run } from './saga/run.js';

/** How long a cause that should be gone is left alone before it is looked at again. */
const STILL_THERE_MS = 3_600_000;

/** Waits until the mapping is there that a cause lacks, then looks anew; answers what that look found. */
export async function untilMapped<P extends { causes: readonly Cause[] }>(
  run: Run,
  cause: Cause,
  facts: { businessDate: string; units: number },
  look: () => Promise<P>,
): Promise<P> {
  await run.untilSolved(cause, facts);
  const plan = await look();
  if (!plan.causes.some((each) => each.code === cause.code && each.cause === cause.cause)) return plan;
  // Said to be gone and still there: asking at once again would fill the history.
  await condition(() => run.overtaken(), STILL_THERE_MS, { summary: `Look again: ${cause.cause}` });
  return look();
}
