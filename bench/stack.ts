/** A whole installation for a benchmark: both servers, sandbox, ingress and one worker, each a process of its own. */
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { prepareStore, startFeeds, startStanding } from '../bin/commands/prepare.js';
import { sandboxControl, type SandboxControl } from '../bin/day/control.js';
import { startStack } from '../bin/supervisor/stack.js';
import { connectTemporal } from '../clients/temporal/index.js';
import { loadConfig } from '../config/load.js';
import { openStore, type Store } from '../store/database.js';
import type { Ground } from './ground.js';

/** The ERP's rate is lifted on both sides of the wire: what is measured is ours. */
const LIFTED = { SELVEDGE_BLUE_CHERRY_RATE: '5000', SELVEDGE_BLUE_CHERRY_CONCURRENT: '64' };
const NAMESPACE = 'selvedge';
const SEED = 1;

export interface Installation {
  readonly client: Client;
  readonly store: Store;
  readonly sandbox: SandboxControl;
  readonly temporal: string;
  readonly workerPid: number;
  /** Address and key of the ERP's own interface. */
  readonly erp: { url: string; key: string };
  /** What happens in a system; answers what it made. */
  emit(system: string, type: string, payload?: object): Promise<unknown>;
  /** A batch cycle of the ERP: run, abort, hold, release. */
  cycle(what: 'run' | 'abort' | 'hold' | 'release'): Promise<unknown>;
  startFeeds(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts it with the catalogue of a trading day and no returns; `profile` changes the ERP's pace. */
export async function startInstallation(ground: Ground, profile: object): Promise<Installation> {
  const stack = await startStack({
    fresh: true,
    workers: 1,
    say: (line) => void process.stderr.write(`${line}\n`),
    own: {
      dir: join(ground.dir, 'stack'),
      environment: { ...LIFTED, SELVEDGE_PROFILE: 'development', TEMPORAL_NAMESPACE: NAMESPACE },
    },
    prepare: (environment) => prepareStore(environment['DATABASE_URL'] ?? '', { ...process.env, ...environment }),
  });
  const { run } = stack;
  const url = run.sandbox ?? '';
  const sandbox = sandboxControl(url);
  const at = { address: run.temporal, namespace: NAMESPACE };
  await sandbox.reset({
    seed: SEED,
    scenario: 'trading-day',
    returns: 0,
    misbehave: 0,
    profile: { rate: null, concurrent: null, ...profile },
  });
  const store = openStore(run.database, 4);
  const temporal = await connectTemporal(at);
  const feeds = Object.keys(loadConfig({ env: { ...process.env, ...run.environment } }).feeds);
  await startStanding(at, []);
  return {
    client: temporal.client,
    store,
    sandbox,
    temporal: run.temporal,
    workerPid: run.pids['worker'] ?? 0,
    erp: {
      url: run.environment['SELVEDGE_BLUE_CHERRY_URL'] ?? '',
      key: run.environment['SELVEDGE_BLUE_CHERRY_KEY'] ?? '',
    },
    emit: (system, type, payload = {}) => post(url, '/_sandbox/events', { system, type, payload }),
    cycle: (what) => post(url, '/_sandbox/blue-cherry/cycle', { do: what }),
    startFeeds: async () => {
      await startFeeds(store.db, feeds);
      await startStanding(at, feeds);
    },
    stop: async () => {
      await temporal.close();
      await store.close();
      await stack.stop();
    },
  };
}

async function post(url: string, path: string, body: unknown): Promise<unknown> {
  const reply = await fetch(new URL(path, url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`the sandbox answered ${reply.status} to ${path}: ${text.slice(0, 300)}`);
  return JSON.parse(text);
}

/** Sells one unit and has it come back; answers the return's number. */
export async function oneReturn(on: Installation, days = 6): Promise<string> {
  const ago = (count: number): string => new Date(Date.now() - count * 86_400_000).toISOString();
  const sold = await on.emit('blue-cherry', 'order.shipped', { placedAt: ago(days), shippedAt: ago(days - 1) });
  const { orderNo } = (sold as { order: { orderNo: string } }).order;
  const back = await on.emit('archean', 'return.processed', { lines: [{ orderNo, orderLine: 1, quantity: 1 }] });
  return (back as { return: { returnNo: string } }).return.returnNo;
}
