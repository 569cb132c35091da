/** No text of a report is a formula in a spreadsheet; harmless text is as it was. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { beginsFormula, safeText } from '../../../reports/formats/safe-text.js';

const SIGNS = ['=', '+', '-', '@', '\uFF1D', '\uFF0B', '\uFF0D', '\uFF20', '\uFE63', '\uFE66', '\u2212'];
/** Zero-width, right-to-left and other characters nobody sees, and blanks of all kinds. */
const UNSEEN = [
  '\u200B',
  '\u200E',
  '\u200F',
  '\u202E',
  '\u2066',
  '\uFEFF',
  '\u00AD',
  '\u00A0',
  '\u3000',
  ' ',
  '\u0007',
  '\u0301',
  '\u3164',
];

describe('text of a report', () => {
  test('that begins like a formula, whatever unseen stands before, gets an apostrophe', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...UNSEEN), { maxLength: 5 }),
        fc.constantFrom(...SIGNS),
        fc.string({ unit: 'binary' }),
        (before, sign, rest) => {
          const text = `${before.join('')}${sign}${rest}`;
          expect(safeText(text)).toBe(`'${text}`);
        },
      ),
    );
  });

  test.each(['\t', '\r', '\n'])('that begins with %j gets one too', (start) => {
    expect(safeText(`${start}1+1`)).toBe(`'${start}1+1`);
  });

  test('is never a formula afterwards, and otherwise unaltered but for that apostrophe', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const safe = safeText(text);
        expect(beginsFormula(safe)).toBe(false);
        expect([text, `'${text}`]).toContain(safe);
      }),
    );
  });

  test.each([
    '',
    'RTN-000871',
    '00123-NVY-08',
    'a=b',
    '3 - 4',
    "O'Brien & Sons",
    '"quoted"',
    'ärger',
    'قميص',
    "'=already",
    '# 7',
    '100%',
    '(5)',
  ])('harmless %j is unaltered', (text) => {
    expect(safeText(text)).toBe(text);
  });
});
