/** Archean's own books: what is physically where, and every document's versions by seq. */
import type { ArcheanMovement, ArcheanReturn } from '../../clients/archean/schema.js';
import { refill, type Kept, type Random } from '../core/index.js';
import { createGoodsIn, type GoodsInBooks, type GoodsInWitness, type HeldGoodsIn } from './goods-in.js';
import { createLog, createSequence, type Log, type Sequence, type Traps } from './log.js';
import { createReferences, type ArcheanOrder, type References } from './orders.js';
import { createStock, type Stock } from './stock.js';
import type { Webhooks } from './webhooks.js';

export interface ArcheanPlace {
  code: string;
  name: string;
  kind: 'CENTRE' | 'STORE' | 'VIRTUAL';
  active: boolean;
}

/** Told of what was emitted. */
export interface Witness extends GoodsInWitness {
  returned(row: ArcheanReturn, className: string): void;
}

export interface ArcheanBooks extends Kept<HeldArchean>, Omit<GoodsInBooks, keyof Kept<unknown>> {
  locations: Map<string, ArcheanPlace>;
  stock: Stock;
  sequence: Sequence;
  /** Every version of every return is a row; rows that were malformed on purpose are `unknown`. */
  returns: Log<unknown>;
  movements: Log<ArcheanMovement>;
  orders: Map<string, ArcheanOrder>;
  orderRefs: References<ArcheanOrder>;
  /** Writes a version of a return; the seq is given here. `prompt`: never visible late. */
  addReturn(row: Omit<ArcheanReturn, 'seq'>, options?: { className?: string; prompt?: boolean }): ArcheanReturn;
  addMalformed(row: Record<string, unknown>): unknown;
  addMovement(row: Omit<ArcheanMovement, 'seq'>, options?: { prompt?: boolean }): ArcheanMovement;
  latestReturn(returnNo: string): ArcheanReturn | undefined;
  latestReturns(): ArcheanReturn[];
  movement(id: string): ArcheanMovement | undefined;
  nextId(prefix: string): string;
  witness(witness: Witness): void;
}

interface Makings {
  random: Random;
  traps: () => Traps;
  webhooks: Webhooks;
}

/** The newest of every document by its number, and the number series. */
interface Newest {
  returns: Map<string, ArcheanReturn>;
  movements: Map<string, ArcheanMovement>;
  counters: Map<string, number>;
}

interface State extends Newest {
  witness: Witness | null;
}

/** Everything in the books as plain data. */
export interface HeldArchean {
  newest: Newest;
  locations: Map<string, ArcheanPlace>;
  orders: Map<string, ArcheanOrder>;
  stock: ReturnType<Stock['held']>;
  sequence: ReturnType<Sequence['held']>;
  returns: ReturnType<Log<unknown>['held']>;
  movements: ReturnType<Log<ArcheanMovement>['held']>;
  orderRefs: ReturnType<References<ArcheanOrder>['held']>;
  goodsIn: HeldGoodsIn;
}

type Parts = Pick<ArcheanBooks, 'locations' | 'orders' | 'stock' | 'sequence' | 'returns' | 'movements' | 'orderRefs'>;

/** What the books hold, and taking it up again. */
function keptOf(state: State, parts: Parts, goodsIn: GoodsInBooks): Kept<HeldArchean> {
  const { locations, orders, stock, sequence, returns, movements, orderRefs } = parts;
  return {
    held: () => ({
      newest: {
        returns: state.returns,
        movements: state.movements,
        counters: state.counters,
      },
      locations,
      orders,
      stock: stock.held(),
      sequence: sequence.held(),
      returns: returns.held(),
      movements: movements.held(),
      orderRefs: orderRefs.held(),
      goodsIn: goodsIn.held(),
    }),
    resume: (held) => {
      Object.assign(state, held.newest);
      refill(locations, held.locations);
      refill(orders, held.orders);
      stock.resume(held.stock);
      sequence.resume(held.sequence);
      returns.resume(held.returns);
      movements.resume(held.movements);
      orderRefs.resume(held.orderRefs);
      goodsIn.resume(held.goodsIn);
    },
  };
}

function returnsOf(state: State, log: Log<unknown>, sequence: Sequence, webhooks: Webhooks) {
  return {
    addReturn: (
      row: Omit<ArcheanReturn, 'seq'>,
      { className = 'event', prompt = false }: { className?: string; prompt?: boolean } = {},
    ): ArcheanReturn => {
      const written: ArcheanReturn = { ...row, seq: sequence.next() };
      log.append(written.seq, written, prompt);
      state.returns.set(written.returnNo, written);
      state.witness?.returned(written, className);
      webhooks.send({ type: 'return.processed', seq: written.seq, id: written.returnNo });
      return written;
    },
    addMalformed: (row: Record<string, unknown>): unknown => {
      const seq = sequence.next();
      const written = { ...row, seq };
      log.append(seq, written);
      state.witness?.unreadable(typeof row['returnNo'] === 'string' ? row['returnNo'] : `seq ${seq}`);
      webhooks.send({ type: 'return.processed', seq, id: '' });
      return written;
    },
  };
}

/** Empty books with no location. */
export function createBooks({ random, traps, webhooks }: Makings): ArcheanBooks {
  const state: State = {
    returns: new Map(),
    movements: new Map(),
    counters: new Map(),
    witness: null,
  };
  const sequence = createSequence(random.fork('seq'), traps);
  const stock = createStock();
  const returns = createLog<unknown>(random.fork('returns'), traps, sequence);
  const movements = createLog<ArcheanMovement>(random.fork('movements'), traps, sequence);
  const parts: Parts = {
    locations: new Map(),
    stock,
    sequence,
    returns,
    movements,
    orders: new Map(),
    orderRefs: createReferences(),
  };
  const goodsIn = createGoodsIn({
    log: createLog<unknown>(random.fork('goods-in'), traps, sequence),
    sequence,
    webhooks,
    witness: () => state.witness,
  });
  return {
    ...parts,
    ...goodsIn,
    ...keptOf(state, parts, goodsIn),
    ...returnsOf(state, returns, sequence, webhooks),
    addMovement: (row, { prompt = false } = {}) => {
      const written: ArcheanMovement = { ...row, seq: sequence.next() };
      movements.append(written.seq, written, prompt);
      state.movements.set(written.id, written);
      stock.move(written);
      webhooks.send({ type: 'movement.recorded', seq: written.seq, id: written.id });
      return written;
    },
    latestReturn: (returnNo) => state.returns.get(returnNo),
    latestReturns: () => [...state.returns.values()],
    movement: (id) => state.movements.get(id),
    nextId: (prefix) => {
      const next = (state.counters.get(prefix) ?? 0) + 1;
      state.counters.set(prefix, next);
      return `${prefix}-${String(next).padStart(6, '0')}`;
    },
    witness: (witness) => {
      state.witness = witness;
    },
  };
}
