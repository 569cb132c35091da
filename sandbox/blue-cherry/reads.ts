/** Read operations of the interface (facts/blue-cherry.md 3.4). */
import { PurchaseOrder as PurchaseOrderShape } from '../../clients/blue-cherry/schema.js';
import type { Period, PurchaseOrder as WirePurchaseOrder, WorkOrder } from '../../clients/blue-cherry/schema.js';
import { Refusal } from '../core/index.js';
import type { Reply, Route, SystemRequest } from '../core/index.js';
import { FIRST_PERIOD, lastPeriod } from './checks.js';
import type { Cycles } from './cycles.js';
import { shownDocument } from './documents.js';
import type { Order, PurchaseOrder, State } from './model.js';
import { shownInvoice, shownOrder } from './orders.js';
import { purchaseOrderOf } from './purchasing.js';
import { supplierInvoicesOf } from './supplier-invoices.js';
import { found, pageOf, searchLags, searchTransactions, since } from './search.js';

const ok = (body: unknown): Reply => ({ status: 200, body });
const get = (path: string, operation: string, handle: (request: SystemRequest) => Reply): Route => ({
  method: 'GET',
  path,
  operation,
  writes: false,
  handle,
});

/** Every fiscal period the books know, `yyyy-mm`, open unless closed. */
function periods(state: State): Period[] {
  const all: Period[] = [];
  const end = lastPeriod(state);
  for (let code = FIRST_PERIOD; code <= end; code = following(code)) {
    const [year = 0, month = 0] = code.split('-').map(Number);
    const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
    all.push({
      code,
      firstDay: `${code}-01`,
      lastDay: `${code}-${days}`,
      state: state.closedPeriods.has(code) ? 'closed' : 'open',
    });
  }
  return all;
}
const following = (code: string): string => {
  const [year = 0, month = 0] = code.split('-').map(Number);
  return month === 12 ? `${year + 1}-01` : `${year}-${String(month + 1).padStart(2, '0')}`;
};

function stock(state: State, cycles: Cycles, query: Record<string, string>): Reply {
  if (state.completedNo === 0) state.stock.publish();
  const rows = state.stock
    .published()
    .filter((row) => query['warehouse'] === undefined || row.warehouse === query['warehouse'])
    .map((row) => ({ key: `${row.warehouse}\n${row.sku}`, row }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  const { page, cursor } = pageOf(rows, query['cursor'], (one) => one.key);
  const status = cycles.status();
  return ok({
    asOf: status.lastFinished?.endedAt ?? status.now,
    rows: page.map((one) => one.row),
    ...(cursor === undefined ? {} : { cursor }),
  });
}

function items(state: State, query: Record<string, string>): Reply {
  const from = since(query);
  const rows = [...state.items.values()]
    .filter((item) => item.modifiedAt >= from)
    .map((item) => ({ key: `${item.modifiedAt}\n${item.sku}`, item }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  const { page, cursor } = pageOf(rows, query['cursor'], (one) => one.key);
  return ok({ items: page.map((one) => one.item), ...(cursor === undefined ? {} : { cursor }) });
}

function orderOf(state: State, no: string): Order {
  const order = state.orders.get(no);
  if (order === undefined) throw new Refusal(404, 'NOT_FOUND', `sales order "${no}" is not known`);
  return order;
}

function ordersBy(state: State, query: Record<string, string>): Reply {
  const reference = query['externalRef'];
  if (reference === undefined || reference === '')
    throw new Refusal(400, 'BAD_REQUEST', 'name an externalRef, or read one order by its number');
  const lags = searchLags(state, 'find-sales-order', query);
  const orders = [...state.orders.values()].filter(
    (order) => order.externalRef === reference && found(state, order, lags),
  );
  return ok({ orders: orders.map(shownOrder) });
}

/** The purchase order as the interface shows it. */
function shownPurchaseOrder(order: PurchaseOrder): WirePurchaseOrder {
  return PurchaseOrderShape.parse(order);
}

function purchaseOrders(state: State, query: Record<string, string>): Reply {
  const from = since(query);
  const rows = [...state.purchaseOrders.values()]
    .filter((order) => query['status'] === undefined || order.status === query['status'].toUpperCase())
    .filter((order) => order.modifiedAt >= from)
    .map((order) => ({ key: `${order.modifiedAt}\n${order.poNo}`, order }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  const { page, cursor } = pageOf(rows, query['cursor'], (one) => one.key);
  return ok({
    purchaseOrders: page.map((one) => shownPurchaseOrder(one.order)),
    ...(cursor === undefined ? {} : { cursor }),
  });
}

function shipments(state: State, query: Record<string, string>): Reply {
  const from = since(query);
  const rows = [...state.documents.values()]
    .filter(({ wire }) => wire.type === 'SHIPMENT' && wire.status === 'POSTED' && wire.modifiedAt >= from)
    .map(({ wire }) => ({ key: `${wire.modifiedAt}\n${wire.transactionNo}`, wire }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  const { page, cursor } = pageOf(rows, query['cursor'], (one) => one.key);
  return ok({
    shipments: page.map(({ wire }) => ({
      orderNo: wire.orderNo,
      shippedAt: state.orders.get(wire.orderNo ?? '')?.shippedAt ?? wire.postedAt,
      carrier: 'STANDARD',
      tracking: `TR-${wire.transactionNo}`,
      cartons: 1,
      lines: wire.lines.map(({ orderLine, sku, quantity }) => ({ orderLine, sku, quantity })),
      modifiedAt: wire.modifiedAt,
    })),
    ...(cursor === undefined ? {} : { cursor }),
  });
}

function referenceData(state: State): Route[] {
  return [
    get('/divisions', 'divisions', () =>
      ok({ divisions: [...state.divisions.values()].map(({ code, name, currency }) => ({ code, name, currency })) }),
    ),
    get('/warehouses', 'warehouses', () =>
      ok({
        warehouses: [...state.warehouses.values()].map((one) => ({
          ...one,
          valuationMethod: state.profile.valuationMethod ?? one.valuationMethod,
        })),
      }),
    ),
    get('/reason-codes', 'reason-codes', () => ok({ reasonCodes: [...state.reasons.values()] })),
    get('/gl-accounts', 'gl-accounts', () => ok({ glAccounts: [...state.accounts.values()] })),
    get('/periods', 'periods', () => ok({ periods: periods(state) })),
  ];
}

/** All reads. */
export function readRoutes(state: State, cycles: Cycles): Route[] {
  return [
    ...referenceData(state),
    get('/item-master', 'item-master', ({ query }) => items(state, query)),
    get('/inventory', 'inventory', ({ query }) => stock(state, cycles, query)),
    get('/sales-orders', 'find-sales-order', ({ query }) => ordersBy(state, query)),
    get('/sales-orders/:no', 'read-sales-order', ({ params }) => ok(shownOrder(orderOf(state, params['no'] ?? '')))),
    get('/invoices', 'invoices', ({ query }) => {
      const order = state.orders.get(query['orderNo'] ?? '');
      const invoice = order === undefined ? null : shownInvoice(order);
      return ok({ invoices: invoice === null ? [] : [invoice] });
    }),
    get('/shipments', 'shipments', ({ query }) => shipments(state, query)),
    get('/purchase-orders', 'purchase-orders', ({ query }) => purchaseOrders(state, query)),
    get('/purchase-orders/:no', 'read-purchase-order', ({ params }) =>
      ok(shownPurchaseOrder(purchaseOrderOf(state, params['no'] ?? ''))),
    ),
    get('/supplier-invoices', 'supplier-invoices', ({ query }) => {
      const poNo = query['poNo'] ?? '';
      if (poNo === '')
        throw new Refusal(400, 'BAD_REQUEST', 'name the purchase order whose invoices are wanted (poNo)');
      return ok({ supplierInvoices: supplierInvoicesOf(state, poNo) });
    }),
    get('/work-orders', 'work-orders', () => ok({ workOrders: [...state.workOrders.values()] satisfies WorkOrder[] })),
    get('/transactions', 'transactions', ({ query }) => ok(searchTransactions(state, query))),
    get('/transactions/:no', 'read-transaction', ({ params }) => {
      const stored = state.documents.get(params['no'] ?? '');
      if (stored === undefined) throw new Refusal(404, 'NOT_FOUND', `transaction "${params['no']}" is not known`);
      return ok(shownDocument(state, stored));
    }),
    get('/batches/current', 'batch-status', () => ok(cycles.status())),
  ];
}
