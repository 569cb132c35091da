/** Exchanges, and parcels that came back undelivered: what goes out again besides what comes back. */
import { describe, expect, test } from '@jest/globals';
import { answer, amounts, gbp, itemOf, plan, policyWith, returnOf, sale } from './returns.js';

const tee = { sku: 'TEE', quantity: 10, unitPrice: '20.00', discount: '10.00', unitCost: '6.25' };

describe('an exchange (R-815)', () => {
  const exchangeFor = (unitPrice: string, taxAmount: string) => ({
    document: returnOf([{ sku: 'TEE', quantity: 1, refundUnitPrice: '19.00' }], {
      exchange: { lines: [{ sku: 'HAT', quantity: 1, unitPrice, taxAmount }] },
    }),
    sales: [sale('A1', [tee])],
  });

  test.each([
    ['even', '19.00', '3.80', '0.00'],
    ['dearer', '25.00', '5.00', '-7.20'],
    ['cheaper', '10.00', '2.00', '10.80'],
  ])('%s: credit less replacement is what money moves, net and gross', (_, unitPrice, tax, difference) => {
    const result = plan(exchangeFor(unitPrice, tax));
    expect(amounts(result.totals.credit)).toBe('22.80');
    expect(result.difference && amounts(result.difference)).toBe(difference);
    expect(result.replacements[0]?.document).toMatchObject({
      kind: 'sales-order',
      division: '10',
      warehouse: '01',
      customer: 'C1',
      memo: 'Exchange for return R1',
      lines: [{ item: itemOf('HAT'), quantity: 1, unitPrice, tax: gbp(tax) }],
    });
    expect(result.credits[0]?.document.settlement).toEqual({ kind: 'applied', reference: 'PAY-1' });
    expect([result.totals.restockUnits, result.beside.exchange]).toEqual([1, true]);
  });
});

test('an exchange for goods of two divisions is one replacement order per division, and nobody is asked', () => {
  const line = { quantity: 1, unitPrice: '5.00', taxAmount: '1.00' };
  const document = returnOf([{ sku: 'TEE', quantity: 1, refundUnitPrice: '19.00' }], {
    exchange: {
      lines: [
        { ...line, sku: 'HAT' },
        { ...line, sku: 'CAP' },
        { ...line, sku: 'HAT', quantity: 2, taxAmount: '2.00' },
      ],
    },
  });
  const exchangeItems = (['10', '20', '10'] as const).map((division, index) => ({
    ...{ lineNo: index + 1, item: itemOf('HAT', division), division, problem: 'none' as const, unitCost: null },
  }));
  const result = plan({ document, sales: [sale('A1', [tee])], facts: { exchangeItems } });
  expect(result).toMatchObject({ causes: [], wholeQuestion: null, creditQuestion: null });
  expect(
    result.replacements.map(({ step, document: order }) => [
      step,
      order.division,
      order.lines.map(({ quantity }) => quantity),
      amounts(order.total),
    ]),
  ).toEqual([
    ['replacement-order', '10', [1, 2], '18.00'],
    ['replacement-order-2', '20', [1], '6.00'],
  ]);
  expect(result.difference && amounts(result.difference)).toBe('-1.20');
});

describe('a parcel that came back undelivered (R-126)', () => {
  const parcel = (orderNo = 'A1') =>
    returnOf([{ sku: 'TEE', quantity: 2, refundUnitPrice: '0', orderNo }], { state: 'undelivered' });
  const setting = { document: parcel(), sales: [sale('A1', [tee])] };

  test('is restocked and not credited; finance is asked under T-40 whether it goes out again or is credited', () => {
    const result = plan(setting);
    expect(result).toMatchObject({ credits: [], wholeQuestion: null, beside: { undelivered: true } });
    expect(result.totals.restockUnits).toBe(2);
    expect(result.creditQuestion).toMatchObject({
      question: 'undelivered',
      code: 'X-61',
      owner: 'finance',
      timer: 'T-40',
    });
    expect(result.creditQuestion?.choices.map(({ choice, proof }) => [choice, proof])).toEqual([
      ['credit', true],
      ['redispatch', true],
    ]);
    expect(result.creditQuestion?.amount).toEqual(gbp('45.60'));
  });

  test('credited, it is what was sold, whatever the refund price says, and the limit is not asked again', () => {
    const result = plan({ ...setting, policy: policyWith(), answers: [answer('undelivered', 'credit')] });
    expect(result.credits.map(({ document }) => amounts(document.total))).toEqual(['45.60']);
    expect(result).toMatchObject({ wholeQuestion: null, creditQuestion: null });
  });

  test('sent again, nothing is credited and nobody is asked for its order', () => {
    const again = plan({ document: parcel(''), sales: [], answers: [answer('undelivered', 'redispatch')] });
    expect(again).toMatchObject({ credits: [], wholeQuestion: null, creditQuestion: null });
  });

  test('of no known order it asks for the order only once it is to be credited', () => {
    const lost = { document: parcel(''), sales: [] };
    expect(plan(lost).creditQuestion?.question).toBe('undelivered');
    const credited = plan({ ...lost, answers: [answer('undelivered', 'credit')] });
    expect(credited.creditQuestion?.question).toBe('original-order');
  });
});
