/** Wire shapes of what is written to CGS BlueCherry; part of the working contract of schema.ts. */
import { z } from 'zod';
import { BlueCherryError, BlueCherrySku, Code, Currency, Decimal, Signed, WireDate, WireInstant } from './scalars.js';

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

/**
 * POST /inventory-adjustments: up to 100 lines; the reason code names the contra account. Goods that go back to their supplier
 * name the purchase order they came on (our assumption: facts/blue-cherry.md 3.4 has no verb of its own for them), line by
 * line: its `returned` rises by them.
 */
export const AdjustmentWrite = z.object({
  externalRef: z.string().max(30),
  division: z.string().max(10),
  warehouse: z.string().max(10),
  postingDate: WireDate,
  reasonCode: Code,
  poNo: Code.optional(),
  lines: z.array(
    z.object({
      sku: BlueCherrySku,
      quantity: Signed,
      unitCost: Decimal.optional(),
      poLine: z.number().int().optional(),
    }),
  ),
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

export type AcceptedReply = z.infer<typeof AcceptedReply>;
export type AdjustmentWrite = z.infer<typeof AdjustmentWrite>;
export type CreditMemoWrite = z.infer<typeof CreditMemoWrite>;
export type PoReceiptWrite = z.infer<typeof PoReceiptWrite>;
export type SalesOrderReply = z.infer<typeof SalesOrderReply>;
export type SalesOrderWrite = z.infer<typeof SalesOrderWrite>;
