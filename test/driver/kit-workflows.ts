/** A saga of stub steps, for the promises of the kit that no product saga uses yet. */
import { proxyActivities } from '@temporalio/workflow';
import { ReturnReceived } from '../../workflows/return-to-stock/contract.js';
import { saga } from '../../workflows/saga/saga.js';
import type { Call } from '../../workflows/systems.js';

const calls = proxyActivities<Record<string, (input: unknown) => Promise<unknown>>>({
  startToCloseTimeout: '1 minute',
});
const call = (verb: string): Call<object, unknown> => calls[`stub.${verb}`] as unknown as Call<object, unknown>;

/** Prepares three things, each with its way back. */
export const threePrepared = saga(
  {
    process: 'three-prepared',
    input: ReturnReceived,
    object: ({ source, returnNo }) => ({ source, kind: 'return', key: returnNo }),
    version: () => 1,
    captured: { timer: 'T-04', onDue: () => Promise.resolve() },
    absent: { timer: 'T-39', everyMs: 60_000, onDue: () => Promise.resolve(), onCome: () => Promise.resolve() },
    giveBack: () => Promise.resolve(),
  },
  async (run) => {
    for (const name of ['hold', 'allocate', 'print']) {
      await run.step(name, {
        title: `Prepare: ${name}`,
        do: call(name),
        with: {},
        undo: () => call(`undo-${name}`).executeWithOptions({}, [{}]),
      });
    }
    return { outcome: 'prepared' };
  },
);
