/** A whole installation in one test process: sandbox, store, ingress and worker on real servers, in its own namespace. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { projectRoot } from '../../bin/supervisor/paths.js';
import { setUpNamespace } from '../../bin/supervisor/namespace.js';
import { connectTemporal, ensureStanding, progressOf, type Progress } from '../../clients/temporal/index.js';
import { loadConfig } from '../../config/load.js';
import { startIngress, type RunningIngress } from '../../ingress/main.js';
import { startSandbox, type Sandbox } from '../../sandbox/main.js';
import { seedPeople } from '../../store/desk-people.js';
import { registerFeed, startFeed } from '../../store/feeds.js';
import { seedFromCsv } from '../../store/mapping-seed.js';
import { quietRuntime, startWorker, type RunningWorker } from '../../workers/main.js';
import { workflowBundle } from './bundle.js';
import { freshDatabase, type FreshDatabase } from './database.js';
import { eventually } from './eventually.js';

let quiet = false;

export interface RigOptions {
  /** Name of a policy of config/policy.yaml. */
  policy?: string;
  /** Body of the sandbox's reset: scenario, seed, misbehave, profile. */
  reset?: object;
  /** Feeds that run from the start; none leaves them for the test to start. */
  feeds?: readonly string[];
  env?: Record<string, string>;
  /** Where the SDK of this process logs; the first rig decides. */
  log?: Logger;
  /** File of the keys that payloads are encrypted with; read anew at each start of the worker. */
  keysFile?: string;
  /** `false`: no worker in this process; the test starts its own, as processes. */
  worker?: false;
}

export type Rig = Awaited<ReturnType<typeof startRig>>;
const FEEDS = ['archean.returns', 'archean.movements'] as const;
const SECRETS = {
  SELVEDGE_PROFILE: 'development',
  SELVEDGE_BLUE_CHERRY_KEY: 'rig-key',
  SELVEDGE_ARCHEAN_CLIENT_ID: 'selvedge',
  SELVEDGE_ARCHEAN_CLIENT_SECRET: 'rig-secret',
  SELVEDGE_ARCHEAN_WEBHOOK_SECRET: 'rig-webhook-secret',
};

/** Starts everything and answers what tests steer it with; `close` ends all of it. */
export async function startRig(options: RigOptions = {}) {
  const temporal = {
    address: process.env['TEMPORAL_ADDRESS'] ?? '',
    namespace: `rig-${randomUUID().slice(0, 8)}`,
    keysFile: options.keysFile ?? '',
  };
  const [database, sandbox] = await Promise.all([
    freshDatabase(),
    sandboxFor(options),
    setUpNamespace(temporal.address, temporal.namespace),
  ]);
  const env: Record<string, string> = {
    ...SECRETS,
    SELVEDGE_BLUE_CHERRY_URL: sandbox.systems['blue-cherry'],
    SELVEDGE_ARCHEAN_URL: sandbox.systems.archean,
    SELVEDGE_SANDBOX_URL: sandbox.url,
    ...(options.policy === undefined ? {} : { SELVEDGE_POLICY: options.policy }),
    ...options.env,
  };
  const config = loadConfig({ env });
  await prepare(database, config, options.feeds ?? FEEDS);
  const ingress = await startIngress({ temporal, database: database.url, host: '127.0.0.1', port: 0, env });
  env['SELVEDGE_INGRESS_URL'] = ingress.url;
  const connection = await connectTemporal(temporal);
  const bundle = await workflowBundle(options.keysFile === undefined ? 'plain' : 'encrypted');
  const start = (keysFile = temporal.keysFile): Promise<RunningWorker> => {
    // The SDK's runtime ends with its last worker: without any it would keep the process for ever.
    if (!quiet) quietRuntime(options.log);
    quiet = true;
    return startWorker({ temporal: { ...temporal, keysFile }, database: database.url, env, bundle });
  };
  let worker: RunningWorker | undefined = options.worker === false ? undefined : await start();
  await ensureStanding(connection.client, options.feeds ?? FEEDS);
  const stopWorker = async (): Promise<void> => {
    worker?.shutdown();
    await worker?.done;
    worker = undefined;
  };
  return {
    sandbox,
    store: database.store,
    database: database.url,
    client: connection.client,
    config,
    env,
    ingress,
    temporal,
    stopWorker,
    startWorker: async (keysFile?: string): Promise<void> => {
      worker ??= await start(keysFile);
    },
    ...steering(sandbox, connection.client, ingress),
    close: async (): Promise<void> => {
      await stopWorker();
      await ingress.close();
      await connection.close();
      await sandbox.close();
      await database.drop();
    },
  };
}

function sandboxFor(options: RigOptions): Promise<Sandbox> {
  return startSandbox({
    blueCherryKey: SECRETS.SELVEDGE_BLUE_CHERRY_KEY,
    archean: { clientId: SECRETS.SELVEDGE_ARCHEAN_CLIENT_ID, clientSecret: SECRETS.SELVEDGE_ARCHEAN_CLIENT_SECRET },
    reset: options.reset ?? { scenario: 'empty', seed: 1, misbehave: 0 },
  });
}

async function prepare(
  database: FreshDatabase,
  config: ReturnType<typeof loadConfig>,
  feeds: readonly string[],
): Promise<void> {
  await seedFromCsv(database.store.db, join(projectRoot, 'mappings'));
  await seedPeople(database.store.db, config.people);
  for (const [feed, rhythm] of Object.entries(config.feeds)) await registerFeed(database.store.db, feed, rhythm);
  for (const feed of feeds) await startFeed(database.store.db, feed, 0, 'rig');
}

type Client = Awaited<ReturnType<typeof connectTemporal>>['client'];

/** The hands a test has on the installation. */
function steering(sandbox: Sandbox, client: Client, ingress: RunningIngress) {
  const control = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(new URL(path, sandbox.url), {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  return {
    control,
    /** Something happens in a system; answers what it made. */
    emit: (system: string, type: string, payload: object = {}) =>
      control('POST', '/_sandbox/events', { system, type, payload }) as Promise<Record<string, never>>,
    books: (system = 'blue-cherry') =>
      control('GET', `/_sandbox/books/${system}`) as Promise<{ documents: BookDocument[]; stock: unknown[] }>,
    fault: (fault: object) => control('POST', '/_sandbox/faults', fault),
    progress: (workflowId: string): Promise<Progress> => progressOf(client, workflowId),
    /** Waits until a saga has been started. */
    started: (workflowId: string) =>
      eventually(() => client.workflow.getHandle(workflowId).describe(), { within: 120_000, every: 100 }),
    /** Waits for the end of a saga. */
    ended: (workflowId: string) => client.workflow.getHandle(workflowId).result() as Promise<Record<string, unknown>>,
    /** Waits until a saga asks a question and answers it. */
    asked: (workflowId: string, question: string) =>
      eventually(
        async () => {
          const { questions } = await progressOf(client, workflowId);
          const open = questions.find((q) => q.question === question && q.asking !== null);
          if (open === undefined)
            throw new Error(`${workflowId} asks ${questions.map((q) => q.question).join() || 'nothing'}`);
          return open;
        },
        { within: 30_000 },
      ),
    /** A person decides at the desk door; answers status and body, once the saga has taken the decision or refused it. */
    decide: async (person: string, decision: object): Promise<Answer> => {
      const sent = await atDoor('/decisions', person, decision);
      return sent.body['state'] === 'stored' ? settled(person, String(sent.body['decision'])) : sent;
    },
  };

  async function atDoor(path: string, person: string, body?: object): Promise<Answer> {
    const response = await fetch(new URL(path, ingress.url), {
      headers: { 'content-type': 'application/json', authorization: `Bearer dev-key-${person}` },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  /** The desk door answers 202 when the saga takes its time; what became of the decision is asked for by its id. */
  function settled(person: string, decision: string): Promise<Answer> {
    return eventually(
      async () => {
        const { body } = await atDoor(`/decisions/${decision}`, person);
        if (body['state'] === 'stored') return undefined;
        return { status: body['state'] === 'refused' ? 409 : 200, body };
      },
      { within: 60_000, every: 100 },
    );
  }
}

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

export interface BookDocument {
  kind: string;
  number: string;
  externalRef: string;
  status: string;
  postingDate: string;
  division: string;
  warehouse: string | null;
  lines: { sku: string; quantity: string; amount: string | null }[];
  amount: string | null;
  currency: string | null;
  reverses: string | null;
}
