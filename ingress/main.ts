/** The ingress process: reads configuration, opens store and Temporal, listens, and closes in order. */
import type { Logger } from 'pino';
import {
  connectTemporal,
  describe,
  nudgeFeed,
  nudgeStanding,
  restartSaga,
  sagasByAttention,
  sendDecision,
  type TemporalAddress,
} from '../clients/temporal/index.js';
import { loadConfig } from '../config/load.js';
import { createLog } from '../config/log.js';
import { metricsAddress, METRICS } from '../config/metrics-address.js';
import { loadKeys } from '../config/payload-keys.js';
import { openStore } from '../store/database.js';
import { seedPeople } from '../store/desk-people.js';
import { keepNotingKeys } from '../store/payload-keys.js';
import { uiOriginOf } from './codec.js';
import { createIngress } from './index.js';
import { serveMetrics } from './metrics.js';

export interface IngressSettings {
  temporal: TemporalAddress;
  /** `postgres://…` */
  database: string;
  /** Where to listen; port 0 takes a free one. */
  host: string;
  port: number;
  env?: NodeJS.ProcessEnv;
  log?: Logger;
}

export interface RunningIngress {
  readonly url: string;
  /** Where our metrics are served; null unless configured. */
  readonly metrics: string | null;
  close(): Promise<void>;
}

/** Starts listening. People of the configuration that the store does not know yet are added to it. */
export async function startIngress(settings: IngressSettings): Promise<RunningIngress> {
  const env = settings.env ?? process.env;
  const config = loadConfig({ env });
  const log = settings.log ?? createLog('ingress');
  const keys = loadKeys(settings.temporal.keysFile);
  const metricsAt = metricsAddress(METRICS, env);
  const temporal = await connectTemporal(settings.temporal);
  const { client } = temporal;
  const store = openStore(settings.database, 10, keys);
  const closing: (() => unknown)[] = [() => store.close(), () => temporal.close()];
  const close = async (): Promise<void> => {
    for (const each of closing.toReversed()) await Promise.resolve(each()).catch(() => undefined);
  };
  try {
    await seedPeople(store.db, config.people);
    closing.push(await keepNotingKeys(store.db, keys));
    const app = createIngress({
      store,
      config,
      log,
      codec: { keys, uiOrigin: uiOriginOf(env) },
      temporal: {
        sendDecision: (workflowId, decision) => sendDecision(client, workflowId, decision),
        nudgeFeed: (feed) => nudgeFeed(client, feed),
        nudgeSweep: () => nudgeStanding(client, 'sweep'),
        restart: (workflowId) => restartSaga(client, workflowId),
        describe: (workflowId) => describe(client, workflowId),
      },
    });
    closing.push(() => app.close());
    const { tenant, ratePerSecond, concurrent } = config.blueCherry;
    const parts = {
      db: store.db,
      erp: { tenant, ratePerSecond, concurrent },
      sagas: () => sagasByAttention(client),
      log,
    };
    const metrics = await serveMetrics(metricsAt, parts);
    if (metrics !== null) closing.push(metrics.close);
    const url = await app.listen({ host: settings.host, port: settings.port });
    return { url, metrics: metrics?.url ?? null, close };
  } catch (error) {
    await close();
    throw error;
  }
}
