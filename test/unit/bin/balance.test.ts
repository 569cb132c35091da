import { describe, expect, test } from '@jest/globals';
import { balance, type Evidence, type OpenCase } from '../../../bin/day/balance.js';
import type { BookDocument, ReckonedEvent } from '../../../bin/day/control.js';

const memo = (changes: Partial<BookDocument> = {}): BookDocument => ({
  kind: 'credit memo',
  number: null,
  externalRef: null,
  status: 'POSTED',
  postingDate: '2026-11-20',
  division: '01',
  warehouse: null,
  orderNo: 'SO1',
  customer: 'C1',
  lines: [{ sku: '01|TEE|BLK|||M', quantity: '2', amount: '20.00', taxCode: 'S20', taxAmount: '4.00' }],
  charges: [],
  amount: '24.00',
  taxAmount: '4.00',
  currency: 'GBP',
  reverses: null,
  ...changes,
});
const restock = (changes: Partial<BookDocument> = {}): BookDocument =>
  memo({
    kind: 'inventory adjustment',
    warehouse: '01',
    orderNo: null,
    customer: null,
    currency: null,
    amount: null,
    taxAmount: null,
    lines: [{ sku: '01|TEE|BLK|||M', quantity: '2', amount: null }],
    ...changes,
  });
const inBooks = (document: BookDocument, number: string): BookDocument => ({
  ...document,
  number,
  externalRef: `SV-${number}`,
});
const plain: ReckonedEvent = { key: 'RTN-1', class: 'plain', documents: [memo(), restock()], waitsFor: null };
const asking: ReckonedEvent = {
  key: 'RTN-2',
  class: 'above-limit',
  documents: [],
  waitsFor: { code: 'approval', owner: 'finance' },
};
const approval: OpenCase = { id: 'C-1', code: 'approval', owner: 'finance', keys: ['RTN-2'] };
const right: Evidence = {
  events: [plain, asking],
  documents: [inBooks(memo(), 'T1'), inBooks(restock(), 'T2')],
  cases: [approval],
  owners: new Map([
    ['SV-T1', 'RTN-1'],
    ['SV-T2', 'RTN-1'],
    ['SV-T3', 'RTN-1'],
  ]),
  decided: new Set(),
};
const differences = (changes: Partial<Evidence>): string[] =>
  balance({ ...right, ...changes }).differences.map((d) => `${d.key} ${d.kind}: ${d.words}`);

describe('the balance of a day', () => {
  test('holds when books and open cases are what the sandbox reckoned', () => {
    const found = balance(right);
    expect(found).toMatchObject({ balanced: true, events: 2, right: 2, differences: [] });
    expect(found.classes).toEqual([
      { class: 'above-limit', events: 1, right: 1 },
      { class: 'plain', events: 1, right: 1 },
    ]);
  });

  test('one cent more in the books is named with the document', () => {
    const documents = [inBooks(memo({ amount: '24.01' }), 'T1'), inBooks(restock(), 'T2')];
    expect(differences({ documents })).toEqual([
      'RTN-1 differs: credit memo T1, GBP 24.01, 2026-11-20 should be amount "24.00" (is "24.01")',
    ]);
  });

  test('one unit more in the books is named with the document', () => {
    const lines = [{ sku: '01|TEE|BLK|||M', quantity: '3', amount: null }];
    const documents = [inBooks(memo(), 'T1'), inBooks(restock({ lines }), 'T2')];
    expect(differences({ documents })[0]).toContain('inventory adjustment T2, 3 units in warehouse 01');
  });

  test('a document posted twice is unexpected', () => {
    const documents = [...right.documents, inBooks(memo(), 'T3')];
    expect(differences({ documents })).toEqual([
      'RTN-1 unexpected: the books hold credit memo T3, GBP 24.00, 2026-11-20, which should not be there',
    ]);
  });

  test('a half that is missing, and one that is only queued, are differences', () => {
    const documents = [inBooks(memo({ status: 'QUEUED' }), 'T1')];
    expect(differences({ documents })).toEqual([
      'RTN-1 not-posted: credit memo T1, GBP 24.00, 2026-11-20 is queued, not posted',
      'RTN-1 missing: the books lack inventory adjustment, 2 units in warehouse 01, 2026-11-20',
    ]);
  });

  test('a document that bears no reference of ours is not passed over', () => {
    const documents = [...right.documents, { ...memo(), number: 'T9', externalRef: '' }];
    expect(differences({ documents })[0]).toContain('T9 stray-document: the books hold credit memo T9');
  });

  test('rejected documents, and reversed ones with their reversal, do not stand', () => {
    const documents = [
      ...right.documents,
      inBooks(memo({ status: 'REJECTED' }), 'T3'),
      { ...inBooks(memo({ reversedBy: 'T5' }), 'T4') },
      { ...inBooks(memo({ reverses: 'T4' }), 'T5') },
    ];
    expect(differences({ documents })).toEqual([]);
  });

  test('a question nobody opened, one nobody needs, and one with the wrong owner are differences', () => {
    expect(differences({ cases: [] })).toEqual(['RTN-2 no-case: no open case approval for finance']);
    const stray = { ...approval, id: 'C-2', code: 'X-12', keys: ['RTN-1'] };
    expect(differences({ cases: [approval, stray] })[0]).toContain('RTN-1 stray-case: case C-2 (X-12)');
    expect(differences({ cases: [{ ...approval, owner: 'warehouse' }] })[0]).toContain('not for finance');
  });

  test('what the sandbox never emitted is a difference, document or case', () => {
    const cases = [approval, { ...approval, id: 'C-3', keys: ['RTN-77'] }];
    expect(differences({ cases })).toEqual([
      'RTN-77 stray-case: case C-3 (approval) waits for finance about RTN-77, which the sandbox never emitted',
    ]);
  });

  test('a return somebody decided about follows the decision, not the reckoning', () => {
    expect(balance({ ...right, cases: [], decided: new Set(['RTN-2']) }).balanced).toBe(true);
  });
});
