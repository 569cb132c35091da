/** Blue Cherry's operations in its own language (facts/blue-cherry.md 3.4). No business meaning, no retries. */
import type { z } from 'zod';
import { HttpFailure, type Http, type HttpRequest, type HttpResponse } from '../http/index.js';
import { errorOf, jsonOf, retryAfterMs, sortFailure, sortReply, type WriteReply } from './replies.js';
import {
  AcceptedReply,
  BatchStatus,
  InvoiceList,
  ItemPage,
  PeriodList,
  PurchaseOrder,
  PurchaseOrderRows,
  ReceivingReply,
  SalesOrder,
  SalesOrderList,
  SalesOrderReply,
  StockPage,
  SupplierInvoiceList,
  Transaction,
  TransactionPage,
  type AdjustmentWrite,
  type CreditMemoWrite,
  type Invoice,
  type Period,
  type PoReceiptWrite,
  type SalesOrderWrite,
  type SupplierInvoice,
} from './schema.js';

export type ReadFailureKind = 'unreachable' | 'no-reply' | 'busy' | 'window' | 'unauthorised' | 'fault' | 'malformed';

/** A read that brought nothing. Reads change nothing, so all of these may be tried again. */
export class ReadFailure extends Error {
  readonly kind: ReadFailureKind;
  readonly retryAfterMs: number | null;

  constructor(kind: ReadFailureKind, message: string, retryAfter: number | null = null, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ReadFailure';
    this.kind = kind;
    this.retryAfterMs = retryAfter;
  }
}

/** What `/item-master` and `/inventory` are read with. */
export interface PageQuery {
  modifiedSince?: string;
  warehouse?: string;
  cursor?: string;
}

export interface BlueCherryClient {
  createCreditMemo(write: CreditMemoWrite): Promise<WriteReply<AcceptedReply>>;
  createAdjustment(write: AdjustmentWrite): Promise<WriteReply<AcceptedReply>>;
  createReceipt(write: PoReceiptWrite): Promise<WriteReply<AcceptedReply>>;
  createSalesOrder(write: SalesOrderWrite): Promise<WriteReply<SalesOrderReply>>;
  cancelSalesOrder(orderNo: string): Promise<WriteReply<SalesOrderReply>>;
  /** `null`: there is none of that number. */
  readSalesOrder(orderNo: string): Promise<SalesOrder | null>;
  findSalesOrders(externalRef: string): Promise<SalesOrder[]>;
  findInvoices(orderNo: string): Promise<Invoice[]>;
  /** `null`: there is none of that number. */
  readPurchaseOrder(poNo: string): Promise<PurchaseOrder | null>;
  /**
   * One page of the orders that changed since an instant of the ERP's clock, in order of (modifiedAt, number), unparsed: the
   * caller reads them one by one.
   */
  listPurchaseOrders(query: {
    modifiedSince: string;
    cursor?: string | undefined;
  }): Promise<{ rows: unknown[]; cursor: string | undefined }>;
  /** What suppliers billed of an order, in the order of its booking. */
  findSupplierInvoices(poNo: string): Promise<SupplierInvoice[]>;
  /** Closes for receiving, or opens again, what is still at `revision`. */
  closeReceiving(poNo: string, revision: number): Promise<WriteReply<ReceivingReply>>;
  reopenReceiving(poNo: string, revision: number): Promise<WriteReply<ReceivingReply>>;
  listPeriods(): Promise<Period[]>;
  readTransaction(transactionNo: string): Promise<Transaction | null>;
  findTransactions(externalRef: string): Promise<Transaction[]>;
  /** One page of what changed since an instant of the ERP's clock, in order of (modifiedAt, number). */
  listTransactions(query: {
    modifiedSince?: string;
    orderNo?: string;
    type?: string;
    cursor?: string;
  }): Promise<TransactionPage>;
  readBatchStatus(): Promise<BatchStatus>;
  listItems(query: PageQuery): Promise<z.infer<typeof ItemPage>>;
  listStock(query: PageQuery): Promise<z.infer<typeof StockPage>>;
}

/** The client over one way out. The `X-Api-Key` header belongs to `http`; see createHttp. */
export function createBlueCherryClient(http: Http): BlueCherryClient {
  const write = <T>(path: string, json: unknown, stored: z.ZodType<T>) => writeTo(http, path, json, stored);
  const read = async <T>(request: Omit<HttpRequest, 'method'>, shape: z.ZodType<T>): Promise<T> => {
    const found = await readFrom(http, request, shape);
    if (found === null) throw new ReadFailure('malformed', `GET ${request.path}: 404`);
    return found;
  };
  const part = encodeURIComponent;
  return {
    createCreditMemo: (memo) => write('/credit-memos', memo, AcceptedReply),
    createAdjustment: (adjustment) => write('/inventory-adjustments', adjustment, AcceptedReply),
    createReceipt: (receipt) => write('/po-receipts', receipt, AcceptedReply),
    createSalesOrder: (order) => write('/sales-orders', order, SalesOrderReply),
    cancelSalesOrder: (orderNo) => write(`/sales-orders/${part(orderNo)}/cancel`, {}, SalesOrderReply),
    readSalesOrder: (orderNo) => readFrom(http, { path: `/sales-orders/${part(orderNo)}` }, SalesOrder),
    findSalesOrders: async (externalRef) =>
      (await read({ path: '/sales-orders', query: { externalRef } }, SalesOrderList)).orders,
    findInvoices: async (orderNo) => (await read({ path: '/invoices', query: { orderNo } }, InvoiceList)).invoices,
    readPurchaseOrder: (poNo) => readFrom(http, { path: `/purchase-orders/${part(poNo)}` }, PurchaseOrder),
    listPurchaseOrders: async (query) => {
      const { purchaseOrders, cursor } = await read({ path: '/purchase-orders', query }, PurchaseOrderRows);
      return { rows: purchaseOrders, cursor };
    },
    findSupplierInvoices: async (poNo) =>
      (await read({ path: '/supplier-invoices', query: { poNo } }, SupplierInvoiceList)).supplierInvoices,
    closeReceiving: (poNo, revision) =>
      write(`/purchase-orders/${part(poNo)}/close-receiving`, { revision }, ReceivingReply),
    reopenReceiving: (poNo, revision) => write(`/purchase-orders/${part(poNo)}/reopen`, { revision }, ReceivingReply),
    listPeriods: async () => (await read({ path: '/periods' }, PeriodList)).periods,
    readTransaction: (no) => readFrom(http, { path: `/transactions/${part(no)}` }, Transaction),
    findTransactions: async (externalRef) =>
      (await read({ path: '/transactions', query: { externalRef } }, TransactionPage)).transactions,
    listTransactions: (query) => read({ path: '/transactions', query }, TransactionPage),
    readBatchStatus: () => read({ path: '/batches/current' }, BatchStatus),
    listItems: (query) => read({ path: '/item-master', query: { ...query } }, ItemPage),
    listStock: (query) => read({ path: '/inventory', query: { ...query } }, StockPage),
  };
}

async function writeTo<T>(http: Http, path: string, json: unknown, stored: z.ZodType<T>): Promise<WriteReply<T>> {
  try {
    return sortReply(await http.request({ method: 'POST', path, json }), stored, Date.now());
  } catch (error) {
    return sortFailure<T>(error);
  }
}

async function readFrom<T>(http: Http, request: Omit<HttpRequest, 'method'>, shape: z.ZodType<T>): Promise<T | null> {
  const response = await answerTo(http, request);
  if (response.status === 404) return null;
  if (response.status !== 200) throw readFailureOf(request.path, response);
  const parsed = shape.safeParse(jsonOf(response.body));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue === undefined ? 'no JSON' : `${issue.path.join('.')}: ${issue.message}`;
  throw new ReadFailure('malformed', `GET ${request.path}: the answer cannot be read (${where})`);
}

async function answerTo(http: Http, request: Omit<HttpRequest, 'method'>): Promise<HttpResponse> {
  try {
    return await http.request({ ...request, method: 'GET' });
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    throw new ReadFailure(error.kind, error.message, null, { cause: error });
  }
}

function readFailureOf(path: string, response: HttpResponse): ReadFailure {
  const code = errorOf(response.body)?.code ?? '';
  const message = `GET ${path}: status ${response.status}${code === '' ? '' : ` ${code}`}`;
  const after = retryAfterMs(response, Date.now());
  if (response.status === 429) return new ReadFailure('busy', message, after);
  if (response.status === 401 || response.status === 403) return new ReadFailure('unauthorised', message);
  if (response.status === 503) return new ReadFailure('window', message, after);
  return new ReadFailure('fault', message);
}
