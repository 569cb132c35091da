/** What makes a stand-in system: its operations and its habits. */
import type { CallLog } from './calls.js';
import type { Clock } from './clock.js';
import type { Fault, FaultBoard, FaultKind, Operation } from './faults.js';
import type { Keeper } from './keeper.js';
import type { Limiter } from './limiter.js';
import type { Random } from './random.js';
import type { Reply, SystemRequest } from './reply.js';

/** One operation and its binding. */
export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** `/transactions/:no` */
  path: string;
  operation: string;
  writes: boolean;
  /** Answers; throws Refusal for a "no". Runs to its end without waiting, so that a write is one moment. */
  handle: (request: SystemRequest) => Reply;
}

export interface SystemServerOptions {
  system: string;
  routes: readonly Route[];
  /** Names beside the routes that a fault may be put on, such as a batch cycle. */
  operations?: readonly Operation[];
  faults: FaultBoard;
  calls: CallLog;
  clock: Clock;
  random: Random;
  /** Who keeps the state; nobody unless given. */
  keeper?: Keeper | undefined;
  limiter?: Limiter;
  /** Longest time a write may still land after its caller got no answer, in milliseconds. */
  maxRequestLifeMs: number;
  /** Fault kinds this system shows of its own accord. */
  ambient: { reads: readonly FaultKind[]; writes: readonly FaultKind[] };
  /** Turns a request away before anything else: bad key, closed window. */
  guard?(request: SystemRequest, writes: boolean): Reply | null;
  /** Replies for fault kinds that have a form of this system's own. */
  faultReply?(fault: Fault, request: SystemRequest): Reply | null;
  /** Further fields a fault may match on, such as the style-colours of a document. */
  describe?(request: SystemRequest): Record<string, unknown>;
}
