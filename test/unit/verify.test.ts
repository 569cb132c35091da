import { expect, test } from '@jest/globals';
import type { Held } from '../../activities/posting/erp.js';
import { documentDifferences } from '../../activities/posting/verify.js';
import { creditMemo } from '../activities/posting-support/asks.js';

test('a memo over the same figure in another currency is another document', () => {
  const memo = creditMemo(1);
  const held: Held = {
    ...{ number: 'N1', kind: 'credit-memo', externalRef: '', state: 'posted', businessDate: memo.businessDate },
    ...{ division: memo.division, warehouse: null, orderNo: memo.orderNo, total: '24.00', taxTotal: '4.00' },
    ...{ lines: memo.lines, journal: null, errors: [], undoes: null, undoneBy: null, modifiedBy: 'x', createdAt: '' },
    currency: 'GBP',
  };
  expect(documentDifferences(memo, held)).toEqual([]);
  expect(documentDifferences(memo, { ...held, currency: 'USD' })).toEqual([
    { what: 'currency', expected: 'GBP', actual: 'USD' },
  ]);
});
