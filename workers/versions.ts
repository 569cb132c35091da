/** Which build of the worker this is, where builds take turns (design.md 14; facts/temporal.md 7.3). */
import type { WorkerOptions } from '@temporalio/worker';

/** All our workers serve one set of queues: to Temporal that is one deployment. */
export const DEPLOYMENT = 'selvedge';

const BUILD_ID = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$/;

/** `SELVEDGE_BUILD_ID`, checked; `null` when it is not set: then any worker takes any work. */
export function buildOf(env: NodeJS.ProcessEnv): string | null {
  const found = env['SELVEDGE_BUILD_ID'] ?? '';
  if (found === '') return null;
  if (!BUILD_ID.test(found)) {
    throw new Error(
      `SELVEDGE_BUILD_ID is "${found}"; allowed are letters, digits and . _ + - after a letter or digit, at most 64, ` +
        'as 2026.3 or a commit',
    );
  }
  return found;
}

/**
 * Options of a worker that belongs to a build. Sagas wait for people longer than a build lives, so they go on with the
 * current build (auto-upgrade): what changes their steps stands behind `patched`, and every release replays old histories.
 */
export const versionOptions = (build: string | null): Pick<WorkerOptions, 'workerDeploymentOptions'> =>
  build === null
    ? {}
    : {
        workerDeploymentOptions: {
          useWorkerVersioning: true,
          version: { deploymentName: DEPLOYMENT, buildId: build },
          defaultVersioningBehavior: 'AUTO_UPGRADE',
        },
      };
