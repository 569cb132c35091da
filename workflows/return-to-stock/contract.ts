/** What the return process takes in, answers and is called. */
import { z } from 'zod';
import { Money } from '../../domain/money.js';
import { ReturnNo } from '../../domain/return/document.js';

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

/** `return-to-stock:archean:RTN-000871`: the idempotency key of the process. */
export const returnToStockId = (input: ReturnReceived): string =>
  `${RETURN_TO_STOCK}:${input.source}:${input.returnNo}`;
export const returnReversalId = (input: ReturnChanged): string =>
  `${RETURN_REVERSAL}:${input.source}:${input.returnNo}:${input.version}`;

/** The inverse of both: which return a workflow id is about; undefined for any other id. */
export function returnOfWorkflowId(workflowId: string): ReturnReceived | undefined {
  const [process, source, returnNo] = workflowId.split(':');
  if (process !== RETURN_TO_STOCK && process !== RETURN_REVERSAL) return undefined;
  const parsed = ReturnReceived.safeParse({ source, returnNo });
  return parsed.success ? parsed.data : undefined;
}

/** The version a reversal saga is for; undefined for any other id. */
export function versionOfReversal(workflowId: string | null): number | undefined {
  const [process, , , version] = workflowId?.split(':') ?? [];
  return process === RETURN_REVERSAL && version !== undefined ? Number(version) : undefined;
}

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
