/**
 * Wire shapes of CGS BlueCherry. The vendor publishes no interface: everything here is our stated working
 * contract (facts/blue-cherry.md part 3) and this is the only file that knows the shapes.
 * Quantities are whole eaches, money is a decimal string, codes are strings and never parsed as numbers.
 */
import { z } from 'zod';

/** A decimal number as text, sign allowed: `12.50`, `-0.832`. */
export const Decimal = z.string().regex(/^-?\d{1,15}(\.\d{1,6})?$/, 'a decimal number as text');
export const WireDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'a date as yyyy-mm-dd');
export const WireInstant = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/, 'an instant in UTC');
const Currency = z.string().regex(/^[A-Z]{3}$/);
const Code = z.string().min(1).max(40);
const Signed = z.number().int().safe();

/** The six-part item key of facts/blue-cherry.md 3.3 in its text form, parts joined by `|`, empties kept. */
export const BlueCherrySku = z
  .string()
  .regex(/^[^|]*(\|[^|]*){5}$/, 'division|style|color|label|dimension|size');

export const BlueCherryError = z.object({
  code: z.string(),
  message: z.string(),
  resource: z.string().optional(),
});

// ---------------------------------------------------------------- writes

/** One credited invoice line. `net` is before tax, discount share already taken off; all for the quantity given. */
export const CreditMemoLine = z.object({
  orderLine: z.number().int(),
  sku: BlueCherrySku,
  quantity: Signed,
  unitPrice: Decimal,
  net: Decimal,
  taxCode: Code,
  taxRate: Decimal,
  taxAmount: Decimal,
});
/** A credited or deducted amount that is no goods line; a negative amount lessens the credit. */
export const CreditMemoCharge = z.object({
  glAccount: Code,
  description: z.string().max(120),
  amount: Decimal,
  taxCode: Code,
  taxRate: Decimal,
  taxAmount: Decimal,
});
/**
 * POST /credit-memos. `total` = sum of net + charges + all tax. A memo of charges alone may leave order and
 * invoice empty (our assumption: a credit without an original order, R-127). `reverses` makes it the contra of that one.
 */
export const CreditMemoWrite = z.object({
  externalRef: z.string().max(30),
  originalOrderNo: z.string().max(40),
  originalInvoiceNo: z.string().max(40),
  division: z.string().max(10),
  customer: z.string().max(40),
  postingDate: WireDate,
  reasonCode: Code,
  restock: z.literal('none'),
  lines: z.array(CreditMemoLine).max(2000),
  charges: z.array(CreditMemoCharge).max(200),
  currency: Currency,
  total: Decimal,
  memo: z.string().max(240).optional(),
  settlement: z
    .object({ kind: z.enum(['REFUNDED', 'ON_ACCOUNT', 'APPLIED']), reference: z.string().max(60) })
    .optional(),
  reverses: z.string().optional(),
});

/** POST /inventory-adjustments: up to 100 lines; the reason code names the contra account. */
export const AdjustmentWrite = z.object({
  externalRef: z.string().max(30),
  division: z.string().max(10),
  warehouse: z.string().max(10),
  postingDate: WireDate,
  reasonCode: Code,
  lines: z.array(z.object({ sku: BlueCherrySku, quantity: Signed, unitCost: Decimal.optional() })),
  memo: z.string().max(240).optional(),
  reverses: z.string().optional(),
});

/** POST /po-receipts. */
export const PoReceiptWrite = z.object({
  externalRef: z.string().max(30),
  poNo: Code,
  warehouse: z.string().max(10),
  receivedAt: WireInstant,
  postingDate: WireDate,
  lines: z.array(
    z.object({
      poLine: z.number().int(),
      sku: BlueCherrySku,
      quantity: Signed,
      quality: z.enum(['FIRST', 'IRREGULAR']),
    }),
  ),
  reverses: z.string().optional(),
});

/** POST /sales-orders, as an exchange needs it. Lines plus charges less discount plus tax must equal `total`. */
export const SalesOrderWrite = z.object({
  externalRef: z.string().max(30),
  division: z.string().max(10),
  warehouse: z.string().max(10),
  customer: z.string().max(40),
  orderDate: WireDate,
  startDate: WireDate,
  cancelDate: WireDate,
  currency: Currency,
  lines: z.array(z.object({ sku: BlueCherrySku, quantity: Signed, unitPrice: Decimal, tax: Decimal })),
  total: Decimal,
  memo: z.string().max(240).optional(),
});
export const SalesOrderReply = z.object({
  orderNo: z.string(),
  status: z.string(),
  revision: z.number().int(),
});

export const TransactionStatus = z.enum(['QUEUED', 'POSTED', 'REJECTED']);
/** The 202 of a write. `lineResults` is there when some lines were refused at acceptance (partial success). */
export const AcceptedReply = z.object({
  transactionNo: z.string(),
  status: TransactionStatus,
  externalRef: z.string(),
  lineResults: z
    .array(z.object({ line: z.number().int(), accepted: z.boolean(), error: BlueCherryError.optional() }))
    .optional(),
});

// ---------------------------------------------------------------- reads

export const JournalLine = z.object({
  account: z.string(),
  debit: Decimal,
  credit: Decimal,
  division: z.string(),
  /** Fiscal period `yyyy-mm`. */
  period: z.string(),
});
export const TransactionType = z.enum([
  'CREDIT_MEMO',
  'ADJUSTMENT',
  'PO_RECEIPT',
  'SHIPMENT',
  'GL_JOURNAL',
  'INVOICE',
]);
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

export const PurchaseOrder = z.object({
  poNo: z.string(),
  supplier: z.string(),
  division: z.string(),
  warehouse: z.string(),
  currency: Currency,
  rate: Decimal,
  status: z.enum(['OPEN', 'CLOSED_RECEIVING', 'CLOSED']),
  revision: z.number().int(),
  modifiedAt: WireInstant,
  lines: z.array(
    z.object({
      poLine: z.number().int(),
      sku: BlueCherrySku,
      ordered: Signed,
      received: Signed,
      open: Signed,
      cancelled: Signed,
      unitCost: Decimal,
    }),
  ),
});
export const PurchaseOrderPage = z.object({
  purchaseOrders: z.array(PurchaseOrder),
  cursor: z.string().optional(),
});
export const WorkOrder = z.object({
  workOrderNo: z.string(),
  sku: BlueCherrySku,
  quantity: Signed,
  dueDate: WireDate,
  shipTo: z.string(),
});

export type CreditMemoWrite = z.infer<typeof CreditMemoWrite>;
export type AdjustmentWrite = z.infer<typeof AdjustmentWrite>;
export type PoReceiptWrite = z.infer<typeof PoReceiptWrite>;
export type SalesOrderWrite = z.infer<typeof SalesOrderWrite>;
export type SalesOrderReply = z.infer<typeof SalesOrderReply>;
export type AcceptedReply = z.infer<typeof AcceptedReply>;
export type BlueCherryError = z.infer<typeof BlueCherryError>;
export type Transaction = z.infer<typeof Transaction>;
export type TransactionPage = z.infer<typeof TransactionPage>;
export type JournalLine = z.infer<typeof JournalLine>;
export type Invoice = z.infer<typeof Invoice>;
export type SalesOrder = z.infer<typeof SalesOrder>;
export type BatchStatus = z.infer<typeof BatchStatus>;
export type Item = z.infer<typeof Item>;
export type StockRow = z.infer<typeof StockRow>;
export type Period = z.infer<typeof Period>;
export type PurchaseOrder = z.infer<typeof PurchaseOrder>;
export type WorkOrder = z.infer<typeof WorkOrder>;
