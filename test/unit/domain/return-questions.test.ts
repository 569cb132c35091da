import { describe, expect, test } from '@jest/globals';
import type { ReturnAnswer } from '../../../domain/return/answers.js';
import { planReturn } from '../../../domain/return/plan.js';
import { answer, amounts, gbp, inputOf, plan, policyWith, returnOf, sale, type Setting } from './returns.js';

const A1 = sale('A1', [{ sku: 'TEE', quantity: 10, unitPrice: '20.00', discount: '10.00' }]);
const back = (quantity: number, refundUnitPrice = '19.00', more = {}) =>
  returnOf([{ sku: 'TEE', quantity, refundUnitPrice, ...more }]);
const creditsOf = (setting: Setting): string[] =>
  plan(setting).credits.flatMap(({ step, document }) => [
    ...document.lines.map(({ quantity, net, tax }) => `${step} ${quantity} ${amounts(net)}+${amounts(tax)}`),
    ...document.charges.map(({ account, net, tax }) => `${step} ${account} ${amounts(net)}+${amounts(tax)}`),
  ]);
const unitsOf = (setting: Setting): number => plan(setting).totals.restockUnits;
const choicesOf = (setting: Setting): string[] => {
  const { wholeQuestion, creditQuestion } = plan(setting);
  return (wholeQuestion ?? creditQuestion)?.choices.map(({ choice }) => choice) ?? [];
};

describe('a return without an original order (X-09)', () => {
  const setting: Setting = { document: back(2, '19.00', { orderNo: '' }), sales: [] };

  test('asks finance and holds only the credit; its restock is ready', () => {
    const { outcome, wholeQuestion, creditQuestion, restocks } = plan(setting);
    expect([outcome, wholeQuestion, creditQuestion?.code, creditQuestion?.owner]).toEqual([
      'no-original',
      null,
      'X-09',
      'finance',
    ]);
    expect(creditQuestion?.title).toBe('Return R1 has no original order for 1 of 1 lines, refunded with GBP 38.00.');
    expect(creditQuestion?.requesters).toEqual(['clerk-7']);
    expect(plan({ ...setting, facts: { mappedBy: ['wh-1'] } }).creditQuestion?.requesters).toEqual(['clerk-7', 'wh-1']);
    expect(restocks.map(({ document }) => document.lines)).toEqual([[{ item: '10|TEE|BLK|||M', quantity: 2 }]]);
  });

  test('approved, it is credited at the refund price without an order and without tax', () => {
    const approved = { ...setting, answers: [answer('original-order', 'approve')] };
    expect(creditsOf(approved)).toEqual(['credit-memo 4960 38.00+0.00']);
    expect(plan(approved).credits[0]?.document).toMatchObject({ orderNo: '', invoiceNo: '', division: '10' });
    expect(plan(approved).creditQuestion).toBeNull();
  });

  test('approved above the limit it is not asked a second time: the amount was part of the first question', () => {
    const large = { ...setting, document: back(40, '19.00', { orderNo: '' }), policy: policyWith() };
    expect(plan(large).creditQuestion?.baseAmount).toEqual(gbp('760.00'));
    expect(plan({ ...large, answers: [answer('original-order', 'approve')] }).creditQuestion).toBeNull();
  });

  test('corrected, it is credited as the order sold it', () => {
    const answers = [answer('original-order', 'correct', { orderNo: 'A1' })];
    const corrected = { ...setting, sales: [A1], answers };
    expect(creditsOf(corrected)).toEqual(['credit-memo 2 38.00+7.60']);
    expect(plan(corrected).outcome).toBe('plain');
  });

  test('corrected with an order that does not fit it asks again, with other content and naming what was tried', () => {
    const answers = [answer('original-order', 'correct', { orderNo: 'A9', by: 'fin-2' })];
    const first = plan(setting).creditQuestion;
    const second = plan({ ...setting, answers }).creditQuestion;
    expect(second?.actual).toContain('tried A9');
    expect(second?.shown).not.toEqual(first?.shown);
    expect(second?.requesters).toEqual(['clerk-7', 'fin-2']);
  });

  test('an order line that was another article is no original', () => {
    const { creditQuestion } = plan({ document: back(1, '5.00', { sku: 'HAT' }), sales: [A1] });
    expect([creditQuestion?.code, creditQuestion?.actual]).toEqual([
      'X-09',
      'line 1, 1 × HAT: line 1 of order A1 is 10|TEE|BLK|||M, not HAT',
    ]);
  });

  test('a charge without item and order takes the one division it can have, or asks which', () => {
    const charge = back(1, '4.00', { orderNo: '', kind: 'charge', sku: 'POST', disposition: 'none' });
    expect(choicesOf({ document: charge, sales: [] })).toEqual(['approve-10', 'approve-20', 'correct', 'reject']);
    const chosen = plan({ document: charge, sales: [], answers: [answer('original-order', 'approve-20')] });
    expect(chosen.credits.map(({ document }) => [document.division, document.charges[0]?.account])).toEqual([
      ['20', '4200'],
    ]);
    expect(chosen.outcome).toBe('charge-no-original');
    const location = { warehouse: '01', nonSellable: null, divisions: ['10'] };
    expect(choicesOf({ document: charge, sales: [], facts: { location } })).toEqual(['approve', 'correct', 'reject']);
  });
});

describe('more returned than was left (X-11)', () => {
  const earlier = [{ returnNo: 'R0', orderNo: 'A1', orderLine: 1, quantity: 8 }];
  const setting: Setting = { document: back(5), sales: [A1], earlier };

  test('holds the return whole, asks the warehouse and names the sibling', () => {
    const { outcome, wholeQuestion, creditQuestion } = plan(setting);
    expect([outcome, wholeQuestion?.code, wholeQuestion?.owner, creditQuestion]).toEqual([
      'exceeds',
      'X-11',
      'warehouse',
      null,
    ]);
    expect(wholeQuestion?.title).toBe(
      'Return R1 brings back 5 × TEE of order A1 line 1, where 2 of 10 were left: probable duplicate entry of R0.',
    );
    expect(wholeQuestion?.choices.map(({ choice, proof }) => [choice, proof])).toEqual([
      ['post-covered', true],
      ['post-all', true],
      ['reject', false],
    ]);
  });

  test('the covered part is credited as sold and restocked, the excess is not', () => {
    const answers = [answer('quantity', 'post-covered')];
    expect(creditsOf({ ...setting, answers })).toEqual(['credit-memo 2 38.00+7.60']);
    expect(unitsOf({ ...setting, answers })).toBe(2);
  });

  test('all of it: the excess goes to goodwill on a memo that no invoice bounds', () => {
    const answers = [answer('quantity', 'post-all')];
    expect(creditsOf({ ...setting, answers })).toEqual(['credit-memo 2 38.00+7.60', 'credit-memo-2 4950 57.00+11.40']);
    expect(unitsOf({ ...setting, answers })).toBe(5);
  });

  test('with nothing left there is no covered part to choose', () => {
    const none = {
      ...setting,
      earlier: [{ ...earlier[0], returnNo: 'R0', orderNo: 'A1', orderLine: 1, quantity: 10 }],
    };
    expect(choicesOf(none)).toEqual(['post-all', 'reject']);
  });

  test('a refund that differs is asked after the quantity', () => {
    const differs = { ...setting, document: back(5, '25.00') };
    expect(plan(differs).outcome).toBe('exceeds');
    expect(plan({ ...differs, answers: [answer('quantity', 'post-covered')] }).creditQuestion?.code).toBe('X-12');
  });
});

describe('a refund that differs from what was sold (X-12)', () => {
  const above: Setting = { document: back(2, '21.00'), sales: [A1] };
  const below: Setting = { document: back(2, '15.50'), sales: [A1] };

  test('says by how much, and which way', () => {
    expect([plan(above).outcome, plan(above).creditQuestion?.title]).toEqual([
      'refund-above-sold',
      'Return R1 was refunded GBP 4.00 above what was sold: GBP 42.00 against GBP 38.00.',
    ]);
    expect([plan(below).outcome, plan(below).creditQuestion?.title]).toEqual([
      'refund-below-sold',
      'Return R1 was refunded GBP 7.00 below what was sold: GBP 31.00 against GBP 38.00.',
    ]);
  });

  test('as sold credits what was sold, whatever was refunded', () => {
    for (const setting of [above, below]) {
      expect(creditsOf({ ...setting, answers: [answer('refund', 'as-sold')] })).toEqual(['credit-memo 2 38.00+7.60']);
    }
  });

  test('approved, the goods stay as sold and the difference is a line of its own with the tax it was sold with', () => {
    const answers = [answer('refund', 'approve')];
    expect(creditsOf({ ...above, answers })).toEqual(['credit-memo 2 38.00+7.60', 'credit-memo-2 4950 4.00+0.80']);
    expect(creditsOf({ ...below, answers })).toEqual(['credit-memo 2 38.00+7.60', 'credit-memo 4950 -7.00+-1.40']);
  });

  test('a cent a line and five a document are rounding; one more is not', () => {
    const price = sale('A1', [{ sku: 'TEE', quantity: 1, unitPrice: '20.00' }]);
    expect(plan({ document: back(1, '20.01'), sales: [price] }).outcome).toBe('plain');
    expect(plan({ document: back(1, '20.02'), sales: [price] }).outcome).toBe('refund-above-sold');
    const many = (count: number): Setting => ({
      sales: [
        sale(
          'A1',
          Array.from({ length: count }, (_, i) => ({ sku: `T${i}`, quantity: 1, unitPrice: '20.00' })),
        ),
      ],
      document: returnOf(
        Array.from({ length: count }, (_, i) => ({ sku: `T${i}`, quantity: 1, refundUnitPrice: '19.99' })),
      ),
    });
    expect([plan(many(5)).outcome, plan(many(6)).outcome]).toEqual(['plain', 'refund-below-sold']);
  });

  test('a refund in another currency is never approved as it is', () => {
    const euro = { sales: [A1], document: { ...back(2), currency: 'EUR' } };
    expect(plan(euro).creditQuestion?.title).toBe('Return R1 was refunded in EUR, and order A1 was sold in GBP.');
    expect(choicesOf(euro)).toEqual(['as-sold', 'reject']);
    const answered = plan({ ...euro, answers: [answer('refund', 'as-sold')] });
    expect(answered.credits.map(({ document }) => document.total)).toEqual([gbp('45.60')]);
  });
});

describe('deductions (R-810)', () => {
  const fee = [{ code: 'RESTOCK-FEE', amount: '5.00' }];

  test('with a rule they are a line of their own, stated beside the prices or taken off them', () => {
    const documents = [
      { ...back(2), deductions: fee },
      { ...back(2, '16.50'), deductions: fee },
    ];
    for (const document of documents) {
      expect(plan({ document, sales: [A1] })).toMatchObject({ outcome: 'plain', creditQuestion: null });
      expect(creditsOf({ document, sales: [A1] })).toEqual([
        'credit-memo 2 38.00+7.60',
        'credit-memo 4910 -5.00+-1.00',
      ]);
    }
  });

  test('without a rule they explain nothing and are asked about', () => {
    const document = { ...back(2), deductions: [{ code: 'ODD', amount: '3.00' }] };
    expect(plan({ document, sales: [A1] })).toMatchObject({ outcome: 'refund-below-sold' });
    expect(plan({ document, sales: [A1] }).creditQuestion?.title).toBe(
      'Return R1 carries ODD, which no rule explains.',
    );
    const answers = [answer('refund', 'approve')];
    expect(creditsOf({ document, sales: [A1], answers })).toEqual([
      'credit-memo 2 38.00+7.60',
      'credit-memo 4950 -3.00+-0.60',
    ]);
  });
});

test('facts that were read for other answers are refused, with what to do', () => {
  const input = inputOf({ document: back(2), sales: [A1] });
  expect(() => planReturn({ ...input, facts: { ...input.facts, grants: [] } })).toThrow(
    'line 1 of return R1 has no grant: claim the return again with these answers',
  );
});

test('answering never leads to the same question with the same content', () => {
  const periods = [{ code: '2026-03', firstDay: '2026-03-01', lastDay: '2026-03-31', state: 'closed' as const }];
  const document = returnOf([
    { sku: 'TEE', quantity: 5, refundUnitPrice: '40.00' },
    { sku: 'HAT', quantity: 60, refundUnitPrice: '20.00', orderNo: '' },
  ]);
  const earlier = [{ returnNo: 'R0', orderNo: 'A1', orderLine: 1, quantity: 8 }];
  const explore = (answers: ReturnAnswer[], seen: string[], depth: number): number => {
    const { wholeQuestion, creditQuestion } = plan({ document, sales: [A1], periods, earlier, answers });
    const open = wholeQuestion ?? creditQuestion;
    if (open === null || depth > 8) return depth;
    const content = JSON.stringify([open.question, open.shown]);
    expect(seen).not.toContain(content);
    const next = open.choices
      .filter(({ choice }) => choice !== 'reject' && !(choice === 'correct' && depth > 3))
      .map(({ choice }) =>
        explore([...answers, answer(open.question, choice, { orderNo: 'A9' })], [...seen, content], depth + 1),
      );
    return Math.max(...next);
  };
  expect(explore([], [], 0)).toBeGreaterThan(3);
});
