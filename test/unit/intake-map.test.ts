import { describe, expect, test } from '@jest/globals';
import { movementEvent } from '../../activities/intake/sources/movements.js';
import { returnEvent } from '../../activities/intake/sources/returns.js';
import type { ArcheanReturn } from '../../clients/archean/schema.js';
import { wireMovement, wireReturn } from '../activities/return-samples.js';

const NOW = new Date('2026-03-11T00:00:00Z');
const judged = (over: Parameters<typeof wireReturn>[0]) => returnEvent(wireReturn(over), 'Europe/London', NOW);
const exchange = (over: Partial<NonNullable<ArcheanReturn['exchange']>['lines'][number]>) => ({
  lines: [{ sku: '00123NVYM', quantity: 1, unitPrice: '10.00', taxAmount: '2.00', ...over }],
});

describe('a row that no saga could work on is malformed and says why', () => {
  test.each([
    ['a return number with a blank', { returnNo: 'RTN 871' }, 'returnNo'],
    ['a return number with a colon, which tells the parts of a workflow id apart', { returnNo: 'RTN:871' }, 'returnNo'],
    [
      'exchange tax with more decimals than the currency has',
      { exchange: exchange({ taxAmount: '2.005' }) },
      'taxAmount',
    ],
    ['an exchange of more units than there are', { exchange: exchange({ quantity: 10_000_000 }) }, 'quantity'],
    [
      'an amount that no ledger holds',
      { lines: [{ quantity: 1_000_000, refundUnitPrice: '99999999999' }] },
      'refundUnitPrice',
    ],
    ['a deduction that no ledger holds', { deductions: [{ code: 'FEE', amount: '999999999999999' }] }, 'deductions'],
  ])('%s', (_name, over, field) => {
    expect(judged(over)).toMatchObject({ state: 'malformed', reason: expect.stringContaining(field) });
  });

  test('a movement of a return whose number no saga can bear', () => {
    expect(movementEvent(wireMovement({ documentId: 'RTN 871' }), NOW)).toMatchObject({
      state: 'malformed',
      reason: expect.stringContaining('documentId'),
    });
  });

  test('but not a plain one', () => {
    expect(judged({ exchange: exchange({}) })).toMatchObject({ state: 'new', reason: null });
  });
});
