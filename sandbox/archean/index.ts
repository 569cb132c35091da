/** The stand-in of Archean R247 on a real socket, with books of its own (facts/archean-r247.md part 3). */
import {
  createLimiter,
  createSystemServer,
  type CallLog,
  type Clock,
  type FaultBoard,
  type Keeper,
  type Kept,
  type Random,
  type RateLimit,
} from '../core/index.js';
import type { Reckoning } from '../reckoning/index.js';
import { createBooks, type ArcheanBooks, type HeldArchean } from './books.js';
import { dumpBooks, type BooksDump } from './dump.js';
import { happen } from './events.js';
import type { Erp } from './fill.js';
import type { Manner } from './goods-in-events.js';
import { routesOf } from './routes.js';
import { createTokens, type Credentials } from './token.js';
import { createWebhooks, type Delivery, type WebhookTarget } from './webhooks.js';

export { ARCHEAN_EVENTS, movementsOf } from './events.js';
export type { ArcheanBooks } from './books.js';
export type { BooksDump } from './dump.js';
export type { Delivery, WebhookTarget } from './webhooks.js';

/** How this site of the system behaves. */
export interface ArcheanProfile {
  /** `null` lifts the limit; the contract says 300 calls a minute. */
  rateLimit: RateLimit | null;
  tokenLifeMs: number;
  maxRequestLifeMs: number;
  /** Without it any client that names itself is let in. */
  credentials?: Credentials;
}
/** As facts/archean-r247.md states it. */
export const VENDOR_LIKE_ARCHEAN: ArcheanProfile = {
  rateLimit: { calls: 300, perMs: 60_000 },
  tokenLifeMs: 30 * 60_000,
  maxRequestLifeMs: 60_000,
};
/** Development: the rate is lifted and late writes land within 3 s (design.md 8). */
export const DEVELOPMENT_ARCHEAN: ArcheanProfile = {
  rateLimit: null,
  tokenLifeMs: 30 * 60_000,
  maxRequestLifeMs: 3_000,
};

export interface ArcheanOptions {
  clock: Clock;
  random: Random;
  faults: FaultBoard;
  calls: CallLog;
  profile?: ArcheanProfile;
  /** Who keeps the books; nobody unless given. */
  keeper?: Keeper;
}

/** Books, hints and habits as a file keeps them. */
export interface HeldSystem {
  books: HeldArchean;
  webhooks: { count: number };
  misbehaviour: number;
}

export interface Archean extends Kept<HeldSystem> {
  books: ArcheanBooks;
  /** Listens on loopback, on a free port unless one is given; answers the base address. */
  listen(port?: number): Promise<string>;
  close(): Promise<void>;
  /** Its books in the shape of `GET /_sandbox/books/archean`. */
  dump(): BooksDump;
  /**
   * Makes an event happen; answers what it made. RangeError or ZodError: unknown type, a payload that is not allowed, or
   * nothing to make it from. `manner` labels a delivery for the reckoning.
   */
  event(type: string, payload?: Record<string, unknown>, manner?: Manner): unknown;
  /** Where webhooks go; `null` sends none. */
  setWebhook(target: WebhookTarget | null): void;
  deliveries(): Delivery[];
  /** 0..1: how often hints are lost and rows come late, twice or with gaps between. 0: a well-behaved ledger. */
  misbehave(probability: number): void;
  /** Events are filled in from the orders the reckoning knows, and every return is reckoned. */
  connect(reckoning: Reckoning): void;
  /** Voids every token given out. */
  expireTokens(): void;
}

const READ_TROUBLE = ['status-500', 'status-503', 'delay', 'drop-before'] as const;
const WRITE_TROUBLE = [...READ_TROUBLE, 'drop-after'] as const;

function erpOf(reckoning: Reckoning): Erp {
  return {
    returnable: () => reckoning.returnable(),
    order: (orderNo) => reckoning.order(orderNo),
    item: (code) => reckoning.item(code),
    codeOf: (sku) => reckoning.codeOf(sku),
    purchaseOrder: (poNo) => reckoning.purchaseOrder(poNo),
    receivable: () => reckoning.receivable(),
  };
}

/** The system behind its socket: books, tokens, hints and the server that shows them. */
function assemble(options: ArcheanOptions, misbehaviour: () => number) {
  const { clock, faults, calls } = options;
  const random = options.random.fork('archean');
  const profile = options.profile ?? DEVELOPMENT_ARCHEAN;
  const webhooks = createWebhooks({ clock, random: random.fork('webhooks'), misbehave: misbehaviour });
  const traps = () => ({
    gap: Math.min(1, misbehaviour() * 5),
    late: Math.min(1, misbehaviour() * 3),
    repeat: Math.min(1, misbehaviour() * 5),
  });
  const books = createBooks({ random, traps, webhooks });
  const tokens = createTokens({
    random: random.fork('tokens'),
    lifeMs: profile.tokenLifeMs,
    credentials: profile.credentials,
  });
  const server = createSystemServer({
    system: 'archean',
    routes: routesOf(books, tokens),
    faults,
    calls,
    clock,
    random: random.fork('http'),
    keeper: options.keeper,
    limiter: createLimiter(profile.rateLimit, null),
    maxRequestLifeMs: profile.maxRequestLifeMs,
    ambient: { reads: READ_TROUBLE, writes: WRITE_TROUBLE },
    guard: (request) => tokens.guard(request),
  });
  return { books, tokens, webhooks, server, events: random.fork('events') };
}

/** A stand-in with empty books. Chance comes from `random` alone. */
export function createArchean(options: ArcheanOptions): Archean {
  const { clock } = options;
  let misbehaviour = 0;
  let erp: Erp | null = null;
  const { books, tokens, webhooks, server, events } = assemble(options, () => misbehaviour);
  const known = (): Erp => {
    if (erp === null) throw new RangeError('Archean knows no orders yet; reset with a scenario first');
    return erp;
  };
  return {
    books,
    listen: (port) => server.listen(port),
    close: async () => {
      webhooks.close();
      await server.close();
    },
    dump: () => dumpBooks(books, clock),
    event: (type, payload = {}, manner = {}) =>
      happen({ books, clock, random: events, webhooks, erp: known }, type, payload, manner),
    setWebhook: (target) => webhooks.target(target),
    deliveries: () => webhooks.deliveries(),
    misbehave: (probability) => {
      misbehaviour = probability;
    },
    connect: (reckoning) => {
      erp = erpOf(reckoning);
      books.witness({
        returned: (row, className) => reckoning.noteReturn(row, className),
        delivered: (row, className) => reckoning.noteDelivery(row, className, clock.instant()),
        unreadable: (key) => reckoning.noteMalformed(key),
      });
    },
    expireTokens: () => tokens.expireAll(),
    held: () => ({ books: books.held(), webhooks: webhooks.held(), misbehaviour }),
    resume: (held) => {
      books.resume(held.books);
      webhooks.resume(held.webhooks);
      misbehaviour = held.misbehaviour;
    },
  };
}
