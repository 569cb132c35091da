/** The ERP documents a saga asks for, in our own terms. What the wire looks like is known by clients/blue-cherry alone. */
import { z } from 'zod';
import { DecimalText, Money } from './money.js';

/** A calendar day in the company's own zone. */
export const BusinessDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'a date as yyyy-mm-dd');
export type BusinessDate = z.infer<typeof BusinessDate>;

/** The ERP's six-part item key, `division|style|color|label|dimension|size`. */
export const ItemKey = z.string().regex(/^[^|]*(\|[^|]*){5}$/);
export type ItemKey = z.infer<typeof ItemKey>;

export const CreditLine = z.object({
  orderLine: z.number().int(),
  item: ItemKey,
  quantity: z.number().int(),
  unitPrice: DecimalText,
  net: Money,
  taxCode: z.string(),
  taxRate: DecimalText,
  tax: Money,
});
export type CreditLine = z.infer<typeof CreditLine>;

/** An amount that is no goods: postage credited (positive), a restocking fee kept back (negative). */
export const ChargeLine = z.object({
  account: z.string(),
  description: z.string().max(120),
  net: Money,
  taxCode: z.string(),
  taxRate: DecimalText,
  tax: Money,
});
export type ChargeLine = z.infer<typeof ChargeLine>;

/** One credit memo: one original order, one division, one currency. */
export const CreditMemo = z.object({
  kind: z.literal('credit-memo'),
  orderNo: z.string(),
  invoiceNo: z.string(),
  division: z.string(),
  customer: z.string(),
  businessDate: BusinessDate,
  reasonCode: z.string(),
  lines: z.array(CreditLine),
  charges: z.array(ChargeLine),
  /** Net plus tax of all lines and charges. */
  total: Money,
  /** Text on the document: the return's number and, where it was re-dated, its true date. */
  memo: z.string(),
  settlement: z.object({ kind: z.enum(['refunded', 'on-account', 'applied']), reference: z.string() }),
});
export type CreditMemo = z.infer<typeof CreditMemo>;

/**
 * One stock adjustment: one division and warehouse, up to 100 lines (facts/blue-cherry.md 3.4). Goods that go back to their
 * supplier name the purchase order and its lines: what is returned of it is counted there.
 */
export const StockAdjustment = z.object({
  kind: z.literal('stock-adjustment'),
  division: z.string(),
  warehouse: z.string(),
  businessDate: BusinessDate,
  reasonCode: z.string(),
  /** `unitCost` is there only where the warehouse values at original cost; else the site's method decides. */
  poNo: z.string().optional(),
  lines: z.array(
    z.object({
      item: ItemKey,
      quantity: z.number().int(),
      unitCost: DecimalText.optional(),
      poLine: z.number().int().optional(),
    }),
  ),
  memo: z.string(),
});
export type StockAdjustment = z.infer<typeof StockAdjustment>;

/** The replacement order of an exchange. */
export const ReplacementOrder = z.object({
  kind: z.literal('sales-order'),
  division: z.string(),
  warehouse: z.string(),
  customer: z.string(),
  businessDate: BusinessDate,
  lines: z.array(z.object({ item: ItemKey, quantity: z.number().int(), unitPrice: DecimalText, tax: Money })),
  /** Net plus tax. */
  total: Money,
  memo: z.string(),
});
export type ReplacementOrder = z.infer<typeof ReplacementOrder>;

/**
 * One delivery received against one purchase order (facts/blue-cherry.md 3.4). Values are in base currency: `goods` at the
 * order's cost and stated rate, `landed` the estimates accrued apart; for a contra both are negative.
 */
export const PoReceipt = z.object({
  kind: z.literal('po-receipt'),
  poNo: z.string(),
  division: z.string(),
  warehouse: z.string(),
  businessDate: BusinessDate,
  receivedAt: z.string(),
  lines: z.array(
    z.object({
      poLine: z.number().int(),
      item: ItemKey,
      quantity: z.number().int(),
      quality: z.enum(['first', 'irregular']),
      goods: Money,
      landed: Money,
    }),
  ),
  memo: z.string(),
});
export type PoReceipt = z.infer<typeof PoReceipt>;

export const ErpDocument = z.discriminatedUnion('kind', [CreditMemo, StockAdjustment, ReplacementOrder, PoReceipt]);
export type ErpDocument = z.infer<typeof ErpDocument>;
export type DocumentKind = ErpDocument['kind'];
