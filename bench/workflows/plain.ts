/** The baselines: activities in a row, with the summaries that the Web UI shows, and nothing of the kit. */
import { workflowInfo } from '@temporalio/workflow';
import { blueCherry, intake, tell } from '../../workflows/systems.js';
import type { StubRun } from './contract.js';
import { stepDocument, stepName, stepTitle } from './steps.js';

/** Three activities without effect, one after the other. */
export async function threeActivities({ key }: StubRun): Promise<void> {
  for (let index = 0; index < 3; index += 1) await post(key, index);
}

/** What `kitSteps` does, written straight down: take in, so many steps, finish. */
export async function plainSteps({ key, steps }: StubRun): Promise<string[]> {
  const { workflowId } = workflowInfo();
  const object = { source: 'bench', kind: 'return', key };
  await tell(`Take in return ${key}`, intake.claim, { ...object, workflowId, version: 1 });
  const numbers: string[] = [];
  for (let index = 0; index < steps; index += 1) numbers.push(...(await post(workflowId, index)));
  const finished = { ...object, workflowId, version: 1, result: { numbers }, clocks: [] };
  await tell(`Finish return ${key}`, intake.finish, finished);
  return numbers;
}

async function post(workflowId: string, index: number): Promise<string[]> {
  const { documents } = await tell(stepTitle(index), blueCherry.postStockAdjustment, {
    reference: `${workflowId}/${stepName(index)}`,
    document: stepDocument(index),
    seq: 1,
    links: [],
  });
  return documents.map(({ number }) => number);
}
