import { describe, expect, test } from '@jest/globals';
import { awaitedOrders } from '../../../domain/return/lines.js';
import { dayCredit } from '../../../domain/return/day.js';
import { answer, gbp, inputOf, plan, policyWith, returnOf, sale, soldOf, type Setting } from './returns.js';

const A1 = sale('A1', [{ sku: 'TEE', quantity: 10, unitPrice: '20.00', discount: '10.00' }]);
const back = (quantity: number, refundUnitPrice = '19.00', more = {}) =>
  returnOf([{ sku: 'TEE', quantity, refundUnitPrice, ...more }]);
const choicesOf = (setting: Setting): string[] => {
  const { wholeQuestion, creditQuestion } = plan(setting);
  return (wholeQuestion ?? creditQuestion)?.choices.map(({ choice }) => choice) ?? [];
};

describe('before dispatch (X-64)', () => {
  const unshipped = sale('A1', [{ sku: 'TEE', quantity: 10, unitPrice: '19.00' }], {
    shippedAt: null,
    status: 'allocated',
  });
  const soon = sale('A1', [{ sku: 'TEE', quantity: 10, unitPrice: '19.00' }], { placedAt: '2026-03-10T09:00:00Z' });
  const lead = policyWith({ dispatchLeadMinutes: 60 });

  test('an order that shows no dispatch is asked about first, whole, without a lead time too', () => {
    const { wholeQuestion, beside } = plan({ document: back(2), sales: [unshipped] });
    expect([wholeQuestion?.code, wholeQuestion?.owner, beside.beforeDispatch]).toEqual(['X-64', 'operations', true]);
    expect(wholeQuestion?.choices.map(({ choice }) => choice)).toEqual(['process', 'cancel-order', 'reject']);
  });

  test('cancelled instead: the order is named, nothing is credited or restocked', () => {
    const result = plan({
      document: back(2),
      sales: [unshipped],
      answers: [answer('before-dispatch', 'cancel-order')],
    });
    expect(result).toMatchObject({
      cancelOrders: ['A1'],
      credits: [],
      restocks: [],
      wholeQuestion: null,
      declined: null,
    });
  });

  test('processed, it waits for its invoice and then has no original', () => {
    const answers = [answer('before-dispatch', 'process')];
    const document = back(2);
    expect(awaitedOrders(document, soldOf([unshipped]), answers)).toEqual(['A1']);
    expect(plan({ document, sales: [unshipped], answers }).creditQuestion?.code).toBe('X-09');
  });

  test('within the lead time a plain goods return asks, in the very last minute too and not a second later', () => {
    const at = (processedAt: string) => plan({ document: { ...back(2), processedAt }, sales: [soon], policy: lead });
    expect(at('2026-03-10T10:00:00Z').wholeQuestion?.code).toBe('X-64');
    expect(at('2026-03-10T10:00:01Z').wholeQuestion).toBeNull();
    expect(at('2026-03-10T10:00:00Z').outcome).toBe('plain');
  });

  test('within the lead time a return with a question of its own keeps that, and charges never ask', () => {
    const differs = plan({ document: back(2, '30.00'), sales: [soon], policy: lead });
    expect([differs.wholeQuestion, differs.creditQuestion?.code]).toEqual([null, 'X-12']);
    const post = sale('A1', [{ sku: 'POST', quantity: 1, unitPrice: '4.00', kind: 'charge' }], {
      placedAt: '2026-03-10T09:59:00Z',
    });
    const document = returnOf([
      { sku: 'POST', quantity: 1, refundUnitPrice: '4.00', kind: 'charge', disposition: 'none' },
    ]);
    expect(plan({ document, sales: [post], policy: lead })).toMatchObject({
      outcome: 'charge-plain',
      wholeQuestion: null,
    });
  });

  test('one order of two is cancelled, the other goes on', () => {
    const other = sale('A2', [{ sku: 'HAT', quantity: 1, unitPrice: '9.00' }]);
    const document = returnOf([
      { sku: 'TEE', quantity: 2, refundUnitPrice: '19.00', orderNo: 'A1', orderLine: 1 },
      { sku: 'HAT', quantity: 1, refundUnitPrice: '9.00', orderNo: 'A2', orderLine: 1 },
    ]);
    const result = plan({ document, sales: [unshipped, other], answers: [answer('before-dispatch', 'cancel-order')] });
    expect([result.cancelOrders, result.credits.map(({ document: memo }) => memo.orderNo)]).toEqual([['A1'], ['A2']]);
    expect(result.totals.restockUnits).toBe(1);
  });
});

describe('limits (R-086)', () => {
  const limited = (limits: object) => policyWith({ limits: { ...policyWith().limits, ...limits } });

  test('the credit with its tax is compared: at the limit it posts, above it waits for finance', () => {
    const document = back(2);
    const at = plan({ document, sales: [A1], policy: limited({ creditPerReturn: gbp('45.60') }) });
    const above = plan({ document, sales: [A1], policy: limited({ creditPerReturn: gbp('45.59') }) });
    expect(at.creditQuestion).toBeNull();
    expect(above.creditQuestion).toMatchObject({
      code: 'approval',
      owner: 'finance',
      question: 'credit-limit',
      amount: gbp('45.60'),
    });
    expect(above.outcome).toBe('plain');
  });

  test('the customer’s day counts, this return included', () => {
    const { creditQuestion } = plan({ document: back(2), sales: [A1], facts: { customerDay: gbp('1500.01') } });
    expect(creditQuestion?.title).toBe(
      'Return R1 credits GBP 45.60: with it the customer is credited GBP 1,500.01 on 2026-03-10, and the limit for a day is GBP 1,500.00.',
    );
    expect(plan({ document: back(2), sales: [A1], facts: { customerDay: gbp('1500.00') } }).creditQuestion).toBeNull();
  });

  test('other currencies are compared by the recorded rate, and one without a rate always asks', () => {
    const euro = { sales: [sale('A1', [{ sku: 'TEE', quantity: 10, unitPrice: '100.00' }], { currency: 'EUR' })] };
    const document = (currency: string) => ({ ...back(4, '100.00'), currency });
    const policy = limited({ creditPerReturn: gbp('412.80') });
    expect(plan({ ...euro, document: document('EUR'), policy }).creditQuestion).toBeNull();
    expect(
      plan({ ...euro, document: document('EUR'), policy: { ...policy, rates: { EUR: '0.87' } } }).creditQuestion
        ?.baseAmount,
    ).toEqual(gbp('417.60'));
    expect(plan({ ...euro, document: document('EUR'), policy: { ...policy, rates: {} } }).creditQuestion).toMatchObject(
      { baseAmount: null, twoPeople: true },
    );
  });

  test('fees above what the goods bring ask, whatever the limits', () => {
    const fee = (amount: string) => ({ ...back(2), deductions: [{ code: 'RESTOCK-FEE', amount }] });
    expect(plan({ document: fee('38.00'), sales: [A1] }).creditQuestion).toBeNull();
    expect(plan({ document: fee('38.01'), sales: [A1] }).creditQuestion).toMatchObject({
      question: 'credit-limit',
      title: expect.stringContaining('the customer would owe money'),
    });
  });

  test('two people from a limit on', () => {
    const big = { document: back(10, '19.00'), sales: [A1] };
    const two = (twoPeopleFrom: string) =>
      plan({ ...big, policy: limited({ creditPerReturn: gbp('100.00'), twoPeopleFrom: gbp(twoPeopleFrom) }) });
    expect([two('228.00').creditQuestion?.twoPeople, two('228.01').creditQuestion?.twoPeople]).toEqual([true, false]);
  });

  test('an adjustment above its own limit at cost holds the return whole', () => {
    const dear = {
      document: back(2),
      sales: [sale('A1', [{ sku: 'TEE', quantity: 10, unitPrice: '19.00', unitCost: '600.00' }])],
    };
    expect(plan(dear).wholeQuestion).toMatchObject({ question: 'credit-limit', code: 'approval' });
    expect(plan({ ...dear, answers: [answer('credit-limit', 'approve')] })).toMatchObject({
      wholeQuestion: null,
      creditQuestion: null,
    });
  });

  test('what a return adds to the day: its credit once the amount stands, nothing before or when declined', () => {
    const day = (setting: Setting) => dayCredit(inputOf(setting));
    expect(day({ document: back(2), sales: [A1] })).toEqual(gbp('45.60'));
    expect(day({ document: back(2, '30.00'), sales: [A1] })).toEqual(gbp('0.00'));
    expect(day({ document: back(2, '30.00'), sales: [A1], answers: [answer('refund', 'approve')] })).toEqual(
      gbp('72.00'),
    );
    expect(day({ document: back(2), sales: [A1], answers: [answer('credit-limit', 'reject')] })).toEqual(gbp('0.00'));
  });
});

describe('a closed period (X-24)', () => {
  const periods = [
    { code: '2026-05', firstDay: '2026-05-01', lastDay: '2026-05-31', state: 'open' as const },
    { code: '2026-03', firstDay: '2026-03-01', lastDay: '2026-03-31', state: 'closed' as const },
    { code: '2026-04', firstDay: '2026-04-01', lastDay: '2026-04-30', state: 'open' as const },
  ];
  const setting: Setting = { document: back(2), sales: [A1], periods };

  test('holds both halves: neither can be dated', () => {
    expect(plan(setting).wholeQuestion).toMatchObject({ code: 'X-24', owner: 'finance', question: 'closed-period' });
    expect(choicesOf(setting)).toEqual(['open-period', 'own-date', 'reject']);
    expect(choicesOf({ ...setting, periods: periods.slice(1, 2) })).toEqual(['own-date', 'reject']);
  });

  test('both halves move to the first open period and name the true date', () => {
    const { credits, restocks } = plan({ ...setting, answers: [answer('closed-period', 'open-period')] });
    const documents = [...credits, ...restocks].map(({ document }) => [document.businessDate, document.memo]);
    const memo = 'Return R1 of 2026-03-10, posted into 2026-04 because period 2026-03 is closed';
    expect(documents).toEqual([
      ['2026-04-01', memo],
      ['2026-04-01', memo],
    ]);
  });

  test('reopened meanwhile, both keep their date', () => {
    const { credits, restocks, wholeQuestion } = plan({ ...setting, answers: [answer('closed-period', 'own-date')] });
    expect([...credits, ...restocks].map(({ document }) => document.businessDate)).toEqual([
      '2026-03-10',
      '2026-03-10',
    ]);
    expect(wholeQuestion).toBeNull();
  });
});

describe('declining and withdrawing', () => {
  test.each(['original-order', 'quantity', 'refund', 'before-dispatch', 'credit-limit', 'closed-period'] as const)(
    'rejecting %s posts nothing and says who and why',
    (question) => {
      const result = plan({
        document: back(2),
        sales: [A1],
        answers: [answer(question, 'reject', { by: 'fin-2', why: 'no' })],
      });
      expect(result).toMatchObject({ declined: { question, why: 'fin-2 declined it: no' }, credits: [], restocks: [] });
    },
  );

  test('a return withdrawn at its source posts nothing', () => {
    const result = plan({ document: { ...back(2), state: 'withdrawn' }, sales: [A1] });
    expect(result).toMatchObject({
      declined: { question: 'withdrawn' },
      credits: [],
      restocks: [],
      beside: { withdrawn: true },
    });
  });
});
