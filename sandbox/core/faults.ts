/** The board of faults: what goes wrong, where and how often (design.md 8, facts/blue-cherry.md 3.6 and 3.8). */
import type { Kept } from './keeper.js';
import type { Random } from './random.js';

export const FAULT_KINDS = [
  'refuse-connection',
  'drop-before',
  'drop-after',
  'delay',
  'status-429',
  'status-500',
  'status-503',
  'table-lock',
  'lookup-lag',
  'late-landing',
  'partial',
  'malformed',
  'unauthorised',
  'abort-cycle',
  'period-closed-at-posting',
  'reject-at-posting',
  'refuse',
  'lines-refused',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** What a request asks of the board. Everything but system, operation and kind may be left out. */
export interface FaultRequest {
  system: string;
  /** A system's operation name, its HTTP binding, `write`, `read` or `*`. */
  operation: string;
  kind: FaultKind;
  /** How often it is applied; without it once, or without end when a probability or a duration is given. */
  times?: number | undefined;
  /** Chance per matching request, 1 unless told. */
  probability?: number | undefined;
  /** Field names anywhere in the request (body, query, path) with the value each must have. */
  match?: Record<string, string | number | boolean> | undefined;
  /** For how long it lasts, in milliseconds of real time (a lock on a style-colour, a refused connection). */
  forMs?: number | undefined;
  /** `delay`, `late-landing`: milliseconds until the answer or the write. */
  delayMs?: number | undefined;
  /** `status-429`, `status-503`: the form of Retry-After. */
  retryAfter?: 'seconds' | 'date' | 'none' | undefined;
  /** `table-lock`: 409 with a code, or 500 with plain text. */
  form?: '409' | '500' | undefined;
  /** `refuse`, `reject-at-posting`, `partial`: the error code given. */
  code?: string | undefined;
  /** `partial`: line numbers refused, from 1. */
  lines?: number[] | undefined;
}

/** A fault as it stands on the board. */
export interface Fault extends FaultRequest {
  id: string;
  applied: number;
  /** Drawn by the ambient misbehaviour, not put on the board by anybody. */
  ambient: boolean;
}

/** An operation a system offers, as faults and the call log name it. */
export interface Operation {
  name: string;
  binding: string;
  writes: boolean;
}

/** What the board holds: faults as they stand, and the chance of those nobody put there. */
export interface HeldFaults {
  standing: { fault: Fault; until: number | null }[];
  ambientChance: number;
  counter: number;
}

export interface FaultBoard extends Kept<HeldFaults> {
  /** Puts a fault on the board; throws RangeError when the system or the operation is not known. */
  add(request: FaultRequest): string;
  /** Takes one or all off; false when there is none of that id. */
  remove(id?: string): boolean;
  list(): Fault[];
  /** The fault to apply to this request among `kinds`, counted as applied; null when there is none. */
  take(
    system: string,
    operation: string,
    request: unknown,
    kinds: readonly FaultKind[],
    ambient?: readonly FaultKind[],
  ): Fault | null;
  /** The fault of this kind that lasts now, without counting it. */
  standing(system: string, kind: FaultKind): Fault | null;
  /** Chance in 0..1 that a request meets a transient fault of its own accord. */
  misbehave(probability: number): void;
  know(system: string, operations: readonly Operation[]): void;
  onChange(listener: () => void): () => void;
}

const spell = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9*]+/g, '-')
    .replace(/^-|-$/g, '');

/** How long connections are refused unless told, in milliseconds: a refused one cannot be counted. */
const REFUSED_MS = 3000;

/** Faults on one board at once. */
const MOST = 10_000;

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Whether a field of this name anywhere in the value holds this value. */
function holds(value: unknown, field: string, wanted: string, depth = 0): boolean {
  if (depth > 8 || typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, held]: [string, unknown]) => {
    const values: unknown[] = Array.isArray(held) ? held : [held];
    if (name === field && values.some((one) => asText(one) === wanted)) return true;
    return holds(held, field, wanted, depth + 1);
  });
}

type Standing = HeldFaults['standing'][number];

function fits(
  standing: Standing,
  operation: Operation | undefined,
  name: string,
  request: unknown,
  now: number,
): boolean {
  const { fault, until } = standing;
  if (until !== null && until <= now) return false;
  if (fault.times !== undefined && fault.applied >= fault.times) return false;
  const asked = spell(fault.operation);
  const group = operation === undefined ? [] : [operation.writes ? 'write' : 'read', spell(operation.binding)];
  if (asked !== '*' && asked !== spell(name) && !group.includes(asked)) return false;
  return Object.entries(fault.match ?? {}).every(([field, wanted]) => holds({ request }, field, asText(wanted)));
}

function checked(request: FaultRequest, known: ReadonlyMap<string, readonly Operation[]>, count: number): void {
  if (count >= MOST) throw new RangeError(`the board holds at most ${MOST} faults; remove some first`);
  const operations = known.get(request.system);
  if (operations === undefined)
    throw new RangeError(`system "${request.system}" is not one of ${[...known.keys()].join(', ')}`);
  const asked = spell(request.operation);
  const names = operations.flatMap((o) => [spell(o.name), spell(o.binding)]);
  if (!['*', 'write', 'read', ...names].includes(asked))
    throw new RangeError(
      `operation "${request.operation}" is not one of *, write, read, ${operations.map((o) => o.name).join(', ')}`,
    );
}

/** A request as it stands on the board: once, unless a number, a chance or a duration is given. */
function placed(request: FaultRequest, id: string): Standing {
  const forMs = request.forMs ?? (request.kind === 'refuse-connection' ? REFUSED_MS : undefined);
  const endless = request.probability !== undefined || forMs !== undefined;
  const times = request.times ?? (endless ? undefined : 1);
  return {
    fault: { ...request, id, times, applied: 0, ambient: false },
    until: forMs === undefined ? null : Date.now() + forMs,
  };
}

const lasts = (until: number | null): boolean => until === null || until > Date.now();

/** A board with its own stream of chance. */
export function createFaultBoard(random: Random): FaultBoard {
  const chance = random.fork('faults');
  const known = new Map<string, readonly Operation[]>();
  const listeners = new Set<() => void>();
  let standing: Standing[] = [];
  let ambientChance = 0;
  let counter = 0;
  const changed = (): void => listeners.forEach((listener) => listener());
  const ambientFault = (system: string, operation: string, kinds: readonly FaultKind[]): Fault | null =>
    kinds.length > 0 && chance.chance(ambientChance)
      ? { id: 'ambient', system, operation, kind: chance.pick(kinds), applied: 1, ambient: true }
      : null;
  return {
    add: (request) => {
      checked(request, known, standing.length);
      counter += 1;
      const one = placed(request, `fault-${counter}`);
      standing.push(one);
      changed();
      return one.fault.id;
    },
    remove: (id) => {
      const before = standing.length;
      standing = id === undefined ? [] : standing.filter((one) => one.fault.id !== id);
      changed();
      return id === undefined || standing.length < before;
    },
    list: () => standing.map((one) => ({ ...one.fault })),
    take: (system, operation, request, kinds, ambient = []) => {
      const now = Date.now();
      const named = known.get(system)?.find((one) => one.name === operation);
      for (const one of standing) {
        if (one.fault.system !== system || !kinds.includes(one.fault.kind)) continue;
        if (!fits(one, named, operation, request, now)) continue;
        if (!chance.chance(one.fault.probability ?? 1)) continue;
        one.fault.applied += 1;
        return { ...one.fault };
      }
      return ambientFault(system, operation, ambient);
    },
    standing: (system, kind) =>
      standing.find((one) => one.fault.system === system && one.fault.kind === kind && lasts(one.until))?.fault ?? null,
    misbehave: (probability) => {
      ambientChance = probability;
    },
    held: () => ({ standing, ambientChance, counter }),
    resume: (held) => {
      ({ standing, ambientChance, counter } = held);
      changed();
    },
    know: (system, operations) => {
      known.set(system, operations);
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
