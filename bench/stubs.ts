/** Starting stub workflows and reading what they cost. */
import type { Client } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { SEARCH_ATTRIBUTES } from '../workflows/search-attributes.js';
import type { StubRun } from './workflows/contract.js';

export type StubWorkflow = 'threeActivities' | 'plainSteps' | 'kitSteps';

let started = 0;

/** Runs one to its end; answers its workflow id. A saga is started as the typed client starts one: with attributes. */
export async function runStub(client: Client, type: StubWorkflow, steps: number): Promise<string> {
  started += 1;
  const key = `B-${started}`;
  const workflowId = `${type}:bench:${key}`;
  const input: StubRun = { key, steps };
  const typedSearchAttributes = new TypedSearchAttributes([
    { key: SEARCH_ATTRIBUTES.Stage, value: 'started' },
    { key: SEARCH_ATTRIBUTES.Attention, value: 'none' },
    { key: SEARCH_ATTRIBUTES.Source, value: 'bench' },
    { key: SEARCH_ATTRIBUTES.BusinessKey, value: key },
  ]);
  await client.workflow.execute(type, {
    taskQueue: 'sagas',
    workflowId,
    args: [input],
    ...(type === 'kitSteps' ? { typedSearchAttributes, staticSummary: `Return ${key} from bench` } : {}),
  });
  return workflowId;
}

/** How many history events a closed workflow has, by kind. */
export async function eventsOf(client: Client, workflowId: string): Promise<Map<string, number>> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  const kinds = new Map<string, number>();
  for (const event of events ?? []) {
    const kind = Object.keys(event).find((key) => key.endsWith('EventAttributes')) ?? 'other';
    const name = kind.replace('EventAttributes', '');
    kinds.set(name, (kinds.get(name) ?? 0) + 1);
  }
  return kinds;
}
