/** What the receipt process takes in, answers and is called. */
import { z } from 'zod';
import { Money } from '../../domain/money.js';
import { GoodsInNo } from '../../domain/receipt/document.js';
import type { Process } from '../process.js';

/** Starts it: the delivery's own number is enough, everything else is read from the inbox. */
export const GoodsReceived = z.strictObject({
  source: z.literal('archean', {
    error: (i) => `"${String(i.input)}" is no source of deliveries; allowed: archean`,
  }),
  goodsInNo: GoodsInNo,
});
export type GoodsReceived = z.infer<typeof GoodsReceived>;

/** A version that came after the delivery's own saga had ended. */
export const DeliveryChanged = GoodsReceived.extend({ version: z.number().int().min(2) });
export type DeliveryChanged = z.infer<typeof DeliveryChanged>;

export const PO_RECEIPT = 'po-receipt';
export const PO_RECEIPT_REVERSAL = 'po-receipt-reversal';

export const receiptProcess: Process<GoodsReceived> = {
  name: PO_RECEIPT,
  workflow: 'poReceipt',
  changedWorkflow: 'poReceiptReversal',
  source: 'archean',
  kind: 'goods-in',
  input: (goodsInNo, version) =>
    version === undefined
      ? GoodsReceived.parse({ source: 'archean', goodsInNo })
      : DeliveryChanged.parse({ source: 'archean', goodsInNo, version }),
};

export const ReceiptResult = z.object({
  outcome: z.enum(['received', 'nothing-received', 'kept', 'reversed', 'returned-to-supplier']),
  poNo: z.string(),
  receipts: z.array(z.string()),
  adjustments: z.array(z.string()),
  units: z.number().int(),
  /** At the order's cost and rate, and landed estimates: base currency. */
  goods: Money,
  landed: Money,
  /** What the order was when the delivery was done with. */
  order: z.enum(['open', 'closed-for-receiving', 'closed', 'cancelled', 'unknown']),
});
export type ReceiptResult = z.infer<typeof ReceiptResult>;
