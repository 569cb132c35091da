/** Domain documents ↔ Blue Cherry's wire shapes. Pure. */
import type { CreditMemo, DocumentKind, PoReceipt, ReplacementOrder, StockAdjustment } from '../../domain/documents.js';
import { decimalOf, parseMoney } from '../../domain/money.js';
import type { PurchaseOrder } from '../../domain/receipt/purchase-order.js';
import type { Sold, SoldInvoice, SoldOrder } from '../../domain/return/sold.js';
import type {
  AdjustmentWrite,
  BatchStatus,
  CreditMemoWrite,
  Invoice,
  Period,
  PoReceiptWrite,
  PurchaseOrder as WirePurchaseOrder,
  SalesOrder,
  SalesOrderWrite,
  Transaction,
} from '../../clients/blue-cherry/schema.js';
import type { BatchClock } from '../../store/call-tenants.js';
import type { Held } from '../posting/erp.js';

const SETTLEMENTS = { refunded: 'REFUNDED', 'on-account': 'ON_ACCOUNT', applied: 'APPLIED' } as const;
/** Longest text the ERP takes beside a document. */
const MEMO_LENGTH = 240;
/** A replacement must leave within this long, or it is cancelled by the ERP's own rules. */
const CANCEL_AFTER_DAYS = 14;

/** POST /credit-memos. */
export function creditMemoWrite(memo: CreditMemo, externalRef: string, reverses: string | null): CreditMemoWrite {
  return {
    externalRef,
    originalOrderNo: memo.orderNo,
    originalInvoiceNo: memo.invoiceNo,
    division: memo.division,
    customer: memo.customer,
    postingDate: memo.businessDate,
    reasonCode: memo.reasonCode,
    restock: 'none',
    lines: memo.lines.map((line) => ({
      orderLine: line.orderLine,
      sku: line.item,
      quantity: line.quantity,
      unitPrice: line.unitPrice,
      net: decimalOf(line.net),
      taxCode: line.taxCode,
      taxRate: line.taxRate,
      taxAmount: decimalOf(line.tax),
    })),
    charges: memo.charges.map((charge) => ({
      glAccount: charge.account,
      description: charge.description,
      amount: decimalOf(charge.net),
      taxCode: charge.taxCode,
      taxRate: charge.taxRate,
      taxAmount: decimalOf(charge.tax),
    })),
    currency: memo.total.currency,
    total: decimalOf(memo.total),
    memo: memo.memo.slice(0, MEMO_LENGTH),
    settlement: { kind: SETTLEMENTS[memo.settlement.kind], reference: memo.settlement.reference.slice(0, 60) },
    ...(reverses === null ? {} : { reverses }),
  };
}

/** POST /inventory-adjustments. */
export const adjustmentWrite = (
  adjustment: StockAdjustment,
  externalRef: string,
  reverses: string | null,
): AdjustmentWrite => ({
  externalRef,
  division: adjustment.division,
  warehouse: adjustment.warehouse,
  postingDate: adjustment.businessDate,
  reasonCode: adjustment.reasonCode,
  ...(adjustment.poNo === undefined ? {} : { poNo: adjustment.poNo }),
  lines: adjustment.lines.map((line) => ({
    sku: line.item,
    quantity: line.quantity,
    ...(line.unitCost === undefined ? {} : { unitCost: line.unitCost }),
    ...(line.poLine === undefined ? {} : { poLine: line.poLine }),
  })),
  memo: adjustment.memo.slice(0, MEMO_LENGTH),
  ...(reverses === null ? {} : { reverses }),
});

const QUALITIES = { first: 'FIRST', irregular: 'IRREGULAR' } as const;

/** POST /po-receipts. */
export const receiptWrite = (receipt: PoReceipt, externalRef: string, reverses: string | null): PoReceiptWrite => ({
  externalRef,
  poNo: receipt.poNo,
  warehouse: receipt.warehouse,
  receivedAt: receipt.receivedAt,
  postingDate: receipt.businessDate,
  lines: receipt.lines.map((line) => ({
    poLine: line.poLine,
    sku: line.item,
    quantity: line.quantity,
    quality: QUALITIES[line.quality],
  })),
  ...(reverses === null ? {} : { reverses }),
});

/** POST /sales-orders for the replacement of an exchange. */
export function salesOrderWrite(order: ReplacementOrder, externalRef: string): SalesOrderWrite {
  const cancelDate = new Date(Date.parse(`${order.businessDate}T00:00:00Z`) + CANCEL_AFTER_DAYS * 86_400_000);
  return {
    externalRef,
    division: order.division,
    warehouse: order.warehouse,
    customer: order.customer,
    orderDate: order.businessDate,
    startDate: order.businessDate,
    cancelDate: cancelDate.toISOString().slice(0, 10),
    currency: order.total.currency,
    lines: order.lines.map((line) => ({
      sku: line.item,
      quantity: line.quantity,
      unitPrice: line.unitPrice,
      tax: decimalOf(line.tax),
    })),
    total: decimalOf(order.total),
    memo: order.memo.slice(0, MEMO_LENGTH),
  };
}

const KINDS: Partial<Record<Transaction['type'], DocumentKind>> = {
  CREDIT_MEMO: 'credit-memo',
  ADJUSTMENT: 'stock-adjustment',
  PO_RECEIPT: 'po-receipt',
};
export const TYPES = {
  'credit-memo': 'CREDIT_MEMO',
  'stock-adjustment': 'ADJUSTMENT',
  'po-receipt': 'PO_RECEIPT',
} as const;
const STATES = { QUEUED: 'queued', POSTED: 'posted', REJECTED: 'rejected' } as const;

/** A transaction as posting sees it. */
export const heldTransaction = (wire: Transaction): Held => ({
  number: wire.transactionNo,
  kind: KINDS[wire.type] ?? null,
  externalRef: wire.externalRef,
  state: STATES[wire.status],
  businessDate: wire.postingDate,
  division: wire.division,
  warehouse: wire.warehouse,
  orderNo: wire.orderNo ?? wire.poNo,
  currency: wire.currency,
  total: wire.total,
  taxTotal: wire.taxTotal,
  lines: wire.lines.map((line) => ({ item: line.sku, quantity: line.quantity })),
  journal: wire.journal ?? null,
  errors: wire.errors,
  undoes: wire.reverses,
  undoneBy: wire.reversedBy,
  modifiedBy: wire.modifiedBy,
  createdAt: wire.createdAt,
});

/** An order as posting sees it: it takes effect at once. */
export const heldOrder = (wire: SalesOrder): Held => ({
  number: wire.orderNo,
  kind: 'sales-order',
  externalRef: wire.externalRef,
  state: 'posted',
  businessDate: wire.placedAt.slice(0, 10),
  division: wire.division,
  warehouse: wire.warehouse,
  orderNo: wire.orderNo,
  currency: wire.currency,
  total: wire.total,
  taxTotal: null,
  lines: wire.lines.map((line) => ({ item: line.sku, quantity: line.quantity })),
  journal: null,
  errors: [],
  undoes: null,
  undoneBy: null,
  modifiedBy: wire.modifiedBy,
  createdAt: wire.placedAt,
});

/** The batch clock, all instants the ERP's own. */
export const batchClock = (wire: BatchStatus): BatchClock => ({
  now: wire.now,
  running: wire.state === 'RUNNING',
  cycleNo: wire.cycleNo,
  lastFinished:
    wire.lastFinished === null
      ? null
      : {
          cycleNo: wire.lastFinished.cycleNo,
          startedAt: wire.lastFinished.startedAt,
          completed: wire.lastFinished.result === 'COMPLETED',
        },
  nextAt: wire.nextAt,
});

const RECEIVING_STATUS = {
  OPEN: 'open',
  CLOSED_RECEIVING: 'closed-for-receiving',
  CLOSED: 'closed',
  CANCELLED: 'cancelled',
} as const;

/** A purchase order in domain terms. */
export const purchaseOrderOf = (wire: WirePurchaseOrder): PurchaseOrder => ({
  poNo: wire.poNo,
  supplier: wire.supplier,
  division: wire.division,
  warehouse: wire.warehouse,
  currency: wire.currency,
  rate: wire.rate,
  status: RECEIVING_STATUS[wire.status],
  revision: wire.revision,
  landed: wire.landed,
  lines: wire.lines.map(({ poLine, sku, ordered, received, open, cancelled, returned, invoiced, unitCost }) => ({
    ...{ poLine, item: sku, ordered, received, open, cancelled, returned, invoiced, unitCost },
  })),
});

const ORDER_STATUS = {
  OPEN: 'open',
  ALLOCATED: 'allocated',
  PICKED: 'picked',
  SHIPPED: 'shipped',
  INVOICED: 'invoiced',
  CANCELLED: 'cancelled',
} as const;

/** What was sold, in domain terms. Throws RangeError for a currency we do not know. */
export const soldOf = (orders: SalesOrder[], invoices: Invoice[], periods: Period[]): Sold => ({
  orders: orders.map(soldOrder),
  invoices: invoices.map(soldInvoice),
  periods: periods.map(({ code, firstDay, lastDay, state }) => ({ code, firstDay, lastDay, state })),
});

const soldOrder = (wire: SalesOrder): SoldOrder => ({
  orderNo: wire.orderNo,
  status: ORDER_STATUS[wire.status],
  placedAt: wire.placedAt,
  shippedAt: wire.shippedAt,
});

function soldInvoice(wire: Invoice): SoldInvoice {
  const amount = (text: string) => parseMoney(text, wire.currency);
  return {
    invoiceNo: wire.invoiceNo,
    orderNo: wire.orderNo,
    division: wire.division,
    customer: wire.customer,
    invoiceDate: wire.invoiceDate,
    currency: wire.currency,
    lines: wire.lines.map((line) => ({
      orderLine: line.orderLine,
      item: line.sku,
      kind: line.kind === 'GOODS' ? 'goods' : 'charge',
      chargeCode: line.chargeCode,
      quantity: line.quantity,
      unitPrice: line.unitPrice,
      discount: amount(line.discount),
      net: amount(line.net),
      taxCode: line.taxCode,
      taxRate: line.taxRate,
      tax: amount(line.taxAmount),
      unitCost: line.unitCost,
    })),
  };
}
