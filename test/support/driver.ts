/**
 * Runs bundled workflows in this process: real workflow code, no server. Activities are answered by fakes, timers fire on
 * a virtual clock, everything the workflow commands is recorded.
 */
import { arrayFromPayloads, defaultPayloadConverter, toPayloads } from '@temporalio/common';
import { tsToMs } from '@temporalio/common/lib/time.js';
import type { coresdk } from '@temporalio/proto';
import { workflowBundle } from './bundle.js';
import {
  activityFailure,
  closeMachines,
  errorOf,
  payloadsOf,
  WorkflowMachine,
  type Command,
  type Job,
} from './workflow-machine.js';

export interface ActivityCall {
  seq: number;
  type: string;
  input: unknown;
  summary: string;
  /** Virtual milliseconds when it was scheduled. */
  at: number;
}
/**
 * What becomes of an activity: `afterMs` is how long it takes, its retries included; `does` runs when that time has come,
 * and answers its result or throws its failure. `held`: the test answers it itself, later.
 */
export type Reply = 'held' | { afterMs?: number; does: () => unknown };
export type Answer = (call: ActivityCall, now: number) => Reply;

export interface Ended {
  how: 'completed' | 'failed' | 'cancelled' | 'continued';
  result: unknown;
  error: Error | undefined;
}
export interface Update {
  state: 'sent' | 'accepted' | 'completed' | 'rejected';
  result: unknown;
  why: string;
}
export interface DriverOptions {
  workflowType: string;
  workflowId: string;
  input: unknown;
  answer: Answer;
  /** Path of other bundled workflows than the product's. */
  bundle?: string;
  /** Virtual time of the start, ISO. */
  startAt?: string;
  /** Orders what comes at the same instant, and says whether it comes in one task; both in their order without it. */
  chance?: () => number;
}

interface Event {
  at: number;
  order: number;
  job: () => Job | null;
  gone: () => boolean;
}

const START = '2026-03-10T10:00:00.000Z';

/** Ends what all drivers of a test file share; call it in `afterAll`. */
export const closeDrivers = closeMachines;

/** A workflow that `begin` starts. */
export async function makeDriver(options: DriverOptions): Promise<Driver> {
  return new Driver(options, options.bundle ?? (await workflowBundle()));
}

export class Driver {
  now: number;
  ended: Ended | undefined;
  readonly calls: ActivityCall[] = [];
  /** Every command, as `kind`, with its virtual time; activities by their type. */
  readonly commands: { at: number; kind: string; detail: string }[] = [];
  readonly attributes: Record<string, unknown> = {};
  readonly open = new Map<number, ActivityCall>();
  readonly timers = new Map<number, { at: number; summary: string }>();
  readonly updates = new Map<string, Update>();
  private readonly options: DriverOptions;
  private readonly bundle: string;
  private machine: WorkflowMachine | undefined;
  private queue: Event[] = [];
  private order = 0;

  constructor(options: DriverOptions, bundle: string) {
    this.options = options;
    this.bundle = bundle;
    this.now = Date.parse(options.startAt ?? START);
  }

  /** Starts the workflow and runs its first task. */
  async begin(): Promise<void> {
    this.machine = await WorkflowMachine.make(this.bundle, this.options, () => this.now);
    await this.task([this.machine.startJob(this.options, this.now)]);
  }

  /** Handles what comes next by virtual time. False: nothing is on its way, or the workflow has ended. */
  async step(until = Infinity): Promise<boolean> {
    if (this.ended) return false;
    const coming = this.queue.filter((event) => !event.gone());
    this.queue = coming.sort((a, b) => a.at - b.at || a.order - b.order);
    const first = coming[0];
    if (first === undefined || first.at > until) return false;
    this.now = Math.max(this.now, first.at);
    const together = coming.filter((event) => event.at <= this.now);
    const { chance } = this.options;
    const one = chance === undefined ? first : (together[Math.floor(chance() * together.length)] ?? first);
    const taken = chance !== undefined && chance() < 0.5 ? together : [one];
    this.queue = coming.filter((event) => !taken.includes(event));
    await this.task(taken.flatMap((event) => this.made(event)));
    return true;
  }

  /** Runs until the workflow ends, nothing comes any more, `done` holds, or the virtual time is over. */
  async run(done: () => boolean = () => false, forMs = Infinity): Promise<void> {
    const until = this.now + forMs;
    while (!done() && (await this.step(until)));
    if (!this.ended && !done() && Number.isFinite(until)) this.now = until;
  }

  /** Runs for a stretch of virtual time. */
  wait(ms: number): Promise<void> {
    return this.run(undefined, ms);
  }

  /** Answers an activity that was held, or sooner than it would have been. */
  answer(call: ActivityCall, reply: Exclude<Reply, 'held'>): void {
    const { seq } = call;
    const result = (): coresdk.activity_result.IActivityResolution => {
      try {
        return { completed: { result: toPayloads(defaultPayloadConverter, reply.does())?.[0] ?? null } };
      } catch (error) {
        return { failed: { failure: activityFailure(call.type, seq, error as Error) } };
      }
    };
    this.push(
      reply.afterMs ?? 0,
      () => ({ resolveActivity: { seq, result: result() } }),
      () => !this.open.has(seq),
    );
  }

  /** Something happens outside after a time; the workflow hears of it only what `does` sends it. */
  later(afterMs: number, does: () => void): void {
    this.push(afterMs, () => {
      does();
      return null;
    });
  }

  signal(signalName: string, argument: unknown, afterMs = 0): void {
    const input = payloadsOf(argument);
    this.push(afterMs, () => ({ signalWorkflow: { signalName, input, headers: {}, identity: 'driver' } }));
  }

  cancel(afterMs = 0): void {
    this.push(afterMs, () => ({ cancelWorkflow: { reason: 'asked by a test' } }));
  }

  /** Sends an update; the object answered changes as it is accepted, completed or rejected. */
  update(name: string, argument: unknown, afterMs = 0): Update {
    const id = `update-${this.updates.size + 1}`;
    const update: Update = { state: 'sent', result: undefined, why: '' };
    this.updates.set(id, update);
    const input = payloadsOf(argument);
    const sent = { id, protocolInstanceId: id, name, input, headers: {}, runValidator: true };
    this.push(afterMs, () => ({ doUpdate: sent }));
    return update;
  }

  async query<T>(queryType: string): Promise<T> {
    const job = { queryWorkflow: { queryId: 'q', queryType, arguments: [], headers: {} } };
    const done = await this.activate([job]);
    const reply = done.successful?.commands?.[0]?.respondToQuery;
    if (!reply?.succeeded) throw new Error(`query ${queryType} failed: ${reply?.failed?.message ?? 'no answer'}`);
    const response = reply.succeeded.response;
    return (response ? defaultPayloadConverter.fromPayload(response) : undefined) as T;
  }

  async dispose(): Promise<void> {
    await this.machine?.dispose();
    this.machine = undefined;
  }

  private push(afterMs: number, job: () => Job | null, gone: () => boolean = () => false): void {
    this.queue.push({ at: this.now + afterMs, order: this.order++, job, gone });
  }

  /** Makes the job of an event whose time has come; what it settles is open no more. */
  private made(event: Event): Job[] {
    const job = event.gone() ? null : event.job();
    if (job === null) return [];
    if (job.resolveActivity?.seq) this.open.delete(job.resolveActivity.seq);
    if (job.fireTimer?.seq) this.timers.delete(job.fireTimer.seq);
    return [job];
  }

  private async task(jobs: Job[]): Promise<void> {
    if (jobs.length === 0) return;
    const done = await this.activate(jobs);
    if (!done.successful) {
      throw new Error(`a workflow task failed: ${done.failed?.failure?.message ?? 'no word why'}`);
    }
    for (const command of done.successful.commands ?? []) this.take(command);
  }

  private async activate(jobs: Job[]): Promise<coresdk.workflow_completion.IWorkflowActivationCompletion> {
    if (this.machine === undefined) throw new Error('the driver was disposed of');
    return this.machine.activate(jobs, this.now);
  }

  private note(kind: string, detail = ''): void {
    this.commands.push({ at: this.now, kind, detail });
  }

  private take(command: Command): void {
    const summary = summaryOf(command);
    if (command.scheduleActivity) {
      const { seq, activityType, arguments: given } = command.scheduleActivity;
      const input = arrayFromPayloads(defaultPayloadConverter, given ?? [])[0];
      const call = { seq: seq ?? 0, type: activityType ?? '', input, summary, at: this.now };
      this.calls.push(call);
      this.open.set(call.seq, call);
      this.note('activity', call.type);
      const reply = this.options.answer(call, this.now);
      if (reply !== 'held') this.answer(call, reply);
    } else if (command.startTimer) {
      const seq = command.startTimer.seq ?? 0;
      const ms = tsToMs(command.startTimer.startToFireTimeout);
      this.timers.set(seq, { at: this.now + ms, summary });
      this.note('timer', summary);
      this.push(
        ms,
        () => ({ fireTimer: { seq } }),
        () => !this.timers.has(seq),
      );
    } else if (command.cancelTimer) {
      this.timers.delete(command.cancelTimer.seq ?? 0);
    } else this.takeOther(command);
  }

  private takeOther(command: Command): void {
    if (command.upsertWorkflowSearchAttributes) {
      const fields = command.upsertWorkflowSearchAttributes.searchAttributes?.indexedFields ?? {};
      for (const [name, payload] of Object.entries(fields)) {
        this.attributes[name] = defaultPayloadConverter.fromPayload(payload);
      }
      this.note('attributes', JSON.stringify(this.attributes));
    } else if (command.updateResponse) this.takeUpdate(command.updateResponse);
    else if (command.completeWorkflowExecution) {
      const { result } = command.completeWorkflowExecution;
      this.end('completed', result ? defaultPayloadConverter.fromPayload(result) : undefined);
    } else if (command.failWorkflowExecution) {
      const { failure } = command.failWorkflowExecution;
      this.end('failed', undefined, failure ? errorOf(failure) : undefined);
    } else if (command.cancelWorkflowExecution) this.end('cancelled');
    else if (command.continueAsNewWorkflowExecution) {
      const given = command.continueAsNewWorkflowExecution.arguments ?? [];
      this.end('continued', arrayFromPayloads(defaultPayloadConverter, given)[0]);
    } else if (command.setPatchMarker) this.note('patch', command.setPatchMarker.patchId ?? '');
    else if (!command.modifyWorkflowProperties) {
      throw new Error(`the driver does not know the command ${Object.keys(command).join()}`);
    }
  }

  private takeUpdate(response: coresdk.workflow_commands.IUpdateResponse): void {
    const update = this.updates.get(response.protocolInstanceId ?? '');
    if (update === undefined) return;
    if (response.accepted) update.state = 'accepted';
    else if (response.rejected) Object.assign(update, { state: 'rejected', why: response.rejected.message ?? '' });
    else if (response.completed) {
      update.state = 'completed';
      update.result = defaultPayloadConverter.fromPayload(response.completed);
    }
  }

  private end(how: Ended['how'], result?: unknown, error?: Error): void {
    this.note(how);
    this.ended = { how, result, error };
  }
}

function summaryOf(command: Command): string {
  const summary = command.userMetadata?.summary;
  return summary ? String(defaultPayloadConverter.fromPayload(summary)) : '';
}
