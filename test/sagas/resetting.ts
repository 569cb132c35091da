/** What tests of `temporal workflow reset` share: to which event, and what is looked at before and after. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Rig } from '../support/rig.js';

/** Ids of the events a saga can be reset to: the ends of its workflow tasks, oldest first. */
export async function resettable(rig: Rig, workflowId: string): Promise<string[]> {
  const { events } = await rig.client.workflow.getHandle(workflowId).fetchHistory();
  return (events ?? []).flatMap((event) => (event.workflowTaskCompletedEventAttributes ? [String(event.eventId)] : []));
}

/** Resets a saga to the end of a workflow task, its first one unless told; answers the id of the new run. */
export async function resetTo(rig: Rig, workflowId: string, eventId?: string): Promise<string> {
  const handle = rig.client.workflow.getHandle(workflowId);
  const { runId } = await rig.client.workflowService.resetWorkflowExecution({
    namespace: rig.temporal.namespace,
    workflowExecution: { workflowId, runId: (await handle.describe()).runId },
    reason: 'an operator reset it',
    requestId: randomUUID(),
    workflowTaskFinishEventId: (eventId ?? (await resettable(rig, workflowId))[0]) as unknown as Long,
  });
  return runId;
}
type Long = NonNullable<
  Parameters<Rig['client']['workflowService']['resetWorkflowExecution']>[0]['workflowTaskFinishEventId']
>;

/** Cases of a saga as `question asking state`, oldest first. */
export async function casesOf(rig: Rig, workflowId: string): Promise<string[]> {
  const { rows } = await sql<{ told: string }>`select question || ' ' || asking || ' ' || state as told from "case"
    where workflow_id = ${workflowId} order by opened_at, id`.execute(rig.store.db);
  return rows.map((row) => row.told);
}
