/** Sagas as Temporal knows them: how they stand, what they wait for, how many of each kind there are. */
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { countOf, failureWords, SAGAS, sagasByAttention } from '../../clients/temporal/index.js';
import { QUEUES, type Queue } from '../../workers/queues.js';

/** A call that is tried again and again: what a running saga waits for when nobody is asked. */
export interface PendingCall {
  /** As registered: `blueCherry.postCreditMemo`. */
  activity: string;
  attempt: number;
  /** Why the last attempt brought nothing; empty when none has ended. */
  why: string;
  /** When it is tried next, ISO; null when it is at work or nobody says. */
  nextAt: string | null;
}

export interface SagaState {
  state: 'running' | 'closed' | 'absent';
  /** Temporal's word for how it ended: `COMPLETED`, `TERMINATED`, …; `RUNNING`; empty when absent. */
  status: string;
  pending: PendingCall[];
}

const msOf = (time: { seconds?: unknown; nanos?: number | null } | null | undefined): number | null =>
  time === null || time === undefined ? null : Number(time.seconds ?? 0) * 1000 + Math.floor((time.nanos ?? 0) / 1e6);

const instant = (ms: number | null): string | null => (ms === null || ms === 0 ? null : new Date(ms).toISOString());

/** How one workflow stands, with the calls it waits for. */
export async function sagaState(client: Client, workflowId: string): Promise<SagaState> {
  try {
    const { status, raw } = await client.workflow.getHandle(workflowId).describe();
    const pending = await Promise.all(
      (raw.pendingActivities ?? []).map(async (call) => ({
        activity: call.activityType?.name ?? 'a call',
        attempt: call.attempt ?? 1,
        why: await failureWords(client, call.lastFailure),
        nextAt: instant(msOf(call.nextAttemptScheduleTime)),
      })),
    );
    return { state: status.name === 'RUNNING' ? 'running' : 'closed', status: status.name, pending };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { state: 'absent', status: '', pending: [] };
    throw error;
  }
}

const MOST_NAMED = 50;

export interface SagaCounts {
  running: number;
  /** Running ones by how urgently they want a person. */
  attention: Record<string, number>;
  /** Those that ended otherwise than by finishing. */
  endedBadly: number;
  /** Half undone: a reversal was refused. At most fifty are named. */
  halfCompensated: { workflowId: string; businessKey: string }[];
}

/** Counts sagas by the lists of the Web UI; these lag the truth by a second or two. */
export async function countSagas(client: Client): Promise<SagaCounts> {
  const open = `ExecutionStatus="Running" AND ${SAGAS}`;
  const [running, endedBadly, attention] = await Promise.all([
    countOf(client, open),
    countOf(client, `ExecutionStatus IN ("Failed", "Terminated", "TimedOut") AND ${SAGAS}`),
    sagasByAttention(client),
  ]);
  const halfCompensated: SagaCounts['halfCompensated'] = [];
  for await (const saga of client.workflow.list({
    query: `${open} AND Attention="half-compensated"`,
    pageSize: MOST_NAMED,
  })) {
    halfCompensated.push({ workflowId: saga.workflowId, businessKey: saga.workflowId.split(':')[2] ?? '' });
    if (halfCompensated.length >= MOST_NAMED) break;
  }
  return { running, endedBadly, attention, halfCompensated };
}

export interface QueueState {
  queue: Queue;
  /** Tasks that no worker has taken yet; null when the server does not say. */
  backlog: number | null;
  oldestMs: number | null;
  /** Whether any worker has asked for its tasks within the last minutes. */
  worked: boolean;
}

/** The queues of the workers. Temporal answers from memory: this costs one call each. */
export async function queueStates(client: Client, namespace: string): Promise<QueueState[]> {
  return Promise.all(
    QUEUES.map(async (queue) => {
      const answer = await client.workflowService.describeTaskQueue({
        namespace,
        taskQueue: { name: queue },
        taskQueueType: queue === 'sagas' ? 1 : 2,
        reportStats: true,
      });
      const { stats } = answer;
      const backlog = stats?.approximateBacklogCount;
      return {
        queue,
        backlog: backlog === null || backlog === undefined ? null : Number(backlog),
        oldestMs: msOf(stats?.approximateBacklogAge),
        worked: (answer.pollers ?? []).length > 0,
      };
    }),
  );
}
