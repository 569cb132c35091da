/**
 * One workflow in the SDK's own sandbox, fed with activations by hand. Uses inner parts of @temporalio/worker 1.24.0,
 * which is pinned; nothing else may import them (facts: an in-process driver of the real bundle).
 */
import { readFileSync } from 'node:fs';
import { DefaultFailureConverter, defaultPayloadConverter, toPayloads } from '@temporalio/common';
import { msToTs } from '@temporalio/common/lib/time.js';
import { coresdk } from '@temporalio/proto';
import { parseWorkflowCode } from '@temporalio/worker/lib/worker.js';
import { ReusableVMWorkflowCreator } from '@temporalio/worker/lib/workflow/reusable-vm.js';

export type Job = coresdk.workflow_activation.IWorkflowActivationJob;
export type Command = coresdk.workflow_commands.IWorkflowCommand;
type Done = coresdk.workflow_completion.IWorkflowActivationCompletion;
type Workflow = Awaited<ReturnType<ReusableVMWorkflowCreator['createWorkflow']>>;

const KNOWN_FLAGS = [1, 2, 3, 4];
const creators = new Map<string, Promise<ReusableVMWorkflowCreator>>();
const running = new Set<WorkflowMachine>();
let count = 0;
const failures = new DefaultFailureConverter();

function creatorOf(bundle: string): Promise<ReusableVMWorkflowCreator> {
  const known = creators.get(bundle);
  if (known !== undefined) return known;
  const code = parseWorkflowCode(readFileSync(bundle, 'utf8'));
  const made = ReusableVMWorkflowCreator.create(code, 10_000, new Set<string>());
  creators.set(bundle, made);
  return made;
}

/** Ends every machine and what they share. */
export async function closeMachines(): Promise<void> {
  for (const machine of [...running]) await machine.dispose();
  for (const made of creators.values()) await (await made).destroy();
  creators.clear();
}

export interface Start {
  workflowType: string;
  workflowId: string;
  input: unknown;
}

export const payloadsOf = (value: unknown) => toPayloads(defaultPayloadConverter, value) ?? [];
export const errorOf = (failure: Parameters<typeof failures.failureToError>[0]): Error =>
  failures.failureToError(failure, defaultPayloadConverter);

/** What a workflow sees of an activity that failed for good. */
export function activityFailure(type: string, seq: number, error: Error): object {
  const activityFailureInfo = {
    activityType: { name: type },
    activityId: String(seq),
    retryState: 2,
    identity: 'driver',
  };
  const cause = failures.errorToFailure(error, defaultPayloadConverter);
  return { message: 'Activity task failed', source: 'TypeScriptSDK', cause, activityFailureInfo };
}

export class WorkflowMachine {
  private tasks = 0;
  private readonly runId: string;
  private readonly workflow: Workflow;

  private constructor(runId: string, workflow: Workflow) {
    this.runId = runId;
    this.workflow = workflow;
    running.add(this);
  }

  /** A workflow that begins with its first activation. `now`: virtual milliseconds. */
  static async make(bundle: string, start: Start, now: () => number): Promise<WorkflowMachine> {
    count += 1;
    const runId = `run-${count}`;
    const startTime = new Date(now());
    const info = {
      ...{ workflowId: start.workflowId, workflowType: start.workflowType, runId, firstExecutionRunId: runId },
      ...{ startTime, runStartTime: startTime, namespace: 'driver', taskQueue: 'sagas', attempt: 1, memo: {} },
      ...{ searchAttributes: {}, typedSearchAttributes: undefined, taskTimeoutMs: 10_000, historyLength: 3 },
      ...{ historySize: 300, continueAsNewSuggested: false, currentBuildId: '', currentDeploymentVersion: undefined },
      ...{ targetWorkerDeploymentVersionChanged: false, unsafe: { now, isReplaying: false } },
    };
    const options = { info, randomnessSeed: [1, 2, 3, count], now: now(), showStackTraceSources: false };
    const creator = await creatorOf(bundle);
    type Options = Parameters<ReusableVMWorkflowCreator['createWorkflow']>[0];
    return new WorkflowMachine(runId, await creator.createWorkflow(options as unknown as Options));
  }

  startJob({ workflowId, workflowType, input }: Start, now: number): Job {
    const initializeWorkflow = {
      ...{ workflowId, workflowType, headers: {}, attempt: 1, identity: 'driver' },
      ...{ firstExecutionRunId: this.runId, startTime: msToTs(now), arguments: payloadsOf(input) },
    };
    return { initializeWorkflow };
  }

  async activate(jobs: readonly Job[], now: number): Promise<Done> {
    this.tasks += 1;
    const activation = coresdk.workflow_activation.WorkflowActivation.create({
      ...{ runId: this.runId, timestamp: msToTs(now), isReplaying: false, historyLength: 3 + this.tasks * 4 },
      jobs: jobs.map((job) => coresdk.workflow_activation.WorkflowActivationJob.create(job)),
      availableInternalFlags: KNOWN_FLAGS,
    });
    const done = await this.workflow.activate(activation);
    await this.workflow.getAndResetSinkCalls();
    return done;
  }

  async dispose(): Promise<void> {
    if (running.delete(this)) await this.workflow.dispose();
  }
}
