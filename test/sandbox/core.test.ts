import { describe, expect, test } from '@jest/globals';
import {
  amountOf,
  createClock,
  createRandom,
  decimalOf,
  extended,
  micro,
  minorOf,
  taxOf,
} from '../../sandbox/core/index.js';
import { adjustment, openSite, statesOf, until } from './site.js';

describe('chance', () => {
  test('the same seed gives the same stream, a fork is independent of its parent', () => {
    const draw = (seed: number) => {
      const random = createRandom(seed);
      return Array.from({ length: 50 }, () => random.next());
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    const parent = createRandom(7);
    const before = parent.fork('day').next();
    parent.next();
    expect(parent.fork('day').next()).toBe(before);
    expect(parent.fork('night').next()).not.toBe(before);
  });

  test('whole numbers reach both ends and a shuffle loses nothing', () => {
    const random = createRandom(1);
    const drawn = new Set(Array.from({ length: 500 }, () => random.int(1, 6)));
    expect([...drawn].sort()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(random.shuffle([1, 2, 3, 4, 5]).sort()).toEqual([1, 2, 3, 4, 5]);
    expect(() => random.pick([])).toThrow(RangeError);
  });
});

describe('arithmetic', () => {
  test('lines and taxes round half away from zero, for both signs', () => {
    expect([extended('0.125', 1, 'GBP'), extended('0.125', -1, 'GBP')]).toEqual([13, -13]);
    expect([extended('2.555', 3, 'GBP'), extended('0.5', 1, 'JPY')]).toEqual([767, 1]);
    expect([taxOf(1010, '0.175'), taxOf(-1010, '0.175'), taxOf(1000, '0.2')]).toEqual([177, -177, 200]);
  });

  test('amounts keep the decimals of their currency and refuse more', () => {
    expect([amountOf(-5, 'GBP'), amountOf(1200, 'JPY'), amountOf(1234, 'KWD')]).toEqual(['-0.05', '1200', '1.234']);
    expect(minorOf('12.5', 'GBP')).toBe(1250);
    expect(() => minorOf('12.555', 'GBP')).toThrow(/more decimals/);
    expect(() => micro('1e3')).toThrow(/no decimal/);
    expect([decimalOf(micro('8')), decimalOf(micro('-0.8325'))]).toEqual(['8.00', '-0.8325']);
  });
});

test('the clock goes forward only and tells the business date of its zone', () => {
  const clock = createClock();
  const before = clock.now().getTime();
  clock.advance(86_400_000);
  expect(clock.now().getTime() - before).toBeGreaterThanOrEqual(86_400_000);
  expect(() => clock.advance(-1)).toThrow(RangeError);
  expect(clock.businessDate(new Date('2026-06-30T23:30:00Z'))).toBe('2026-07-01');
});

test('a system that misbehaves tells the truth in its call log: stored calls are documents, one for one', async () => {
  const site = await openSite({ maxRequestLifeMs: 300 });
  try {
    site.faults.misbehave(0.4);
    const references = Array.from({ length: 120 }, (_, index) => `SV-${index}`);
    for (let from = 0; from < references.length; from += 20)
      await Promise.all(
        references.slice(from, from + 20).map((one) => site.post('/inventory-adjustments', adjustment(one))),
      );
    const calls = () => site.calls.of('blue-cherry');
    const late = () => calls().filter((one) => one.fault === 'late-landing');
    await until(() => late().every((one) => one.stored), 'late writes have landed');
    for (const one of calls())
      expect([one.externalRef, statesOf(site.erp, one.externalRef ?? '').length]).toEqual([
        one.externalRef,
        one.stored ? 1 : 0,
      ]);
    const seen = new Set(calls().map((one) => one.fault));
    for (const kind of ['drop-before', 'drop-after', 'late-landing', 'table-lock', 'status-429'])
      expect([kind, seen.has(kind)]).toEqual([kind, true]);
    expect(late().every((one) => one.status === 0)).toBe(true);
  } finally {
    await site.close();
  }
});
