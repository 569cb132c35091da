/** From histories to parts of time: each activity at work, waiting to be looked at again, queued, and the saga's own code. */
import type { Client } from '@temporalio/client';

/** Milliseconds by part, over all workflows read. */
export type Parts = Map<string, number>;

interface Stamp {
  seconds?: unknown;
  nanos?: number | null;
}

const msOf = (stamp: Stamp | null | undefined): number =>
  Number(stamp?.seconds ?? 0) * 1000 + (stamp?.nanos ?? 0) / 1e6;

type History = Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['fetchHistory']>>;

/** Reads closed workflows and sums up their parts. */
export async function partsOf(client: Client, workflowIds: readonly string[]): Promise<Parts> {
  const parts: Parts = new Map();
  for (const workflowId of workflowIds) addParts(parts, await client.workflow.getHandle(workflowId).fetchHistory());
  return parts;
}

function addParts(parts: Parts, { events }: History): void {
  const add = (part: string, time: number): void => void parts.set(part, (parts.get(part) ?? 0) + Math.max(0, time));
  const at = new Map<string, number>();
  const names = new Map<string, string>();
  for (const event of events ?? []) {
    const time = msOf(event.eventTime);
    const id = String(event.eventId);
    at.set(id, time);
    names.set(id, event.activityTaskScheduledEventAttributes?.activityType?.name ?? '');
    const begun = event.activityTaskStartedEventAttributes;
    if (begun) {
      const waited = time - (at.get(String(begun.scheduledEventId)) ?? time);
      const again = (begun.attempt ?? 1) > 1;
      const name = names.get(String(begun.scheduledEventId)) ?? '';
      add(again ? `${name}: earlier attempts and the wait for the ERP's cycle` : 'activities queued', waited);
    }
    const done = event.activityTaskCompletedEventAttributes;
    if (done) {
      const name = names.get(String(done.scheduledEventId)) ?? '';
      add(`${name}: at work`, time - (at.get(String(done.startedEventId)) ?? time));
    }
    const task = event.workflowTaskCompletedEventAttributes;
    if (task) add("the saga's own code (workflow tasks)", time - (at.get(String(task.scheduledEventId)) ?? time));
  }
}
