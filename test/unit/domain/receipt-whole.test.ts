/** What holds a delivery whole: its order, its period, mappings that are missing. */
import { describe, expect, test } from '@jest/globals';
import { orderNamed } from '../../../domain/receipt/answers.js';
import { delivery, factsOf, JANUARY_CLOSED, lineOf, order, planned, said } from './receipts.js';

describe('what holds a delivery whole', () => {
  const document = delivery([lineOf(1, 10)]);
  const po = order([{ ordered: 10 }]);

  test.each([
    ['unknown', null, ['look-again', 'other-order', 'reject']],
    ['closed for receiving', 'closed-for-receiving', ['look-again', 'reopen', 'other-order', 'reject']],
    ['closed', 'closed', ['look-again', 'other-order', 'reject']],
    ['cancelled', 'cancelled', ['look-again', 'other-order', 'reject']],
  ] as const)('an order that is %s', (_name, status, choices) => {
    const plan = planned(document, status === null ? null : { ...po, status });
    expect(plan).toMatchObject({
      receipt: null,
      wholeQuestion: { question: 'purchase-order', code: 'X-18', units: 10 },
    });
    expect(plan.wholeQuestion?.choices.map(({ choice }) => choice)).toEqual(choices);
  });

  test('its refusal declines it: nothing is posted', () => {
    const answers = [said('purchase-order', 'reject', { by: 'fin-2', why: 'not ours' })];
    expect(planned(document, null, { answers })).toMatchObject({
      ...{ declined: { why: 'fin-2 declined it: not ours' }, receipt: null, wholeQuestion: null },
    });
  });

  test('a closed period asks before anything posts; moved, every document bears the new date and names the true one', () => {
    const damaged = delivery([lineOf(1, 10, { damagedUnits: 2 })]);
    expect(planned(damaged, po, { periods: JANUARY_CLOSED })).toMatchObject({
      ...{ receipt: null, differenceQuestion: null },
      wholeQuestion: { question: 'closed-period', code: 'X-24' },
    });
    const answers = [
      said('closed-period', 'open-period'),
      said('damaged', 'damaged-by-us'),
      said('write-off', 'approve'),
    ];
    const plan = planned(damaged, po, { periods: JANUARY_CLOSED, answers });
    for (const posted of [plan.receipt, plan.damagedReceipt, plan.writeOff])
      expect(posted).toMatchObject({ businessDate: '2026-02-01', memo: expect.stringContaining('2026-01-31') });
    const own = planned(damaged, po, { periods: JANUARY_CLOSED, answers: [said('closed-period', 'own-date')] });
    expect(own.receipt).toMatchObject({ businessDate: '2026-01-31' });
  });

  test('mappings that are missing are named, each once', () => {
    const mixed = delivery([lineOf(1, 1), lineOf(2, 1, { sku: 'NEW' }), lineOf(3, 1, { sku: 'PACK', uom: 'PPK' })]);
    const facts = factsOf(mixed, null);
    const [first] = facts.lines;
    if (first === undefined) throw new Error('no line');
    const lines = [
      { ...first, contents: [{ item: 'MEN|1|BLK|||M', division: 'MEN', units: 1 }] },
      { lineNo: 2, problem: 'unknown-sku' as const, contents: [] },
      { lineNo: 3, problem: 'unknown-pack' as const, contents: [] },
    ];
    expect(
      planned(mixed, po, { facts: { ...facts, lines } }).causes.map(({ code, cause }) => `${code} ${cause}`),
    ).toEqual(['X-03 division MEN at FC-UK-1', 'X-02 sku NEW', 'X-45 pack PPK of PACK']);
    const nowhere = { ...factsOf(document, null), location: null };
    expect(planned(document, po, { facts: nowhere })).toMatchObject({
      causes: [{ code: 'X-03', cause: 'location FC-UK-1' }],
      receipt: null,
    });
  });

  test('reversed at its source it is declined', () => {
    expect(planned({ ...document, state: 'reversed' }, po).declined?.why).toContain('reversed at its source');
  });

  test('only the answer that says so names another order: whoever types a number elsewhere moves nothing', () => {
    const named = said('purchase-order', 'other-order', { poNo: 'PO-2' });
    expect(orderNamed(' PO-1 ', [])).toBe('PO-1');
    expect(orderNamed('PO-1', [named])).toBe('PO-2');
    expect(orderNamed('PO-1', [said('purchase-order', 'look-again', { poNo: 'PO-3' })])).toBe('PO-1');
    expect(orderNamed('PO-1', [named, said('extra', 'take', { poNo: 'PO-3' })])).toBe('PO-2');
  });
});
