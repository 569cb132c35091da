import type { Fault, Rule } from './faults.js';
import type { CalendarDate } from './schema/values.js';
import type { z } from 'zod';

/** A known way in which a partner's files differ from the standard. */
export interface Deviation {
  /** rule that is broken */
  readonly rule: Rule;
  /** only in this segment, and in this element of it */
  readonly segmentId?: string;
  readonly element?: number;
  /** only this value */
  readonly value?: string;
  /** why we let it pass, and who says so */
  readonly reason: string;
  /** day from which we know of it */
  readonly since: z.infer<typeof CalendarDate>;
}

/** What is agreed with a trading partner. There are as many profiles as partners, not as wishes (style.md 7). */
export interface Profile {
  readonly name: string;
  /** currency of amounts where no CUR names one */
  readonly currency?: string;
  /** files of this usage are refused: `T` in a production folder (facts/amazon-vendor.md 5.1, AZ-09) */
  readonly refuseUsage?: 'T' | 'P';
  readonly deviations: readonly Deviation[];
}

/** The standard and nothing else. */
export const STANDARD: Profile = { name: 'standard', deviations: [] };

/**
 * Amazon Vendor Central, retail (facts/amazon-vendor.md 1.2 and 1.3).
 */
export const AMAZON: Profile = {
  name: 'amazon',
  currency: 'USD',
  deviations: [
    {
      rule: 'interchange-version',
      reason: 'public Amazon files carry 00400 where GS08 is 004010; the edition is taken from GS08',
      since: '2026-11-22',
    },
  ],
};

/** Profiles by name, as the command line knows them. */
export const PROFILES: Readonly<Record<string, Profile>> = { standard: STANDARD, amazon: AMAZON };

const matches = (deviation: Deviation, fault: Fault): boolean =>
  deviation.rule === fault.rule &&
  (deviation.segmentId === undefined || deviation.segmentId === fault.segmentId) &&
  (deviation.element === undefined || deviation.element === fault.element) &&
  (deviation.value === undefined || deviation.value === fault.value);

/** Faults as the partner's profile sees them: a named deviation becomes a note with its reason. */
export const judged = (faults: readonly Fault[], profile: Profile): Fault[] =>
  faults.map((one) => judgedOne(one, profile));

function judgedOne(fault: Fault, profile: Profile): Fault {
  const deviation = profile.deviations.find((one) => matches(one, fault));
  if (deviation === undefined) return fault;
  return { ...fault, severity: 'note', allowed: `${deviation.reason} (since ${deviation.since})` };
}
