import { describe, expect, test } from '@jest/globals';
import { brief, places, readOne } from './one-set.js';

const HEAD = [
  'BIG*20260305*INV-1001*20260220*4X7QK2LM***PR*00',
  'NTE*GEN*THANK YOU',
  'CUR*SE*USD',
  'REF*VR*VENDOR1',
  'N1*BT*THE BUYER*92*BUY1',
  'N3*PO BOX 80387',
  'N4*SEATTLE*WA*98108*US',
  'ITD*01*3*2**30**60*****2 PERCENT 30, NET 60',
  'DTM*011*20260301',
  'FOB*PP',
  'N9*L1*TEXT',
  'MSG*HANDLE WITH CARE',
];
const LINES = [
  'IT1*1*10*EA*7.50*PE*BP*B012345678',
  'TXI*ST*5.25*7',
  'PID*F****A SHIRT',
  'MEA**WT*2*LB',
  'SAC*A*C310***750**********LINE ALLOWANCE',
  'SLN*1**I*2*EA',
  'DTM*011*20260301',
  'N1*SF**92*WH1',
  'IT1*2*3*CA*1.335*NT*VN*V-2',
];
const TAIL = [
  'TDS*8101*8101',
  'CAD*M***UPSN**CC*BM*12345678',
  'SAC*C*D240***425',
  'TXI*ST*0.00',
  'ISS*13*EA*20*LB',
  'CTT*2*13',
];
const INVOICE = [...HEAD, ...LINES, ...TAIL];

const usd = (value: string) => ({ value, currency: 'USD' });

/** An invoice of lines and what follows them; answers its faults. */
const faultsOf = (lines: readonly string[], tail: readonly string[], type = ''): unknown[] =>
  places(readOne('810', '004010', [`BIG*20260305*INV-1${type && `*****${type}`}`, ...lines, ...tail]).faults);
const wrongTotal = (segment: number) => [['total-differs', 'error', segment, 1]];

describe('an invoice', () => {
  test.each(['004010', '005010'] as const)('of %s is read whole, with exact amounts in its currency', (release) => {
    const { document, faults } = readOne('810', release, INVOICE);
    expect(faults).toEqual([]);
    expect(brief(document)).toEqual({
      set: '810',
      beginning: {
        date: '2026-03-05',
        invoiceNumber: 'INV-1001',
        purchaseOrderDate: '2026-02-20',
        purchaseOrderNumber: '4X7QK2LM',
        type: 'PR',
        purpose: '00',
      },
      remarks: [{ qualifier: 'GEN', text: 'THANK YOU' }],
      currency: { entity: 'SE', currency: 'USD' },
      references: [{ qualifier: 'VR', value: 'VENDOR1' }],
      parties: [
        {
          party: { role: 'BT', name: 'THE BUYER', qualifier: '92', code: 'BUY1' },
          address: [{ lines: ['PO BOX 80387'] }],
          place: { city: 'SEATTLE', state: 'WA', postalCode: '98108', country: 'US' },
        },
      ],
      terms: [
        {
          type: '01',
          basis: '3',
          discountPercent: '2',
          discountDays: '30',
          netDays: '60',
          description: '2 PERCENT 30, NET 60',
        },
      ],
      dates: [{ qualifier: '011', date: '2026-03-01' }],
      freight: { payment: 'PP' },
      note: { note: { qualifier: 'L1', value: 'TEXT' }, lines: [{ text: 'HANDLE WITH CARE' }] },
      lines: [
        {
          item: {
            lineNumber: '1',
            invoiced: { value: '10', unit: 'EA' },
            unitPrice: usd('7.50'),
            priceBasis: 'PE',
            products: [{ qualifier: 'BP', value: 'B012345678' }],
          },
          taxes: [{ type: 'ST', amount: usd('5.25'), percent: '7' }],
          descriptions: [
            {
              description: { kind: 'F', description: 'A SHIRT' },
              measurements: [{ qualifier: 'WT', value: '2', unit: 'LB' }],
            },
          ],
          charges: [
            {
              charge: { indicator: 'A', code: 'C310', amount: usd('7.50'), description: 'LINE ALLOWANCE' },
            },
          ],
          components: [
            {
              component: { lineNumber: '1', relationship: 'I', quantity: { value: '2', unit: 'EA' } },
              date: { qualifier: '011', date: '2026-03-01' },
            },
          ],
          parties: [{ party: { role: 'SF', qualifier: '92', code: 'WH1' } }],
        },
        {
          item: {
            lineNumber: '2',
            invoiced: { value: '3', unit: 'CA' },
            unitPrice: usd('1.335'),
            priceBasis: 'NT',
            products: [{ qualifier: 'VN', value: 'V-2' }],
          },
        },
      ],
      total: { total: usd('81.01'), discountable: usd('81.01') },
      carrier: { mode: 'M', carrier: 'UPSN', status: 'CC', qualifier: 'BM', reference: '12345678' },
      charges: [
        {
          charge: { indicator: 'C', code: 'D240', amount: usd('4.25') },
          taxes: [{ tax: { type: 'ST', amount: usd('0.00') } }],
        },
      ],
      shipments: [{ shipment: { units: { value: '13', unit: 'EA' }, weight: { value: '20', unit: 'LB' } } }],
      totals: { lines: '2', hashTotal: '13' },
    });
  });

  test('keeps what is out of place with its line, where the total of the invoice is still to come', () => {
    const { document, faults } = readOne('810', '004010', [
      'BIG*20260305*INV-1',
      'IT1**1*EA*100',
      'PID*F****A SHIRT',
      'TXI*ST*7',
      'IT1**1*EA*100',
      'TDS*20700',
      'CTT*2',
    ]);
    expect(places(faults)).toEqual([['segment-out-of-sequence', 'error', 5, undefined]]);
    expect(brief(document)).toMatchObject({ lines: [{ taxes: [{ type: 'ST', amount: { value: '7' } }] }, {}] });
  });

  test('counts its lines and sums what they invoice', () => {
    expect(faultsOf(['IT1**1*EA*2', 'IT1**1*EA*2'], ['TDS*400', 'CTT*3*2'])).toEqual([
      ['total-differs', 'error', 6, 1],
    ]);
    expect(faultsOf(['IT1**1*EA*2', 'IT1**1.5*EA*2'], ['TDS*500', 'CTT*2*2.4'])).toEqual([
      ['total-differs', 'error', 6, 2],
    ]);
  });

  test('may sum digits where the standard says digits: without points, and the last ten of them', () => {
    expect(faultsOf(['IT1**12.5*EA*2', 'IT1**3*EA*2'], ['TDS*3100', 'CTT*2*15.5'])).toEqual([]);
    expect(faultsOf(['IT1**12.5*EA*2', 'IT1**3*EA*2'], ['TDS*3100', 'CTT*2*128'])).toEqual([]);
    const large = ['IT1**9999999999*EA*0', 'IT1**9*EA*0'];
    expect(faultsOf(large, ['TDS*0', 'CTT*2*8'])).toEqual([]);
    expect(faultsOf(large, ['TDS*0', 'CTT*2*9'])).toEqual([['total-differs', 'error', 6, 2]]);
  });
});

describe('what an invoice comes to', () => {
  test('is quantity times price, exactly', () => {
    expect(faultsOf(['IT1**3*EA*0.1'], ['TDS*30'])).toEqual([]);
    expect(faultsOf(['IT1**3*EA*0.1'], ['TDS*31'])).toEqual(wrongTotal(4));
    expect(faultsOf(['IT1**12345678*EA*98765.4321'], ['TDS*121932622223746'])).toEqual([]);
  });

  test('may be rounded line by line, or at the end', () => {
    const lines = ['IT1**1*EA*0.125', 'IT1**1*EA*0.125', 'IT1**1*EA*0.125'];
    expect(faultsOf(lines, ['TDS*39'])).toEqual([]);
    expect(faultsOf(lines, ['TDS*38'])).toEqual([]);
    expect(faultsOf(lines, ['TDS*37'])).toEqual(wrongTotal(6));
  });

  test('is lower by allowances and higher by charges, of lines and of the whole', () => {
    const lines = ['IT1**10*EA*10', 'SAC*A*C310***500'];
    expect(faultsOf(lines, ['TDS*10700', 'SAC*C*D240***1200'])).toEqual([]);
    expect(faultsOf(lines, ['TDS*11700', 'SAC*C*D240***1200'])).toEqual(wrongTotal(5));
    expect(faultsOf(lines, ['TDS*11200', 'SAC*C*D240***1200'])).toEqual([]);
    expect(faultsOf(lines, ['TDS*9500', 'SAC*N*D240***1200'])).toEqual([]);
  });

  test('holds the tax: of the whole, which is that of the lines again, or of the lines alone', () => {
    const lines = ['IT1**10*EA*10', 'TXI*ST*7'];
    expect(faultsOf(lines, ['TDS*10700', 'TXI*ST*7'])).toEqual([]);
    expect(faultsOf(lines, ['TDS*10700'])).toEqual([]);
    expect(faultsOf(lines, ['TDS*10000'])).toEqual(wrongTotal(5));
    expect(faultsOf(['IT1**10*EA*10'], ['TDS*10000', 'TXI*VA*7*****O'])).toEqual([]);
  });

  test('holds a tax once that is said as a charge, and in detail as a tax', () => {
    const line = ['IT1**10*EA*10'];
    expect(faultsOf(line, ['TDS*10800', 'TXI*ST*5', 'TXI*CT*3', 'SAC*C*H850***800'])).toEqual([]);
    expect(faultsOf(line, ['TDS*10800', 'TXI*ST*5', 'TXI*CT*3', 'SAC*C*H850***700'])).toEqual(wrongTotal(4));
  });

  test('is not recomputed where a part of it is not said', () => {
    expect(faultsOf(['IT1*1', 'PID*F****SERVICE'], ['TDS*99'])).toEqual([]);
    expect(faultsOf(['IT1**1*EA*5'], ['TDS*99', 'SAC*C*D240****1*10'])).toEqual([]);
    expect(faultsOf(['IT1**1*EA*5'], ['TDS*99', 'TXI*ST**7'])).toEqual([]);
    expect(faultsOf(['IT1**2*CA*5*PE'], ['TDS*12000'])).toEqual([]);
    expect(faultsOf(['IT1**1*EA*5', 'CTP****10*EA*DIS*.8'], ['TDS*400'])).toEqual([]);
    expect(faultsOf([], ['TDS*99'])).toEqual([]);
  });

  test('knows prices per ten, per hundred and per thousand', () => {
    expect(faultsOf(['IT1**250*EA*8*HP'], ['TDS*2000'])).toEqual([]);
    expect(faultsOf(['IT1**250*EA*8*TP'], ['TDS*200'])).toEqual([]);
    expect(faultsOf(['IT1**250*EA*8*HP'], ['TDS*200000'])).toEqual(wrongTotal(4));
  });

  test('may have its sign turned in a credit memo, and only there', () => {
    expect(faultsOf(['IT1**1*EA*5'], ['TDS*-500'], 'CR')).toEqual([]);
    expect(faultsOf(['IT1**1*EA*5'], ['TDS*-500'], 'PR')).toEqual(wrongTotal(4));
  });
});
