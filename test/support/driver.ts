/**
 * Runs the bundled workflows in this process: real workflow code in the real sandbox, no server. Activities are answered
 * by fakes, timers fire on a virtual clock, everything the workflow commands is recorded (facts/libraries.md 3.7).
 * Uses inner parts of @temporalio/worker 1.24.0, which is pinned; nothing else may import them.
 */
import { readFileSync } from 'node:fs';
import { arrayFromPayloads, DefaultFailureConverter, defaultPayloadConverter, toPayloads } from '@temporalio/common';
import { msToTs, tsToMs } from '@temporalio/common/lib/time.js';
import { coresdk } from '@temporalio/proto';
import { parseWorkflowCode } from '@temporalio/worker/lib/worker.js';
import { ReusableVMWorkflowCreator } from '@temporalio/worker/lib/workflow/reusable-vm.js';
import { workflowBundle } from './bundle.js';

type Job = coresdk.workflow_activation.IWorkflowActivationJob;
type Command = coresdk.workflow_commands.IWorkflowCommand;
type Machine = Awaited<ReturnType<ReusableVMWorkflowCreator['createWorkflow']>>;

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

const converter = new DefaultFailureConverter();
const START = '2026-03-10T10:00:00.000Z';
const KNOWN_FLAGS = [1, 2, 3, 4];
let creator: Promise<ReusableVMWorkflowCreator> | undefined;
const running = new Set<Driver>();
let count = 0;

async function machines(): Promise<ReusableVMWorkflowCreator> {
  creator ??= workflowBundle().then((path) =>
    ReusableVMWorkflowCreator.create(parseWorkflowCode(readFileSync(path, 'utf8')), 10_000, new Set<string>()),
  );
  return creator;
}

/** Ends what all drivers of a test file share; call it in `afterAll`. */
export async function closeDrivers(): Promise<void> {
  for (const driver of [...running]) await driver.dispose();
  await (await creator)?.destroy();
  creator = undefined;
}

/** A workflow that `begin` starts. */
export async function makeDriver(options: DriverOptions): Promise<Driver> {
  count += 1;
  return new Driver(options, `run-${count}`, await machines());
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
  private readonly runId: string;
  private readonly creator: ReusableVMWorkflowCreator;
  private machine: Machine | undefined;
  private queue: Event[] = [];
  private order = 0;
  private tasks = 0;

  constructor(options: DriverOptions, runId: string, vm: ReusableVMWorkflowCreator) {
    this.options = options;
    this.runId = runId;
    this.creator = vm;
    this.now = Date.parse(options.startAt ?? START);
  }

  /** Starts the workflow and runs its first task. */
  async begin(): Promise<void> {
    const { workflowId, workflowType, input } = this.options;
    const startTime = new Date(this.now);
    const info = {
      ...{ workflowId, workflowType, runId: this.runId, firstExecutionRunId: this.runId, startTime },
      ...{ runStartTime: startTime, namespace: 'driver', taskQueue: 'sagas', attempt: 1, memo: {} },
      ...{ searchAttributes: {}, typedSearchAttributes: undefined, taskTimeoutMs: 10_000, historyLength: 3 },
      ...{ historySize: 300, continueAsNewSuggested: false, currentBuildId: '', currentDeploymentVersion: undefined },
      ...{ targetWorkerDeploymentVersionChanged: false, unsafe: { now: () => this.now, isReplaying: false } },
    };
    const randomnessSeed = [1, 2, 3, count];
    this.machine = await this.creator.createWorkflow({
      info,
      randomnessSeed,
      now: this.now,
      showStackTraceSources: false,
    } as unknown as Parameters<ReusableVMWorkflowCreator['createWorkflow']>[0]);
    const started = {
      ...{ workflowId, workflowType, headers: {}, attempt: 1, identity: 'driver' },
      ...{ firstExecutionRunId: this.runId, startTime: msToTs(this.now) },
      arguments: toPayloads(defaultPayloadConverter, input) ?? [],
    };
    running.add(this);
    await this.task([{ initializeWorkflow: started }]);
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
        return { failed: { failure: this.activityFailure(call, error as Error) } };
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
    const input = toPayloads(defaultPayloadConverter, argument) ?? [];
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
    const input = toPayloads(defaultPayloadConverter, argument) ?? [];
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
    running.delete(this);
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
    this.tasks += 1;
    const activation = coresdk.workflow_activation.WorkflowActivation.create({
      ...{ runId: this.runId, timestamp: msToTs(this.now), isReplaying: false, historyLength: 3 + this.tasks * 4 },
      jobs: jobs.map((job) => coresdk.workflow_activation.WorkflowActivationJob.create(job)),
      availableInternalFlags: KNOWN_FLAGS,
    });
    const done = await this.machine.activate(activation);
    await this.machine.getAndResetSinkCalls();
    return done;
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
      this.end('failed', undefined, failure ? converter.failureToError(failure, defaultPayloadConverter) : undefined);
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

  private activityFailure({ seq, type }: ActivityCall, error: Error): object {
    const cause = converter.errorToFailure(error, defaultPayloadConverter);
    const activityFailureInfo = {
      activityType: { name: type },
      activityId: String(seq),
      retryState: 2,
      identity: 'driver',
    };
    return { message: 'Activity task failed', source: 'TypeScriptSDK', cause, activityFailureInfo };
  }
}

function summaryOf(command: Command): string {
  const summary = command.userMetadata?.summary;
  return summary ? String(defaultPayloadConverter.fromPayload(summary)) : '';
}
