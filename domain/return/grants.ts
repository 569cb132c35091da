/**
 * Who of several returns gets the units of an order line, and what exactly those units are credited
 * with as sold. Pure: the store reads the wishes under a lock, folds them here and writes the grants.
 *
 * Rules, in this order:
 * 1. A written grant never changes, even when an earlier return shows up after it.
 * 2. What written grants leave is given out in source order (time, then seq, then return and line number), whether or
 *    not a return's saga has run yet, so it does not matter which saga runs first.
 * 3. A wish that asks for more than is left is granted what is left. Its return is held whole, and the units
 *    stay reserved for it while a person decides, because *post the covered part* must still be possible; they come
 *    back when the return is declined, withdrawn or reversed (`given-back`).
 */
import { add, extend, minorOf, money, prorate, subtract, type DecimalText, type Money } from '../money.js';
import type { Grant } from './facts.js';

export interface OrderLineSold {
  orderNo: string;
  orderLine: number;
  unitPrice: DecimalText;
  /** Units invoiced, and for all of them: discount share, net after it, tax. */
  quantity: number;
  discount: Money;
  net: Money;
  tax: Money;
}

export interface Credited {
  units: number;
  net: Money;
  tax: Money;
}

export interface Wish {
  returnNo: string;
  lineNo: number;
  quantity: number;
  /** Instant the return was processed at its source, ISO UTC. */
  sourceTime: string;
  seq: number;
  state: 'active' | 'given-back';
  /** The grant as written, if it has been. */
  granted?: { quantity: number; net: Money; tax: Money };
}

export type FoldedGrant = Grant & { returnNo: string; orderNo: string; orderLine: number };

/** A share never passes what is left, nor turns its sign when price and discount are rounded apart. */
function capped(share: Money, left: Money): Money {
  const [wanted, room] = [minorOf(share), minorOf(left)];
  const [low, high] = room < 0n ? [room, 0n] : [0n, room];
  return money(wanted < low ? low : wanted > high ? high : wanted, share.currency);
}

/**
 * What `units` of an order line are credited with: unit price × units less their share of the discount, and
 * their share of the tax, each rounded half away from zero; the last units take what is left, so that all credits of a
 * line add up to the line and never exceed it. Throws RangeError for more units than are left.
 */
export function creditForUnits(line: OrderLineSold, units: number, earlier: Credited): { net: Money; tax: Money } {
  const left = line.quantity - earlier.units;
  if (units < 0 || units > left) {
    throw new RangeError(
      `cannot credit ${units} units of line ${line.orderLine} of order ${line.orderNo}: ${left} of ${line.quantity} are left`,
    );
  }
  const { currency } = line.net;
  if (units === 0) return { net: money(0n, currency), tax: money(0n, currency) };
  const room = { net: subtract(line.net, earlier.net), tax: subtract(line.tax, earlier.tax) };
  if (units === left) return room;
  const price = extend(line.unitPrice, units, currency);
  const net = subtract(price, prorate(line.discount, units, line.quantity));
  return { net: capped(net, room.net), tax: capped(prorate(line.tax, units, line.quantity), room.tax) };
}

/** Source order of two wishes: time, then seq, then numbers, so that the order is total. */
export function inSourceOrder(a: Wish, b: Wish): number {
  const byTime = Date.parse(a.sourceTime) - Date.parse(b.sourceTime);
  if (byTime !== 0) return byTime;
  if (a.seq !== b.seq) return a.seq - b.seq;
  if (a.returnNo !== b.returnNo) return a.returnNo < b.returnNo ? -1 : 1;
  return a.lineNo - b.lineNo;
}

/** Grants of all active wishes on one order line, in source order. See the head of this file for the rules. */
export function foldGrants(line: OrderLineSold, wishes: readonly Wish[]): FoldedGrant[] {
  const active = wishes.filter((wish) => wish.state === 'active').sort(inSourceOrder);
  const nothing = money(0n, line.net.currency);
  let credited: Credited = { units: 0, net: nothing, tax: nothing };
  const take = (units: number, net: Money, tax: Money): void => {
    credited = { units: credited.units + units, net: add(credited.net, net), tax: add(credited.tax, tax) };
  };
  for (const { granted } of active) if (granted) take(granted.quantity, granted.net, granted.tax);

  let before = 0;
  const given = active.map((wish) => {
    const free = line.quantity - (wish.granted ? before : credited.units);
    const units = wish.granted?.quantity ?? Math.min(wish.quantity, Math.max(free, 0));
    const { net, tax } = wish.granted ?? creditForUnits(line, units, credited);
    if (!wish.granted) take(units, net, tax);
    before += units;
    const left = units < wish.quantity ? units : Math.max(free, units);
    return { wish, units, left, net, tax };
  });
  return given.map(({ wish, units, left, net, tax }, position) => ({
    returnNo: wish.returnNo,
    orderNo: line.orderNo,
    orderLine: line.orderLine,
    lineNo: wish.lineNo,
    asked: wish.quantity,
    left,
    granted: units,
    net,
    tax,
    siblings: given
      .filter((other, index) => index < position || (!wish.granted && other.wish.granted))
      .filter((other) => other.units > 0 && other.wish.returnNo !== wish.returnNo)
      .map((other) => ({ returnNo: other.wish.returnNo, quantity: other.units })),
  }));
}
