/** Starting, deciding and reading return sagas: what services build on. */
import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import {
  returnReversalId,
  returnToStockId,
  versionOfReversal,
  ReturnChanged,
  ReturnReceived,
  type ReturnResult,
} from '../../workflows/return-to-stock/contract.js';
import { goodsMoved, progress, versionArrived, type Progress } from '../../workflows/messages.js';
import { SEARCH_ATTRIBUTES } from '../../workflows/search-attributes.js';

export const SAGA_QUEUE = 'sagas';

/** A saga as its starter holds it. */
export interface SagaHandle<R> {
  readonly workflowId: string;
  /** False once it has ended, however it ended. */
  isRunning(): Promise<boolean>;
  /** Waits for the end, however long that takes; declined and cancelled sagas say so in `outcome`. */
  result(): Promise<R | { outcome: 'declined' | 'cancelled' | 'handled-elsewhere'; why: string }>;
}

const attributes = (input: ReturnReceived): TypedSearchAttributes =>
  new TypedSearchAttributes([
    { key: SEARCH_ATTRIBUTES.Stage, value: 'started' },
    { key: SEARCH_ATTRIBUTES.Attention, value: 'none' },
    { key: SEARCH_ATTRIBUTES.Source, value: input.source },
    { key: SEARCH_ATTRIBUTES.BusinessKey, value: input.returnNo },
  ]);

/** Names of sources as people write them. */
const NAMES = { archean: 'Archean' } as const;

/** Use the running one, never start a finished one again: the effect is once per return whatever the door. */
const once = {
  taskQueue: SAGA_QUEUE,
  workflowIdConflictPolicy: 'USE_EXISTING',
  workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
} as const;

const described = (input: ReturnReceived) => ({
  staticSummary: `Return ${input.returnNo} from ${NAMES[input.source]}`,
  typedSearchAttributes: attributes(input),
});

/**
 * Starts the saga of a return, or joins the one that runs or has run: the credit memo and the restock are posted once.
 * @throws ZodError when the input is no return; @throws Error when Temporal cannot be reached.
 */
export async function startReturn(client: Client, input: ReturnReceived): Promise<SagaHandle<ReturnResult>> {
  const received = ReturnReceived.parse(input);
  const workflowId = returnToStockId(received);
  try {
    await client.workflow.start('returnToStock', {
      ...once,
      workflowId,
      args: [received],
      ...described(received),
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  return handleOf(client, workflowId);
}

/** Where a return stands in the inbox when one of its versions is handed on. */
export interface Standing {
  /** The workflow that has claimed the return and has not finished. */
  openWorkflowId: string | null;
  /** A workflow has finished this return: what comes now needs a saga of its own. */
  finished: boolean;
}

/**
 * Hands a version of a return to the saga that has it; a version that comes after the return was finished gets a saga
 * of its own. What was finished is known by the inbox, which outlives Temporal's retention. Answers the workflow id.
 */
export async function handOnReturn(
  client: Client,
  input: ReturnReceived,
  version: number,
  standing: Standing = { openWorkflowId: null, finished: false },
): Promise<string> {
  const base = returnToStockId(input);
  const { openWorkflowId, finished } = standing;
  const reversal = versionOfReversal(openWorkflowId);
  if (reversal !== undefined) return tellReversal(client, { ...input, version: reversal }, version);
  if (finished && openWorkflowId === null) return version === 1 ? base : tellReversal(client, { ...input, version });
  try {
    await client.workflow.signalWithStart('returnToStock', {
      ...once,
      workflowId: base,
      args: [input],
      signal: versionArrived,
      signalArgs: [{ version }],
      ...described(input),
    });
    return base;
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return version === 1 ? base : tellReversal(client, { ...input, version });
  }
}

/** Tells the reversal saga of a version that `arrived`; one that does not run, or was terminated, starts first. */
async function tellReversal(client: Client, input: ReturnChanged, arrived = input.version): Promise<string> {
  const workflowId = returnReversalId(input);
  try {
    await client.workflow.signalWithStart('returnToStockReversal', {
      ...once,
      workflowId,
      args: [ReturnChanged.parse(input)],
      signal: versionArrived,
      signalArgs: [{ version: arrived }],
      staticSummary: `Return ${input.returnNo}, version ${input.version}, after it was finished`,
      typedSearchAttributes: attributes(input),
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  return workflowId;
}

/** Hands the physical movement of a return to its saga; if it comes before the return, the saga starts and waits. */
export async function handOnMovement(client: Client, input: ReturnReceived, movementId: string): Promise<string> {
  const workflowId = returnToStockId(input);
  try {
    await client.workflow.signalWithStart('returnToStock', {
      ...once,
      workflowId,
      args: [input],
      signal: goodsMoved,
      signalArgs: [{ movementId }],
      ...described(input),
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
  return workflowId;
}

/** Where a saga stands: status, steps, open questions with what to send back. Needs a running worker. */
export function progressOf(client: Client, workflowId: string): Promise<Progress> {
  return client.workflow.getHandle(workflowId).query(progress);
}

export function handleOf(client: Client, workflowId: string): SagaHandle<ReturnResult> {
  return {
    workflowId,
    isRunning: async () => (await describe(client, workflowId)) === 'running',
    result: () => client.workflow.getHandle(workflowId).result() as never,
  };
}

/** Whether a workflow runs, has closed, or is not (or no longer) known. */
export async function describe(client: Client, workflowId: string): Promise<'running' | 'closed' | 'absent'> {
  try {
    const { status } = await client.workflow.getHandle(workflowId).describe();
    return status.name === 'RUNNING' ? 'running' : 'closed';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'absent';
    throw error;
  }
}
