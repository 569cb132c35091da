import type { AddressInfo } from 'node:net';
import { loadConfig } from '../../config/load.js';
import { createIngress, type IngressDeps, type SagaDoor } from '../../ingress/index.js';
import type { Store } from '../../store/database.js';
import { judgeDecision } from '../../store/desk-decisions.js';
import { keyOf, rules } from '../store/desk-support.js';

export const SECRET = 'webhook-secret-of-the-test';

/** Sagas as ingress sees them: each records what it is sent by the store's own judgement, unless told otherwise. */
export interface TestSagas extends SagaDoor {
  /** Workflows that have ended, and those that cannot be reached. */
  closed: Set<string>;
  unreachable: boolean;
  /** Running, but their workers are down: nothing is recorded. */
  asleep: boolean;
  nudged: { feed: string; at: number }[];
  /** How often the sweep was told to look at once. */
  swept: number;
  restarted: string[];
}

export function testSagas(store: Store): TestSagas {
  const sagas: TestSagas = {
    closed: new Set(),
    unreachable: false,
    asleep: false,
    nudged: [],
    swept: 0,
    restarted: [],
    sendDecision: async (workflowId, { decisionId }) => {
      if (sagas.unreachable || sagas.closed.has(workflowId)) throw new Error('no such running workflow');
      if (sagas.asleep) return;
      await judgeDecision(store.db, { workflowId, door: 'desk', raw: null, decisionId }, rules());
    },
    nudgeFeed: (feed) => {
      sagas.nudged.push({ feed, at: performance.now() });
      return Promise.resolve();
    },
    nudgeSweep: () => {
      sagas.swept += 1;
      return Promise.resolve();
    },
    restart: (workflowId) => {
      sagas.restarted.push(workflowId);
      return Promise.resolve();
    },
    describe: (workflowId) =>
      sagas.unreachable
        ? Promise.reject(new Error('Temporal does not answer'))
        : Promise.resolve(sagas.closed.has(workflowId) ? 'closed' : 'running'),
  };
  return sagas;
}

export interface Reply {
  status: number;
  body: Record<string, unknown>;
  text: string;
}
export interface TestIngress {
  url: string;
  /** `as` is the id of the person whose key is shown; `null` shows none. */
  call(method: string, path: string, as: string | null, body?: unknown): Promise<Reply>;
  close(): Promise<void>;
}

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Ingress on a real socket of the loopback. */
export async function listen(
  store: Store,
  temporal: SagaDoor,
  change: Partial<IngressDeps['config']> = {},
  port = 0,
  codec: IngressDeps['codec'] = { keys: null, uiOrigin: [] },
): Promise<TestIngress> {
  const config = loadConfig({ addresses: 'optional' });
  const app = createIngress({
    store,
    temporal,
    log: quiet,
    codec,
    waitMs: 300,
    config: { ...config, ...change, archean: { ...config.archean, webhookSecret: SECRET } },
  });
  await app.listen({ host: '127.0.0.1', port });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  return {
    url,
    call: async (method, path, as, body) => {
      const reply = await fetch(url + path, {
        method,
        headers: {
          ...(as === null ? {} : { authorization: `Bearer ${keyOf(as)}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      return read(reply);
    },
    close: () => app.close(),
  };
}

export async function read(reply: Response): Promise<Reply> {
  const text = await reply.text();
  return { status: reply.status, text, body: JSON.parse(text) as Record<string, unknown> };
}
