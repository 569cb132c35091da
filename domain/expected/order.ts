/** A purchase order as the warehouse has to expect it: what is to come, where, and what of it has come. */
import { z } from 'zod';
import { BusinessDate, ItemKey } from '../documents.js';

/** A purchase order's number: part of its saga's id, so nothing else may stand in it. */
export const PoNo = z
  .string({ error: 'a purchase order number is needed' })
  .min(1, 'a purchase order number is needed')
  .max(40, 'a purchase order number has at most 40 characters')
  .regex(/^[\w.\-/]+$/, 'a purchase order number holds letters, digits, dot, dash, slash and underscore');

export const ToCome = z.object({
  poLine: z.number().int().positive(),
  item: ItemKey,
  /** Ordered less cancelled: what came and what is still to come. */
  units: z.number().int(),
  /** What the ERP has received of it. */
  received: z.number().int(),
});
export type ToCome = z.infer<typeof ToCome>;

export const ExpectedOrder = z.object({
  source: z.string(),
  poNo: PoNo,
  /** The ERP's revision: it rises with every change. */
  version: z.number().int().positive(),
  state: z.enum(['open', 'cancelled']),
  warehouse: z.string().min(1),
  /** The day of the revision in the company's zone: the one mappings are looked up on. */
  businessDate: BusinessDate,
  lines: z.array(ToCome),
});
export type ExpectedOrder = z.infer<typeof ExpectedOrder>;
