/** A return as the sagas know it, whichever system it came from. */
import { z } from 'zod';
import { BusinessDate } from '../documents.js';
import { Currency, DecimalText } from '../money.js';

/** A return's own number: part of its saga's id, so nothing else may stand in it. */
export const ReturnNo = z
  .string({ error: 'a return number is needed' })
  .min(1, 'a return number is needed')
  .max(60, 'a return number has at most 60 characters')
  .regex(/^[\w.\-/]+$/, 'a return number holds letters, digits, dot, dash, slash and underscore');

export const ReturnLine = z.object({
  lineNo: z.number().int().positive(),
  /** Empty when there is no original order. */
  orderNo: z.string(),
  orderLine: z.number().int().positive().nullable(),
  /** As the source spells it; `item` of the facts is what it maps to. */
  sku: z.string(),
  quantity: z.number().int().positive(),
  /** Net of tax, one unit. */
  refundUnitPrice: DecimalText,
  disposition: z.enum(['sellable', 'not-sellable', 'none']),
  kind: z.enum(['goods', 'charge']),
  reasonCode: z.string(),
});
export type ReturnLine = z.infer<typeof ReturnLine>;

export const ReturnDocument = z.object({
  source: z.string(),
  returnNo: ReturnNo,
  version: z.number().int().positive(),
  /** The source's own order of events: what was earlier claims first. */
  seq: z.number().int(),
  state: z.enum(['processed', 'withdrawn', 'undelivered']),
  customer: z.string(),
  location: z.string(),
  currency: Currency,
  processedBy: z.string(),
  processedAt: z.string(),
  /** `processedAt` in the company's zone. */
  businessDate: BusinessDate,
  refund: z.object({ kind: z.enum(['refunded', 'on-account', 'applied', 'none']), reference: z.string() }),
  /** A RETURN_RESTOCK movement or the return itself says the goods are back on the shelf. */
  restocked: z.boolean(),
  lines: z.array(ReturnLine).min(1),
  /** Kept back (positive) or added as goodwill (negative); net of tax, decimal text in the return's currency. */
  deductions: z.array(z.object({ code: z.string(), amount: DecimalText })),
  exchange: z
    .object({
      lines: z.array(
        z.object({
          sku: z.string(),
          quantity: z.number().int().positive(),
          unitPrice: DecimalText,
          taxAmount: DecimalText,
        }),
      ),
    })
    .nullable(),
});
export type ReturnDocument = z.infer<typeof ReturnDocument>;
