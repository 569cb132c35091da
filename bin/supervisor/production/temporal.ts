/** A production-shaped Temporal from the server's own programs: PostgreSQL, 512 shards, Web UI apart. */
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Connection } from '@temporalio/client';
import { stringify } from 'yaml';
import { startChild, waitUntilReady, type Child } from '../child.js';
import type { Guardian } from '../guardian.js';
import { accepts } from '../ports.js';
import { dynamicConfig, serverConfig, uiConfig, type DatabaseAt, type Ports } from './config.js';

const READY_WITHIN_MS = 90_000;
const UI_READY_WITHIN_MS = 20_000;
const VALIDATE_TIMEOUT_MS = 20_000;
/** As gRPC's health protocol numbers it. */
const SERVING = 1;
const NOT_FOUND = 5;
/** Enough that a share of the shards without an owner does not go unseen. */
const PROBES = 64;
const PROBE_WITHIN_MS = 2_000;
const FRONTEND = 'temporal.api.workflowservice.v1.WorkflowService';
/** How the Web UI names its configuration file. */
const UI_ENVIRONMENT = 'selvedge';

export interface TemporalSettings {
  /** Path of `temporal-server`. */
  program: string;
  /** Where its configuration is written. */
  dir: string;
  logDir: string;
  ports: Ports;
  database: DatabaseAt;
  guardian: Guardian;
}

/** Writes the configuration, has the server check the part that may change, and starts it; ready when it serves. */
export async function startTemporalServer(settings: TemporalSettings): Promise<Child> {
  const { program, dir, ports, guardian } = settings;
  mkdirSync(dir, { recursive: true });
  const dynamicFile = join(dir, 'dynamic.yaml');
  const configFile = join(dir, 'server.yaml');
  writeFileSync(dynamicFile, stringify(dynamicConfig()));
  writeFileSync(configFile, stringify(serverConfig(ports, settings.database, dynamicFile)));
  await promisify(execFile)(program, ['validate-dynamic-config', dynamicFile], { timeout: VALIDATE_TIMEOUT_MS });
  const child = startChild({
    name: 'Temporal server',
    command: program,
    args: ['--config-file', configFile, '--allow-no-auth', 'start'],
    logFile: join(settings.logDir, 'temporal.log'),
    guardian,
  });
  const address = `127.0.0.1:${ports.grpc.frontend}`;
  return readyOrStopped(child, () => serves(address), READY_WITHIN_MS);
}

/** Health as the frontend itself says it, and a shard's owner behind every saga that is asked about. */
async function serves(address: string): Promise<boolean> {
  const connection = await Connection.connect({ address, connectTimeout: '2s' });
  try {
    const { status } = await connection.healthService.check({ service: FRONTEND });
    if (Number(status) !== SERVING) return false;
    const answers = await Promise.all(Array.from({ length: PROBES }, (_, n) => ownerAnswers(connection, `probe-${n}`)));
    return answers.every(Boolean);
  } finally {
    await connection.close();
  }
}

/**
 * Sagas are spread over the shards by their ids, and while members of an earlier start are still believed in, some are
 * looked for there. "There is no such workflow" is the answer of an owner that works.
 */
async function ownerAnswers(connection: Connection, workflowId: string): Promise<boolean> {
  const request = { namespace: 'temporal-system', execution: { workflowId } };
  try {
    await connection.withDeadline(Date.now() + PROBE_WITHIN_MS, () =>
      connection.workflowService.describeWorkflowExecution(request),
    );
    return true;
  } catch (error) {
    return (error as { code?: number }).code === NOT_FOUND;
  }
}

export interface UiSettings {
  /** Path of `temporal-ui`. */
  program: string;
  dir: string;
  logDir: string;
  ports: Ports;
  namespace: string;
  guardian: Guardian;
}

export async function startTemporalUi(settings: UiSettings): Promise<Child> {
  const { dir, ports } = settings;
  mkdirSync(join(dir, 'ui'), { recursive: true });
  writeFileSync(join(dir, 'ui', `${UI_ENVIRONMENT}.yaml`), stringify(uiConfig(ports, settings.namespace)));
  const child = startChild({
    name: 'Temporal Web UI',
    command: settings.program,
    args: ['--root', dir, '--config', 'ui', '--env', UI_ENVIRONMENT, 'start'],
    logFile: join(settings.logDir, 'temporal-ui.log'),
    guardian: settings.guardian,
  });
  return readyOrStopped(child, () => accepts(ports.ui), UI_READY_WITHIN_MS);
}

async function readyOrStopped(child: Child, ready: () => Promise<boolean>, withinMs: number): Promise<Child> {
  try {
    await waitUntilReady(child, ready, withinMs);
    return child;
  } catch (error) {
    await child.stop();
    throw error;
  }
}
