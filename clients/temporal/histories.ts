/** Histories of sagas as the calls they made: what a store that was set back has to be told again. */
import type { Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { ToldCall, ToldSaga } from '../../domain/told.js';

type Events = temporal.api.history.v1.IHistoryEvent[];
type Event = temporal.api.history.v1.IHistoryEvent;
type Payloads = temporal.api.common.v1.IPayloads | null | undefined;

/** Histories read side by side. */
const AT_ONCE = 8;
const CAUSE_SOLVED = 'causeSolved';

/**
 * Every run of these workflow types that goes on, or has closed since an instant, as what it tells of these verbs. The
 * runs of one saga (a reset, a restart) are told one by one.
 */
export async function toldSagas(
  client: Client,
  { types, verbs, since }: { types: readonly string[]; verbs: ReadonlySet<string>; since: string },
): Promise<ToldSaga[]> {
  const named = types.map((type) => `"${type}"`).join(', ');
  const runs: { workflowId: string; runId: string; running: boolean }[] = [];
  for (const query of ['ExecutionStatus = "Running"', `CloseTime >= "${since}"`])
    for await (const run of client.workflow.list({ query: `WorkflowType IN (${named}) AND ${query}` }))
      runs.push({ workflowId: run.workflowId, runId: run.runId, running: run.status.name === 'RUNNING' });
  const known = [...new Map(runs.map((run) => [`${run.workflowId} ${run.runId}`, run])).values()];
  const told: ToldSaga[] = [];
  const next = async (): Promise<void> => {
    for (let run = known.pop(); run !== undefined; run = known.pop()) told.push(await toldRun(client, run, verbs));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
  return told;
}

async function toldRun(
  client: Client,
  { workflowId, runId, running }: { workflowId: string; runId: string; running: boolean },
  verbs: ReadonlySet<string>,
): Promise<ToldSaga> {
  const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  const read = (payloads: Payloads): Promise<unknown[]> =>
    decodeArrayFromPayloads(client.options.loadedDataConverter, payloads?.payloads);
  const reader = new Reader(workflowId, verbs, read);
  for (const event of (events ?? []) as Events) await reader.take(event);
  return { workflowId, running, calls: [...reader.calls.values()], solved: reader.solved };
}

const instant = ({ eventTime }: Event): string =>
  new Date(Number(eventTime?.seconds ?? 0) * 1000 + Math.floor((eventTime?.nanos ?? 0) / 1e6)).toISOString();

class Reader {
  readonly calls = new Map<string, ToldCall>();
  readonly solved: ToldSaga['solved'] = [];
  private readonly workflowId: string;
  private readonly verbs: ReadonlySet<string>;
  private readonly read: (payloads: Payloads) => Promise<unknown[]>;

  constructor(workflowId: string, verbs: ReadonlySet<string>, read: (payloads: Payloads) => Promise<unknown[]>) {
    this.workflowId = workflowId;
    this.verbs = verbs;
    this.read = read;
  }

  async take(event: Event): Promise<void> {
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled && this.verbs.has(scheduled.activityType?.name ?? '')) {
      const [input] = await this.read(scheduled.input);
      const { workflowId } = this;
      const verb = scheduled.activityType?.name ?? '';
      const asked = { workflowId, verb, input, askedAt: instant(event), endedAt: null };
      this.calls.set(String(event.eventId), { ...asked, outcome: 'pending', result: undefined, failure: undefined });
    }
    const completed = event.activityTaskCompletedEventAttributes;
    if (completed && this.calls.has(String(completed.scheduledEventId))) {
      const [result] = await this.read(completed.result);
      this.end(event, completed.scheduledEventId, { outcome: 'done', result });
    }
    const failed = event.activityTaskFailedEventAttributes;
    if (failed && this.calls.has(String(failed.scheduledEventId))) {
      const [failure] = await this.read(failed.failure?.applicationFailureInfo?.details);
      this.end(event, failed.scheduledEventId, { outcome: 'failed', failure });
    }
    const signal = event.workflowExecutionSignaledEventAttributes;
    if (signal?.signalName === CAUSE_SOLVED) {
      const [gone] = (await this.read(signal.input)) as { code: string; cause: string }[];
      if (gone !== undefined) this.solved.push({ ...gone, at: instant(event) });
    }
  }

  private end(event: Event, scheduledId: unknown, how: Partial<ToldCall>): void {
    const call = this.calls.get(String(scheduledId));
    if (call !== undefined) this.calls.set(String(scheduledId), { ...call, ...how, endedAt: instant(event) });
  }
}
