import './ts-resolution.cjs';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { chmodSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startGuardian } from '../../bin/supervisor/guardian.js';
import { findTemporalCli } from '../../bin/supervisor/find-temporal.js';
import { freePort } from '../../bin/supervisor/ports.js';
import { postgresUser } from '../../bin/supervisor/postgres-files.js';
import { startPostgres } from '../../bin/supervisor/postgres.js';
import { projectRoot } from '../../bin/supervisor/paths.js';
import { startTemporal } from '../../bin/supervisor/temporal.js';
import { setUpNamespace } from '../../bin/supervisor/namespace.js';
import { startProductionTemporal } from '../../bin/supervisor/production/start.js';
import { serverKind } from '../../bin/supervisor/servers.js';
import type { Kept } from '../../bin/supervisor/keep.js';
import { keepForTeardown } from './servers.js';

const NAMESPACE = 'selvedge';
/** A throw-away cluster need not survive a power cut. */
const FAST = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=300'];
/**
 * The server deletes an execution only after its queues have written down that its end was worked off, which they do
 * every 30 s, and asks again after ever longer pauses, up to three minutes: tests that delete would wait for those.
 */
const PROMPT_DELETES = [
  'history.transferProcessorUpdateAckInterval="1s"',
  'history.visibilityProcessorUpdateAckInterval="1s"',
];

/**
 * Bundles the workflows once and brings one Temporal server and one PostgreSQL for all test files; addresses go to the
 * environment: SELVEDGE_TEST_BUNDLE, TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, SELVEDGE_TEST_POSTGRES (administrator's URL).
 * `SELVEDGE_TEST_SERVERS=0` starts nothing, for runs of unit tests alone; `SELVEDGE_SERVERS=production-like` brings
 * Temporal's own programs on that PostgreSQL instead of the development server.
 */
export default async function globalSetup(): Promise<void> {
  if (process.env['SELVEDGE_TEST_SERVERS'] === '0') return;
  const dir = mkdtempSync(join(tmpdir(), 'selvedge-test-'));
  chmodSync(dir, 0o755); // PostgreSQL run for root is another user and must get through
  mkdirSync(join(dir, 'log'));
  const guardian = startGuardian();
  guardian.removeDir(dir);
  const kept: Kept[] = [];
  keepForTeardown({ guardian, kept });
  try {
    if (serverKind() === 'production-like' && given() === undefined) {
      await Promise.all([bundle(dir), bringPostgres(dir, guardian)]);
      kept.push(...(await bringProduction(dir, guardian)));
    } else await Promise.all([bundle(dir), bringTemporal(dir, guardian), bringPostgres(dir, guardian)]);
  } catch (error) {
    await guardian.finish();
    throw error;
  }
}

async function bundle(dir: string): Promise<void> {
  const workflowsPath = join(projectRoot, 'workflows', 'index.ts');
  if (!existsSync(workflowsPath)) return;
  const { bundleWorkflows } = await import('../../workers/bundle.js');
  const code = await bundleWorkflows(dirname(workflowsPath), 'ts', 'ERROR');
  const file = join(dir, 'workflow-bundle.js');
  writeFileSync(file, code);
  process.env['SELVEDGE_TEST_BUNDLE'] = file;
}

/** A server that runs already. */
const given = (): string | undefined =>
  process.env['SELVEDGE_TEST_TEMPORAL_ADDRESS'] ?? process.env['TEMPORAL_ADDRESS'];

async function bringProduction(dir: string, guardian: ReturnType<typeof startGuardian>): Promise<Kept[]> {
  process.env['TEMPORAL_NAMESPACE'] = NAMESPACE;
  const nothing = (): void => undefined;
  const { address, kept } = await startProductionTemporal(
    { dir, fresh: true, namespace: NAMESPACE, guardian, say: nothing, changed: nothing },
    process.env['SELVEDGE_TEST_POSTGRES'] ?? '',
    { port: await freePort(), uiPort: await freePort() },
  );
  process.env['TEMPORAL_ADDRESS'] = address;
  return kept;
}

async function bringTemporal(dir: string, guardian: ReturnType<typeof startGuardian>): Promise<void> {
  const running = given();
  process.env['TEMPORAL_NAMESPACE'] = NAMESPACE;
  if (running !== undefined) {
    process.env['TEMPORAL_ADDRESS'] = running;
    await setUpNamespace(running, NAMESPACE);
    return;
  }
  const cli = await findTemporalCli();
  const server = await startTemporal({
    cli,
    namespace: NAMESPACE,
    port: await freePort(),
    uiPort: null,
    dbFile: null,
    logFile: join(dir, 'log', 'temporal.log'),
    guardian,
    settings: PROMPT_DELETES,
  });
  process.env['TEMPORAL_ADDRESS'] = server.address;
}

async function bringPostgres(dir: string, guardian: ReturnType<typeof startGuardian>): Promise<void> {
  const server = await startPostgres({
    dir: join(dir, 'postgres'),
    user: postgresUser(),
    port: await freePort(),
    logFile: join(dir, 'log', 'postgres.log'),
    guardian,
    database: 'postgres',
    settings: FAST,
  });
  process.env['SELVEDGE_TEST_POSTGRES'] = server.url;
}
