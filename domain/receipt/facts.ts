/** Everything a receipt's plan is made from besides the delivery and its order; looked up by activities. */
import { z } from 'zod';
import { ItemKey } from '../documents.js';
import { Quality } from './document.js';

/** What one unit of a line's `uom` holds. */
export const Content = z.object({ item: ItemKey, division: z.string(), units: z.number().int().positive() });
export type Content = z.infer<typeof Content>;

export const MappedGoods = z.object({
  lineNo: z.number().int(),
  problem: z.enum(['none', 'unknown-sku', 'ambiguous-sku', 'unknown-pack']),
  /** One entry per item: a carton has one, a prepack one per size. Empty where there is a problem. */
  contents: z.array(Content),
});
export type MappedGoods = z.infer<typeof MappedGoods>;

export const Grant = z.object({
  lineNo: z.number().int(),
  poLine: z.number().int(),
  item: ItemKey,
  quality: Quality,
  units: z.number().int(),
});

export const ReceiptFacts = z.object({
  /** `null`: the location has no row that covers the business date. */
  location: z.object({ warehouse: z.string(), divisions: z.array(z.string()) }).nullable(),
  lines: z.array(MappedGoods),
  /** Its units were claimed on the order while that was open: what becomes of the order since holds it no more. */
  claimed: z.boolean(),
  /** Units that lines of the order took at this delivery's first claim, damaged ones among them; they never change. */
  grants: z.array(Grant),
  /** Units taken since, because the order was raised. */
  extra: z.array(Grant),
  /** Units of the order, by line, that people said will never arrive. */
  givenUp: z.array(z.object({ poLine: z.number().int(), units: z.number().int() })),
  /** The ERP's reason for goods written off; null when unmapped. */
  writeOffReason: z.string().nullable(),
  /** People who made the mappings it rests on: none of them approves it. */
  mappedBy: z.array(z.string()),
});
export type ReceiptFacts = z.infer<typeof ReceiptFacts>;
