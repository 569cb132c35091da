import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  add,
  allocate,
  decimalOf,
  extend,
  format,
  minorOf,
  money,
  parseMoney,
  prorate,
  subtract,
  sum,
} from '../../../domain/money.js';
import { taxOn } from '../../../domain/tax.js';
import { taxLike } from '../../../domain/return/classify.js';

const amount = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }).map((minor) => money(minor, 'GBP'));

describe('money', () => {
  test('split over any weights sums back, and no part is further than a penny from its share', () => {
    fc.assert(
      fc.property(
        amount,
        fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 40 }),
        (whole, weights) => {
          const total = weights.reduce((a, b) => a + b, 0);
          fc.pre(total > 0);
          const parts = allocate(whole, weights);
          expect(sum(parts, 'GBP')).toEqual(whole);
          for (const [index, part] of parts.entries()) {
            const off = minorOf(part) * BigInt(total) - minorOf(whole) * BigInt(weights[index] ?? 0);
            expect(off <= BigInt(total) && off >= -BigInt(total)).toBe(true);
          }
        },
      ),
    );
  });

  test('prorated to all units is the whole, and a share and its rest are at most half a penny off', () => {
    fc.assert(
      fc.property(
        amount,
        fc.integer({ min: 1, max: 10_000 }),
        fc.integer({ min: 0, max: 10_000 }),
        (whole, of, some) => {
          const part = some % (of + 1);
          expect(prorate(whole, of, of)).toEqual(whole);
          const off = (minorOf(prorate(whole, part, of)) * BigInt(of) - minorOf(whole) * BigInt(part)) * 2n;
          expect(off <= BigInt(of) && off >= -BigInt(of)).toBe(true);
        },
      ),
    );
  });

  test('written and read again is the same', () => {
    fc.assert(fc.property(amount, (m) => expect(parseMoney(decimalOf(m), 'GBP')).toEqual(m)));
  });

  test('adding and subtracting undo each other', () => {
    fc.assert(fc.property(amount, amount, (a, b) => expect(subtract(add(a, b), b)).toEqual(a)));
  });

  test.each([
    ['0.125', 1, '13'],
    ['0.125', -1, '-13'],
    ['0.124', 1, '12'],
    ['4.335', 3, '1301'],
    ['0.001', 4, '0'],
  ])('%s × %i is rounded half away from zero to %s', (price, units, minor) => {
    expect(extend(price, units, 'GBP').minor).toBe(minor);
  });

  test('currencies keep their own decimals and are never mixed or assumed', () => {
    expect([format(parseMoney('1234567', 'JPY')), format(parseMoney('-1.5', 'KWD'))]).toEqual([
      'JPY 1,234,567',
      'KWD -1.500',
    ]);
    expect(() => add(money(1n, 'GBP'), money(1n, 'EUR'))).toThrow('cannot combine GBP with EUR');
    expect(() => parseMoney('1.005', 'GBP')).toThrow('1.005 has more decimals than GBP allows');
    expect(() => parseMoney('1', 'XXX')).toThrow('currency "XXX" is not known');
  });
});

describe('tax', () => {
  test.each([
    ['10.00', '0.175', '1.75'],
    ['0.10', '0.175', '0.02'],
    ['-0.10', '0.175', '-0.02'],
    ['9.99', '0.2', '2.00'],
    ['9.99', '0', '0.00'],
  ])('of %s at %s is %s', (net, rate, tax) => {
    expect(decimalOf(taxOn(parseMoney(net, 'GBP'), rate))).toBe(tax);
  });

  test('like a line’s own gives the line its own tax back, whatever the sign', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 9n), fc.bigInt(0n, 10n ** 8n), (net, tax) => {
        const [sold, taxed] = [money(net, 'GBP'), money(tax, 'GBP')];
        expect(taxLike(sold, sold, taxed)).toEqual(taxed);
        expect(minorOf(taxLike(money(-net, 'GBP'), sold, taxed))).toBe(-tax);
      }),
    );
  });
});
