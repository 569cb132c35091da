/** The CUR of a set rules it; the CUR of a loop rules that loop and nothing beside it (X12 segment CUR). */
import { describe, expect, test } from '@jest/globals';
import { AMAZON, type Profile } from '../../../edi/index.js';
import { documentOf } from './one-set.js';

const order = (segments: readonly string[], profile?: Profile) => documentOf('850', '004010', segments, profile);
const prices = ({ lines }: ReturnType<typeof order>): unknown => lines.map(({ item }) => item.unitPrice);

describe('currencies', () => {
  const head = 'BEG*00*NE*PO1**20260301';
  test('the CUR of one line is not that of the others, which have the agreed one', () => {
    const document = order([head, 'PO1*1*10*EA*7.5', 'PO1*2*5*EA*3', 'CUR*BY*EUR'], AMAZON);
    expect(prices(document)).toEqual([
      { value: '7.5', currency: 'USD' },
      { value: '3', currency: 'EUR' },
    ]);
  });

  test('lines in two currencies leave the others in that of the document', () => {
    const lines = ['PO1*1*1*EA*1', 'PO1*2*1*EA*2', 'CUR*BY*EUR', 'PO1*3*1*EA*3', 'CUR*BY*GBP', 'PO1*4*1*EA*4'];
    const document = order([head, 'CUR*BY*CAD', ...lines]);
    expect(prices(document)).toEqual(
      ['CAD', 'EUR', 'GBP', 'CAD'].map((currency, n) => ({ value: String(n + 1), currency })),
    );
  });

  test('the currency of a charge is not that of the next one, nor of the document', () => {
    const charges = ['SAC*C*D240***500', 'SAC*C*D240***600', 'CUR*BY*USD'];
    const document = order([head, ...charges, 'PO1*1*1*EA*7'], { ...AMAZON, currency: 'EUR' });
    expect(document.charges.map(({ charge }) => charge.amount)).toEqual([
      { value: '5.00', currency: 'EUR' },
      { value: '6.00', currency: 'USD' },
    ]);
    expect(prices(document)).toEqual([{ value: '7', currency: 'EUR' }]);
  });

  test('of a level it rules the charges though parties come before it; a strange segment in front changes nothing', () => {
    const segments = ['HL*1**S', 'N1*ST*X', 'ZZZ*1', 'CUR*SE*EUR', 'SAC*C*D240***900', 'HL*2*1*O', 'SAC*C*D240***800'];
    const { levels } = documentOf('856', '004010', ['BSN*00*1*20260301*1200', ...segments]);
    const [shipment] = levels;
    expect(shipment?.charges[0]?.charge.amount).toEqual({ value: '9.00', currency: 'EUR' });
    expect(shipment?.children[0]?.charges[0]?.charge.amount).toEqual({ value: '8.00' });
  });

  test('blanks behind the code are no part of it', () => {
    const { payment } = documentOf('820', '004010', [
      'BPR*I*5*C*ACH************20260301',
      'TRN*1*1',
      'CUR*PR*EUR ',
      'ENT*1',
      'RMR*IV*1**5*5',
    ]);
    expect(payment.total).toEqual({ value: '5', currency: 'EUR' });
  });
});
