import { describe, expect, test } from '@jest/globals';
import { answer, amounts, gbp, itemOf, plan, policyWith, returnOf, sale } from './returns.js';

const tee = { sku: 'TEE', quantity: 10, unitPrice: '20.00', discount: '10.00', unitCost: '6.25' };

describe('the credit memos of a return', () => {
  test('carry price, discount share, tax code, rate and share of tax of the invoice, and the settlement', () => {
    const { credits, totals } = plan({
      document: returnOf([{ sku: 'TEE', quantity: 3, refundUnitPrice: '19.00' }]),
      sales: [sale('A1', [{ ...tee, taxRate: '0.175' }])],
    });
    expect(credits).toEqual([
      {
        step: 'credit-memo',
        document: {
          kind: 'credit-memo',
          orderNo: 'A1',
          invoiceNo: 'IA1',
          division: '10',
          customer: 'C1',
          businessDate: '2026-03-10',
          reasonCode: 'CRET',
          lines: [
            {
              orderLine: 1,
              item: itemOf('TEE'),
              quantity: 3,
              unitPrice: '20.00',
              net: gbp('57.00'),
              taxCode: 'S17.5',
              taxRate: '0.175',
              tax: gbp('9.98'),
            },
          ],
          charges: [],
          total: gbp('66.98'),
          memo: 'Return R1',
          settlement: { kind: 'refunded', reference: 'PAY-1' },
        },
      },
    ]);
    expect(totals).toMatchObject({ credit: gbp('66.98'), creditGoods: gbp('57.00'), creditCharges: gbp('0') });
  });

  test('are one per order, with charges to their own account and never into stock', () => {
    const { credits, restocks, totals } = plan({
      document: returnOf([
        { sku: 'TEE', quantity: 1, refundUnitPrice: '19.00', orderNo: 'A1', orderLine: 1 },
        { sku: 'HAT', quantity: 1, refundUnitPrice: '9.00', orderNo: 'A2', orderLine: 1 },
        {
          sku: 'POST',
          quantity: 1,
          refundUnitPrice: '4.00',
          orderNo: 'A1',
          orderLine: 2,
          kind: 'charge',
          disposition: 'none',
        },
      ]),
      sales: [
        sale('A1', [tee, { sku: 'POST', quantity: 1, unitPrice: '4.00', kind: 'charge' }]),
        sale('A2', [{ sku: 'HAT', quantity: 2, unitPrice: '9.00' }], { division: '20' }),
      ],
    });
    expect(
      credits.map(({ step, document: { orderNo, division, lines, charges, total } }) => [
        ...[step, orderNo, division, lines.length, charges.map(({ account }) => account), amounts(total)],
      ]),
    ).toEqual([
      ['credit-memo', 'A1', '10', 1, ['4200'], '27.60'],
      ['credit-memo-2', 'A2', '20', 1, [], '10.80'],
    ]);
    expect(restocks.map(({ step, document }) => [step, document.division, document.warehouse, document.lines])).toEqual(
      [
        ['restock', '10', '01', [{ item: itemOf('TEE'), quantity: 1 }]],
        ['restock-2', '20', '01', [{ item: itemOf('HAT', '20'), quantity: 1 }]],
      ],
    );
    expect([amounts(totals.creditGoods), amounts(totals.creditCharges)]).toEqual(['28.00', '4.00']);
  });

  test('of one line returned in three parts add up to the invoice line, net and tax', () => {
    const odd = sale('A1', [{ sku: 'TEE', quantity: 3, unitPrice: '10.00', discount: '0.01' }]);
    const parts = [0, 1, 2].map((taken) => {
      const earlier = Array.from({ length: taken }, (_, i) => ({
        returnNo: `R0${i}`,
        orderNo: 'A1',
        orderLine: 1,
        quantity: 1,
      }));
      const { credits } = plan({
        document: returnOf([{ sku: 'TEE', quantity: 1, refundUnitPrice: '10.00' }]),
        sales: [odd],
        earlier,
      });
      const line = credits[0]?.document.lines[0];
      return [amounts(line?.net ?? gbp('0')), amounts(line?.tax ?? gbp('0'))];
    });
    expect(parts).toEqual([
      ['10.00', '2.00'],
      ['10.00', '2.00'],
      ['9.99', '2.00'],
    ]);
  });

  test('say on account where nothing was refunded', () => {
    const document = returnOf([{ sku: 'TEE', quantity: 1, refundUnitPrice: '19.00' }], {
      refund: { kind: 'none', reference: '' },
    });
    expect(plan({ document, sales: [sale('A1', [tee])] }).credits[0]?.document.settlement.kind).toBe('on-account');
  });

  test('are split where charges are more than the ERP takes on one', () => {
    const lines = Array.from({ length: 205 }, (_, i) => ({
      sku: `T${i}`,
      quantity: 1,
      refundUnitPrice: '1.00',
      orderNo: '',
    }));
    const { credits, totals } = plan({
      document: returnOf(lines),
      sales: [],
      answers: [answer('original-order', 'approve')],
    });
    expect(credits.map(({ step, document }) => [step, document.charges.length])).toEqual([
      ['credit-memo', 200],
      ['credit-memo-2', 5],
    ]);
    expect(totals.credit).toEqual(gbp('205.00'));
  });
});

describe('the restock of a return', () => {
  const sales = [sale('A1', [tee])];
  const back = (disposition: 'sellable' | 'not-sellable' | 'none') =>
    returnOf([{ sku: 'TEE', quantity: 2, refundUnitPrice: '19.00', disposition }]);

  test('goes to the warehouse, damaged goods behind it, and nowhere when kept out of stock', () => {
    const warehouses = (['sellable', 'not-sellable', 'none'] as const).map((disposition) =>
      plan({ document: back(disposition), sales }).restocks.map(({ document }) => document.warehouse),
    );
    expect(warehouses).toEqual([['01'], ['09'], []]);
    const location = { warehouse: '01', nonSellable: null, divisions: ['10'] };
    expect(plan({ document: back('not-sellable'), sales, facts: { location } })).toMatchObject({
      restocks: [],
      causes: [],
    });
  });

  test('names the cost the goods left with, except where stock is valued at standard cost', () => {
    const costs = (['standard', 'average', 'original'] as const).map(
      (valuationMethod) =>
        plan({ document: back('sellable'), sales, policy: policyWith({ site: { valuationMethod } }) }).restocks[0]
          ?.document.lines[0]?.unitCost,
    );
    expect(costs).toEqual([undefined, '6.25', '6.25']);
  });

  test('is left out where the ERP restocks with the credit memo, except for a parcel that is not credited', () => {
    const policy = policyWith({ site: { creditMemoRestocks: true } });
    expect(plan({ document: back('sellable'), sales, policy }).restocks).toEqual([]);
    const undelivered = { ...back('sellable'), state: 'undelivered' as const };
    expect(plan({ document: undelivered, sales, policy })).toMatchObject({
      credits: [],
      restocks: [{ step: 'restock' }],
    });
  });

  test('takes a hundred lines a document', () => {
    const lines = Array.from({ length: 201 }, (_, i) => ({ sku: `T${i}`, quantity: 1, unitPrice: '1.00' }));
    const document = returnOf(lines.map(({ sku }) => ({ sku, quantity: 1, refundUnitPrice: '1.00' })));
    const { restocks } = plan({ document, sales: [sale('A1', lines)] });
    expect(restocks.map(({ step, document: { lines: each } }) => [step, each.length])).toEqual([
      ['restock', 100],
      ['restock-2', 100],
      ['restock-3', 1],
    ]);
  });
});

describe('what a mapping holds', () => {
  const setting = {
    document: returnOf([{ sku: 'TEE', quantity: 2, refundUnitPrice: '19.00' }]),
    sales: [sale('A1', [tee])],
  };
  const ahead = policyWith();
  const whole = policyWith({ creditAheadOfMapping: false });

  test('an unmapped location holds the restock, or the whole return where the policy says so', () => {
    const held = plan({ ...setting, policy: ahead, facts: { location: null } });
    expect(held).toMatchObject({
      outcome: 'unmapped-location',
      restocks: [],
      causes: [{ code: 'X-03', cause: 'location FC-UK-1', half: 'restock' }],
    });
    expect(held.credits).toHaveLength(1);
    const all = plan({ ...setting, policy: whole, facts: { location: null } });
    expect(all).toMatchObject({ causes: [{ half: 'whole' }], wholeQuestion: null, creditQuestion: null });
  });

  test.each([
    ['unknown-sku', 'X-02', 'sku TEE'],
    ['ambiguous-sku', 'X-08', 'sku TEE'],
    ['division-not-served', 'X-03', 'division 10 at FC-UK-1'],
  ] as const)('%s is %s and takes no decision', (problem, code, cause) => {
    const item = problem === 'division-not-served' ? itemOf('TEE') : null;
    const lines = [{ lineNo: 1, item, division: '10', problem, unitCost: null }];
    const result = plan({ ...setting, facts: { lines } });
    expect(result).toMatchObject({ causes: [{ code, cause, half: 'restock' }], restocks: [], creditQuestion: null });
    expect(result.totals.credit).toEqual(gbp('45.60'));
  });

  test('a location never serves a division its row does not list', () => {
    const location = { warehouse: '01', nonSellable: null, divisions: ['20'] };
    expect(plan({ ...setting, facts: { location } }).causes).toMatchObject([
      { code: 'X-03', cause: 'division 10 at FC-UK-1' },
    ]);
  });

  test('a charge without an account holds the return whole', () => {
    const document = returnOf([
      { sku: 'GIFT', quantity: 1, refundUnitPrice: '4.00', kind: 'charge', disposition: 'none' },
    ]);
    const sales = [sale('A1', [{ sku: 'GIFT', quantity: 1, unitPrice: '4.00', kind: 'charge' as const }])];
    expect(plan({ document, sales }).causes).toMatchObject([{ code: 'X-02', cause: 'charge GIFT', half: 'whole' }]);
  });
});
