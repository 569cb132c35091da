/** What a transport fault does to one exchange. */
import type { Fault } from './faults.js';
import type { SystemServerOptions } from './options.js';
import type { Reply } from './reply.js';

import { retryAfter } from './wire.js';

interface Exchange {
  fault: Fault | null;
  /** The system's own reply for this fault, when it has one. */
  own: Reply | null;
  run(): Reply;
  reply(result: Reply): void;
  drop(): void;
  later(ms: number, work: () => void): void;
  options: SystemServerOptions;
  /** Gives the call's place among the open ones back. */
  freed(): void;
}

/** How long a silent connection is held before it is cut, in milliseconds: longer than callers wait. */
const SILENCE_MS = 5_000;

/** Runs the exchange as the fault has it; without a fault it is handled and answered at once. */
export function applyTransport(exchange: Exchange): void {
  const { fault, options } = exchange;
  const kind = fault?.kind ?? null;
  if (kind === 'late-landing') return landLate(exchange);
  if (kind === 'delay') {
    const result = exchange.run();
    exchange.later(fault?.delayMs ?? options.random.int(50, 600), () => {
      exchange.reply(result);
      exchange.freed();
    });
    return;
  }
  exchange.freed();
  switch (kind) {
    case 'drop-before':
      return exchange.drop();
    case 'drop-after':
      exchange.run();
      return exchange.drop();
    case 'malformed':
      exchange.run();
      return exchange.reply({ status: 200, text: '{"transactionNo": ' });
    default:
      return exchange.reply(exchange.own ?? standard(exchange) ?? exchange.run());
  }
}

/** No answer now; the write is stored later, within the longest life of a request. */
function landLate(exchange: Exchange): void {
  const { fault, options } = exchange;
  const longest = options.maxRequestLifeMs;
  const ms = fault?.delayMs ?? options.random.int(Math.floor(longest / 10), Math.floor(longest * 0.9));
  exchange.later(Math.min(ms, longest), () => void exchange.run());
  exchange.freed();
  if (options.random.chance(0.5)) exchange.drop();
  else exchange.later(SILENCE_MS, () => exchange.drop());
}

function standard(exchange: Exchange): Reply | null {
  const { fault, options } = exchange;
  const form = fault?.retryAfter ?? options.random.pick(['seconds', 'date', 'none'] as const);
  switch (fault?.kind) {
    case 'status-429':
      return {
        status: 429,
        body: { code: 'RATE_LIMIT', message: 'too many calls; wait and try again' },
        headers: retryAfter(form, 1, new Date()),
      };
    case 'status-500':
      return { status: 500, text: 'Internal Server Error' };
    case 'status-503':
      return {
        status: 503,
        body: { code: 'UNAVAILABLE', message: 'the service is not available now' },
        headers: retryAfter(form, 1, new Date()),
      };
    case 'unauthorised':
      return { status: 401, body: { code: 'UNAUTHORISED', message: 'the key is not valid' } };
    default:
      return null;
  }
}
