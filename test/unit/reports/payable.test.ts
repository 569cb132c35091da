/** What may be paid of a purchase order line: the lesser of billed and kept, at the invoice's price, and why not more. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { format } from '../../../domain/money.js';
import { payableOf, type BilledLine, type OwedLine } from '../../../reports/payable.js';

const line = (change: Partial<OwedLine> = {}): OwedLine => ({
  ...{ currency: 'USD', unitCost: '8.00', received: 708, returned: 0, invoiced: 720 },
  ...change,
});
const bill = (units: number, unitPrice = '8.00', more: Partial<BilledLine> = {}): BilledLine => ({
  ...{ invoiceNo: 'SI-1', currency: 'USD', units, unitPrice },
  ...more,
});
const shown = (of: OwedLine, ...billed: BilledLine[]): (string | null)[] => {
  const { payable, blocked, why } = payableOf(of, billed);
  return [payable && format(payable), blocked && format(blocked), why];
};

describe('of a line', () => {
  test('with 708 of 720 billed received, 708 are payable and twelve are blocked', () => {
    expect(shown(line(), bill(720))).toEqual([
      ...['USD 5,664.00', 'USD 96.00', '12 of 720 invoiced not received (708 received): USD 96.00'],
    ]);
  });

  test('what was sent back is not payable either', () => {
    expect(shown(line({ returned: 8 }), bill(720))).toEqual([
      ...['USD 5,600.00', 'USD 160.00', '20 of 720 invoiced not received (708 received, 8 sent back): USD 160.00'],
    ]);
  });

  test('received and not billed pays nothing and blocks nothing', () => {
    expect(shown(line({ invoiced: 0 }))).toEqual(['USD 0.00', 'USD 0.00', '708 units received, nothing invoiced yet']);
  });

  test('two invoices at two prices are paid in the order of their booking, each at its own price', () => {
    const billed = [bill(700), bill(20, '9.00', { invoiceNo: 'SI-2' })];
    expect(shown(line(), ...billed)).toEqual([
      ...['USD 5,672.00', 'USD 108.00'],
      '12 of 720 invoiced not received (708 received): USD 108.00; SI-2 bills 9.00 a unit, ordered at 8.00: USD 20.00 more',
    ]);
  });

  test('billed before it came, all of it is blocked', () => {
    expect(shown(line({ received: 0, invoiced: 5 }), bill(5))).toEqual([
      ...['USD 0.00', 'USD 40.00', '5 of 5 invoiced not received (0 received): USD 40.00'],
    ]);
  });

  test('invoices not read yet are never called payable', () => {
    const [payable, blocked, why] = shown(line(), bill(700));
    expect([payable, blocked]).toEqual([null, null]);
    expect(why).toContain('720 units invoiced, and the invoices read here bill 700');
  });

  test('invoices of another currency say so; of two currencies nothing is added up', () => {
    expect(shown(line({ invoiced: 708 }), bill(708, '7.00', { currency: 'EUR' }))).toEqual([
      ...['EUR 4,956.00', 'EUR 0.00', 'billed in EUR, ordered in USD'],
    ]);
    expect(shown(line(), bill(360), bill(360, '7.00', { currency: 'EUR' }))).toEqual([
      ...[null, null, 'invoiced in several currencies: look at each invoice'],
    ]);
  });

  test('payable and blocked are always what was billed, and never more is payable than was kept', () => {
    const units = fc.integer({ min: 0, max: 5_000 });
    const price = fc.integer({ min: 0, max: 99_999 }).map((cents) => (cents / 100).toFixed(2));
    fc.assert(
      fc.property(fc.array(fc.tuple(units, price), { maxLength: 5 }), units, units, (bills, received, returned) => {
        const billed = bills.map(([count, unitPrice]) => bill(count, unitPrice));
        const invoiced = bills.reduce((sum, [count]) => sum + count, 0);
        const { payable, blocked } = payableOf(line({ received, returned, invoiced }), billed);
        const total = bills.reduce((sum, [count, at]) => sum + BigInt(count) * BigInt(at.replace('.', '')), 0n);
        expect(BigInt(payable?.minor ?? 0) + BigInt(blocked?.minor ?? 0)).toBe(total);
        if (invoiced <= received - returned) expect(blocked?.minor).toBe('0');
        if (received <= returned) expect(payable?.minor).toBe('0');
      }),
    );
  });
});
