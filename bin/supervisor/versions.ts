/** Builds of our workers as Temporal knows them: which one takes work, and which may be switched off. */
import { Connection } from '@temporalio/client';
import { DEPLOYMENT } from '../../workers/versions.js';
import { Refused } from '../output.js';

/** gRPC's code for what is not there. */
const NOT_FOUND = 5;
/** gRPC's code for what the state of things does not allow. */
const FAILED_PRECONDITION = 9;
const WITHIN_MS = 30_000;

/** WorkerDeploymentVersionStatus of Temporal's API, in words for the people who roll builds. */
const STATES: Record<number, string> = {
  1: 'takes no work',
  2: 'current',
  3: 'ramping',
  4: 'draining: sagas pinned to it are open',
  5: 'drained',
};

export interface Build {
  build: string;
  state: string;
  /** Share of the work it gets while it ramps. */
  percent: number | null;
  madeAt: string | null;
}

export interface Builds {
  /** `null`: workers without a build take the work. */
  current: string | null;
  builds: Build[];
}

export interface TemporalAt {
  address: string;
  namespace: string;
}

async function onServer<T>({ address }: TemporalAt, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address, connectTimeout: '10s' });
  try {
    return await connection.withDeadline(Date.now() + WITHIN_MS, () => work(connection));
  } finally {
    await connection.close();
  }
}

const codeOf = (error: unknown): number | undefined => (error as { code?: number }).code;

/** Every build that a worker has come with; none when no worker ever belonged to one. */
export const listBuilds = (at: TemporalAt): Promise<Builds> =>
  onServer(at, async ({ workflowService }) => {
    const { namespace } = at;
    const found = await workflowService
      .describeWorkerDeployment({ namespace, deploymentName: DEPLOYMENT })
      .catch((error: unknown) => {
        if (codeOf(error) === NOT_FOUND) return null;
        throw error;
      });
    const routing = found?.workerDeploymentInfo?.routingConfig;
    const builds = (found?.workerDeploymentInfo?.versionSummaries ?? []).map((version): Build => {
      const build = version.deploymentVersion?.buildId ?? '';
      const ramps = routing?.rampingDeploymentVersion?.buildId === build;
      const seconds = Number(version.createTime?.seconds ?? 0);
      return {
        build,
        state: STATES[Number(version.status)] ?? 'unknown',
        percent: ramps ? (routing?.rampingVersionPercentage ?? 0) : null,
        madeAt: seconds === 0 ? null : new Date(seconds * 1000).toISOString(),
      };
    });
    return { current: routing?.currentDeploymentVersion?.buildId ?? null, builds };
  });

/** Gives new sagas, and the next step of open ones, to `build`; `null` gives them to workers without a build. */
export const makeCurrent = (at: TemporalAt, build: string | null, who: string): Promise<void> =>
  onServer(at, async ({ workflowService }) => {
    const request = { namespace: at.namespace, deploymentName: DEPLOYMENT, buildId: build ?? '', identity: who };
    await workflowService
      .setWorkerDeploymentCurrentVersion({ ...request, allowNoPollers: false })
      .catch((error: unknown) => refuse(error, build));
  });

/** Gives `percent` of the work to `build`; 0 takes it away again. */
export const ramp = (at: TemporalAt, build: string, percent: number, who: string): Promise<void> =>
  onServer(at, async ({ workflowService }) => {
    const request = { namespace: at.namespace, deploymentName: DEPLOYMENT, buildId: build, identity: who };
    await workflowService
      .setWorkerDeploymentRampingVersion({ ...request, percentage: percent })
      .catch((error: unknown) => refuse(error, build));
  });

/** What Temporal will not do, with what to do about it. */
function refuse(error: unknown, build: string | null): never {
  const words = error instanceof Error ? ((error as { details?: string }).details ?? error.message) : String(error);
  if (codeOf(error) === NOT_FOUND) {
    throw new Refused(
      `No worker of build ${build ?? ''} has come yet: start one with SELVEDGE_BUILD_ID=${build ?? ''} first (${words}).`,
    );
  }
  if (codeOf(error) === FAILED_PRECONDITION) {
    throw new Refused(
      `Temporal does not switch to build ${build ?? ''}: ${words}. Workers of it must poll every queue that is in use.`,
    );
  }
  throw error;
}
