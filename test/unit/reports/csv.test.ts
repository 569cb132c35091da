/** CSV keeps every amount to the last digit and its sign, and every text as it is. */
import { describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { csvOf } from '../../../reports/formats/csv.js';
import { safeText } from '../../../reports/formats/safe-text.js';
import { amount, date, duration, instant, partOf, text, units, type Row } from '../../../reports/report.js';

const COLUMNS = [text('name'), amount('owed'), units('count'), date('day'), instant('seen'), duration('age')];
const rowOf = (name: string, minor: string): Row => ({
  ...{ name, owed: { minor, currency: 'GBP' }, count: -2, day: '2026-03-31' },
  ...{ seen: '2026-03-31T13:05:07.000Z', age: 5_400_000 },
});
const csv = (rows: Row[]): string =>
  csvOf(partOf({ name: 'p', title: 'p', columns: COLUMNS }, rows, 1_000), 'Europe/London');

describe('a report as CSV', () => {
  test('begins with a byte order mark and its headings, numbers and dates unquoted, times by the company clock', () => {
    expect(csv([rowOf('=1+1, "x"', '-1250')])).toBe(
      '\uFEFF"name","owed","owed, currency","count","day","seen (Europe/London)","age, hours"\r\n' +
        `"'=1+1, ""x""",-12.50,"GBP",-2,2026-03-31,2026-03-31 14:05:07,1.50\r\n`,
    );
  });

  test('holds amounts of eighteen digits to the last one', () => {
    expect(csv([rowOf('a', '-999999999999999999')])).toContain(',-9999999999999999.99,');
  });

  test('read back, gives every text and amount as it was', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.string({ unit: 'binary', minLength: 1 }),
            fc.bigInt({ min: -(10n ** 18n) + 1n, max: 10n ** 18n - 1n }),
          ),
          {
            minLength: 1,
            maxLength: 20,
          },
        ),
        (cells) => {
          const read = parse(csv(cells.map(([name, minor]) => rowOf(name, String(minor)))), { bom: true });
          expect(read.slice(1).map(([name]) => name)).toEqual(cells.map(([name]) => safeText(name)));
          const minors = read.slice(1).map(([, owed = '']) => BigInt(owed.replace('.', '')));
          expect(minors).toEqual(cells.map(([, minor]) => minor));
        },
      ),
    );
  });

  test('totals count units once and each currency by itself', () => {
    const rows = [rowOf('a', '100'), rowOf('b', '-350'), { ...rowOf('c', '7'), owed: { minor: '7', currency: 'EUR' } }];
    const { totals } = partOf({ name: 'p', title: 'p', columns: COLUMNS }, rows, 1_000);
    expect(totals.map(({ owed, count }) => [owed, count])).toEqual([
      [{ minor: '7', currency: 'EUR' }, -6],
      [{ minor: '-250', currency: 'GBP' }, null],
    ]);
  });
});
