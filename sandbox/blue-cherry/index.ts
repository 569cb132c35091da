/**
 * A behaving stand-in of CGS BlueCherry: the working contract of facts/blue-cherry.md part 3 on a real socket, with
 * books of its own. It is what we believe of such a system, not a claim about the vendor.
 */
import { createLimiter, createSystemServer, NOT_KEPT, Refusal, refused } from '../core/index.js';
import type { CallLog, Clock, Fault, FaultBoard, Keeper, Kept, Random, Reply, SystemRequest } from '../core/index.js';
import { createBooks } from './books.js';
import type { BlueCherryBooks } from './books.js';
import { createCycles } from './cycles.js';
import type { Cycles } from './cycles.js';
import { dump } from './dump.js';
import type { BooksDump } from './dump.js';
import { styleColourOf } from './model.js';
import type { Holdings, State } from './model.js';
import type { BlueCherryProfile } from './profile.js';
import { readRoutes } from './reads.js';
import { createStockBooks } from './stock.js';
import type { StockBooks } from './stock.js';
import { writeRoutes } from './writes.js';

export type { BlueCherryBooks, ItemGiven } from './books.js';
export type { Cycles } from './cycles.js';
export type { BooksDump, DumpedDocument } from './dump.js';
export { Edit, TypedIn } from './edits.js';
export { BLUE_CHERRY_EVENTS, blueCherryEvent } from './events.js';
export type { Order, PurchaseOrder } from './model.js';
export type { OrderGiven } from './orders.js';
export type { PurchaseOrderGiven } from './purchasing.js';
export { BlueCherryProfile, DEVELOPMENT_PROFILE, VENDOR_LIKE_PROFILE } from './profile.js';
export { emptyBuckets, onHand, openToSell, openToSellWithWip } from './stock.js';

export interface BlueCherryOptions {
  clock: Clock;
  random: Random;
  faults: FaultBoard;
  calls: CallLog;
  profile: BlueCherryProfile;
  /** Who keeps the books; nobody unless given. */
  keeper?: Keeper;
}

/** Books, stock and cycles as a file keeps them. */
export interface HeldBlueCherry {
  holdings: Holdings;
  stock: ReturnType<StockBooks['held']>;
  cycles: ReturnType<Cycles['held']>;
}
export interface BlueCherry extends Kept<HeldBlueCherry> {
  books: BlueCherryBooks;
  cycles: Cycles;
  /** Listens on loopback, on a free port unless one is given; answers the base address. */
  listen(port?: number): Promise<string>;
  close(): Promise<void>;
  /** Starts the clockwork of batch cycles. Without it cycles run only through `cycles`. */
  startCycles(): void;
  dump(include?: { invoices: boolean }): BooksDump;
  /** Posted documents per external reference, exactly (facts/blue-cherry.md 3.8). */
  references(): Record<string, number>;
}

const emptyHoldings = (): Holdings => ({
  divisions: new Map(),
  warehouses: new Map(),
  reasons: new Map(),
  accounts: new Map(),
  items: new Map(),
  skuOfCode: new Map(),
  orders: new Map(),
  orderOfReference: new Map(),
  purchaseOrders: new Map(),
  supplierInvoices: [],
  workOrders: new Map(),
  documents: new Map(),
  documentsOfReference: new Map(),
  journalRefs: new Set(),
  closedPeriods: new Set(),
  toInvoice: [],
  counters: new Map(),
  closeWindow: false,
  cycleNo: 0,
  completedNo: 0,
});

const emptyState = (options: BlueCherryOptions): State => ({
  ...emptyHoldings(),
  clock: options.clock,
  random: options.random.fork('blue-cherry'),
  faults: options.faults,
  keeper: options.keeper ?? NOT_KEPT,
  profile: options.profile,
  stock: createStockBooks(),
});

/** The books without what they work with: the keys are those of empty books. */
function holdingsOf(state: State): Holdings {
  const keys = Object.keys(emptyHoldings()) as (keyof Holdings)[];
  return Object.fromEntries(keys.map((key) => [key, state[key]])) as unknown as Holdings;
}

/** Key and close window: what turns a call away before it is looked at. */
function guard(state: State, request: SystemRequest, writes: boolean): Reply | null {
  if (request.headers['x-api-key'] !== state.profile.apiKey)
    return refused(new Refusal(401, 'UNAUTHORISED', 'header X-Api-Key is missing or wrong'));
  if (!writes || !state.closeWindow) return null;
  return windowShut();
}

const windowShut = (): Reply => ({
  ...refused(new Refusal(503, 'BATCH_WINDOW', 'the close window refuses all writes')),
  headers: { 'retry-after': '1' },
});

/** The style-colours a payload touches, for locks and for faults to match on. */
function styleColours(body: unknown): string[] {
  const lines = (body as { lines?: unknown } | null)?.lines;
  if (!Array.isArray(lines)) return [];
  const skus = lines.map((line: unknown) => (line as { sku?: unknown } | null)?.sku);
  return [...new Set(skus.filter((sku) => typeof sku === 'string').map(styleColourOf))];
}

/** Forms of failure that are this ERP's own (facts/blue-cherry.md 3.6). */
function faultReply(state: State, fault: Fault, request: SystemRequest): Reply | null {
  const { code = 'SKU_UNKNOWN' } = fault;
  const styleColour = String(fault.match?.['styleColour'] ?? styleColours(request.body)[0] ?? '');
  switch (fault.kind) {
    case 'table-lock': {
      const form = fault.form ?? state.random.pick(['409', '500'] as const);
      if (form === '500') return { status: 500, text: `Table Lock on ITEM_MASTER (${styleColour})` };
      const words = `ITEM_MASTER is locked for ${styleColour}`;
      return refused(new Refusal(409, 'TABLE_LOCK', words, { resource: 'ITEM_MASTER', styleColour }));
    }
    case 'status-503':
      return request.method === 'POST' ? windowShut() : null;
    case 'refuse':
      return refused(new Refusal(422, code, code.toLowerCase().replaceAll('_', ' ')));
    default:
      return null;
  }
}

function countReferences(state: State): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [reference, bearers] of state.documentsOfReference)
    counts[reference] = bearers.filter(({ wire }) => wire.status === 'POSTED').length;
  return counts;
}

/** The stand-in with empty books. */
export function createBlueCherry(options: BlueCherryOptions): BlueCherry {
  const state = emptyState(options);
  const cycles = createCycles(state);
  const reads = ['drop-before', 'delay', 'status-429', 'status-500', 'status-503'] as const;
  const server = createSystemServer({
    system: 'blue-cherry',
    routes: [...readRoutes(state, cycles), ...writeRoutes(state)],
    operations: [{ name: 'cycle', binding: 'cycle', writes: false }],
    faults: options.faults,
    calls: options.calls,
    clock: options.clock,
    random: state.random.fork('wire'),
    keeper: options.keeper,
    limiter: createLimiter(options.profile.rate, options.profile.concurrent),
    maxRequestLifeMs: options.profile.maxRequestLifeMs,
    ambient: { reads, writes: [...reads, 'drop-after', 'table-lock', 'late-landing'] },
    guard: (request, writes) => guard(state, request, writes),
    faultReply: (fault, request) => faultReply(state, fault, request),
    describe: ({ body }) => ({ styleColour: styleColours(body) }),
  });
  return {
    books: createBooks(state),
    cycles,
    listen: (port) => server.listen(port),
    close: async () => {
      cycles.stop();
      await server.close();
    },
    startCycles: () => cycles.start(),
    dump: (include) => dump(state, include),
    references: () => countReferences(state),
    held: () => ({ holdings: holdingsOf(state), stock: state.stock.held(), cycles: cycles.held() }),
    resume: (held) => {
      Object.assign(state, held.holdings);
      state.stock.resume(held.stock);
      cycles.resume(held.cycles);
    },
  };
}
