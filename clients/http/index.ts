/**
 * The only way out of the product by HTTP. It never retries (Temporal does), never follows a redirect, never judges a
 * status: it answers what came back, or says whether the request can have reached the other side.
 */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import got, { RequestError, TimeoutError, type OptionsOfTextResponseBody } from 'got';
import { withoutSecrets } from './redact.js';

export interface HttpLog {
  info(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
}

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the base address, without a leading host: `/transactions/1000001`. */
  path: string;
  query?: Record<string, string | number | boolean | undefined>;
  json?: unknown;
  form?: Record<string, string>;
  headers?: Record<string, string>;
  timeoutMs?: number;
}

export interface HttpResponse {
  status: number;
  /** Names in lower case; several values of one name joined by `, `. */
  headers: Record<string, string>;
  body: string;
}

export interface Http {
  /** Answers whatever status came. Throws HttpFailure when nothing readable came. */
  request(request: HttpRequest): Promise<HttpResponse>;
}

export interface HttpOptions {
  baseUrl: string;
  timeoutMs: number;
  /** Sent with every request; a secret in it is never logged. */
  headers?: Record<string, string>;
  log?: HttpLog;
  /** Largest answer taken, in bytes. */
  maxBytes?: number;
}

/**
 * No answer. `unreachable`: no connection came about, so the other side cannot have seen the request.
 * `no-reply`: it may have been carried out (style.md rule 7); only a look-up can tell.
 */
export class HttpFailure extends Error {
  readonly kind: 'unreachable' | 'no-reply';

  constructor(kind: 'unreachable' | 'no-reply', message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'HttpFailure';
    this.kind = kind;
  }
}

const MAX_BYTES = 32 * 1024 * 1024;

/** Codes that only come about before a connection is there. */
const NEVER_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);
const CONNECTING = new Set(['lookup', 'connect', 'secureConnect']);

/**
 * A kept-alive connection may be closed by the other side just as we write to it, and then nobody knows what became
 * of the write. So writes take a fresh connection, whose refusal proves that nothing was sent; reads may share.
 */
const agents = {
  read: {
    http: new HttpAgent({ keepAlive: true, maxSockets: 16, timeout: 30_000 }),
    https: new HttpsAgent({ keepAlive: true, maxSockets: 16, timeout: 30_000 }),
  },
  write: { http: new HttpAgent({ keepAlive: false }), https: new HttpsAgent({ keepAlive: false }) },
};

/** Builds the way to one system. Throws TypeError when `baseUrl` is no http or https address. */
export function createHttp(options: HttpOptions): Http {
  const base = new URL(options.baseUrl);
  if (base.protocol !== 'http:' && base.protocol !== 'https:') {
    throw new TypeError(`"${options.baseUrl}" is not an http or https address`);
  }
  return { request: (request) => exchange(options, base, request) };
}

async function exchange(options: HttpOptions, base: URL, request: HttpRequest): Promise<HttpResponse> {
  const started = performance.now();
  const url = addressOf(base, request);
  const seen = { method: request.method, host: url.host, path: withoutSecrets(url) };
  try {
    const response = await send(options, url, request);
    options.log?.info(
      { ...seen, status: response.status, ms: since(started), requestId: response.headers['x-request-id'] },
      'http exchange',
    );
    return response;
  } catch (error) {
    const failure = failureOf(error, request, url);
    options.log?.warn({ ...seen, failed: failure.kind, ms: since(started), error: failure }, 'http exchange');
    throw failure;
  }
}

async function send(options: HttpOptions, url: URL, request: HttpRequest): Promise<HttpResponse> {
  const maxBytes = options.maxBytes ?? MAX_BYTES;
  const tooMuch = new AbortController();
  const timeoutMs = request.timeoutMs ?? options.timeoutMs;
  const settings: OptionsOfTextResponseBody = {
    method: request.method,
    headers: { accept: 'application/json', ...options.headers, ...request.headers },
    retry: { limit: 0 },
    timeout: { lookup: timeoutMs, connect: timeoutMs, secureConnect: timeoutMs, request: timeoutMs },
    followRedirect: false,
    throwHttpErrors: false,
    agent: request.method === 'GET' ? agents.read : agents.write,
    signal: tooMuch.signal,
  };
  if (request.json !== undefined) settings.json = request.json;
  if (request.form !== undefined) settings.form = request.form;
  const pending = got(url, settings);
  void pending.on('downloadProgress', (progress: { transferred: number }) => {
    if (progress.transferred > maxBytes) tooMuch.abort(new Error(`the answer is over ${maxBytes} bytes`));
  });
  const response = await pending;
  return { status: response.statusCode, headers: flat(response.headers), body: response.body };
}

function addressOf(base: URL, request: HttpRequest): URL {
  const url = new URL(`${base.pathname.replace(/\/$/, '')}${request.path}`, base);
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
}

function failureOf(error: unknown, request: HttpRequest, url: URL): HttpFailure {
  const what = `${request.method} ${url.host}${url.pathname}`;
  if (error instanceof TimeoutError) {
    const connecting = CONNECTING.has(error.event);
    return new HttpFailure(
      connecting ? 'unreachable' : 'no-reply',
      `${what}: no ${connecting ? 'connection' : 'answer'} in time`,
      { cause: error },
    );
  }
  const code = error instanceof RequestError ? error.code : '';
  const kind = NEVER_CONNECTED.has(code) ? 'unreachable' : 'no-reply';
  const why = error instanceof Error ? error.message : String(error);
  return new HttpFailure(kind, `${what}: ${kind === 'unreachable' ? 'not reachable' : 'no answer'} (${why})`, {
    cause: error,
  });
}

function flat(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  const entries = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value] as const],
  );
  return Object.fromEntries(entries);
}

const since = (started: number): number => Math.round(performance.now() - started);
