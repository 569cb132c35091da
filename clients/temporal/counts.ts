/** Counting sagas by the lists of the Web UI; these lag the truth by a second or two. */
import type { Client } from '@temporalio/client';
import { Attention } from '../../workflows/search-attributes.js';

/** Sagas alone: what runs for ever (feeds, rounds) is left out. */
export const SAGAS = 'WorkflowType != "intakeFeed" AND WorkflowType != "standingRound"';

export const countOf = async (client: Client, query: string): Promise<number> =>
  (await client.workflow.count(query)).count;

/** Running sagas by how urgently they want a person; every value of the list is there. */
export async function sagasByAttention(client: Client): Promise<Record<Attention, number>> {
  const counts = await Promise.all(
    Attention.options.map((value) =>
      countOf(client, `ExecutionStatus="Running" AND ${SAGAS} AND Attention="${value}"`),
    ),
  );
  return Object.fromEntries(Attention.options.map((value, index) => [value, counts[index] ?? 0])) as Record<
    Attention,
    number
  >;
}

const quoted = (instant: string): string => `"${new Date(instant).toISOString()}"`;

/**
 * Workflows whose histories may hold payloads of a key that was in use in this span: what began before its end and, if it
 * has ended at all, ended after its beginning. Retention drops closed ones, so the number falls to 0 by itself.
 */
export const workflowsWithin = (client: Client, from: string, to: string): Promise<number> =>
  countOf(client, `StartTime <= ${quoted(to)} AND (ExecutionStatus="Running" OR CloseTime >= ${quoted(from)})`);
