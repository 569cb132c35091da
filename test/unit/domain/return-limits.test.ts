import { describe, expect, test } from '@jest/globals';
import { gbp, OPEN_LIMITS, plan, policyWith, returnOf, sale } from './returns.js';

const back = [{ sku: '00123', quantity: 1, refundUnitPrice: '9000.00' }];

describe('a limit that nobody can compare with', () => {
  test('a sale in a currency without a rate is shown in that currency, not as nothing in the return’s own', () => {
    const sales = [sale('A1', [{ sku: '00123', quantity: 1, unitPrice: '9000.00' }], { currency: 'USD' })];
    const { creditQuestion } = plan({ document: returnOf(back), sales });
    expect(creditQuestion).toMatchObject({
      question: 'refund',
      amount: { minor: '1080000', currency: 'USD' },
      baseAmount: null,
      twoPeople: true,
    });
  });

  test('a day’s limit asks where no rate says what a return adds to the day', () => {
    const sales = [sale('A1', [{ sku: '00123', quantity: 1, unitPrice: '9000.00' }], { currency: 'USD' })];
    const policy = policyWith({ limits: { ...OPEN_LIMITS, creditPerCustomerDay: gbp('1500.00') } });
    const { creditQuestion } = plan({ document: returnOf(back, { currency: 'USD' }), sales, policy });
    expect(creditQuestion).toMatchObject({ question: 'credit-limit', code: 'approval' });
  });
});
