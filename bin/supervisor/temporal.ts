import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { startChild, waitUntilReady, type Child } from './child.js';
import type { Guardian } from './guardian.js';
import { namespaceAnswers, searchAttributeArgs } from './namespace.js';

/** The release whose database files this program starts; bumping it means saying how old files move. */
export const TEMPORAL_VERSION = '1.8.2';
const READY_WITHIN_MS = 30_000;

/** Without these a one-shard server polls its queues 20 times a second (facts/temporal.md 6.3). */
const POLL_SETTINGS = [
  'history.transferProcessorMaxPollRPS=1000',
  'history.timerProcessorMaxPollRPS=1000',
  'history.transferProcessorMaxPollHostRPS=5000',
];

export interface TemporalOptions {
  /** Path of the `temporal` program. */
  cli: string;
  namespace: string;
  port: number;
  uiPort: number | null;
  /** Where sagas are kept; `null` keeps them in memory, for tests that start their own. */
  dbFile: string | null;
  logFile: string;
  guardian: Guardian;
  /** Dynamic configuration besides, as `key=JSON`. */
  settings?: readonly string[];
}

export interface TemporalServer {
  readonly address: string;
  /** `null` when it was started without its Web UI. */
  readonly ui: string | null;
  readonly child: Child;
}

/** Starts the development server and waits until its namespace answers. */
export async function startTemporal(options: TemporalOptions): Promise<TemporalServer> {
  const { cli, namespace, port, uiPort, dbFile, settings = [] } = options;
  if (dbFile !== null) checkVersion(dbFile);
  const args = [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--namespace', namespace],
    ...(uiPort === null ? ['--headless'] : ['--ui-port', String(uiPort), '--ui-ip', '127.0.0.1']),
    ...(dbFile === null ? [] : fileArgs(dbFile)),
    ...[...POLL_SETTINGS, ...settings].flatMap((setting) => ['--dynamic-config-value', setting]),
    ...searchAttributeArgs(),
    ...['--log-level', 'error'],
  ];
  const child = startChild({
    name: 'Temporal server',
    command: cli,
    args,
    logFile: options.logFile,
    guardian: options.guardian,
  });
  const address = `127.0.0.1:${port}`;
  try {
    await waitUntilReady(child, () => namespaceAnswers(address, namespace), READY_WITHIN_MS);
  } catch (error) {
    await child.stop();
    throw error;
  }
  return { address, ui: uiPort === null ? null : `http://127.0.0.1:${uiPort}`, child };
}

const fileArgs = (dbFile: string): string[] => [
  ...['--db-filename', dbFile],
  ...['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=FULL'],
];

/** The server never migrates an old file: it would start and then fail at odd places, so we say it first. */
function checkVersion(dbFile: string): void {
  mkdirSync(dirname(dbFile), { recursive: true });
  const marker = `${dbFile}.version`;
  if (!existsSync(dbFile)) {
    writeFileSync(marker, `${TEMPORAL_VERSION}\n`);
    return;
  }
  const head = readFileSync(dbFile).subarray(0, 15).toString('latin1');
  if (head !== 'SQLite format 3') {
    throw new Error(`${dbFile} is not a Temporal database (it is no SQLite file). Move it away and start again.`);
  }
  const made = existsSync(marker) ? readFileSync(marker, 'utf8').trim() : 'an unknown release';
  if (made !== TEMPORAL_VERSION) {
    throw new Error(
      `${dbFile} was made by Temporal CLI ${made}; this program starts ${TEMPORAL_VERSION}, which does not convert ` +
        'it. Start it with the program that made it, or move the file away (its open sagas stay in it).',
    );
  }
}
