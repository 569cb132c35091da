import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { equal, isMultiple, negated, product, rounded, sum } from '../../../edi/decimal.js';

const decimals = fc
  .tuple(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), fc.nat({ max: 6 }))
  .map(([units, places]) => ({ units, places, text: written(units, places) }));

/** Units of a place as text, written here again in the plainest way. */
function written(units: bigint, places: number): string {
  const digits = String(units < 0n ? -units : units).padStart(places + 1, '0');
  const point = digits.length - places;
  return `${units < 0n ? '-' : ''}${digits.slice(0, point)}${places === 0 ? '' : `.${digits.slice(point)}`}`;
}

describe('decimals on text', () => {
  test('add up exactly, short ones and long ones together', () => {
    const short = fc.tuple(fc.integer({ min: -99_999_999, max: 99_999_999 }), fc.nat({ max: 3 })).map(([n, places]) => {
      return { units: BigInt(n), places, text: written(BigInt(n), places) };
    });
    fc.assert(
      fc.property(fc.array(fc.oneof(decimals, short), { maxLength: 40 }), (parts) => {
        const exact = parts.reduce((all, { units, places }) => all + units * 10n ** BigInt(6 - places), 0n);
        expect(equal(sum(parts.map(({ text }) => text)), written(exact, 6))).toBe(true);
      }),
    );
  });

  test('never become floats: a tenth ten times is one, and a cent is not lost in a trillion', () => {
    expect(sum(Array.from({ length: 10 }, () => '0.1'))).toBe('1.0');
    expect(sum(['1000000000000.00', '0.01', '-1000000000000.00'])).toBe('0.01');
    expect(sum([])).toBe('0');
  });

  test('are multiplied, turned and rounded half away from zero', () => {
    expect([product('3', '1.005'), negated('-2.50'), negated('1')]).toEqual(['3.015', '2.50', '-1']);
    expect(['1.005', '-1.005', '1.004', '7', '-0.004'].map((one) => rounded(one, 2))).toEqual([
      ...['1.01', '-1.01', '1.00', '7.00', '0.00'],
    ]);
  });

  test('multiply exactly, short ones and long ones', () => {
    fc.assert(
      fc.property(decimals, decimals, (a, b) => {
        expect(product(a.text, b.text)).toBe(
          written(a.units * b.units, a.places + b.places).replace(/^-(?=[0.]+$)/, ''),
        );
      }),
    );
    expect(product('-0.5', '0')).toBe('0.0');
  });

  test('are equal and multiples of each other as numbers, not as text', () => {
    expect([equal('1.50', '1.5'), equal('-0', '0'), equal('1.5', '1.51')]).toEqual([true, true, false]);
    expect([isMultiple('24', '12'), isMultiple('25', '12'), isMultiple('0.3', '0.1')]).toEqual([true, false, true]);
  });

  test('of any length, and any number of them, add up in time that grows with them', () => {
    const long = `0.${'7'.repeat(60_000)}`;
    const many = [...Array.from({ length: 200_000 }, () => '1.5'), ...Array.from({ length: 100 }, () => long)];
    const began = performance.now();
    expect(sum(many).slice(0, 13)).toBe('300077.777777');
    expect(sum(Array.from({ length: 200_000 }, () => '1234567890123456789'))).toBe('246913578024691357800000');
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});
