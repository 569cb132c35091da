import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decimalOf, minorOf, money, sum } from '../../../domain/money.js';
import { creditForUnits, foldGrants, type OrderLineSold, type Wish } from '../../../domain/return/grants.js';

const line = fc
  .record({
    quantity: fc.integer({ min: 1, max: 60 }),
    price: fc.integer({ min: 0, max: 99_999 }),
    off: fc.integer({ min: 0, max: 100 }),
    rate: fc.integer({ min: 0, max: 25 }),
  })
  .map(({ quantity, price, off, rate }): OrderLineSold => {
    // The price has three decimals, so that an order line's net is itself rounded.
    const gross = (BigInt(price) * BigInt(quantity) + 5n) / 10n;
    const discount = (gross * BigInt(off)) / 100n;
    const net = gross - discount;
    return {
      orderNo: 'A1',
      orderLine: 1,
      quantity,
      unitPrice: `${Math.floor(price / 1000)}.${String(price % 1000).padStart(3, '0')}`,
      discount: money(discount, 'GBP'),
      net: money(net, 'GBP'),
      tax: money((net * BigInt(rate)) / 100n, 'GBP'),
    };
  });

const wishes = fc.array(fc.record({ quantity: fc.integer({ min: 1, max: 30 }), at: fc.integer({ min: 0, max: 5 }) }), {
  minLength: 1,
  maxLength: 12,
});
const toWishes = (asked: { quantity: number; at: number }[]): Wish[] =>
  asked.map(({ quantity, at }, seq) => {
    const sourceTime = `2026-03-0${at + 1}T00:00:00Z`;
    return { returnNo: `R${seq}`, lineNo: 1, quantity, sourceTime, seq, state: 'active' };
  });

describe('claims on an order line', () => {
  test('never grant more units or money than were sold, and the last unit brings the remainder', () => {
    fc.assert(
      fc.property(line, wishes, (sold, asked) => {
        const grants = foldGrants(sold, toWishes(asked));
        const units = grants.reduce((total, { granted }) => total + granted, 0);
        const net = sum(
          grants.map((grant) => grant.net),
          'GBP',
        );
        const tax = sum(
          grants.map((grant) => grant.tax),
          'GBP',
        );
        expect(units).toBe(
          Math.min(
            sold.quantity,
            asked.reduce((total, { quantity }) => total + quantity, 0),
          ),
        );
        expect(minorOf(net) <= minorOf(sold.net) && minorOf(tax) <= minorOf(sold.tax)).toBe(true);
        if (units === sold.quantity) expect([net, tax]).toEqual([sold.net, sold.tax]);
        for (const grant of grants) expect(minorOf(grant.net) >= 0n && minorOf(grant.tax) >= 0n).toBe(true);
      }),
    );
  });

  test('are the same whatever order the wishes are read in', () => {
    const places = fc.array(fc.integer(), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(line, wishes, places, (sold, asked, place) => {
        const inOrder = toWishes(asked);
        const shuffled = [...inOrder].sort((a, b) => (place[a.seq] ?? 0) - (place[b.seq] ?? 0));
        expect(foldGrants(sold, shuffled)).toEqual(foldGrants(sold, inOrder));
      }),
    );
  });

  test('never turn a credit negative where price and discount are rounded apart', () => {
    const free: OrderLineSold = {
      ...{ orderNo: 'A1', orderLine: 1, quantity: 3, unitPrice: '0.335', discount: money(100n, 'GBP') },
      ...{ net: money(1n, 'GBP'), tax: money(0n, 'GBP') },
    };
    const none = { units: 0, net: money(0n, 'GBP'), tax: money(0n, 'GBP') };
    expect([1, 2, 3].map((units) => creditForUnits(free, units, none).net.minor)).toEqual(['1', '0', '1']);
  });

  test('once written never change, whatever comes before or after them', () => {
    fc.assert(
      fc.property(line, wishes, fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }), (sold, asked, known) => {
        const all = toWishes(asked);
        const early = foldGrants(
          sold,
          all.filter((_, index) => known[index]),
        );
        const written = all.map((wish): Wish => {
          const grant = early.find(({ returnNo }) => returnNo === wish.returnNo);
          return grant ? { ...wish, granted: { quantity: grant.granted, net: grant.net, tax: grant.tax } } : wish;
        });
        const after = foldGrants(sold, written);
        for (const grant of early) {
          expect(after.find(({ returnNo }) => returnNo === grant.returnNo)).toMatchObject({
            granted: grant.granted,
            net: grant.net,
            tax: grant.tax,
          });
        }
        expect(after.reduce((total, { granted }) => total + granted, 0)).toBeLessThanOrEqual(sold.quantity);
        expect(
          minorOf(
            sum(
              after.map(({ net }) => net),
              'GBP',
            ),
          ) <= minorOf(sold.net),
        ).toBe(true);
      }),
    );
  });

  const tee: OrderLineSold = {
    orderNo: 'A1',
    orderLine: 1,
    quantity: 3,
    unitPrice: '10.00',
    discount: money(1n, 'GBP'),
    net: money(2999n, 'GBP'),
    tax: money(525n, 'GBP'),
  };
  const wish = (returnNo: string, quantity: number, seq: number, more: Partial<Wish> = {}): Wish => ({
    ...{ returnNo, lineNo: 1, quantity, sourceTime: '2026-03-01T00:00:00Z', seq, state: 'active' },
    ...more,
  });

  test('of the same moment go by seq, and the later one names its sibling', () => {
    const grants = foldGrants(tee, [wish('R2', 1, 2), wish('R1', 3, 1)]);
    expect(
      grants.map(({ returnNo, asked, left, granted, siblings }) => [returnNo, asked, left, granted, siblings]),
    ).toEqual([
      ['R1', 3, 3, 3, []],
      ['R2', 1, 0, 0, [{ returnNo: 'R1', quantity: 3 }]],
    ]);
  });

  test('keep the covered part for a return that asked too much, until it is given back', () => {
    expect(foldGrants(tee, [wish('R1', 5, 1), wish('R2', 1, 2)]).map(({ granted }) => granted)).toEqual([3, 0]);
    const givenBack = [wish('R1', 5, 1, { state: 'given-back' }), wish('R2', 1, 2)];
    expect(foldGrants(tee, givenBack).map(({ returnNo, granted }) => [returnNo, granted])).toEqual([['R2', 1]]);
  });

  test('of an earlier return that shows up late get what the written one left, and name it', () => {
    const written = wish('R9', 2, 9, { granted: { quantity: 2, net: money(1999n, 'GBP'), tax: money(350n, 'GBP') } });
    const [late] = foldGrants(tee, [wish('R1', 2, 1), written]);
    expect(late).toMatchObject({ returnNo: 'R1', granted: 1, left: 1, siblings: [{ returnNo: 'R9', quantity: 2 }] });
    expect(late && decimalOf(late.net)).toBe('10.00');
  });

  test('refuse to credit more units than are left', () => {
    const taken = { units: 2, net: money(2000n, 'GBP'), tax: money(350n, 'GBP') };
    expect(() => creditForUnits(tee, 2, taken)).toThrow('cannot credit 2 units of line 1 of order A1: 1 of 3 are left');
  });
});
