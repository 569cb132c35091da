/** The worker process: reads configuration, builds clients, registers activities, polls its queues, drains on SIGTERM. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { Logger } from 'pino';
import { connectTemporal, dataConverter, type TemporalAddress } from '../clients/temporal/index.js';
import { loadConfig } from '../config/load.js';
import { createLog } from '../config/log.js';
import { loadKeys, type KeyRing } from '../config/payload-keys.js';
import { openStore, type Store } from '../store/database.js';
import { keepNotingKeys } from '../store/payload-keys.js';
import { SEARCH_ATTRIBUTES } from '../workflows/search-attributes.js';
import { createActivities } from './activities.js';
import { BUNDLES, type BundleKind } from './bundle-kinds.js';
import { options, QUEUES, RUNS_WORKFLOWS, type Queue } from './queues.js';

const DRAIN = '30 seconds';
const FIRST_RETRY_MS = 200;
const MOST_RETRY_MS = 5_000;

export interface WorkerSettings {
  temporal: TemporalAddress;
  database: string;
  queues?: readonly Queue[];
  /** Path of the bundled workflows. */
  bundle?: string;
  env?: NodeJS.ProcessEnv;
  log?: Logger;
}

export interface RunningWorker {
  /** Ends when every queue has drained; rejects when a queue's worker breaks. */
  done: Promise<void>;
  shutdown(): void;
}

export { quietRuntime, sdkMetricsAt } from './runtime.js';

/** Where `npm run build` puts the bundled workflows. */
export const builtBundle = (kind: BundleKind): string => fileURLToPath(new URL(`../${BUNDLES[kind]}`, import.meta.url));

/**
 * Starts polling. Waits for Temporal with back-off; stops with the names of missing search attributes, because a saga
 * that sets an unknown one hangs without a word (facts/temporal.md 6.3).
 */
export async function startWorker(settings: WorkerSettings): Promise<RunningWorker> {
  const config = loadConfig(settings.env === undefined ? {} : { env: settings.env });
  const log = settings.log ?? createLog('worker');
  const keys = loadKeys(settings.temporal.keysFile);
  const bundle = settings.bundle ?? builtBundle(keys === null ? 'plain' : 'encrypted');
  if (!existsSync(bundle)) throw new Error(`the bundled workflows are missing (${bundle}): run npm run build`);
  const connection = await connected(settings.temporal.address);
  await checkAttributes(connection, settings.temporal.namespace);
  const temporal = await connectTemporal(settings.temporal);
  const store = openStore(settings.database, 16, keys);
  const stopNoting = await notedKeys(store, keys, temporal.close);
  const activities = createActivities({
    config,
    store,
    client: temporal.client,
    log,
    env: settings.env ?? process.env,
  });
  const workers: Worker[] = [];
  for (const queue of settings.queues ?? QUEUES) {
    workers.push(
      await Worker.create({
        connection,
        namespace: settings.temporal.namespace,
        dataConverter: dataConverter(keys),
        taskQueue: queue,
        shutdownGraceTime: DRAIN,
        ...options(queue),
        ...(RUNS_WORKFLOWS.includes(queue) ? { workflowBundle: { codePath: bundle } } : {}),
        ...(queue === 'sagas' ? {} : { activities: activities[queue] }),
      }),
    );
  }
  const done = Promise.all(workers.map((worker) => worker.run()))
    .then(() => undefined)
    .finally(async () => {
      stopNoting();
      await Promise.allSettled([store.close(), temporal.close()]);
      await connection.close();
    });
  return { done, shutdown: () => workers.forEach((w) => w.getState() === 'RUNNING' && w.shutdown()) };
}

/** @throws KeyDiffers when this process calls another key by a known name; then nothing is polled. */
async function notedKeys(store: Store, keys: KeyRing | null, close: () => Promise<void>): Promise<() => void> {
  try {
    return await keepNotingKeys(store.db, keys);
  } catch (error) {
    await Promise.allSettled([store.close(), close()]);
    throw error;
  }
}

async function connected(address: string): Promise<NativeConnection> {
  for (let wait = FIRST_RETRY_MS; ; wait = Math.min(wait * 2, MOST_RETRY_MS)) {
    try {
      return await NativeConnection.connect({ address });
    } catch {
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

async function checkAttributes(connection: NativeConnection, namespace: string): Promise<void> {
  const known = await connection.operatorService.listSearchAttributes({ namespace });
  const names = new Set(Object.keys(known.customAttributes ?? {}));
  const missing = Object.values(SEARCH_ATTRIBUTES)
    .map(({ name }) => name)
    .filter((name) => !names.has(name));
  if (missing.length > 0) {
    throw new Error(
      `namespace ${namespace} lacks the search attributes ${missing.join(', ')}; run "selvedge server setup"`,
    );
  }
}
