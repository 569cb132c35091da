/** What counts as a difference between our postings and the ERP's books, and what does not. */
import { describe, expect, test } from '@jest/globals';
import { compareBooks, type OurPosting } from '../../bin/reads/books.js';
import type { BookDocument } from '../../bin/day/control.js';
import type { CreditMemo, StockAdjustment } from '../../domain/documents.js';
import { money } from '../../domain/money.js';

const REF = `SV${'A'.repeat(26)}`;
const OTHER = `SV${'B'.repeat(26)}`;

const memo: CreditMemo = {
  kind: 'credit-memo',
  orderNo: 'SO-1',
  invoiceNo: 'INV-1',
  division: 'WOM',
  customer: 'C-1',
  businessDate: '2026-03-31',
  reasonCode: 'RET',
  lines: [
    {
      orderLine: 1,
      item: 'WOM|1|NVY|||08',
      quantity: 2,
      unitPrice: '20.00',
      net: money('4000', 'GBP'),
      taxCode: 'S20',
      taxRate: '0.2',
      tax: money('800', 'GBP'),
    },
  ],
  charges: [
    {
      account: '4910',
      description: 'Fee',
      net: money('-500', 'GBP'),
      taxCode: 'S20',
      taxRate: '0.2',
      tax: money('-100', 'GBP'),
    },
  ],
  total: money('4200', 'GBP'),
  memo: 'RTN-1',
  settlement: { kind: 'refunded', reference: '' },
};

const booked: BookDocument = {
  kind: 'credit memo',
  number: 'CM-1',
  externalRef: REF,
  status: 'POSTED',
  postingDate: '2026-03-31',
  division: 'WOM',
  warehouse: null,
  orderNo: 'SO-1',
  customer: 'C-1',
  lines: [{ sku: 'WOM|1|NVY|||08', quantity: '2', amount: '40.0', taxAmount: '8.00' }],
  charges: [{ glAccount: '4910', amount: '-5.00', taxAmount: '-1.00' }],
  amount: '42.00',
  taxAmount: '7.00',
  currency: 'GBP',
  reverses: null,
  reversedBy: null,
};

const posted: OurPosting = {
  externalRef: REF,
  reference: 'return-to-stock:archean:RTN-1/credit-memo',
  workflowId: 'return-to-stock:archean:RTN-1',
  state: 'posted',
  operation: 'create',
  number: 'CM-1',
  undoes: null,
  document: memo,
  adopted: false,
  takenAsItIs: false,
};

const words = (ours: Partial<OurPosting>[], held: Partial<BookDocument>[], whole = true): string[] =>
  compareBooks(
    ours.map((each) => ({ ...posted, ...each })),
    held.map((each) => ({ ...booked, ...each })),
    whole,
  ).map((found) => found.words);

describe('comparing our postings with the books', () => {
  test('the same document is no difference, however its decimals are spelt', () => {
    expect(words([{}], [{}])).toEqual([]);
  });

  test.each([
    ['a cent of the total', { amount: '42.01' }, 'total is 42.01, we posted 42'],
    ['a cent of tax', { taxAmount: '7.01' }, 'tax is 7.01, we posted 7'],
    ['another currency', { currency: 'EUR' }, 'currency is EUR, we posted GBP'],
    ['another day', { postingDate: '2026-04-01' }, 'posting date is 2026-04-01, we posted 2026-03-31'],
    ['another order', { orderNo: 'SO-2' }, 'order is SO-2, we posted SO-1'],
    ['another division', { division: 'MEN' }, 'division is MEN, we posted WOM'],
    ['another customer', { customer: 'C-2' }, 'customer is C-2, we posted C-1'],
    ['a unit', { lines: [{ ...booked.lines[0], quantity: '3' }] as BookDocument['lines'] }, '3 units net 40 tax 8'],
    ['a charge left out', { charges: [] }, 'it lacks the line "charge 4910 net -5 tax -1"'],
    ['another kind', { kind: 'inventory adjustment' }, 'kind is inventory adjustment, we posted credit memo'],
    ['a rejection', { status: 'REJECTED' }, 'the ERP has rejected it'],
    ['a queue it should have left', { status: 'QUEUED' }, 'it is queued, not posted'],
    [
      'a reversal by somebody else',
      { reversedBy: 'CM-9' },
      'it was reversed in the ERP by CM-9, which is none of ours',
    ],
  ])('%s is a difference that names the document', (_what, change, said) => {
    const [first, ...more] = words([{}], [change]);
    expect([first, more]).toEqual([expect.stringContaining(said), []]);
    expect(first).toContain('CM-1');
  });

  test('a document of ours that is missing is one, unless only a part of the books was read', () => {
    expect(words([{}], [])).toEqual([expect.stringContaining('the books lack credit memo CM-1')]);
    expect(words([{}], [], false)).toEqual([]);
  });

  test('a document under a reference that should have none, or that nobody knows, is one', () => {
    expect(words([{ state: 'forbidden', number: null }], [{}])).toEqual([expect.stringContaining('is forbidden')]);
    expect(words([], [{}])).toEqual([expect.stringContaining('our store does not know')]);
  });

  test('a second document under one reference is one too many, until it is reversed', () => {
    expect(words([{}], [{}, { number: 'CM-2' }])).toEqual([expect.stringContaining('CM-1 already')]);
    expect(words([{}], [{}, { number: 'CM-2', reversedBy: 'CM-3' }])).toEqual([]);
  });

  test('what is on its way is no difference', () => {
    expect(words([{ state: 'accepted' }], [{ status: 'QUEUED' }])).toEqual([]);
    expect(words([{ state: 'sent', number: null }], [{ status: 'QUEUED' }])).toEqual([]);
    expect(words([{ state: 'sent', number: null }], [])).toEqual([]);
    expect(words([{ state: 'intended', number: null }], [])).toEqual([]);
  });

  test('a reversal of ours, also one on its way, is no difference', () => {
    const undo = {
      externalRef: OTHER,
      operation: 'reverse' as const,
      undoes: 'CM-1',
      state: 'sent' as const,
      number: null,
    };
    expect(words([{}, undo], [{ reversedBy: 'CM-2' }])).toEqual([]);
    expect(words([{ state: 'reversed' }], [{ reversedBy: 'CM-2' }])).toEqual([]);
  });

  test('a document entered by hand may bear another date and reference, but no other amount', () => {
    const byHand = { externalRef: '', postingDate: '2026-04-02', customer: 'c1' };
    expect(words([{ adopted: true }], [byHand])).toEqual([]);
    expect(words([{ adopted: true }], [{ ...byHand, amount: '42.01' }])).toHaveLength(1);
  });

  test('a document a person took as it stands is not compared', () => {
    expect(words([{ takenAsItIs: true }], [{ amount: '1.00' }])).toEqual([]);
  });

  test('an adjustment is compared by place, day and units', () => {
    const adjustment: StockAdjustment = {
      kind: 'stock-adjustment',
      division: 'WOM',
      warehouse: '01',
      businessDate: '2026-03-31',
      reasonCode: 'RET',
      lines: [{ item: 'WOM|1|NVY|||08', quantity: 2 }],
      memo: 'RTN-1',
    };
    const line = { sku: 'WOM|1|NVY|||08', quantity: '2', amount: null, taxAmount: null };
    const stock = { kind: 'inventory adjustment', warehouse: '01', orderNo: null, amount: null, charges: [] };
    expect(words([{ document: adjustment }], [{ ...stock, lines: [line] }])).toEqual([]);
    const other = words(
      [{ document: adjustment }],
      [{ ...stock, warehouse: '02', lines: [{ ...line, quantity: '1' }] }],
    );
    expect(other).toEqual([expect.stringMatching(/warehouse is 02, we posted 01; .*1 units.*; .*2 units/)]);
  });
});
