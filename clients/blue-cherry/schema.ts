/**
 * Wire shapes of CGS BlueCherry. The vendor publishes no interface: everything here is our stated working
 * contract (facts/blue-cherry.md part 3) and this file, with the scalars and writes it passes on, alone knows the shapes.
 * Quantities are whole eaches, money is a decimal string, codes are strings and never parsed as numbers.
 */
import { z } from 'zod';
import { BlueCherryError, BlueCherrySku, Code, Currency, Decimal, Signed, WireDate, WireInstant } from './scalars.js';
import { TransactionStatus } from './writes.js';

export { BlueCherryError, BlueCherrySku, Decimal, WireDate, WireInstant } from './scalars.js';
export {
  AcceptedReply,
  AdjustmentWrite,
  CreditMemoCharge,
  CreditMemoLine,
  CreditMemoWrite,
  PoReceiptWrite,
  SalesOrderReply,
  SalesOrderWrite,
  TransactionStatus,
} from './writes.js';

export const JournalLine = z.object({
  account: z.string(),
  debit: Decimal,
  credit: Decimal,
  division: z.string(),
  /** Fiscal period `yyyy-mm`. */
  period: z.string(),
});
export const TransactionType = z.enum(['CREDIT_MEMO', 'ADJUSTMENT', 'PO_RECEIPT', 'SHIPMENT', 'GL_JOURNAL', 'INVOICE']);
/** A whole document with its state, as GET /transactions gives it. Line numbers count from 1 in the order sent. */
export const Transaction = z.object({
  transactionNo: z.string(),
  type: TransactionType,
  externalRef: z.string(),
  status: TransactionStatus,
  batchId: z.number().int().nullable(),
  postingDate: WireDate,
  postedAt: WireInstant.nullable(),
  createdAt: WireInstant,
  modifiedAt: WireInstant,
  modifiedBy: z.string(),
  orderNo: z.string().nullable(),
  invoiceNo: z.string().nullable(),
  poNo: z.string().nullable(),
  division: z.string(),
  warehouse: z.string().nullable(),
  customer: z.string().nullable(),
  reasonCode: z.string().nullable(),
  currency: Currency.nullable(),
  /** Gross total of a credit memo; null for stock documents. */
  total: Decimal.nullable(),
  taxTotal: Decimal.nullable(),
  lines: z.array(
    z.object({
      line: z.number().int(),
      orderLine: z.number().int().nullable(),
      sku: z.string(),
      quantity: Signed,
      amount: Decimal.nullable(),
      taxCode: z.string().nullable(),
      taxAmount: Decimal.nullable(),
      unitCost: Decimal.nullable(),
    }),
  ),
  charges: z.array(z.object({ glAccount: z.string(), amount: Decimal, taxAmount: Decimal })),
  reverses: z.string().nullable(),
  reversedBy: z.string().nullable(),
  errors: z.array(BlueCherryError),
  /** Present once POSTED, unless the site leaves journals out. */
  journal: z.array(JournalLine).optional(),
});
/** GET /transactions: at most 200 a page in order of (modifiedAt, transactionNo). `cursor` is absent on the last page. */
export const TransactionPage = z.object({
  transactions: z.array(Transaction),
  cursor: z.string().optional(),
});

/** GET /invoices?orderNo: what was sold, line by line; what a credit is computed from. */
export const Invoice = z.object({
  invoiceNo: z.string(),
  orderNo: z.string(),
  division: z.string(),
  customer: z.string(),
  warehouse: z.string(),
  invoiceDate: WireDate,
  currency: Currency,
  lines: z.array(
    z.object({
      orderLine: z.number().int(),
      sku: BlueCherrySku,
      kind: z.enum(['GOODS', 'CHARGE']),
      chargeCode: z.string().nullable(),
      quantity: Signed,
      unitPrice: Decimal,
      /** Share of the order's discounts that fell on this line, for its whole quantity; zero or positive. */
      discount: Decimal,
      net: Decimal,
      taxCode: Code,
      taxRate: Decimal,
      taxAmount: Decimal,
      unitCost: Decimal,
    }),
  ),
  total: Decimal,
});
export const InvoiceList = z.object({ invoices: z.array(Invoice) });

export const SalesOrder = z.object({
  orderNo: z.string(),
  externalRef: z.string(),
  division: z.string(),
  warehouse: z.string(),
  customer: z.string(),
  status: z.enum(['OPEN', 'ALLOCATED', 'PICKED', 'SHIPPED', 'INVOICED', 'CANCELLED']),
  revision: z.number().int(),
  modifiedBy: z.string(),
  /** Instant the order was placed at its source. */
  placedAt: WireInstant,
  shippedAt: WireInstant.nullable(),
  currency: Currency,
  lines: z.array(
    z.object({
      orderLine: z.number().int(),
      sku: z.string(),
      quantity: Signed,
      shipped: Signed,
      unitPrice: Decimal,
    }),
  ),
  total: Decimal,
});
export const SalesOrderList = z.object({ orders: z.array(SalesOrder) });

/** GET /batches/current: every wait is computed as `nextAt - now`, both the server's own. */
export const BatchStatus = z.object({
  now: WireInstant,
  state: z.enum(['IDLE', 'RUNNING']),
  cycleNo: z.number().int(),
  startedAt: WireInstant.nullable(),
  lastFinished: z
    .object({
      cycleNo: z.number().int(),
      startedAt: WireInstant,
      endedAt: WireInstant,
      result: z.enum(['COMPLETED', 'ABORTED']),
    })
    .nullable(),
  nextAt: WireInstant,
});

export const Item = z.object({
  sku: BlueCherrySku,
  /** The code people and other systems print, as this ERP spells it. */
  code: z.string(),
  active: z.boolean(),
  uom: z.string(),
  unitsPerCase: z.number().int(),
  sizeRange: z.string(),
  upc: z.string(),
  standardCost: Decimal,
  modifiedAt: WireInstant,
});
export const ItemPage = z.object({ items: z.array(Item), cursor: z.string().optional() });

export const StockRow = z.object({
  sku: BlueCherrySku,
  warehouse: z.string(),
  qoh: Signed,
  open: Signed,
  picked: Signed,
  reserved: Signed,
  ots: Signed,
  shipToWip: Signed,
  otsShipToWip: Signed,
});
/** GET /inventory: figures as of the end of the last batch, not of now. */
export const StockPage = z.object({
  asOf: WireInstant,
  rows: z.array(StockRow),
  cursor: z.string().optional(),
});

export const Division = z.object({ code: z.string(), name: z.string(), currency: Currency });
export const Warehouse = z.object({
  code: z.string(),
  name: z.string(),
  physical: z.boolean(),
  divisions: z.array(z.string()),
  valuationMethod: z.enum(['standard', 'average', 'original']),
});
export const ReasonCode = z.object({ code: z.string(), name: z.string(), glAccount: z.string() });
export const GlAccount = z.object({ account: z.string(), name: z.string() });
/** A fiscal period; `code` is `yyyy-mm`, the first and last day included. */
export const Period = z.object({
  code: z.string(),
  firstDay: WireDate,
  lastDay: WireDate,
  state: z.enum(['open', 'closed']),
});
export const PeriodList = z.object({ periods: z.array(Period) });

/** Estimated cost of getting one unit here, by element; each is accrued on an account of its own. */
export const LandedElement = z.object({
  /** `DUTY`, `FREIGHT`, or what the site calls it. */
  element: Code,
  /** In base currency. */
  perUnit: Decimal,
});
export const PurchaseOrder = z.object({
  poNo: z.string(),
  supplier: z.string(),
  division: z.string(),
  warehouse: z.string(),
  currency: Currency,
  /** To the base currency: a cost of 8.00 at 0.80 is 6.40. */
  rate: Decimal,
  landed: z.array(LandedElement),
  /** CLOSED_RECEIVING is ours to set and leaves the order open for its invoice; CLOSED is payables' (R-820). */
  status: z.enum(['OPEN', 'CLOSED_RECEIVING', 'CLOSED', 'CANCELLED']),
  revision: z.number().int(),
  orderedAt: WireInstant,
  modifiedAt: WireInstant,
  lines: z.array(
    z.object({
      poLine: z.number().int(),
      sku: BlueCherrySku,
      ordered: Signed,
      received: Signed,
      open: Signed,
      cancelled: Signed,
      /** Sent back to the supplier. */
      returned: Signed,
      invoiced: Signed,
      unitCost: Decimal,
    }),
  ),
});
/** What closing for receiving and reopening answer. */
export const ReceivingReply = PurchaseOrder.pick({ poNo: true, status: true, revision: true });
export const PurchaseOrderPage = z.object({
  purchaseOrders: z.array(PurchaseOrder),
  cursor: z.string().optional(),
});
/** The same page with its rows unread: one that does not fit must not hide its neighbours. */
export const PurchaseOrderRows = z.object({ purchaseOrders: z.array(z.unknown()), cursor: z.string().optional() });
/** GET /supplier-invoices?poNo: what suppliers billed. `total` in the invoice's currency, before tax. */
export const SupplierInvoice = z.object({
  invoiceNo: z.string(),
  poNo: z.string(),
  supplier: z.string(),
  invoiceDate: WireDate,
  currency: Currency,
  lines: z.array(z.object({ poLine: z.number().int(), quantity: Signed, unitPrice: Decimal })),
  total: Decimal,
});
export const SupplierInvoiceList = z.object({ supplierInvoices: z.array(SupplierInvoice) });
export const WorkOrder = z.object({
  workOrderNo: z.string(),
  sku: BlueCherrySku,
  quantity: Signed,
  dueDate: WireDate,
  shipTo: z.string(),
});

export type Transaction = z.infer<typeof Transaction>;
export type TransactionPage = z.infer<typeof TransactionPage>;
export type JournalLine = z.infer<typeof JournalLine>;
export type Invoice = z.infer<typeof Invoice>;
export type SalesOrder = z.infer<typeof SalesOrder>;
export type BatchStatus = z.infer<typeof BatchStatus>;
export type Item = z.infer<typeof Item>;
export type StockRow = z.infer<typeof StockRow>;
export type Period = z.infer<typeof Period>;
export type ReceivingReply = z.infer<typeof ReceivingReply>;
export type PurchaseOrder = z.infer<typeof PurchaseOrder>;
export type SupplierInvoice = z.infer<typeof SupplierInvoice>;
export type WorkOrder = z.infer<typeof WorkOrder>;
