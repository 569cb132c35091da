/** Starting sagas and handing on what came in for them, whichever process they are of. */
import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { goodsMoved, progress, versionArrived, type Progress } from '../../workflows/messages.js';
import { changedSagaId, sagaId, sagaNamed, type Process } from '../../workflows/process.js';
import { sagaOf } from '../../workflows/processes.js';
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

/** Use the running one, never start a finished one again: the effect is once per object whatever the door. */
const once = {
  taskQueue: SAGA_QUEUE,
  workflowIdConflictPolicy: 'USE_EXISTING',
  workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
} as const;

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const described = ({ source, kind }: Process, key: string, more = '') => ({
  staticSummary: `${capital(kind)} ${key} from ${capital(source)}${more}`,
  typedSearchAttributes: new TypedSearchAttributes([
    { key: SEARCH_ATTRIBUTES.Stage, value: 'started' },
    { key: SEARCH_ATTRIBUTES.Attention, value: 'none' },
    { key: SEARCH_ATTRIBUTES.Source, value: source },
    { key: SEARCH_ATTRIBUTES.BusinessKey, value: key },
  ]),
});

/** False when a saga of that id has ended and is not started again. */
async function unlessEnded(start: Promise<unknown>): Promise<boolean> {
  try {
    await start;
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}

/**
 * Starts the saga of an object, or joins the one that runs or has run.
 * @throws ZodError when the key is none of that process; @throws Error when Temporal cannot be reached.
 */
export async function startSaga<R>(client: Client, process: Process, key: string): Promise<SagaHandle<R>> {
  const args = [process.input(key)];
  const workflowId = sagaId(process, key);
  await unlessEnded(client.workflow.start(process.workflow, { ...once, workflowId, args, ...described(process, key) }));
  return handleOf<R>(client, workflowId);
}

/** Where an object stands in the inbox when one of its versions is handed on. */
export interface Standing {
  /** The workflow that has claimed the object and has not finished. */
  openWorkflowId: string | null;
  /** A workflow has finished this object: what comes now needs a saga of its own. */
  finished: boolean;
}

/**
 * Hands a version of an object to the saga that has it; a version that comes after the object was finished gets a saga
 * of its own. What was finished is known by the inbox, which outlives Temporal's retention. Answers the workflow id.
 */
export async function handOnVersion(
  client: Client,
  process: Process,
  key: string,
  version: number,
  standing: Standing = { openWorkflowId: null, finished: false },
): Promise<string> {
  const base = sagaId(process, key);
  const { openWorkflowId, finished } = standing;
  const changed = openWorkflowId === null ? undefined : sagaNamed(openWorkflowId)?.changedVersion;
  if (changed !== undefined) return tellChanged(client, process, key, { version: changed, arrived: version });
  const later = (): Promise<string> => tellChanged(client, process, key, { version, arrived: version });
  if (finished && openWorkflowId === null) return version === 1 ? base : later();
  const told = await unlessEnded(
    client.workflow.signalWithStart(process.workflow, {
      ...once,
      workflowId: base,
      args: [process.input(key)],
      signal: versionArrived,
      signalArgs: [{ version }],
      ...described(process, key),
    }),
  );
  return told || version === 1 ? base : later();
}

/** Tells the saga of a later version of one that `arrived`; one that does not run, or was terminated, starts first. */
async function tellChanged(
  client: Client,
  process: Process,
  key: string,
  { version, arrived }: { version: number; arrived: number },
): Promise<string> {
  const workflowId = changedSagaId(process, key, version);
  await unlessEnded(
    client.workflow.signalWithStart(process.changedWorkflow, {
      ...once,
      workflowId,
      args: [process.input(key, version)],
      signal: versionArrived,
      signalArgs: [{ version: arrived }],
      ...described(process, key, `, version ${version}, after it was finished`),
    }),
  );
  return workflowId;
}

/** Hands a physical movement to the saga of its document; if it comes before the document, the saga starts and waits. */
export async function handOnMovement(
  client: Client,
  process: Process,
  key: string,
  movementId: string,
): Promise<string> {
  const workflowId = sagaId(process, key);
  await unlessEnded(
    client.workflow.signalWithStart(process.workflow, {
      ...once,
      workflowId,
      args: [process.input(key)],
      signal: goodsMoved,
      signalArgs: [{ movementId }],
      ...described(process, key),
    }),
  );
  return workflowId;
}

/** Where a saga stands: status, steps, open questions with what to send back. Needs a running worker. */
export function progressOf(client: Client, workflowId: string): Promise<Progress> {
  return client.workflow.getHandle(workflowId).query(progress);
}

export function handleOf<R>(client: Client, workflowId: string): SagaHandle<R> {
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

/**
 * Starts a saga that ended or was forgotten again: it finds its own claim, grants and postings, so nothing posts twice.
 * @throws RangeError when the id names no saga; @throws Error when Temporal cannot be reached.
 */
export async function restartSaga(client: Client, workflowId: string): Promise<void> {
  const saga = sagaOf(workflowId);
  if (saga === undefined) throw new RangeError(`"${workflowId}" names no saga`);
  const { of, key, changedVersion } = saga;
  if (changedVersion === undefined) await startSaga(client, of, key);
  else await handOnVersion(client, of, key, changedVersion);
}
