/** Where a benchmark takes place: a folder, servers and workers of its own, all gone afterwards. */
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { startChild, waitUntilReady, type Child } from '../bin/supervisor/child.js';
import { findTemporalCli } from '../bin/supervisor/find-temporal.js';
import { startGuardian, type Guardian } from '../bin/supervisor/guardian.js';
import { setUpNamespace } from '../bin/supervisor/namespace.js';
import { distDir, projectRoot } from '../bin/supervisor/paths.js';
import { freePort } from '../bin/supervisor/ports.js';
import { startTemporal, type TemporalServer } from '../bin/supervisor/temporal.js';

const READY_WITHIN_MS = 40_000;
export const BENCH_NAMESPACE = 'bench';

export interface Ground {
  readonly dir: string;
  readonly guardian: Guardian;
  /** Ends every process that was started on it and removes its folder. */
  clear(): Promise<void>;
}

/** PostgreSQL of root is another user and must get through, so the folder is open to all. */
export function makeGround(): Ground {
  const dir = mkdtempSync(join(tmpdir(), 'selvedge-bench-'));
  chmodSync(dir, 0o755);
  const guardian = startGuardian();
  guardian.removeDir(dir);
  return {
    dir,
    guardian,
    clear: async () => {
      await guardian.finish();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** A real server on a database file, as `npm start` runs it. */
export async function temporalOn({ dir, guardian }: Ground): Promise<TemporalServer> {
  return startTemporal({
    cli: await findTemporalCli(),
    namespace: BENCH_NAMESPACE,
    port: await freePort(),
    uiPort: null,
    dbFile: join(dir, 'temporal.db'),
    logFile: join(dir, 'log', 'temporal.log'),
    guardian,
  });
}

/** Bundles the benchmarks' own workflows and starts the stub worker on the namespace `bench` of that server. */
export async function stubWorkerOn({ dir, guardian }: Ground, address: string): Promise<Child> {
  await setUpNamespace(address, BENCH_NAMESPACE);
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(distDir, 'bench', 'workflows', 'index.js'),
    logger: new DefaultLogger('ERROR'),
  });
  const bundle = join(dir, 'bench-workflows.js');
  writeFileSync(bundle, code);
  const readyFile = join(dir, 'stub-worker.ready');
  const child = startChild({
    name: 'stub worker',
    command: process.execPath,
    args: [join(distDir, 'bench', 'stub-worker.js'), address, BENCH_NAMESPACE, bundle],
    cwd: projectRoot,
    env: { ...process.env, SELVEDGE_READY_FILE: readyFile },
    logFile: join(dir, 'log', 'stub-worker.log'),
    guardian,
  });
  await waitUntilReady(child, () => Promise.resolve(existsSync(readyFile)), READY_WITHIN_MS);
  return child;
}
