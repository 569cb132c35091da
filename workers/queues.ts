/** One queue per system: a valve that can be paused, limited and watched alone. */
import type { WorkerOptions } from '@temporalio/worker';

export const QUEUES = ['sagas', 'blue-cherry', 'archean', 'store', 'intake', 'desk', 'notices', 'standing'] as const;
export type Queue = (typeof QUEUES)[number];

/** Sagas kept in memory at once; the others are replayed when something happens to them. */
export const CACHED_SAGAS = 250;

/** Activities at work at once in one process. Waiting for the ERP holds no slot: it is a retry. */
export const CONCURRENCY: Record<Exclude<Queue, 'sagas'>, number> = {
  'blue-cherry': 24,
  archean: 8,
  store: 16,
  intake: 8,
  desk: 16,
  notices: 4,
  standing: 8,
};

/** Long-lived workflows of the installation itself: a feed's intake each, and the standing rounds. */
const CACHED_STANDING = 50;

/** Queues whose workers run workflows: sagas, and what stands beside them. */
export const RUNS_WORKFLOWS: readonly Queue[] = ['sagas', 'standing'];

export const options = (queue: Queue): Partial<WorkerOptions> =>
  queue === 'sagas'
    ? { maxCachedWorkflows: CACHED_SAGAS, maxConcurrentWorkflowTaskExecutions: 20 }
    : {
        maxConcurrentActivityTaskExecutions: CONCURRENCY[queue],
        ...(queue === 'standing'
          ? { maxCachedWorkflows: CACHED_STANDING, maxConcurrentWorkflowTaskExecutions: 4 }
          : {}),
      };
