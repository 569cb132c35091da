/** Histories: a business's own past instead of a seeded day (design.md 8). */
import type { Archean } from '../archean/index.js';
import type { Keeper } from '../core/index.js';
import { HISTORY_RULES, type HouseRules, type Reckoning } from '../reckoning/index.js';
import { loadStructure } from '../scenarios/books.js';
import { holdsAny, type Erp } from '../scenarios/erp.js';
import { play, type Action, type Play, type Position, type Progress } from '../scenarios/play.js';
import { HISTORY_DIVISION, readBusiness, type Business, type PastReturn, type Span } from './business.js';
import type { LoadFault } from './rows.js';

export { HISTORY_DIVISION, readBusiness } from './business.js';
export type { Business } from './business.js';
export type { LoadFault } from './rows.js';

export interface HistoryOptions extends Span {
  dir: string;
  blueCherry: Erp;
  archean: Archean;
  reckoning: Reckoning;
  /** Milliseconds into which the span's returns and movements are pressed, their gaps kept in proportion; 0: at once. */
  compressTo?: number | undefined;
  /** 0..1: how badly Archean's ledger and webhooks behave by themselves. */
  misbehave?: number | undefined;
  /** What the reckoning goes by: `open` unless told. */
  policy?: keyof typeof HISTORY_RULES | HouseRules | undefined;
  keeper?: Keeper | undefined;
  /** Goes on with a history that an earlier process began: both systems' books hold what had happened by then. */
  position?: Position | undefined;
}
export interface HistoryState extends Progress {
  orders: number;
  orderLines: number;
  items: number;
  returns: number;
  movements: number;
}
export interface History extends Play<HistoryState> {
  /** Rows that could not be used, by file and line. */
  faults: LoadFault[];
}

const DEFAULT_COMPRESSED_MS = 30_000;

function loadPast(options: HistoryOptions, business: Business): void {
  const { blueCherry, archean, reckoning } = options;
  loadStructure({ blueCherry, archean, reckoning }, [HISTORY_DIVISION]);
  for (const { sku, code, division, cost } of business.items) {
    blueCherry.books.addItem({ sku, code, standardCost: cost });
    reckoning.noteItem({ sku, code, division });
  }
  openWithWhatWasSold(blueCherry.books, business);
  for (const order of business.orders) {
    blueCherry.books.bookShippedOrder({ ...order, historical: true });
    reckoning.noteOrder(order);
  }
}

/** The data holds no opening stock: the ERP opens with what was sold since, so that on hand ends at nothing. */
function openWithWhatWasSold(books: Erp['books'], business: Business): void {
  const sold = new Map<string, { sku: string; warehouse: string; quantity: number; unitCost: string }>();
  for (const { warehouse, lines } of business.orders)
    for (const { sku, kind, quantity, unitCost } of lines) {
      if (kind !== 'GOODS') continue;
      const key = `${warehouse}/${sku}`;
      const row = sold.get(key) ?? { sku, warehouse, quantity: 0, unitCost };
      row.quantity += quantity;
      sold.set(key, row);
    }
  for (const row of sold.values()) books.addStock(row);
}

/** Returns that share an order line with another keep their order: they are never visible late. */
function sharing(returns: readonly PastReturn[]): Set<string> {
  const first = new Map<string, string>();
  const shared = new Set<string>();
  for (const { returnNo, lines } of returns)
    for (const { orderNo, orderLine } of lines) {
      if (orderNo === '') continue;
      const key = `${orderNo}/${orderLine}`;
      const other = first.get(key);
      if (other === undefined) first.set(key, returnNo);
      else if (other !== returnNo) shared.add(other).add(returnNo);
    }
  return shared;
}

/** Everything that appears in Archean, in order of its time. */
function actionsOf({ archean, compressTo }: HistoryOptions, business: Business): Action[] {
  const shared = sharing(business.returns);
  const { stock } = archean.books;
  const returned = business.returns.map((row) => ({
    at: Date.parse(row.processedAt),
    run: () => {
      archean.books.addReturn(row, { className: 'history', prompt: shared.has(row.returnNo) });
      for (const { sku, quantity, disposition } of row.lines)
        if (disposition === 'SELLABLE') stock.move({ type: 'RETURN_RESTOCK', sku, location: row.location, quantity });
    },
  }));
  const moved = business.movements.map((row) => ({
    at: Date.parse(row.recordedAt),
    run: () => void archean.books.addMovement(row),
  }));
  const all = [...returned, ...moved].sort((a, b) => a.at - b.at);
  const first = all[0]?.at ?? 0;
  const span = Math.max(1, (all.at(-1)?.at ?? 0) - first);
  const within = compressTo ?? DEFAULT_COMPRESSED_MS;
  return all.map(({ at, run }) => ({ atMs: ((at - first) / span) * within, run, counts: true }));
}

/**
 * Loads a folder into both systems' books and begins to let its returns and movements appear. Resolves when the past
 * is loaded; `done` when the last row has appeared. RangeError: no such folder, no orders in it, a wrong span.
 */
export async function loadHistory(options: HistoryOptions): Promise<History> {
  const { archean, reckoning, blueCherry } = options;
  const business = await readBusiness(options.dir, options);
  const policy = options.policy ?? 'open';
  archean.connect(reckoning);
  reckoning.onLater((documents) => holdsAny(blueCherry, documents));
  if (options.position === undefined) {
    archean.misbehave(options.misbehave ?? 0);
    reckoning.setRules(typeof policy === 'string' ? HISTORY_RULES[policy] : policy);
    loadPast(options, business);
  }
  const about = {
    orders: business.orders.length,
    orderLines: business.orders.reduce((sum, order) => sum + order.lines.length, 0),
    items: business.items.length,
    returns: business.returns.length,
    movements: business.movements.length,
  };
  const { keeper, position } = options;
  const playing = play(actionsOf(options, business), about, { keeper, from: position });
  return { ...playing, faults: business.faults };
}
