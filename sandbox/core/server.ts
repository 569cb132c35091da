/**
 * One stand-in system on a real socket. It can lose a request before or after handling it, answer late, answer
 * rubbish, or store a write after the caller has given up (facts/blue-cherry.md 3.6).
 */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Call } from './calls.js';
import type { FaultKind } from './faults.js';
import { NOT_KEPT } from './keeper.js';
import { Refusal, refused } from './reply.js';
import type { Reply, SystemRequest } from './reply.js';
import type { Route, SystemServerOptions } from './options.js';
import { applyTransport } from './transport.js';
import { drop, matchPath, readBody, retryAfter, send } from './wire.js';

export interface SystemServer {
  /** Listens on loopback, on a free port unless one is given; answers the base address. */
  listen(port?: number): Promise<string>;
  close(): Promise<void>;
  /** Runs a late write now or in its time; forgotten when the server closes. */
  later(ms: number, work: () => void): void;
}

/** Fault kinds that act on the exchange itself. */
const TRANSPORT: readonly FaultKind[] = [
  'drop-before',
  'drop-after',
  'delay',
  'status-429',
  'status-500',
  'status-503',
  'table-lock',
  'late-landing',
  'malformed',
  'unauthorised',
  'refuse',
];

const reference = (body: unknown): string | null => {
  const ref = (body as { externalRef?: unknown } | null)?.externalRef;
  return typeof ref === 'string' ? ref : null;
};

function addresses(options: SystemServerOptions, method: string, url: URL) {
  for (const route of options.routes) {
    const params = route.method === method ? matchPath(route.path, url.pathname) : null;
    if (params !== null) return { route, params };
  }
  return null;
}

/** Handles one request to its reply; a Refusal becomes its reply, a fault of the sandbox itself a loud 500. */
function handled(route: Route, request: SystemRequest): Reply {
  try {
    return route.handle(request);
  } catch (error) {
    if (error instanceof Refusal) return refused(error);
    process.stderr.write(
      `sandbox: ${request.method} ${request.path} failed: ${(error as Error).stack ?? String(error)}\n`,
    );
    return { status: 500, text: `the sandbox itself failed: ${(error as Error).message}` };
  }
}

interface Exchange {
  found: { route: Route; params: Record<string, string> };
  url: URL;
  method: string;
  body: unknown;
  incoming: IncomingMessage;
  call: Call;
  reply: (result: Reply) => void;
  response: ServerResponse;
}

/** Hands one readable request to its operation, through guard, rate and faults. */
function serve(options: SystemServerOptions, later: SystemServer['later'], exchange: Exchange): void {
  const { route, params } = exchange.found;
  const request: SystemRequest = {
    method: exchange.method,
    path: exchange.url.pathname,
    operation: route.operation,
    params,
    query: Object.fromEntries(exchange.url.searchParams),
    headers: exchange.incoming.headers,
    body: exchange.body,
  };
  const turnedAway = options.guard?.(request, route.writes) ?? null;
  if (turnedAway !== null) return exchange.reply(turnedAway);
  if (options.limiter !== undefined && !options.limiter.begin()) return exchange.reply(tooMany(options, exchange.call));
  const fault = options.faults.take(
    options.system,
    route.operation,
    { ...request, headers: undefined, ...options.describe?.(request) },
    TRANSPORT,
    route.writes ? options.ambient.writes : options.ambient.reads,
  );
  exchange.call.fault = fault?.kind ?? null;
  if (fault?.ambient === false) options.keeper?.changed();
  applyTransport({
    fault,
    own: fault === null ? null : (options.faultReply?.(fault, request) ?? null),
    run: () => {
      const result = handled(route, request);
      if (result.stored === true) exchange.call.stored = true;
      if (route.writes) options.keeper?.changed();
      return result;
    },
    reply: (result) => exchange.reply(result),
    drop: () => drop(exchange.response),
    later,
    options,
    freed: () => options.limiter?.end(),
  });
}

/** The row of the call log a request begins with. */
function noted(options: SystemServerOptions, method: string, url: URL, operation: string): Call {
  return options.calls.record({
    at: options.clock.instant(),
    system: options.system,
    operation,
    method,
    path: url.pathname + url.search,
    externalRef: url.searchParams.get('externalRef'),
    status: 0,
    stored: false,
    fault: null,
  });
}

/** A server for one system. Nothing listens until `listen` is called. */
export function createSystemServer(options: SystemServerOptions): SystemServer {
  const timers = new Set<NodeJS.Timeout>();
  const later = (ms: number, work: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      work();
    }, ms);
    timers.add(timer);
  };
  options.faults.know(options.system, [
    ...options.routes.map((r) => ({
      name: r.operation,
      binding: `${r.method} ${r.path}`,
      writes: r.writes,
    })),
    ...(options.operations ?? []),
  ]);
  const { keeper = NOT_KEPT } = options;
  let requests = 0;
  const answer = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    requests += 1;
    const given = incoming.headers['x-request-id'];
    const requestId = typeof given === 'string' ? given : `${options.system}-${requests}`;
    const url = new URL(incoming.url ?? '/', 'http://sandbox');
    const method = incoming.method ?? 'GET';
    const found = addresses(options, method, url);
    const call = noted(options, method, url, found?.route.operation ?? 'unknown');
    const reply = (result: Reply): void => {
      call.status = result.status;
      keeper.whenKept(() => send(response, result, requestId));
    };
    try {
      const body = await readBody(incoming);
      call.externalRef ??= reference(body);
      if (found === null) throw new Refusal(404, 'NOT_FOUND', `there is no ${method} ${url.pathname}`);
      serve(options, later, { found, url, method, body, incoming, call, reply, response });
    } catch (error) {
      if (error instanceof Refusal) reply(refused(error));
      else drop(response);
    }
  };
  return listening(options, answer, later, timers);
}

function tooMany(options: SystemServerOptions, call: Call): Reply {
  call.fault = 'rate-limit';
  return {
    status: 429,
    body: { code: 'RATE_LIMIT', message: 'too many calls; wait and try again' },
    headers: retryAfter(options.random.pick(['seconds', 'date', 'none'] as const), 1, new Date()),
  };
}

/** The listening half: the same port again after a refused-connection fault ends. */
function listening(
  options: SystemServerOptions,
  answer: (incoming: IncomingMessage, response: ServerResponse) => Promise<void>,
  later: SystemServer['later'],
  timers: Set<NodeJS.Timeout>,
): SystemServer {
  let server: Server | null = null;
  let address: AddressInfo | null = null;
  let watch: NodeJS.Timeout | null = null;
  const open = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const made = createServer((incoming, response) => void answer(incoming, response));
      made.keepAliveTimeout = 30_000;
      made.once('error', reject);
      made.listen(port, '127.0.0.1', () => {
        address = made.address() as AddressInfo;
        resolve();
      });
      server = made;
    });
  const shut = (): Promise<void> =>
    new Promise((resolve) => {
      const closing = server;
      server = null;
      if (closing === null) return resolve();
      closing.close(() => resolve());
      closing.closeAllConnections();
    });
  const follow = (): void => {
    const refusing = options.faults.standing(options.system, 'refuse-connection') !== null;
    if (refusing && server !== null) void shut();
    if (!refusing && server === null && address !== null) void open(address.port);
  };
  const unsubscribe = options.faults.onChange(follow);
  return {
    listen: async (port = 0) => {
      await open(port);
      watch = setInterval(follow, 100);
      watch.unref();
      return `http://127.0.0.1:${String(address?.port)}`;
    },
    close: async () => {
      unsubscribe();
      if (watch !== null) clearInterval(watch);
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      await shut();
    },
    later,
  };
}
