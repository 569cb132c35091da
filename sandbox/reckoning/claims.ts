/** Who of several returns gets the units of an order line, and what exactly those units are credited with. */
import { extend, minor, share, times } from './arithmetic.js';
import type { SoldLineFacts } from './facts.js';

/** Net and tax of an order line as invoiced, in minor units. */
export function invoiced(line: SoldLineFacts, currency: string): { net: bigint; tax: bigint } {
  const net = extend(line.unitPrice, line.quantity, currency) - minor(line.discount, currency);
  return { net, tax: times(net, line.taxRate) };
}

export interface Grant {
  asked: number;
  granted: number;
  /** Units left before this return took any. */
  left: number;
  /** Credit of exactly the granted units, minor units. */
  net: bigint;
  tax: bigint;
}

/** What earlier returns took of one order line. */
interface Taken {
  units: number;
  net: bigint;
  tax: bigint;
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** Claims in source order: call `claim` for one return after the other, earlier first. */
export interface Claims {
  claim(orderNo: string, line: SoldLineFacts, currency: string, quantity: number): Grant;
}

/**
 * A fresh book of claims. A line takes what is left, never more; as sold means unit price × quantity less the
 * discount's share, and the invoice's tax prorated; the claim that empties the order line takes the remainder, so
 * that credits never exceed the invoice line.
 */
export function createClaims(): Claims {
  const taken = new Map<string, Taken>();
  return {
    claim: (orderNo, line, currency, quantity) => {
      const key = `${orderNo}/${line.orderLine}`;
      const before = taken.get(key) ?? { units: 0, net: 0n, tax: 0n };
      const left = line.quantity - before.units;
      const granted = Math.min(quantity, left);
      const whole = invoiced(line, currency);
      const rest = { net: whole.net - before.net, tax: whole.tax - before.tax };
      const asSold = {
        net: extend(line.unitPrice, granted, currency) - share(minor(line.discount, currency), granted, line.quantity),
        tax: share(whole.tax, granted, line.quantity),
      };
      const credit =
        granted === left
          ? granted === 0
            ? { net: 0n, tax: 0n }
            : rest
          : { net: least(asSold.net, rest.net), tax: least(asSold.tax, rest.tax) };
      taken.set(key, {
        units: before.units + granted,
        net: before.net + credit.net,
        tax: before.tax + credit.tax,
      });
      return { asked: quantity, granted, left, ...credit };
    },
  };
}
