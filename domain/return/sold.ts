/** What was sold: the only source of prices, tax and cost for a credit. */
import { z } from 'zod';
import { BusinessDate, ItemKey } from '../documents.js';
import { DecimalText, Money } from '../money.js';

export const SoldLine = z.object({
  orderLine: z.number().int(),
  item: ItemKey,
  kind: z.enum(['goods', 'charge']),
  chargeCode: z.string().nullable(),
  quantity: z.number().int(),
  unitPrice: DecimalText,
  /** For the whole quantity: discount share, net after it, tax. */
  discount: Money,
  net: Money,
  taxCode: z.string(),
  taxRate: DecimalText,
  tax: Money,
  unitCost: DecimalText,
});
export type SoldLine = z.infer<typeof SoldLine>;

export const SoldInvoice = z.object({
  invoiceNo: z.string(),
  orderNo: z.string(),
  division: z.string(),
  customer: z.string(),
  invoiceDate: BusinessDate,
  currency: z.string(),
  lines: z.array(SoldLine),
});
export type SoldInvoice = z.infer<typeof SoldInvoice>;

export const SoldOrder = z.object({
  orderNo: z.string(),
  status: z.enum(['open', 'allocated', 'picked', 'shipped', 'invoiced', 'cancelled']),
  placedAt: z.string(),
  shippedAt: z.string().nullable(),
});
export type SoldOrder = z.infer<typeof SoldOrder>;

export const Sold = z.object({
  orders: z.array(SoldOrder),
  invoices: z.array(SoldInvoice),
  /** Fiscal periods around the return's date, `yyyy-mm` with their state. */
  periods: z.array(
    z.object({
      code: z.string(),
      firstDay: BusinessDate,
      lastDay: BusinessDate,
      state: z.enum(['open', 'closed']),
    }),
  ),
});
export type Sold = z.infer<typeof Sold>;
