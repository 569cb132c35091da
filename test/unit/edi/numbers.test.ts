import { describe, expect, test } from '@jest/globals';
import { Numbers } from '../../../edi/numbers.js';

const noted = (numbers: readonly string[], kept = 100): boolean[] => {
  const of = new Numbers(kept);
  return numbers.map((number) => of.add(number));
};

describe('control numbers that came', () => {
  test('a run of numbers knows each of its own, with and without zeros in front', () => {
    expect(noted(['0001', '0002', '0003', '0002', '2', '0004', '0001'])).toEqual([
      true,
      true,
      true,
      false,
      true,
      true,
      false,
    ]);
    expect(noted(['9998', '9999', '10000', '10001', '10000', '010000'])).toEqual([true, true, true, true, false, true]);
  });

  test('numbers out of the run are known too: gaps, letters, backwards', () => {
    expect(noted(['5', '7', '9', '7', '6', '6', 'A1', 'A1', '4', '4', '5'])).toEqual([
      ...[true, true, true, false, true, false, true, false, true, false, false],
    ]);
  });

  test('the run may reach a number that came before it', () => {
    expect(noted(['A', '1', '3', '2', '3', '4', '3'])).toEqual([true, true, true, true, false, true, false]);
    expect(noted(['', '', '1234567890123456', '1234567890123456'])).toEqual([true, false, true, false]);
  });

  test('beyond the limit a repetition is not noticed, but never invented', () => {
    expect(noted(['1', '5', '7', '9', '9', '7'], 2)).toEqual([true, true, true, true, true, false]);
  });
});
