/** The worker process: reads configuration, builds clients, registers activities, polls its queues, drains on SIGTERM. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { GracefulShutdownPeriodExpiredError, NativeConnection, Worker } from '@temporalio/worker';
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
import { openHealth } from './health.js';
import { heldWhileDistrusted } from './held.js';
import { options, QUEUES, RUNS_WORKFLOWS, type Queue } from './queues.js';
import { buildOf, versionOptions } from './versions.js';

/** Steps on their way may end within this; then they are told to stop, and handed back when they do not. */
const DRAIN = '20 seconds';
/** A drain ends within half a minute, whatever a step does (design.md 14). */
const DRAIN_AT_MOST = '27 seconds';
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
  /** Where `/health` is served; nowhere without. */
  health?: { host: string; port: number };
}

export interface RunningWorker {
  /** `null` when it belongs to no build and takes any work. */
  build: string | null;
  /** Address of `/health`, when it is served. */
  health: string | null;
  /**
   * Ends when every queue has drained, with what could not end in time: that is handed back by its time-out. Rejects when
   * a queue's worker breaks.
   */
  done: Promise<'drained' | 'handed back'>;
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
  const build = buildOf(settings.env ?? process.env);
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
  const held = heldWhileDistrusted(store.db);
  const workers: { queue: Queue; worker: Worker }[] = [];
  for (const queue of settings.queues ?? QUEUES) {
    const worker = await Worker.create({
      connection,
      namespace: settings.temporal.namespace,
      dataConverter: dataConverter(keys),
      taskQueue: queue,
      shutdownGraceTime: DRAIN,
      shutdownForceTime: DRAIN_AT_MOST,
      ...versionOptions(build),
      ...options(queue),
      ...(RUNS_WORKFLOWS.includes(queue) ? { workflowBundle: { codePath: bundle } } : {}),
      ...(queue === 'sagas' ? {} : { activities: activities[queue], interceptors: { activity: [held] } }),
    });
    workers.push({ queue, worker });
  }
  const { health: at } = settings;
  const health = at === undefined ? null : await openHealth({ workers, connection, store, build }, at.host, at.port);
  const done = Promise.all(workers.map(({ worker }) => worker.run()))
    .then(() => 'drained' as const)
    .catch((error: unknown) => {
      if (error instanceof GracefulShutdownPeriodExpiredError) return 'handed back' as const;
      throw error;
    })
    .finally(async () => {
      stopNoting();
      await Promise.allSettled([health?.close(), store.close(), temporal.close()]);
      // A step that was handed back still holds the connection; the process ends with it.
      await connection.close().catch(() => undefined);
    });
  const shutdown = (): void => {
    for (const { worker } of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  return { build, health: health?.url ?? null, done, shutdown };
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
