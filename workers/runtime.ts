/** Temporal's own runtime in this process: its log lines go through our log, its metrics to their own port. */
import { createServer } from 'node:net';
import type { LogLevel, LogMetadata } from '@temporalio/common';
import { Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';
import { createLog } from '../config/log.js';
import { metricsAddress, TEMPORAL_METRICS } from '../config/metrics-address.js';

/** What the SDK calls a warning is an attempt that is tried again: that is seen at `info`. */
const LEVELS = { TRACE: 'trace', DEBUG: 'debug', INFO: 'debug', WARN: 'info', ERROR: 'error' } as const;
const PLAIN_WORDS = /^[A-Za-z][\w ,.()'-]{0,150}$/;

/** The SDK's words up to where it begins to quote: an error's message or a payload may follow. */
function words(message: string): string {
  const [first = ''] = message.split(/[:\n"`{]/);
  return PLAIN_WORDS.test(first) ? first.trim() : 'a message of the Temporal SDK';
}

const UNREADABLE: Readonly<Record<string, string>> = {
  MissingKey: 'a payload cannot be read: its key is not in this process; it waits and is tried again',
  Unauthentic: 'a payload cannot be read: it does not open with the key of that name; it waits and is tried again',
};

/** The fault of a payload's key behind an error, if there is one. */
function keyFault(error: unknown, depth = 0): Error | undefined {
  if (!(error instanceof Error) || depth > 4) return undefined;
  return error.name in UNREADABLE ? error : keyFault(error.cause, depth + 1);
}

/** The SDK's logger over ours: fixed words, known fields, never what a payload or an error says. */
export function sdkLogger(log: Logger) {
  const write = (level: LogLevel, message: string, meta: LogMetadata = {}): void => {
    const { error, ...fields } = meta;
    const fault = keyFault(error);
    log[LEVELS[level]](
      { ...fields, ...(error === undefined ? {} : { error: fault ?? (error as unknown) }) },
      fault === undefined ? words(message) : (UNREADABLE[fault.name] ?? words(message)),
    );
  };
  const at = (level: LogLevel) => (message: string, meta?: LogMetadata) => write(level, message, meta);
  return {
    log: write,
    ...{ trace: at('TRACE'), debug: at('DEBUG'), info: at('INFO'), warn: at('WARN'), error: at('ERROR') },
  };
}

async function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
}

/** The address this process serves the SDK's metrics at, or null. @throws Error when every port of the setting is taken. */
export async function sdkMetricsAt(env: NodeJS.ProcessEnv): Promise<string | null> {
  const wanted = metricsAddress(TEMPORAL_METRICS, env);
  if (wanted === null) return null;
  const { host, ports } = wanted;
  for (const port of ports)
    if (await isFree(host, port)) return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
  throw new Error(`every port of ${TEMPORAL_METRICS} (${ports.join(', ')}) is taken; each worker needs one of its own`);
}

/** Sets the runtime up; once per process, before anything else of the SDK. `metrics`: from `sdkMetricsAt`. */
export function quietRuntime(log: Logger = createLog('sdk'), metrics: string | null = null): void {
  Runtime.install({
    logger: sdkLogger(log),
    shutdownSignals: [],
    telemetryOptions: {
      logging: { filter: 'ERROR', forward: {} },
      ...(metrics === null
        ? {}
        : {
            metrics: {
              prometheus: {
                bindAddress: metrics,
                countersTotalSuffix: true,
                unitSuffix: true,
                useSecondsForDurations: true,
              },
            },
          }),
    },
  });
}
