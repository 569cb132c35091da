/** Tax on amounts that have no invoice line of their own: deductions, charges. */
import { Big } from 'big.js';
import { type DecimalText, type Money, money, roundHalfAwayFromZero } from './money.js';

/**
 * Tax at a rate given as a fraction (`0.175` is seventeen and a half per cent), rounded half away from zero to minor
 * units. Credited goods never use this: they carry their share of the tax that was invoiced.
 */
export function taxOn(net: Money, rate: DecimalText): Money {
  return money(roundHalfAwayFromZero(new Big(net.minor).times(rate)), net.currency);
}
