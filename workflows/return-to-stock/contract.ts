/** What the return process takes in, answers and is called. */
import { z } from 'zod';
import { Money } from '../../domain/money.js';
import { ReturnNo } from '../../domain/return/document.js';
import type { Process } from '../process.js';

/** Starts it: the return's own number is enough, everything else is read from the inbox. */
export const ReturnReceived = z.strictObject({
  source: z.literal('archean', {
    error: (i) => `"${String(i.input)}" is no source of returns; allowed: archean`,
  }),
  returnNo: ReturnNo,
});
export type ReturnReceived = z.infer<typeof ReturnReceived>;

/** A version that came after the return's own saga had ended. */
export const ReturnChanged = ReturnReceived.extend({ version: z.number().int().min(2) });
export type ReturnChanged = z.infer<typeof ReturnChanged>;

export const RETURN_TO_STOCK = 'return-to-stock';
export const RETURN_REVERSAL = 'return-to-stock-reversal';

export const returnProcess: Process<ReturnReceived> = {
  name: RETURN_TO_STOCK,
  workflow: 'returnToStock',
  changedWorkflow: 'returnToStockReversal',
  source: 'archean',
  kind: 'return',
  input: (returnNo, version) =>
    version === undefined
      ? ReturnReceived.parse({ source: 'archean', returnNo })
      : ReturnChanged.parse({ source: 'archean', returnNo, version }),
};

export const ReturnResult = z.object({
  outcome: z.enum(['posted', 'posted-with-write-off', 'order-cancelled', 'kept', 'sent-again', 'nothing-to-post']),
  /** The plan's own word for what the return was. */
  kind: z.string(),
  creditMemos: z.array(z.string()),
  adjustments: z.array(z.string()),
  replacementOrders: z.array(z.string()),
  credit: Money,
  restockUnits: z.number().int(),
});
export type ReturnResult = z.infer<typeof ReturnResult>;
