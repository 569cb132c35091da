/** What a worker says of itself at `/health`: for a container's health check, and for whoever looks. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NativeConnection, Worker } from '@temporalio/worker';
import { sql } from 'kysely';
import type { Store } from '../store/database.js';
import type { Queue } from './queues.js';

const TEMPORAL_WITHIN_MS = 2_000;
const REQUEST_WITHIN_MS = 5_000;

export interface HealthParts {
  workers: readonly { queue: Queue; worker: Worker }[];
  connection: NativeConnection;
  store: Store;
  build: string | null;
}

interface QueueHealth {
  queue: Queue;
  state: string;
  workflowPollers: string;
  activityPollers: string;
  activities: number;
  sagasInMemory: number;
}

export interface Health {
  ok: boolean;
  build: string | null;
  temporal: boolean;
  store: boolean;
  queues: QueueHealth[];
}

const works = (call: Promise<unknown>): Promise<boolean> =>
  call.then(
    () => true,
    () => false,
  );

/** Healthy: every queue is polled, Temporal and the store answer. A worker that drains is not. */
export async function healthOf({ workers, connection, store, build }: HealthParts): Promise<Health> {
  const queues = workers.map(({ queue, worker }): QueueHealth => {
    const status = worker.getStatus();
    return {
      queue,
      state: status.runState,
      workflowPollers: status.workflowPollerState,
      activityPollers: status.activityPollerState,
      activities: status.numInFlightActivities,
      sagasInMemory: status.numCachedWorkflows,
    };
  });
  const [temporal, stored] = await Promise.all([
    works(connection.withDeadline(Date.now() + TEMPORAL_WITHIN_MS, () => connection.workflowService.getSystemInfo({}))),
    works(sql`select 1`.execute(store.db)),
  ]);
  const polling = queues.every((one) => one.state === 'RUNNING');
  return { ok: polling && temporal && stored, build, temporal, store: stored, queues };
}

export interface HealthDoor {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves `GET /health`: 200 while healthy, 503 with the same words when not. */
export async function openHealth(parts: HealthParts, host: string, port: number): Promise<HealthDoor> {
  const server = createServer((request, reply) => {
    if (request.url !== '/health') {
      reply.writeHead(404).end();
      return;
    }
    void healthOf(parts).then((health) => {
      reply.writeHead(health.ok ? 200 : 503, { 'content-type': 'application/json' }).end(JSON.stringify(health));
    });
  });
  server.requestTimeout = REQUEST_WITHIN_MS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { address, port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${address}:${bound}/health`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
