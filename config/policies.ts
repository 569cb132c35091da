import type { Money } from '../domain/money.js';
import type { Policy, TimerPolicy } from '../domain/policy.js';
import { shown, type Fault } from './faults.js';
import type { PolicyBody } from './files.js';
import { isMap, merge } from './read.js';
import { durationOf, limitOf } from './values.js';

const WHERE = 'config/policy.yaml';

/** Fills every policy up with the shared values, so that one shape checks them all. */
export function wholePolicies(file: unknown, faults: Fault[]): unknown {
  if (!isMap(file)) return file;
  const { shared, policies, ...unknown } = file;
  for (const key of Object.keys(unknown)) {
    faults.push({ where: WHERE, key, found: shown(unknown[key]), allowed: 'no such key exists here' });
  }
  if (!isMap(policies) || Object.keys(policies).length === 0) {
    faults.push({ where: WHERE, key: 'policies', found: shown(policies), allowed: 'at least one policy' });
    return null;
  }
  return {
    policies: Object.fromEntries(
      Object.entries(policies).map(([name, own]) => [name, merge(shared, own ?? undefined)]),
    ),
  };
}

export interface PolicyContext {
  zone: string;
  /** Length of a business day in business time. */
  businessDayMs: number;
  identity: Policy['identity'];
  site: Policy['site'];
}

/** The domain's policy of one entry: amounts in minor units, durations in milliseconds. */
export function policyFrom(name: string, body: PolicyBody, context: PolicyContext, faults: Fault[]): Policy {
  const { baseCurrency, limits } = body;
  const limit = (key: keyof PolicyBody['limits']): Money | null =>
    limitOf(limits[key], baseCurrency, { where: WHERE, key: `policies.${name}.limits.${key}` }, faults);
  const none = { minor: '0', currency: baseCurrency };
  return {
    name,
    baseCurrency,
    zone: context.zone,
    limits: {
      creditPerReturn: limit('creditPerReturn'),
      creditPerCustomerDay: limit('creditPerCustomerDay'),
      adjustmentAtCost: limit('adjustmentAtCost'),
      twoPeopleFrom: limit('twoPeopleFrom'),
      roundingPerLine: limit('roundingPerLine') ?? none,
      roundingPerDocument: limit('roundingPerDocument') ?? none,
    },
    dispatchLeadMinutes: Math.round(body.dispatchLead / 60_000),
    creditAheadOfMapping: body.creditAheadOfMapping,
    rates: body.rates,
    timers: Object.fromEntries(
      Object.entries(body.timers).map(([code, timer]) => [code, timerFrom(timer, context.businessDayMs)]),
    ),
    identity: context.identity,
    site: context.site,
  };
}

/** In wall time a business day counts as a day of the clock. */
function timerFrom(timer: PolicyBody['timers'][string], businessDayMs: number): TimerPolicy {
  const day = timer.calendar === 'business' ? businessDayMs : 24 * 3_600_000;
  const ms = (text: string): number => durationOf(text, day) ?? 0;
  return {
    warnMs: timer.warn.map(ms),
    dueMs: timer.due === 'never' ? null : ms(timer.due),
    calendar: timer.calendar,
  };
}
