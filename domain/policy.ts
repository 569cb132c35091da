/** The effective policy of a saga: read once when it starts and recorded in its history (design.md 7). */
import { z } from 'zod';
import { BusinessCalendar } from './calendar.js';
import { Money } from './money.js';

/** `T-30`, or one that is not the same for all: `T-36 high` by severity, `T-40 WOM` by market. */
export const TimerCode = z.string().regex(/^T-\d{2}( [\w-]{1,40})?$/);
export const TimerPolicy = z.object({
  /**
   * Milliseconds from the start to each warning, and to the due moment, in the calendar named. `null`: it never comes.
   * `calendar` counts days: the same time of day in the company's zone, whatever its clocks do meanwhile.
   */
  warnMs: z.array(z.number().int().nonnegative()),
  dueMs: z.number().int().nonnegative().nullable(),
  calendar: z.enum(['wall', 'business', 'calendar']),
});
export type TimerPolicy = z.infer<typeof TimerPolicy>;

export const Policy = z.object({
  name: z.string(),
  baseCurrency: z.string(),
  /** Company time zone, IANA. */
  zone: z.string(),
  limits: z.object({
    /** `null`: no limit. In base currency. */
    creditPerReturn: Money.nullable(),
    creditPerCustomerDay: Money.nullable(),
    adjustmentAtCost: Money.nullable(),
    twoPeopleFrom: Money.nullable(),
    roundingPerLine: Money,
    roundingPerDocument: Money,
  }),
  /** A goods return sooner after its order than this asks X-64 first; 0 asks only when dispatch is not proven. */
  dispatchLeadMinutes: z.number().int().nonnegative(),
  /** False holds a return whole: the credit does not go ahead of a restock that waits for a mapping. */
  creditAheadOfMapping: z.boolean(),
  /** Rates to the base currency with the day they were recorded, for limits only. */
  rates: z.record(z.string(), z.string()),
  timers: z.record(TimerCode, TimerPolicy),
  /** Working hours for business clocks; left out: office hours in `zone`. */
  calendar: BusinessCalendar.optional(),
  identity: z.enum(['proven', 'claimed']),
  site: z.object({
    creditMemoRestocks: z.boolean(),
    valuationMethod: z.enum(['standard', 'average', 'original']),
    journalReadable: z.boolean(),
    lookupBounded: z.boolean(),
    /** Accounts for what is no goods line. */
    accounts: z.object({ goodwill: z.string(), returnsWithoutOrder: z.string() }),
    returnReason: z.string(),
    creditReason: z.string(),
  }),
});
export type Policy = z.infer<typeof Policy>;
