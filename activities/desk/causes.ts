/** Waking the sagas that a solved cause held. The store says whom; a signal that gets lost is sent by the next sweep. */
import { ExceptionCode } from '../../domain/failures.js';
import { leaveCauseCase, markWoken, solveCauseCase } from '../../store/desk-causes.js';
import type { DeskDeps } from './deps.js';

/**
 * Releases what a cause held as far as it has gone, and signals each saga, oldest business date first. A running saga
 * that takes no signal does not keep the later ones waiting: it is thrown at the end and stays to be woken.
 * @throws ZodError when `code` is no exception code.
 */
export async function releaseCause(
  deps: Pick<DeskDeps, 'db' | 'isSolved' | 'sagas'>,
  solved: { code: string; cause: string },
  by = 'system',
): Promise<string[]> {
  const key = { code: ExceptionCode.parse(solved.code), cause: solved.cause };
  const woken: string[] = [];
  const failures: unknown[] = [];
  for (const workflowId of await solveCauseCase(deps.db, key, deps.isSolved, by)) {
    try {
      if (await wake(deps, workflowId, key)) woken.push(workflowId);
      await markWoken(deps.db, { ...key, workflowId });
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} held by ${key.cause} could not be woken`);
  return woken;
}

/** False when the saga has ended and needs no waking; any other trouble is thrown, and the sweep comes again. */
async function wake(
  deps: Pick<DeskDeps, 'sagas'>,
  workflowId: string,
  key: { code: string; cause: string },
): Promise<boolean> {
  try {
    await deps.sagas.signalCauseSolved(workflowId, key);
    return true;
  } catch (error) {
    if ((await deps.sagas.describe(workflowId)) === 'running') throw error;
    return false;
  }
}

/** Drops places in a cause case whose saga has ended: nobody is left to go on. */
export async function dropEnded(
  deps: Pick<DeskDeps, 'db' | 'sagas'>,
  key: { code: ExceptionCode; cause: string },
  workflowIds: readonly string[],
): Promise<number> {
  let dropped = 0;
  for (const workflowId of workflowIds) {
    if ((await deps.sagas.describe(workflowId)) === 'running') continue;
    await leaveCauseCase(deps.db, { ...key, workflowId });
    dropped += 1;
  }
  return dropped;
}
