/** Site profile of the stand-in (facts/blue-cherry.md 3.7) and its pace. */
import { z } from 'zod';

export const BlueCherryProfile = z.strictObject({
  apiKey: z.string().min(1),
  /** Calls allowed in a window of milliseconds; null lifts the limit. */
  rate: z.strictObject({ calls: z.number().int().positive(), perMs: z.number().int().positive() }).nullable(),
  /** Calls open at once; null lifts the limit. */
  concurrent: z.number().int().positive().nullable(),
  /** From the start of one batch cycle to the start of the next, in milliseconds. */
  cycleMs: z.number().int().min(20),
  /** How long a cycle runs before its documents are posted. */
  cycleRunMs: z.number().int().min(0),
  /** How long a write may still land after its caller got no answer. */
  maxRequestLifeMs: z.number().int().min(0),
  creditMemoRestocks: z.boolean(),
  /** False leaves journals out of what the interface shows; the books keep them. */
  journalReadable: z.boolean(),
  /** `later-run`: a shipment is POSTED while on-hand has not moved; its invoice comes a cycle after (facts 3.5). */
  invoicing: z.enum(['with-shipment', 'later-run']),
  /** Overrides the valuation method of every warehouse; null leaves each its own. */
  valuationMethod: z.enum(['standard', 'average', 'original']).nullable(),
});
export type BlueCherryProfile = z.infer<typeof BlueCherryProfile>;

/** The development profile of design.md 8: 60 calls a second, cycles of 3 s, a request's life of 3 s. */
export const DEVELOPMENT_PROFILE: BlueCherryProfile = {
  apiKey: 'blue-cherry-development-key',
  rate: { calls: 60, perMs: 1000 },
  concurrent: 4,
  cycleMs: 3000,
  cycleRunMs: 200,
  maxRequestLifeMs: 3000,
  creditMemoRestocks: false,
  journalReadable: true,
  invoicing: 'with-shipment',
  valuationMethod: null,
};

/** The pace of facts/blue-cherry.md 3.5 and 3.6: 60 calls a minute, cycles of 15 minutes, here a second per minute. */
export const VENDOR_LIKE_PROFILE: BlueCherryProfile = {
  ...DEVELOPMENT_PROFILE,
  rate: { calls: 60, perMs: 60_000 },
  cycleMs: 15_000,
  cycleRunMs: 1500,
  maxRequestLifeMs: 60_000,
};
