/** Workers as the processes they are in production, over a rig that has none of its own. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from '../../../bin/supervisor/child.js';
import type { Guardian } from '../../../bin/supervisor/guardian.js';
import { launchPart } from '../../../bin/supervisor/launch.js';
import type { Health } from '../../../workers/health.js';
import type { Rig } from '../../support/rig.js';

export interface WorkerProcess {
  child: Child;
  /** What it says at /health, with the status it says it with; `null` when nobody answers any more. */
  health(): Promise<{ status: number; said: Health } | null>;
}

/** `build`: its SELVEDGE_BUILD_ID. It is ready when it polls. */
export async function launchWorker(
  rig: Rig,
  guardian: Guardian,
  logDir: string,
  name: string,
  build?: string,
): Promise<WorkerProcess> {
  const { child, facts } = await launchPart({
    name,
    args: ['worker', '--health-port', '0'],
    environment: {
      ...rig.env,
      TEMPORAL_ADDRESS: rig.temporal.address,
      TEMPORAL_NAMESPACE: rig.temporal.namespace,
      DATABASE_URL: rig.database,
      SELVEDGE_BUILD_ID: build ?? '',
    },
    logDir,
    guardian,
  });
  const health = async (): Promise<{ status: number; said: Health } | null> => {
    const reply = await fetch(facts['health'] ?? '').catch(() => null);
    return reply === null ? null : { status: reply.status, said: (await reply.json()) as Health };
  };
  return { child, health };
}

/** Asks it to stop, as a platform does; answers how it ended and after how long. */
export async function terminate({ child }: WorkerProcess, withinMs: number): Promise<{ how: string; tookMs: number }> {
  const began = Date.now();
  process.kill(child.pid, 'SIGTERM');
  const how = await Promise.race([child.end, sleep(withinMs, `still there after ${withinMs} ms`, { ref: false })]);
  return { how, tookMs: Date.now() - began };
}
