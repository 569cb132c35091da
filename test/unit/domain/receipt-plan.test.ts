/** The receipt's decision function: values, and what each answer leads to (R-815..R-824). */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ReceiptAnswer } from '../../../domain/receipt/answers.js';
import { valueOf } from '../../../domain/receipt/purchase-order.js';
import { POLICY } from '../../activities/return-samples.js';
import { A, B, C, delivery, factsOf, lineOf, order, planned, said, unitsOf } from './receipts.js';

const gbp = (minor: string) => ({ minor, currency: 'GBP' });
const CARTON = { 1: [{ item: A, division: 'WOM', units: 12 }] };
const PO = order([{ ordered: 720 }]);

describe('what a delivery is worth', () => {
  test('is quantity at cost and stated rate, landed estimates apart: 40 cartons of 12', () => {
    const plan = planned(delivery([lineOf(1, 40, { uom: 'CTN', expected: 40 })]), PO, { contents: CARTON });
    expect(plan.totals).toEqual({ units: 480, goods: gbp('307200'), landed: gbp('52800') });
    expect(plan.receipt).toMatchObject({
      kind: 'po-receipt',
      poNo: 'PO-1',
      warehouse: '01',
      businessDate: '2026-01-31',
    });
    expect(plan.receipt?.lines).toEqual([
      { poLine: 1, item: A, quality: 'first', quantity: 480, goods: gbp('307200'), landed: gbp('52800') },
    ]);
    expect(plan).toMatchObject({ causes: [], wholeQuestion: null, differenceQuestion: null, writeOff: null });
  });

  test('5 units are 37.50, and that is what finance is asked to write off', () => {
    expect(valueOf(PO, { unitCost: '8.00' }, 5, 'GBP')).toEqual({ goods: gbp('3200'), landed: gbp('550') });
    const document = delivery([lineOf(1, 19, { uom: 'CTN', expected: 20, damagedUnits: 5 })]);
    const plan = planned(document, PO, { contents: CARTON, answers: [said('damaged', 'damaged-by-us')] });
    expect(plan.differenceQuestion).toMatchObject({
      ...{ question: 'write-off', code: 'approval', owner: 'finance', units: 5, amount: gbp('3750') },
      title: expect.stringContaining('37.50'),
    });
    expect([unitsOf(plan.receipt), unitsOf(plan.damagedReceipt)]).toEqual([223, 5]);
  });

  test('is summed line by line, with a cost and a rate of any decimals', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 99_999 }),
        fc.integer({ min: 1, max: 300 }),
        fc.nat(500),
        (cost, rate, n) => {
          const unitCost = (cost / 1000).toFixed(3);
          const { goods } = valueOf({ rate: (rate / 100).toFixed(2), landed: [] }, { unitCost }, n, 'GBP');
          const exact = (BigInt(cost) * BigInt(rate) * BigInt(n) * 2n + 1000n) / 2000n;
          expect(goods.minor).toBe(String(exact));
        },
      ),
    );
  });
});

describe('a prepack that did not come', () => {
  test('is one case that shows its sizes (R-823)', () => {
    const sizes = [
      { item: A, division: 'WOM', units: 2 },
      { item: B, division: 'WOM', units: 3 },
      { item: C, division: 'WOM', units: 1 },
    ];
    const po = order([{ ordered: 20 }, { ordered: 30, item: B }, { ordered: 10, item: C }]);
    const document = delivery([lineOf(1, 9, { sku: 'PACK', uom: 'PPK', expected: 10 })]);
    const plan = planned(document, po, { contents: { 1: sizes } });
    expect(unitsOf(plan.receipt)).toBe(54);
    expect(plan.differenceQuestion).toMatchObject({ question: 'short', code: 'X-16', units: 6 });
    const missing = '6 × PACK (2 × WOM-00123-NVY-M, 3 × WOM-00123-NVY-L, 1 × WOM-00417-BLK-M)';
    expect(plan.differenceQuestion?.actual).toBe(`6 units missing: ${missing}`);
    expect(plan.differenceQuestion?.title).toContain(missing);
  });
});

describe('a plan', () => {
  const document = delivery([
    lineOf(1, 13, { expected: 10, damagedUnits: 2 }),
    lineOf(2, 6, { sku: B, expected: 10, quality: 'irregular' }),
    lineOf(3, 4, { sku: C, expected: 0 }),
  ]);
  const po = order([{ ordered: 10 }, { ordered: 10, item: B }]);
  const answer = fc.constantFrom<ReceiptAnswer>(
    said('damaged', 'damaged-by-us'),
    said('damaged', 'damaged-on-arrival'),
    said('write-off', 'approve', { by: 'fin-2' }),
    said('write-off', 'reject', { by: 'fin-2' }),
    said('not-on-order', 'send-back'),
    said('not-on-order', 'look-again'),
    said('extra', 'send-back'),
    said('extra', 'take'),
    said('short', 'still-coming'),
    said('short', 'never-arrived'),
  );

  test('is pure: the same input gives the same plan and is left as it was', () => {
    fc.assert(
      fc.property(fc.array(answer, { maxLength: 6 }), (answers) => {
        const facts = factsOf(document, po, { answers });
        const input = JSON.stringify([document, po, facts, answers]);
        const [first, second] = [planned(document, po, { facts, answers }), planned(document, po, { facts, answers })];
        expect(second).toEqual(first);
        expect(JSON.stringify([document, po, facts, answers])).toBe(input);
      }),
    );
  });

  test('has the same first receipt whatever is answered later, so that a saga run again posts it once', () => {
    const asked = planned(document, po).receipt;
    fc.assert(
      fc.property(fc.array(answer, { maxLength: 6 }), fc.nat(9), (answers, more) => {
        const raised = order([{ ordered: 10 + more }, { ordered: 10, item: B }]);
        expect(planned(document, raised, { answers, asItWas: po }).receipt).toEqual(asked);
      }),
    );
  });

  test('receives no unit twice and no more than the order takes', () => {
    fc.assert(
      fc.property(fc.array(answer, { maxLength: 6 }), fc.nat(9), (answers, more) => {
        const raised = order([{ ordered: 10 + more }, { ordered: 10, item: B }]);
        const plan = planned(document, raised, { answers, asItWas: po });
        const lines = [plan.receipt, plan.extraReceipt, plan.damagedReceipt].flatMap((each) => each?.lines ?? []);
        const of = (item: string): number =>
          lines.filter((line) => line.item === item).reduce((sum, { quantity }) => sum + quantity, 0);
        expect(of(A)).toBeLessThanOrEqual(Math.min(13, 10 + more));
        expect([of(B), of(C)]).toEqual([6, 0]);
        expect(plan.totals.units).toBe(of(A) + of(B));
      }),
    );
  });
});

describe('a question about a difference', () => {
  const po = order([{ ordered: 10 }, { ordered: 10, item: B }]);
  const damaged = delivery([lineOf(1, 10, { damagedUnits: 4 })]);

  test('is asked in a fixed order, one at a time, and never twice for the same answer', () => {
    const document = delivery([
      lineOf(1, 14, { expected: 10, damagedUnits: 2 }),
      lineOf(2, 6, { sku: B, expected: 10 }),
      lineOf(3, 4, { sku: C, expected: 0 }),
    ]);
    const answers = [
      said('damaged', 'damaged-on-arrival'),
      said('not-on-order', 'send-back'),
      said('extra', 'send-back'),
      said('short', 'still-coming'),
    ];
    const asked = answers.map((_, at) => planned(document, po, { answers: answers.slice(0, at) }).differenceQuestion);
    expect(asked.map((question) => [question?.question, question?.code, question?.owner])).toEqual([
      ['damaged', 'X-16', 'warehouse'],
      ['not-on-order', 'X-17', 'warehouse'],
      ['extra', 'X-16', 'warehouse'],
      ['short', 'X-16', 'warehouse'],
    ]);
    expect(planned(document, po, { answers }).differenceQuestion).toBeNull();
  });

  test('damaged on arrival: neither received nor owed', () => {
    const plan = planned(damaged, po, { answers: [said('damaged', 'damaged-on-arrival')] });
    expect([unitsOf(plan.receipt), plan.damagedReceipt, plan.writeOff]).toEqual([6, null, null]);
    expect(plan.differenceQuestion).toBeNull();
  });

  test('damaged by us: received and owed at once, written off when finance agrees, else kept in stock', () => {
    const byUs = said('damaged', 'damaged-by-us');
    const agreed = planned(damaged, po, { answers: [byUs, said('write-off', 'approve')] });
    expect([unitsOf(agreed.receipt), unitsOf(agreed.damagedReceipt)]).toEqual([6, 4]);
    expect(agreed.writeOff).toMatchObject({
      reasonCode: 'DAMAGE',
      division: 'WOM',
      lines: [{ item: A, quantity: -4 }],
    });
    const kept = planned(damaged, po, { answers: [byUs, said('write-off', 'reject')] });
    expect([unitsOf(kept.damagedReceipt), kept.writeOff, kept.differenceQuestion]).toEqual([4, null, null]);
  });

  test('a write-off without a reason of the ERP holds what was agreed, and posts none of it', () => {
    const answers = [said('damaged', 'damaged-by-us'), said('write-off', 'approve')];
    const facts = { ...factsOf(damaged, po, { answers }), writeOffReason: null };
    expect(planned(damaged, po, { answers, facts })).toMatchObject({
      writeOff: null,
      causes: [{ code: 'X-02', cause: 'reason WRITE_OFF' }],
    });
  });

  test('a write-off leaves the books at what the units came in with, where the site does not value at standard cost', () => {
    const mixed = order([{ ordered: 6 }, { ordered: 4, unitCost: '10.00' }]);
    const answers = [said('damaged', 'damaged-by-us'), said('write-off', 'approve')];
    const whole = delivery([lineOf(1, 10, { damagedUnits: 6 })]);
    expect(planned(whole, mixed, { answers }).writeOff?.lines).toEqual([{ item: A, quantity: -6 }]);
    const policy = { ...POLICY, site: { ...POLICY.site, valuationMethod: 'average' as const } };
    expect(planned(whole, mixed, { answers, policy }).writeOff?.lines).toEqual([
      { item: A, quantity: -2, unitCost: '7.5' },
      { item: A, quantity: -4, unitCost: '9.1' },
    ]);
  });

  test('the write-off is approved by none of those who counted the delivery in or said that we damaged it (R-802)', () => {
    const answers = [said('damaged', 'damaged-by-us', { by: 'fin-2' })];
    const document = { ...damaged, receivedBy: 'wh-1' };
    const facts = { ...factsOf(document, po, { answers }), mappedBy: ['wh-3'] };
    const { differenceQuestion } = planned(document, po, { answers, facts });
    expect(differenceQuestion).toMatchObject({ question: 'write-off', requesters: ['wh-1', 'wh-3', 'fin-2'] });
  });

  test('too many: taken once the order was raised, asked again while it was not', () => {
    const document = delivery([lineOf(1, 13)]);
    const asItWas = order([{ ordered: 10 }]);
    const answers = [said('extra', 'take')];
    const early = planned(document, asItWas, { answers });
    expect(early.differenceQuestion).toMatchObject({ question: 'extra', shown: { asked: 2 } });
    const raised = planned(document, order([{ ordered: 12 }]), { answers, asItWas });
    expect([unitsOf(raised.receipt), unitsOf(raised.extraReceipt)]).toEqual([10, 2]);
    expect(raised.differenceQuestion).toMatchObject({ question: 'extra', units: 1 });
    expect(planned(document, asItWas, { answers: [said('extra', 'send-back')] })).toMatchObject({
      ...{ extraReceipt: null, differenceQuestion: null },
      totals: { units: 10 },
    });
  });

  test('an article that was put on the order is received, sent back it is not', () => {
    const document = delivery([lineOf(1, 10), lineOf(2, 4, { sku: C, expected: 0 })]);
    const asItWas = order([{ ordered: 10 }]);
    const added = order([{ ordered: 10 }, { ordered: 4, item: C }]);
    const answers = [said('not-on-order', 'look-again')];
    const plan = planned(document, added, { answers, asItWas });
    expect(plan.extraReceipt?.lines).toMatchObject([{ poLine: 2, item: C, quantity: 4 }]);
    expect(plan.differenceQuestion).toBeNull();
    expect(planned(document, asItWas, { answers }).differenceQuestion).toMatchObject({ shown: { asked: 2 } });
    expect(planned(document, asItWas, { answers: [said('not-on-order', 'send-back')] })).toMatchObject({
      ...{ extraReceipt: null, differenceQuestion: null },
      totals: { units: 10 },
    });
  });

  test('missing: still coming keeps the order open, never arrived gives the units up by line, last line first', () => {
    const two = order([{ ordered: 6 }, { ordered: 10, item: B }, { ordered: 4 }]);
    const document = delivery([lineOf(1, 3, { expected: 10 })]);
    expect(planned(document, two, { answers: [said('short', 'still-coming')] }).givenUp).toEqual([]);
    expect(planned(document, two, { answers: [said('short', 'never-arrived')] }).givenUp).toEqual([
      { poLine: 3, units: 4 },
      { poLine: 1, units: 3 },
    ]);
  });

  test('two short lines of one item give their units up together, each unit on one line of the order', () => {
    const two = order([{ ordered: 10 }, { ordered: 4 }]);
    const document = delivery([lineOf(1, 3, { expected: 6 }), lineOf(2, 1, { expected: 8, quality: 'irregular' })]);
    expect(planned(document, two, { answers: [said('short', 'never-arrived')] }).givenUp).toEqual([
      { poLine: 2, units: 4 },
      { poLine: 1, units: 6 },
    ]);
  });

  test('nothing came at all: nothing is received and the whole of it is short', () => {
    const plan = planned(delivery([lineOf(1, 0, { expected: 10 })]), po);
    expect([plan.receipt, plan.damagedReceipt, plan.writeOff, plan.totals.units]).toEqual([null, null, null, 0]);
    expect(plan.differenceQuestion).toMatchObject({ question: 'short', units: 10 });
  });

  test('all of it damaged, irregular and first of one item on two lines of the order: nothing is lost', () => {
    const two = order([{ ordered: 5 }, { ordered: 9 }]);
    const document = delivery([
      lineOf(1, 7, { damagedUnits: 7 }),
      lineOf(2, 7, { damagedUnits: 7, quality: 'irregular' }),
    ]);
    const plan = planned(document, two, { answers: [said('damaged', 'damaged-by-us'), said('write-off', 'approve')] });
    expect(plan.receipt).toBeNull();
    expect(plan.damagedReceipt?.lines).toMatchObject([
      { poLine: 1, quality: 'first', quantity: 5 },
      { poLine: 2, quality: 'first', quantity: 2 },
      { poLine: 2, quality: 'irregular', quantity: 7 },
    ]);
    expect(unitsOf(plan.writeOff)).toBe(-14);
  });
});
