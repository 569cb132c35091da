/** What the control surface takes: every body is checked before anything happens (design.md 8). */
import { z } from 'zod';
import { BlueCherryProfile, Edit } from '../blue-cherry/index.js';
import { FAULT_KINDS } from '../core/index.js';
import { SCENARIOS } from '../scenarios/index.js';

const Chance = z.number().min(0).max(1);
const Count = z.number().int().min(0).max(20_000);

/** Where Archean sends its webhooks, and the secret it signs them with; null sends none. */
export const Webhook = z.strictObject({ url: z.url(), secret: z.string().min(1) }).nullable();
export type Webhook = z.infer<typeof Webhook>;

export const Reset = z.strictObject({
  seed: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(1),
  scenario: z.enum(SCENARIOS).default('empty'),
  misbehave: Chance.default(0),
  returns: Count.optional(),
  receipts: Count.optional(),
  spreadMs: z.number().int().min(0).max(86_400_000).optional(),
  /** Changes to the development profile of Blue Cherry. */
  profile: BlueCherryProfile.partial().optional(),
  /** Left out: as it was. */
  webhook: Webhook.optional(),
  /** A business's own past instead of a scenario. */
  history: z
    .strictObject({
      dir: z.string().min(1),
      from: z.string().optional(),
      days: z.number().int().positive().optional(),
      compressTo: z.number().int().min(0).optional(),
      policy: z.enum(['open', 'house']).optional(),
    })
    .optional(),
});
export type Reset = z.infer<typeof Reset>;

export const FaultBody = z.strictObject({
  system: z.string().default('blue-cherry'),
  operation: z.string().default('*'),
  kind: z.enum(FAULT_KINDS),
  times: z.number().int().positive().optional(),
  probability: Chance.optional(),
  match: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  forMs: z.number().int().positive().max(3_600_000).optional(),
  delayMs: z.number().int().min(0).max(600_000).optional(),
  retryAfter: z.enum(['seconds', 'date', 'none']).optional(),
  form: z.enum(['409', '500']).optional(),
  code: z.string().min(1).max(60).optional(),
  lines: z.array(z.number().int().positive()).optional(),
});

export const EventBody = z.strictObject({
  system: z.string(),
  type: z.string(),
  payload: z.record(z.string(), z.unknown()).default({}),
});
export const CycleBody = z.strictObject({ do: z.enum(['run', 'abort', 'hold', 'release']) });
export const PeriodBody = z.strictObject({
  period: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'a fiscal period as yyyy-mm'),
  state: z.enum(['open', 'closed']),
});
export const EditBody = z.strictObject({ document: z.string().min(1), set: Edit });
export const ClockBody = z.strictObject({
  advanceMs: z
    .number()
    .int()
    .min(0)
    .max(10 * 366 * 86_400_000),
});
export const MisbehaveBody = z.strictObject({ probability: Chance });
