/** Whether a customer is still owed money for goods that are back, and by which clock (R-809, T-40). */
import { timerOf } from '../case-clocks.js';
import type { Policy } from '../policy.js';
import type { ReturnDocument } from './document.js';

/**
 * Goods are back and nothing was paid for them yet. An exchange without a refund owes goods, not money; whether an
 * undelivered parcel is credited at all is a question of its own, with this clock.
 */
export const owesRefund = ({ state, restocked, refund, exchange }: ReturnDocument): boolean =>
  state !== 'undelivered' && restocked && refund.kind !== 'refunded' && !(refund.kind === 'none' && exchange !== null);

/**
 * The policy's clock for this return's market. The source names no market: the place the goods came back to stands for
 * it, or else the currency; without a row for either it is the one for all.
 */
export function refundTimer(document: ReturnDocument, policy: Policy): string {
  const own = [document.location, document.currency].map((market) => timerOf('T-40', market));
  return own.find((timer) => timer in policy.timers) ?? 'T-40';
}
