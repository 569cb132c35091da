/** Amounts against the policy's limits: always in base currency. */
import { Big } from 'big.js';
import { exponentOf, minorOf, money, roundHalfAwayFromZero, type Money } from './money.js';
import type { Policy } from './policy.js';

/**
 * An amount in base currency by the policy's recorded rates (base units for one unit of the currency), rounded half
 * away from zero; for limits only. Null when no rate is recorded: then nobody can say that it is below a limit.
 */
export function toBase(amount: Money, policy: Pick<Policy, 'baseCurrency' | 'rates'>): Money | null {
  if (amount.currency === policy.baseCurrency) return amount;
  const rate = policy.rates[amount.currency];
  if (rate === undefined) return null;
  const shift = exponentOf(policy.baseCurrency) - exponentOf(amount.currency);
  const scaled = new Big(amount.minor).times(rate).times(new Big('10').pow(shift));
  return money(roundHalfAwayFromZero(scaled), policy.baseCurrency);
}

/** Two people from a limit on; also when the amount cannot be told in base currency. */
export function needsTwo({ policy }: { policy: Policy }, baseAmount: Money | null): boolean {
  const from = policy.limits.twoPeopleFrom;
  return from !== null && (baseAmount === null || minorOf(baseAmount) >= minorOf(from));
}
