/** What people answered to a return's questions. A plan is a pure function of the return, the facts and these. */
import { z } from 'zod';

export const ReturnQuestion = z.enum([
  'original-order',
  'quantity',
  'refund',
  'before-dispatch',
  'undelivered',
  'adjustment-limit', // approval
  'credit-limit', // approval
  'closed-period',
]);
export type ReturnQuestion = z.infer<typeof ReturnQuestion>;

export const ReturnAnswer = z.object({
  question: ReturnQuestion,
  choice: z.string(),
  why: z.string(),
  by: z.string(),
  /** Digest of what the person was shown. */
  shown: z.string(),
  /** For `correct` of the original order: the order number found. */
  orderNo: z.string().optional(),
  /** For `cancel-order`, once one of them turned out to have left the house: the orders that are cancelled all the same. */
  orders: z.array(z.string()).optional(),
});
export type ReturnAnswer = z.infer<typeof ReturnAnswer>;

/** The questions in the order in which a plan asks them. */
export const RETURN_QUESTIONS: readonly ReturnQuestion[] = [
  'before-dispatch',
  'quantity',
  'closed-period',
  'adjustment-limit',
  'undelivered',
  'original-order',
  'refund',
  'credit-limit',
];
