/** The same steps under the kit: claim, clocks, board, postings, finish. */
import { z } from 'zod';
import { posting } from '../../workflows/postings.js';
import type { Run } from '../../workflows/saga/run.js';
import { saga } from '../../workflows/saga/saga.js';
import { blueCherry } from '../../workflows/systems.js';
import { stepDocument, stepName, stepTitle } from './steps.js';

const Input = z.strictObject({ key: z.string(), steps: z.number().int() });
const nothing = (): Promise<void> => Promise.resolve();

const step = (index: number) =>
  posting({
    step: stepName(index),
    title: stepTitle(index),
    seq: 1,
    post: blueCherry.postStockAdjustment,
    with: stepDocument(index),
    reversal: blueCherry.reverseStockAdjustment,
    links: [],
    stakes: {
      amount: null,
      baseAmount: null,
      units: 1,
      requesters: [],
      customer: 'C-1',
      businessDate: '2026-03-02',
      twoPeople: false,
    },
  });

/** As many posted steps as its input says. */
export function kitSteps(input: z.infer<typeof Input>): Promise<unknown> {
  const { steps } = Input.parse(input);
  const run = saga(
    {
      process: 'bench',
      input: Input,
      object: ({ key }) => ({ source: 'bench', kind: 'return', key }),
      version: () => 1,
      captured: { timer: 'T-04', onDue: nothing },
      absent: { timer: 'T-39', everyMs: 60_000, onDue: nothing, onCome: nothing },
      giveBack: nothing,
    },
    (run: Run) => postAll(run, steps),
  );
  return run(input);
}

async function postAll(run: Run, steps: number): Promise<{ numbers: string[] }> {
  for (let index = 0; index < steps; index += 1) await run.post(step(index));
  return { numbers: run.posted.flatMap(({ result }) => result.documents.map(({ number }) => number)) };
}
