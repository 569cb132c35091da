/** Versions of a saga's object that are announced to it by a signal, which anybody can send. */
import { CancellationScope } from '@temporalio/workflow';
import type { Intake, ObjectKey } from '../activities/intake/contract.js';
import type { Run } from './saga/run.js';
import { intake, tell } from './systems.js';

/** The newest version that the inbox holds. */
export const newest = (object: ObjectKey): ReturnType<Intake['newest']> =>
  tell(`Read the newest version of ${object.key}`, intake.newest, object);

/**
 * A later version overtakes what the saga is at when the inbox holds it, not because it was announced: what is forbidden
 * for a version that nobody has would be lost. Before the claim nothing is on its way, and the claim reads the newest.
 */
export async function announced(run: Run, object: ObjectKey, version: number): Promise<void> {
  const unheard = run.version > 0 && version > Math.max(run.version, run.newerVersion);
  const held = unheard ? await CancellationScope.nonCancellable(() => newest(object)) : { version };
  run.newerVersion = Math.max(run.newerVersion, held.version);
}
