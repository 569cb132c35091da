/** Everything a plan is made from besides the return itself; looked up by activities, so an edit cannot change the past. */
import { z } from 'zod';
import { ItemKey } from '../documents.js';
import { DecimalText, Money } from '../money.js';

/** What a line was granted of its order line; `net` and `tax` are what exactly those units are credited with as sold. */
export const Grant = z.object({
  lineNo: z.number().int(),
  asked: z.number().int(),
  /** Units left for this return on the order line when its turn came, before it took any. */
  left: z.number().int(),
  granted: z.number().int(),
  net: Money,
  tax: Money,
  /** Returns that claimed units of the same order line before this one. */
  siblings: z.array(z.object({ returnNo: z.string(), quantity: z.number().int() })),
});
export type Grant = z.infer<typeof Grant>;

export const MappedLine = z.object({
  lineNo: z.number().int(),
  /** The ERP's item, or why there is none. */
  item: ItemKey.nullable(),
  division: z.string().nullable(),
  problem: z.enum(['none', 'unknown-sku', 'ambiguous-sku', 'division-not-served']),
  unitCost: DecimalText.nullable(),
});
export type MappedLine = z.infer<typeof MappedLine>;

export const ReturnFacts = z.object({
  /** `null`: the location has no row that covers the business date. `nonSellable` is null where none is mapped. */
  location: z
    .object({ warehouse: z.string(), nonSellable: z.string().nullable(), divisions: z.array(z.string()) })
    .nullable(),
  lines: z.array(MappedLine),
  /** Items of an exchange's lines, in its order. */
  exchangeItems: z.array(MappedLine),
  grants: z.array(Grant),
  /** Charge code or line SKU → account, with its tax; only those that are mapped. */
  charges: z.record(z.string(), z.object({ account: z.string(), taxCode: z.string(), taxRate: DecimalText })),
  deductions: z.record(z.string(), z.object({ account: z.string(), taxCode: z.string(), taxRate: DecimalText })),
  /** People who made the mappings that it rests on: none of them approves it. */
  mappedBy: z.array(z.string()),
  /** What this customer was credited today in base currency, this return included. */
  customerDay: Money,
});
export type ReturnFacts = z.infer<typeof ReturnFacts>;
