/**
 * Logs: one JSON line each, made in one place. What may stand in a line is a closed list of fields with the shape of each;
 * anything else is left out, and of an error only its kind and where it happened. So no body, name, mail or secret of the
 * other side can come in by a message that quotes it.
 */
import { pino, type DestinationStream, type Logger } from 'pino';
import { ConfigError, shown } from './faults.js';

/** The environment variable that sets how much is logged; `warn` unless given. */
export const LOG_LEVEL = 'SELVEDGE_LOG';
export const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type Level = (typeof LEVELS)[number];

/** Ids of ours and business numbers: what one search finds a path by. */
const ID = /^[\w.:/#+-]{1,200}$/;
const WORD = /^[A-Za-z0-9][\w.:-]{0,79}$/;

/** What another system calls a request: hexadecimal, or it may be anything. */
const TOKEN = /^(req-)?[0-9a-f-]{1,64}$/i;

type Shape = 'id' | 'word' | 'token' | 'number' | 'path' | 'error' | 'ids';

/** Every field a line may hold. A field that is not here is dropped: add it with its shape. */
export const FIELDS: Readonly<Record<string, Shape>> = {
  // what it is about
  workflowId: 'id',
  runId: 'id',
  workflowType: 'word',
  activityId: 'word',
  activityType: 'word',
  taskQueue: 'word',
  namespace: 'word',
  attempt: 'number',
  decisionId: 'id',
  caseId: 'id',
  feed: 'word',
  round: 'word',
  tenant: 'word',
  reference: 'id',
  externalRef: 'id',
  revision: 'number',
  number: 'id',
  process: 'word',
  // a request, ours or one at our door
  request: 'token',
  requestId: 'token',
  route: 'path',
  method: 'word',
  host: 'id',
  path: 'path',
  status: 'number',
  ms: 'number',
  failed: 'word',
  // how it stands
  state: 'word',
  code: 'word',
  reason: 'word',
  keyId: 'word',
  keys: 'ids',
  queues: 'ids',
  count: 'number',
  port: 'number',
  address: 'id',
  issuer: 'id',
  sdkComponent: 'word',
  error: 'error',
};

const LEFT_OUT = '[left out]';

/** Frames of a stack without what they were thrown with: a message may hold anything, lines that look like frames too. */
const FRAME = /^\s+at (?:async )?(?:[\w.<>$[\] ]{1,120} \()?((?:file:\/\/|node:|\/)[\w./@+-]{1,300}:\d+:\d+)\)?$/;
const MOST_FRAMES = 6;

export interface ErrorInLog {
  kind: string;
  code?: string;
  keyId?: string;
  at?: string[];
  cause?: ErrorInLog;
}

const word = (value: unknown): string | undefined =>
  typeof value === 'string' && WORD.test(value) ? value : undefined;

/** Of an error: its class, what sort it is, where it was thrown. Never its message. */
export function errorInLog(error: unknown, depth = 0): ErrorInLog {
  if (!(error instanceof Error)) return { kind: typeof error };
  const { code, kind, type, keyId } = error as { code?: unknown; kind?: unknown; type?: unknown; keyId?: unknown };
  const found = word(type) ?? word(kind) ?? word(code);
  const key = word(keyId);
  const message = error.message.split('\n').length;
  // The message stands first in a stack and has as many lines as it has: they are no frames, whatever they look like.
  const at = (error.stack ?? '')
    .split('\n')
    .slice(message)
    .flatMap((line) => FRAME.exec(line)?.[1] ?? [])
    .slice(0, MOST_FRAMES);
  return {
    kind: word(error.name) ?? 'Error',
    ...(found === undefined ? {} : { code: found }),
    ...(key === undefined ? {} : { keyId: key }),
    ...(at.length === 0 ? {} : { at }),
    ...(error.cause === undefined || depth >= 3 ? {} : { cause: errorInLog(error.cause, depth + 1) }),
  };
}

function fit(shape: Shape, value: unknown): unknown {
  switch (shape) {
    case 'number':
      return typeof value === 'number' ? value : LEFT_OUT;
    case 'id':
      return typeof value === 'string' && ID.test(value) ? value : LEFT_OUT;
    case 'token':
      return typeof value === 'string' && TOKEN.test(value) ? value : LEFT_OUT;
    case 'word':
      return word(value) ?? LEFT_OUT;
    case 'path':
      return typeof value === 'string' && /^\/[\w.:/?&=,[\]%*-]{0,300}$/.test(value) ? value : LEFT_OUT;
    case 'ids':
      return Array.isArray(value) ? value.slice(0, 50).map((each) => fit('id', each)) : LEFT_OUT;
    case 'error':
      return errorInLog(value);
  }
}

/** The fields of a line that may stand there; the names of those that may not are told, their values are not. */
export function fieldsForLog(fields: Record<string, unknown>): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  const dropped: string[] = [];
  for (const [name, value] of Object.entries(fields)) {
    const shape = FIELDS[name];
    if (value === undefined) continue;
    if (shape === undefined) dropped.push(WORD.test(name) ? name : '?');
    else kept[name] = fit(shape, value);
  }
  return dropped.length === 0 ? kept : { ...kept, dropped };
}

/** @throws ConfigError for a level that does not exist. */
export function levelOf(env: NodeJS.ProcessEnv): Level {
  const found = env[LOG_LEVEL] ?? 'warn';
  const level = LEVELS.find((each) => each === (found === '' ? 'warn' : found));
  if (level !== undefined) return level;
  const allowed = `allowed is ${LEVELS.join(', ')}`;
  throw new ConfigError([{ where: 'environment', key: LOG_LEVEL, found: shown(found), allowed }]);
}

/** The log of a process. Messages are our own fixed words; what differs goes into fields. */
export function createLog(name: string, env: NodeJS.ProcessEnv = process.env, to?: DestinationStream): Logger {
  const options = {
    name,
    level: levelOf(env),
    // The machine's name says nothing that the process's own name and pid do not.
    base: { name, pid: process.pid },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (level: string) => ({ level }), log: fieldsForLog },
    serializers: {},
  };
  return to === undefined ? pino(options) : pino(options, to);
}

/** An error nobody caught ends the process, and is logged like any other: Node's own words would quote it whole. */
export function logLastWords(log: Logger): void {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const)
    process.on(event, (error: unknown) => {
      log.fatal({ error }, 'an error nobody caught ends this process');
      log.flush();
      process.exit(1);
    });
}
