/** What the process that tells the warehouse of purchase orders takes in, answers and is called. */
import { z } from 'zod';
import { PoNo } from '../../domain/expected/order.js';
import type { Process } from '../process.js';

/** Starts it: the order's own number is enough, everything else is read from the inbox. */
export const OrderRaised = z.strictObject({
  source: z.literal('blue-cherry', {
    error: (i) => `"${String(i.input)}" is no source of purchase orders; allowed: blue-cherry`,
  }),
  poNo: PoNo,
});
export type OrderRaised = z.infer<typeof OrderRaised>;

/** A revision that came after the order's own saga had ended. */
export const OrderChanged = OrderRaised.extend({ version: z.number().int().min(2) });
export type OrderChanged = z.infer<typeof OrderChanged>;

export const EXPECTED_RECEIPT = 'expected-receipt';
export const EXPECTED_RECEIPT_REVERSAL = 'expected-receipt-reversal';

export const expectedReceiptProcess: Process<OrderRaised> = {
  name: EXPECTED_RECEIPT,
  workflow: 'expectedReceipt',
  changedWorkflow: 'expectedReceiptReversal',
  source: 'blue-cherry',
  kind: 'purchase-order',
  input: (poNo, version) =>
    version === undefined
      ? OrderRaised.parse({ source: 'blue-cherry', poNo })
      : OrderChanged.parse({ source: 'blue-cherry', poNo, version }),
};

export const ExpectedResult = z.object({
  outcome: z.enum(['announced', 'amended', 'cancelled', 'too-late', 'nothing-expected']),
  poNo: z.string(),
  revision: z.number().int(),
  /** The goods-in record that stands for it in the warehouse; empty when none does. */
  goodsIn: z.string(),
  location: z.string(),
  /** Eaches still to come. */
  units: z.number().int(),
  /** What there is to say about it: why it was too late. */
  note: z.string(),
});
export type ExpectedResult = z.infer<typeof ExpectedResult>;
