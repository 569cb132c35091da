/** The operations of facts/archean-r247.md 3.3 over the books. */
import { Refusal, type Reply, type Route, type SystemRequest } from '../core/index.js';
import type { ArcheanBooks } from './books.js';
import { amendGoodsIn, cancelGoodsIn, expectGoodsIn } from './goods-in-writes.js';
import { OrderWrite, readWrite, type ArcheanOrder } from './orders.js';
import type { Tokens } from './token.js';

const LARGEST_PAGE = 200;
const STOCK_PAGE = 500;

/** A whole number from the query; a wrong one is refused with what was found. */
function whole(request: SystemRequest, name: string, otherwise: number, largest: number): number {
  const text = request.query[name];
  if (text === undefined) return otherwise;
  if (!/^\d{1,15}$/.test(text)) throw new Refusal(400, 'INVALID', `${name} must be a whole number; found "${text}"`);
  return Math.min(Number(text), largest);
}

const ok = (body: unknown): Reply => ({ status: 200, body });

function found<T>(value: T | undefined, what: string): Reply {
  if (value === undefined) throw new Refusal(404, 'NOT_FOUND', `there is no ${what}`);
  return ok(value);
}

/** `?afterSeq&limit` of a listing. */
function paging(request: SystemRequest): [number, number] {
  return [
    whole(request, 'afterSeq', 0, Number.MAX_SAFE_INTEGER),
    Math.max(1, whole(request, 'limit', 100, LARGEST_PAGE)),
  ];
}

function readRoutes(books: ArcheanBooks): Route[] {
  const read = (path: string, operation: string, handle: (request: SystemRequest) => Reply): Route => ({
    method: 'GET',
    path,
    operation,
    writes: false,
    handle,
  });
  return [
    read('/movements', 'listMovements', (request) => {
      const { rows, ...rest } = books.movements.page(...paging(request));
      return ok({ movements: rows, ...rest });
    }),
    read('/movements/:id', 'getMovement', ({ params }) =>
      found(books.movement(params['id'] ?? ''), `movement ${params['id']}`),
    ),
    read('/returns', 'listReturns', (request) => {
      const { rows, ...rest } = books.returns.page(...paging(request));
      return ok({ returns: rows, ...rest });
    }),
    read('/returns/:id', 'getReturn', ({ params }) =>
      found(books.latestReturn(params['id'] ?? ''), `return ${params['id']}`),
    ),
    read('/stock', 'readStock', ({ query }) => {
      const page = books.stock.page(
        query['location'] ?? null,
        Buffer.from(query['cursor'] ?? '', 'base64url').toString('utf8'),
        STOCK_PAGE,
      );
      const cursor = page.cursor === undefined ? {} : { cursor: Buffer.from(page.cursor).toString('base64url') };
      return ok({ asOfSeq: books.sequence.last(), rows: page.rows, ...cursor });
    }),
    read('/locations', 'listLocations', () => ok({ locations: [...books.locations.values()] })),
    read('/goods-in', 'listGoodsIn', (request) => {
      const reference = request.query['externalRef'];
      if (reference !== undefined) {
        const held = books.goodsInRefs.find(reference);
        const rows = held === undefined ? [] : [books.goodsIn(held.id) ?? held];
        return ok({ goodsIn: rows, lastSeq: 0, hasMore: false });
      }
      const { rows, ...rest } = books.goodsInLog.page(...paging(request));
      return ok({ goodsIn: rows, ...rest });
    }),
    read('/goods-in/:id', 'getGoodsIn', ({ params }) =>
      found(books.goodsIn(params['id'] ?? ''), `goods-in ${params['id']}`),
    ),
    read('/orders', 'findOrder', ({ query }) => {
      const held = books.orderRefs.find(query['externalRef'] ?? '');
      return ok({ orders: held === undefined ? [] : [held] });
    }),
    read('/orders/:id', 'getOrder', ({ params }) =>
      found(books.orders.get(params['id'] ?? ''), `order ${params['id']}`),
    ),
  ];
}

function placeOrder(books: ArcheanBooks, body: unknown): Reply {
  const order = readWrite(OrderWrite, body);
  const unknown = order.lines.find((line) => !books.stock.knows(line.sku));
  if (unknown !== undefined) throw new Refusal(422, 'SKU_UNKNOWN', `"${unknown.sku}" is no article of this system`);
  const { first, held } = books.orderRefs.once(order.externalRef, order, (): ArcheanOrder => {
    const made: ArcheanOrder = { ...order, id: books.nextId('ORD'), state: 'ALLOCATED' };
    books.orders.set(made.id, made);
    for (const line of made.lines) books.stock.allocate(line.sku, made.location, line.quantity);
    return made;
  });
  return { status: first ? 201 : 200, body: held, stored: first };
}

function cancelOrder(books: ArcheanBooks, id: string): Reply {
  const order = books.orders.get(id);
  if (order === undefined) throw new Refusal(404, 'NOT_FOUND', `there is no order ${id}`);
  if (order.state === 'PICKED' || order.state === 'DISPATCHED')
    throw new Refusal(409, 'TOO_LATE', `order ${id} is ${order.state} and cannot be cancelled any more`);
  const stored = order.state !== 'CANCELLED';
  if (stored) for (const line of order.lines) books.stock.allocate(line.sku, order.location, -line.quantity);
  order.state = 'CANCELLED';
  return { status: 200, body: order, stored };
}

/** All routes of the system. */
export function routesOf(books: ArcheanBooks, tokens: Tokens): Route[] {
  const write = (path: string, operation: string, handle: (request: SystemRequest) => Reply): Route => ({
    method: 'POST',
    path,
    operation,
    writes: true,
    handle,
  });
  return [
    { ...write('/oauth/token', 'issueToken', (request) => tokens.issue(request)), writes: false },
    ...readRoutes(books),
    write('/orders', 'createOrder', ({ body }) => placeOrder(books, body)),
    write('/orders/:id/cancel', 'cancelOrder', ({ params }) => cancelOrder(books, params['id'] ?? '')),
    write('/goods-in', 'expectGoodsIn', ({ body }) => expectGoodsIn(books, body)),
    write('/goods-in/:id/amend', 'amendGoodsIn', ({ params, body }) => amendGoodsIn(books, params['id'] ?? '', body)),
    write('/goods-in/:id/cancel', 'cancelGoodsIn', ({ params }) => cancelGoodsIn(books, params['id'] ?? '')),
  ];
}
