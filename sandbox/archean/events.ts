/** Events of POST /_sandbox/events: something happens in Archean now. */
import { ArcheanReturn } from '../../clients/archean/schema.js';
import type { ArcheanMovement } from '../../clients/archean/schema.js';
import type { Clock, Random } from '../core/index.js';
import type { ArcheanBooks } from './books.js';
import { fillReturn, type Erp, type ReturnPayload } from './fill.js';
import { completeGoodsIn, correctGoodsIn, malformedGoodsIn, reverseGoodsIn, type Manner } from './goods-in-events.js';
import type { Webhooks } from './webhooks.js';

export const ARCHEAN_EVENTS = [
  'return.processed',
  'return.corrected',
  'return.withdrawn',
  'return.malformed',
  'movement.recorded',
  'goods-in.completed',
  'goods-in.corrected',
  'goods-in.reversed',
  'goods-in.malformed',
  'order.picked',
  'order.dispatched',
] as const;
export type ArcheanEventType = (typeof ARCHEAN_EVENTS)[number];

interface Context {
  books: ArcheanBooks;
  clock: Clock;
  random: Random;
  webhooks: Webhooks;
  erp: () => Erp;
}

const MOVEMENT_OF = { SELLABLE: 'RETURN_RESTOCK', NOT_SELLABLE: 'RETURN_QUARANTINE', NONE: null } as const;

/** The movements that prove a return's goods are back, one per goods line (facts/archean-r247.md 3.3). */
export function movementsOf(
  row: ArcheanReturn,
  nextId: () => string,
  now: string,
  occurredAt = row.processedAt,
): Omit<ArcheanMovement, 'seq'>[] {
  return row.lines.flatMap((line) => {
    const type = line.kind === 'CHARGE' ? null : MOVEMENT_OF[line.disposition];
    if (type === null) return [];
    return [
      {
        id: nextId(),
        type,
        sku: line.sku,
        location: row.location,
        quantity: line.quantity,
        occurredAt,
        recordedAt: now,
        reasonCode: line.reasonCode,
        documentType: 'RETURN' as const,
        documentId: row.returnNo,
        documentLine: line.lineNo,
        correlationId: row.returnNo,
        condition: line.condition,
      },
    ];
  });
}

function checkedReturn(row: Omit<ArcheanReturn, 'seq'>): Omit<ArcheanReturn, 'seq'> {
  const parsed = ArcheanReturn.safeParse({ ...row, seq: 0 });
  if (parsed.success) return row;
  const fault = parsed.error.issues[0];
  throw new RangeError(
    `return ${row.returnNo}: ${fault?.path.join('.') ?? ''}: ${fault?.message ?? 'not valid'}; send return.malformed to have a row nobody can read`,
  );
}

function processed(context: Context, payload: Record<string, unknown>): unknown {
  const { books, clock, random } = context;
  const now = clock.instant();
  const given = payload as ReturnPayload;
  const filled = fillReturn(given, {
    erp: context.erp(),
    random,
    returnNo: given.returnNo ?? books.nextId('RMA'),
    now,
  });
  const row = books.addReturn(checkedReturn(filled));
  const moved = row.restockState === 'RESTOCKED' ? movementsOf(row, () => books.nextId('MOV'), now) : [];
  return { return: row, movements: moved.map((movement) => books.addMovement(movement)) };
}

/** The return an event names, or the newest one that is not withdrawn. */
function named(books: ArcheanBooks, payload: Record<string, unknown>): ArcheanReturn {
  const { returnNo } = payload;
  const row =
    typeof returnNo === 'string'
      ? books.latestReturn(returnNo)
      : books.latestReturns().findLast((one) => one.state !== 'WITHDRAWN');
  if (row === undefined) throw new RangeError(`there is no return ${typeof returnNo === 'string' ? returnNo : 'yet'}`);
  return row;
}

/** Correction: what is given replaces the version before; lines are filled in like new ones. */
function corrected(context: Context, payload: Record<string, unknown>): unknown {
  const before = named(context.books, payload);
  const given = payload as ReturnPayload;
  const filled = fillReturn(
    { ...before, ...given, lines: given.lines ?? before.lines },
    {
      erp: context.erp(),
      random: context.random,
      returnNo: before.returnNo,
      now: context.clock.instant(),
    },
  );
  const next = { ...filled, version: given.version ?? before.version + 1 };
  return { return: context.books.addReturn(checkedReturn(next)), movements: [] };
}

function withdrawn(context: Context, payload: Record<string, unknown>): unknown {
  const before = named(context.books, payload);
  const next = { ...before, version: before.version + 1, state: 'WITHDRAWN' as const };
  return { return: context.books.addReturn(next), movements: [] };
}

/** A row no reader can make sense of; its neighbours on the page are sound. */
function malformed(context: Context, payload: Record<string, unknown>): unknown {
  const returnNo = context.books.nextId('RMA');
  const row = { returnNo, version: 'one', state: 'PROCESSED', lines: 'see attached sheet', ...payload };
  return { return: context.books.addMalformed(row) };
}

function moved(context: Context, payload: Record<string, unknown>): unknown {
  const { books, clock, random } = context;
  const rows = books.stock.rows();
  const row = rows.length === 0 ? undefined : random.pick(rows);
  const now = clock.instant();
  const given = payload as Partial<ArcheanMovement>;
  const filled: Omit<ArcheanMovement, 'seq'> = {
    id: books.nextId('MOV'),
    type: 'ADJUSTMENT',
    sku: row?.sku ?? 'NO-SUCH-CODE',
    location: row?.location ?? 'FC-UK-1',
    quantity: 1,
    occurredAt: now,
    recordedAt: now,
    reasonCode: 'COUNT',
    documentType: 'NONE',
    documentId: '',
    documentLine: null,
    correlationId: '',
    condition: 'NEW',
    ...given,
  };
  return { movement: books.addMovement(filled) };
}

function order(context: Context, payload: Record<string, unknown>, state: 'PICKED' | 'DISPATCHED'): unknown {
  const { books, webhooks, clock } = context;
  const wanted = state === 'PICKED' ? 'ALLOCATED' : 'PICKED';
  const { id } = payload;
  const found =
    typeof id === 'string' ? books.orders.get(id) : [...books.orders.values()].find((one) => one.state === wanted);
  if (found === undefined) throw new RangeError(`no order in state ${wanted}; POST /orders makes one`);
  found.state = state;
  if (state === 'PICKED') return { order: found };
  const movements = found.lines.map((line, index) => {
    books.stock.allocate(line.sku, found.location, -line.quantity);
    return books.addMovement({
      id: books.nextId('MOV'),
      type: 'DISPATCH',
      sku: line.sku,
      location: found.location,
      quantity: -line.quantity,
      occurredAt: clock.instant(),
      recordedAt: clock.instant(),
      reasonCode: '',
      documentType: 'DISPATCH',
      documentId: found.id,
      documentLine: index + 1,
      correlationId: found.externalRef,
      condition: 'NEW',
    });
  });
  webhooks.send({ type: 'order.dispatched', seq: books.sequence.last(), id: found.id });
  return { order: found, movements };
}

/** Makes an event happen and says what it made. RangeError or a ZodError names an unknown type, or what is wrong. */
export function happen(context: Context, type: string, payload: Record<string, unknown>, manner: Manner = {}): unknown {
  switch (type as ArcheanEventType) {
    case 'return.processed':
      return processed(context, payload);
    case 'return.corrected':
      return corrected(context, payload);
    case 'return.withdrawn':
      return withdrawn(context, payload);
    case 'return.malformed':
      return malformed(context, payload);
    case 'movement.recorded':
      return moved(context, payload);
    case 'goods-in.completed':
      return completeGoodsIn(context, payload, manner);
    case 'goods-in.corrected':
      return correctGoodsIn(context, payload, manner);
    case 'goods-in.reversed':
      return reverseGoodsIn(context, payload, manner);
    case 'goods-in.malformed':
      return malformedGoodsIn(context, payload);
    case 'order.picked':
      return order(context, payload, 'PICKED');
    case 'order.dispatched':
      return order(context, payload, 'DISPATCHED');
    default:
      throw new RangeError(`event "${type}" is not one of ${ARCHEAN_EVENTS.join(', ')}`);
  }
}
