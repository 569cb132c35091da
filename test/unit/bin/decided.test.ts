import { describe, expect, test } from '@jest/globals';
import { balance, type Evidence } from '../../../bin/day/balance.js';
import type { BookDocument, ReckonedEvent } from '../../../bin/day/control.js';
import { unlikePostings } from '../../../bin/day/evidence.js';
import type { OurPosting } from '../../../bin/reads/books.js';
import { parseMoney } from '../../../domain/money.js';

const SKU = '01|TEE|BLK|||M';
const reference = (step: string): string => `return-to-stock:archean:RTN-1/${step}`;
const posting = (changes: Partial<OurPosting>): OurPosting => ({
  externalRef: 'SVAAAAAAAAAAAAAAAAAAAAAAAAAA',
  reference: reference('credit-memo'),
  workflowId: 'return-to-stock:archean:RTN-1',
  state: 'posted',
  operation: 'create',
  number: 'CM1',
  undoes: null,
  adopted: false,
  takenAsItIs: false,
  document: {
    kind: 'credit-memo',
    orderNo: 'SO1',
    invoiceNo: 'IN1',
    division: '01',
    customer: 'C1',
    businessDate: '2026-11-20',
    reasonCode: 'RETURN',
    lines: [
      {
        orderLine: 1,
        item: SKU,
        quantity: 2,
        unitPrice: '10.00',
        net: parseMoney('20.00', 'GBP'),
        taxCode: 'S20',
        taxRate: '0.20',
        tax: parseMoney('4.00', 'GBP'),
      },
    ],
    charges: [],
    total: parseMoney('24.00', 'GBP'),
    memo: 'RTN-1',
    settlement: { kind: 'refunded', reference: 'R1' },
  },
  ...changes,
});
const restock = posting({
  externalRef: 'SVBBBBBBBBBBBBBBBBBBBBBBBBBB',
  reference: reference('restock'),
  number: 'IA1',
  document: {
    kind: 'stock-adjustment',
    division: '01',
    warehouse: '01',
    businessDate: '2026-11-20',
    reasonCode: 'RETURN',
    lines: [{ item: SKU, quantity: 2 }],
    memo: 'RTN-1',
  },
});
const memoInBooks = (changes: Partial<BookDocument> = {}): BookDocument => ({
  kind: 'credit memo',
  number: 'CM1',
  externalRef: 'SVAAAAAAAAAAAAAAAAAAAAAAAAAA',
  status: 'POSTED',
  postingDate: '2026-11-20',
  division: '01',
  warehouse: null,
  orderNo: 'SO1',
  customer: 'C1',
  lines: [{ sku: SKU, quantity: '2', amount: '20.00', taxCode: 'S20', taxAmount: '4.00' }],
  charges: [],
  amount: '24.00',
  taxAmount: '4.00',
  currency: 'GBP',
  reverses: null,
  reversedBy: null,
  ...changes,
});
const restockInBooks = (quantity = '2'): BookDocument =>
  memoInBooks({
    kind: 'inventory adjustment',
    number: 'IA1',
    externalRef: 'SVBBBBBBBBBBBBBBBBBBBBBBBBBB',
    warehouse: '01',
    orderNo: null,
    customer: null,
    lines: [{ sku: SKU, quantity, amount: null }],
    amount: null,
    taxAmount: null,
    currency: null,
  });

/** The reckoning waited for a person; the person said yes, so what was posted is ours to vouch for. */
const event: ReckonedEvent = {
  key: 'RTN-1',
  class: 'above-limit',
  documents: [],
  waitsFor: { code: 'approval', owner: 'finance' },
};
const decided = new Set(['RTN-1']);
function judge(documents: BookDocument[], postings: OurPosting[] = [posting({}), restock]) {
  const owners = new Map(postings.map((one) => [one.externalRef, 'RTN-1']));
  const evidence: Evidence = { events: [event], documents, cases: [], owners, decided };
  return balance({ ...evidence, unlikePostings: unlikePostings(decided, owners, postings, documents) });
}

describe('a return somebody decided about', () => {
  test('balances when the books hold what we posted', () => {
    expect(judge([memoInBooks(), restockInBooks()])).toMatchObject({ balanced: true, right: 1 });
  });

  test('one cent on the total, on a line or on its tax is found and the document named', () => {
    const line = { sku: SKU, quantity: '2', amount: '20.00', taxCode: 'S20', taxAmount: '4.00' };
    const edits: Partial<BookDocument>[] = [
      { amount: '24.01' },
      { lines: [{ ...line, amount: '20.01' }] },
      { lines: [{ ...line, taxAmount: '3.99' }] },
      { taxAmount: '4.01' },
    ];
    for (const edit of edits) {
      const found = judge([memoInBooks(edit), restockInBooks()]);
      expect(found.balanced).toBe(false);
      expect(found.differences).toHaveLength(1);
      expect(found.differences[0]?.words).toContain('credit memo CM1');
      expect(found.differences[0]).toMatchObject({ key: 'RTN-1', class: 'above-limit', kind: 'differs' });
    }
  });

  test('one unit is found and the document named', () => {
    const found = judge([memoInBooks(), restockInBooks('3')]);
    expect(found.differences.map((one) => one.words).join()).toContain('inventory adjustment IA1');
  });

  test('a document that is gone, and one too many, are found', () => {
    expect(
      judge([memoInBooks()])
        .differences.map((one) => one.words)
        .join(),
    ).toContain('lack inventory adjustment IA1');
    const twice = judge([memoInBooks(), restockInBooks(), memoInBooks({ number: 'CM2' })]);
    expect(twice.differences.map((one) => one.words).join()).toContain('one document too many');
  });

  test('a document entered by hand and taken over is ours though it bears no reference', () => {
    const adopted = posting({ adopted: true, number: 'CM7' });
    const owners = new Map([
      ['CM7', 'RTN-1'],
      [restock.externalRef, 'RTN-1'],
    ]);
    const documents = [memoInBooks({ number: 'CM7', externalRef: '' }), restockInBooks()];
    const unlike = unlikePostings(decided, owners, [adopted, restock], documents);
    expect(
      balance({ events: [event], documents, cases: [], owners, decided, unlikePostings: unlike }).differences,
    ).toEqual([]);
    const edited = [memoInBooks({ number: 'CM7', externalRef: '', amount: '24.01' }), restockInBooks()];
    expect([...unlikePostings(decided, owners, [adopted, restock], edited).keys()]).toEqual(['RTN-1']);
  });
});
