/** What people answered to a receipt's questions. A plan is a pure function of the delivery, the order, the facts and these. */
import { z } from 'zod';

export const ReceiptQuestion = z.enum([
  'purchase-order',
  'closed-period',
  'not-on-order',
  'extra',
  'damaged',
  'short',
  'write-off', // approval
]);
export type ReceiptQuestion = z.infer<typeof ReceiptQuestion>;

export const ReceiptAnswer = z.object({
  question: ReceiptQuestion,
  choice: z.string(),
  why: z.string(),
  by: z.string(),
  /** For `other-order`: the purchase order it belongs to. */
  poNo: z.string().optional(),
});
export type ReceiptAnswer = z.infer<typeof ReceiptAnswer>;

/** The choice of the last answer to a question; null when it was not answered. */
export const choiceOf = (answers: readonly ReceiptAnswer[], question: ReceiptQuestion): string | null =>
  answers.findLast((answer) => answer.question === question)?.choice ?? null;

/** The order a delivery is for: its own, or the one a person named by the choice that says so. */
export const orderNamed = (poNo: string, answers: readonly ReceiptAnswer[]): string =>
  answers.findLast(
    ({ question, choice, poNo: named }) =>
      question === 'purchase-order' && choice === 'other-order' && named !== undefined,
  )?.poNo ?? poNo.trim();
