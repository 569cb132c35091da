/** A goods-in record as the receipt saga knows it, whichever system it came from. */
import { z } from 'zod';
import { BusinessDate } from '../documents.js';

/** A delivery's own number: part of its saga's id, so nothing else may stand in it. */
export const GoodsInNo = z
  .string({ error: 'a goods-in number is needed' })
  .min(1, 'a goods-in number is needed')
  .max(60, 'a goods-in number has at most 60 characters')
  .regex(/^[\w.\-/]+$/, 'a goods-in number holds letters, digits, dot, dash, slash and underscore');

export const Quality = z.enum(['first', 'irregular']);
export type Quality = z.infer<typeof Quality>;

export const GoodsInLine = z.object({
  lineNo: z.number().int().positive(),
  /** As the source spells it: an article, or a prepack's own code. */
  sku: z.string(),
  /** `EA`, or the unit that expected and received count in. */
  uom: z.string(),
  quality: Quality,
  expected: z.number().int().nonnegative(),
  received: z.number().int().nonnegative(),
  /** Eaches among what was received that are damaged. */
  damagedUnits: z.number().int().nonnegative(),
});
export type GoodsInLine = z.infer<typeof GoodsInLine>;

export const GoodsIn = z.object({
  source: z.string(),
  goodsInNo: GoodsInNo,
  version: z.number().int().positive(),
  /** The source's own order of events: what was earlier is granted first. */
  seq: z.number().int(),
  state: z.enum(['completed', 'reversed']),
  poNo: z.string(),
  location: z.string(),
  receivedBy: z.string(),
  completedAt: z.string(),
  /** `completedAt` in the company's zone. */
  businessDate: BusinessDate,
  /** The day this version of it was taken in; a reversal bears no date of its own at its source. */
  takenInOn: BusinessDate.optional(),
  /** The source expects the rest of it as another delivery. */
  moreToCome: z.boolean(),
  lines: z.array(GoodsInLine).min(1),
});
export type GoodsIn = z.infer<typeof GoodsIn>;
