/** The small notations that configuration files use: durations, amounts, clock times. */
import { z } from 'zod';
import { parseMoney, type Money } from '../domain/money.js';
import type { Fault } from './faults.js';

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 24 * 3_600_000,
};

/** Milliseconds of `90 s`, `30 min`, `2 bd`; `null` when it is no duration. A business day is `businessDayMs` long. */
export function durationOf(text: string, businessDayMs: number): number | null {
  const found = /^(\d{1,7}(?:\.\d{1,3})?) ?(ms|s|min|h|d|bd)$/.exec(text.trim());
  if (found === null) return null;
  const unit = found[2] === 'bd' ? businessDayMs : (UNIT_MS[found[2] ?? ''] ?? 1);
  return Math.round(Number(found[1]) * unit);
}

/** Wall-clock durations: a business day has no fixed length there. */
export const Duration = z.string().transform((text, context): number => {
  const ms = /bd$/.test(text) ? null : durationOf(text, 0);
  if (ms !== null) return ms;
  context.addIssue({ code: 'custom', message: 'a duration as 30 s, 5 min, 4 h or 2 d is allowed' });
  return z.NEVER;
});

/** A duration that may count business days (`bd`); resolved later, with the calendar at hand. */
export const BusinessDuration = z
  .string()
  .refine((text) => durationOf(text, 1) !== null, 'a duration as 30 s, 5 min, 4 h, 2 d or 2 bd is allowed');

const Decimal = z.string().regex(/^\d{1,12}(\.\d{1,3})?$/, "an amount in quotes as '500.00', or none, is allowed");
/** A decimal amount, or `none`. */
export const Limit = z.union([z.literal('none'), Decimal], {
  error: "an amount in quotes as '500.00', or none, is allowed",
});
export const Amount = Decimal;

/** `none` → null. More decimals than the currency has is a fault of `at`, and then null. */
export function limitOf(
  text: string,
  currency: string,
  at: { where: string; key: string },
  faults: Fault[],
): Money | null {
  if (text === 'none') return null;
  try {
    return parseMoney(text, currency);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    faults.push({ ...at, found: text, allowed: `an amount with the decimals of ${currency} is allowed` });
    return null;
  }
}

export const ClockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time in quotes as "09:00" is allowed');

/** Minutes since midnight of `09:30`. */
export const minutesOf = (time: string): number => {
  const [hours = '0', minutes = '0'] = time.split(':');
  return Number(hours) * 60 + Number(minutes);
};

export const Zone = z.string().refine((zone) => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}, 'an IANA time zone as Europe/London is allowed');
