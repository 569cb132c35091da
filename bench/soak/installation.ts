/** A whole installation of its own for one run: servers, sandbox, ingress and workers as real processes. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { prepareStore, startFeeds, startStanding } from '../../bin/commands/prepare.js';
import { sandboxControl, type SandboxControl } from '../../bin/day/control.js';
import type { Environment } from '../../bin/supervisor/launch.js';
import { readRun } from '../../bin/supervisor/run-file.js';
import { startStack } from '../../bin/supervisor/stack.js';
import { loadConfig } from '../../config/load.js';
import { openStore, type Store } from '../../store/database.js';

export interface InstallationOptions {
  /** Its data and logs; made new, what was there goes. */
  dir: string;
  workers: number;
  say: (line: string) => void;
}

export interface Installation {
  readonly store: Store;
  readonly sandbox: SandboxControl;
  /** Any other call of the sandbox's control surface; throws an Error with its words when it refuses. */
  control(method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<unknown>;
  /** Process by name as it is now: one that was killed has come back under another pid. */
  pid(name: string): number | null;
  /** Names of the worker processes. */
  readonly workers: readonly string[];
  readonly temporal: { address: string; namespace: string };
  close(): Promise<void>;
}

const NAMESPACE = 'selvedge';
const CONTROL_TIMEOUT_MS = 20_000;
/** Servers of the surroundings are left alone: what is killed here is started here. */
const OWN_SERVERS: Environment = { TEMPORAL_ADDRESS: '', DATABASE_URL: '', TEMPORAL_NAMESPACE: NAMESPACE };

/** Starts everything from nothing and lets the feeds begin; the sandbox is empty until it is reset. */
export async function install(options: InstallationOptions): Promise<Installation> {
  const { dir, say } = options;
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  const stack = await startStack({
    fresh: true,
    workers: options.workers,
    say,
    prepare: (environment) => prepareStore(environment['DATABASE_URL'] ?? '', { ...process.env, ...environment }),
    own: { dir, environment: OWN_SERVERS },
  });
  const { run } = stack;
  const store = openStore(run.database, 6);
  const close = async (): Promise<void> => {
    await store.close();
    await stack.stop();
  };
  try {
    const { feeds } = loadConfig({ env: { ...process.env, ...run.environment } });
    await startFeeds(store.db, Object.keys(feeds));
    await startStanding({ address: run.temporal, namespace: NAMESPACE }, Object.keys(feeds));
  } catch (error) {
    await close();
    throw error;
  }
  const url = run.sandbox ?? '';
  return {
    store,
    sandbox: sandboxControl(url),
    control: (method, path, body) => control(url, method, path, body),
    pid: (name) => readRun(join(dir, 'run.json'))?.pids[name] ?? null,
    workers: Object.keys(readRun(join(dir, 'run.json'))?.pids ?? {}).filter((name) => name.startsWith('worker')),
    temporal: { address: run.temporal, namespace: NAMESPACE },
    close,
  };
}

async function control(url: string, method: string, path: string, body?: unknown): Promise<unknown> {
  const reply = await fetch(new URL(path, url), {
    method,
    signal: AbortSignal.timeout(CONTROL_TIMEOUT_MS),
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`the sandbox answered ${reply.status} to ${method} ${path}: ${text.slice(0, 300)}`);
  return text === '' ? null : JSON.parse(text);
}
