import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startChild, waitUntilReady, type Child } from './child.js';
import type { Guardian } from './guardian.js';
import { distDir, projectRoot } from './paths.js';

/** Environment of children: ours, with what this run found out on top. */
export type Environment = Record<string, string>;

export interface PartOptions {
  name: string;
  args: string[];
  environment: Environment;
  logDir: string;
  guardian: Guardian;
}

export interface Part {
  readonly child: Child;
  /** What the part said of itself when it was ready, as its address. */
  readonly facts: Record<string, string>;
}

const READY_WITHIN_MS = 40_000;

/**
 * What keeps a worker small: it has a heap for itself and one for each queue that runs workflows, and left alone V8 lets
 * the garbage of each grow with the machine, and the C library gives an arena to every thread of Temporal's core. Live
 * data are some 75 MB a heap with the cache full (docs/reference/acceptance.md, A16).
 */
const WORKER_NODE = ['--max-old-space-size=384', '--max-semi-space-size=4'];
const WORKER_ENVIRONMENT: Environment = { MALLOC_ARENA_MAX: '2' };

/** Starts one part of the product (`selvedge <args>`) as a process of its own and waits until it says it works. */
export async function launchPart(options: PartOptions): Promise<Part> {
  const { name, args, environment, logDir, guardian } = options;
  mkdirSync(logDir, { recursive: true });
  const readyFile = join(logDir, `${name}.ready`);
  rmSync(readyFile, { force: true });
  const isWorker = args[0] === 'worker';
  const child = startChild({
    name,
    command: process.execPath,
    args: [...(isWorker ? WORKER_NODE : []), '--enable-source-maps', join(distDir, 'bin', 'selvedge.js'), ...args],
    cwd: projectRoot,
    env: {
      ...process.env,
      ...(isWorker ? WORKER_ENVIRONMENT : {}),
      ...environment,
      SELVEDGE_READY_FILE: readyFile,
    },
    logFile: join(logDir, `${name}.log`),
    guardian,
  });
  try {
    await waitUntilReady(child, () => Promise.resolve(existsSync(readyFile)), READY_WITHIN_MS);
    return { child, facts: JSON.parse(readFileSync(readyFile, 'utf8')) as Record<string, string> };
  } catch (error) {
    await child.stop(2000);
    throw error;
  }
}
