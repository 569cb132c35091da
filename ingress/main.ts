/** The ingress process: reads configuration, opens store and Temporal, listens, and closes in order. */
import { pino } from 'pino';
import {
  connectTemporal,
  describe,
  nudgeFeed,
  nudgeStanding,
  restartSaga,
  sendDecision,
  type TemporalAddress,
} from '../clients/temporal/index.js';
import { loadConfig } from '../config/load.js';
import { openStore } from '../store/database.js';
import { seedPeople } from '../store/desk-people.js';
import { createIngress } from './index.js';

export interface IngressSettings {
  temporal: TemporalAddress;
  /** `postgres://…` */
  database: string;
  /** Where to listen; port 0 takes a free one. */
  host: string;
  port: number;
  env?: NodeJS.ProcessEnv;
}

export interface RunningIngress {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts listening. People of the configuration that the store does not know yet are added to it. */
export async function startIngress(settings: IngressSettings): Promise<RunningIngress> {
  const config = loadConfig(settings.env === undefined ? {} : { env: settings.env });
  const log = pino({ name: 'ingress', level: process.env['SELVEDGE_LOG'] ?? 'warn' });
  const temporal = await connectTemporal(settings.temporal);
  const { client } = temporal;
  const store = openStore(settings.database);
  await seedPeople(store.db, config.people);
  const app = createIngress({
    store,
    config,
    log,
    temporal: {
      sendDecision: (workflowId, decision) => sendDecision(client, workflowId, decision),
      nudgeFeed: (feed) => nudgeFeed(client, feed),
      nudgeSweep: () => nudgeStanding(client, 'sweep'),
      restart: (workflowId) => restartSaga(client, workflowId),
      describe: (workflowId) => describe(client, workflowId),
    },
  });
  const close = async (): Promise<void> => {
    await app.close();
    await Promise.allSettled([store.close(), temporal.close()]);
  };
  try {
    return { url: await app.listen({ host: settings.host, port: settings.port }), close };
  } catch (error) {
    await close();
    throw error;
  }
}
