/** A parcel that came back undelivered: back into stock at once, then sent again or credited within T-40. */
import { condition } from '@temporalio/workflow';
import { businessDateOf } from '../../domain/business-date.js';
import { claims } from '../systems.js';
import type { Run } from '../saga/run.js';
import type { Half } from '../saga/together.js';
import type { Assessment } from './assess.js';
import type { ReturnResult } from './contract.js';
import { result } from './ends.js';

/** The day on which something happens now, in the company's zone: what leaves later leaves on its own date. */
const today = (run: Run): string => businessDateOf(new Date().toISOString(), run.policy.zone);

/**
 * The credit half of such a parcel. Nobody is asked before its goods are back; where a credit memo restocks by itself,
 * the adjustment is taken back first, or the units would count twice.
 */
export function creditOnceBack(run: Run, assessment: Assessment, credit: Half): Half {
  let once = false;
  // Taken back again below, the goods are back all the same.
  const back = (): boolean =>
    (once ||= assessment.plan.causes.length === 0 && run.posted.length >= assessment.plan.restocks.length);
  return {
    ...credit,
    prepare: async () => {
      await condition(() => back() || run.overtaken());
      run.check();
      const prepared = await credit.prepare();
      if (Array.isArray(prepared) && prepared.length > 0 && run.policy.site.creditMemoRestocks)
        await run.reverse([...run.posted], today(run), 'the credit memo restocks');
      return prepared;
    },
  };
}

/** The parcel goes out again: what came back leaves as it came, on the day it leaves, and its units are sold again. */
export async function sendAgain(run: Run, assessment: Assessment, why: string): Promise<ReturnResult> {
  const { source, returnNo } = assessment.document;
  await run.reverse([...run.posted], today(run), why);
  await claims.giveBack.executeWithOptions({ summary: 'Give the quantities back' }, [{ source, returnNo, why }]);
  return result(assessment, 'sent-again', run.posted);
}
