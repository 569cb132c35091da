/** What screens and notices leave of personal data, and what must never be taken for it: numbers of documents. */
import { describe, expect, test } from '@jest/globals';
import { customer, masked, maskedAbout } from '../../../domain/mask.js';

describe('masked', () => {
  test.each([
    ['write to jane.o+x@shop.example.co.uk today', 'write to j•••@s••• today'],
    ['call +44 20 7946 0958 first', 'call ••• first'],
    ['call 020 7946 0958 first', 'call ••• first'],
    ['call +442079460958', 'call •••'],
  ])('%s', (text, as) => {
    expect(masked(text)).toBe(as);
  });

  test.each([
    'Return RTN-000871 of order 536365 line 3: 2 × TEE-BLK-M, GBP 1,234.50',
    'SVABCDEFGHIJKLMNOPQRSTUVWXYZ posted as CM-004712 on 2026-03-14',
    'due 2026-03-14 09:05:07, 4 of 12, 0.80, 06012',
    'PO-500012 GIN-000412 0000123456789',
  ])('leaves %s', (text) => {
    expect(masked(text)).toBe(text);
  });
});

describe('a customer', () => {
  test('an account number stays, a name and anything else does not', () => {
    expect(['12747', 'C-0017', '', 'Jane Example', 'jane', 'a@b.example'].map(customer)).toEqual([
      '12747',
      'C-0017',
      '',
      'J•••',
      'j•••',
      'a•••',
    ]);
    expect(maskedAbout('Refund for Jane Example above what Jane Example paid', 'Jane Example')).toBe(
      'Refund for J••• above what J••• paid',
    );
  });

  test('is masked however the text writes the name, and no other word is garbled', () => {
    expect(maskedAbout('JANE EXAMPLE, jane example and Janet Examples', 'Jane Example')).toBe(
      'J•••, J••• and Janet Examples',
    );
    expect(maskedAbout('An order of An: any answer. ANSI', 'An')).toBe('A••• order of A•••: any answer. ANSI');
    expect(maskedAbout('paid by A+B (C$&) twice', 'A+B (C$&)')).toBe('paid by A••• twice');
  });
});
