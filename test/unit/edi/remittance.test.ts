import { describe, expect, test } from '@jest/globals';
import { balanceOf } from '../../../edi/index.js';
import { brief, documentOf, places, readOne } from './one-set.js';

const REMITTANCE = [
  'BPR*C*1180.50*C*ACH*CTX*01*111000025*DA*123456789*1234567890**01*222000111*DA*98765*20260315',
  'NTE*GEN*MARCH RUN',
  'TRN*1*700123456*1234567890',
  'CUR*PR*USD',
  'REF*VR*VENDOR1',
  'DTM*097*20260315',
  'N1*PR*THE PAYER',
  'N3*1 MAIN ST',
  'N4*SEATTLE*WA*98108',
  'N1*PE*THE PAYEE*92*V1',
  'ENT*1',
  'NM1*PE*2*THE PAYEE*****92*V1',
  'ADX*-19.50*50',
  'RMR*IV*INV-1001**1000.00*1020.41*20.41',
  'REF*PO*4X7QK2LM',
  'DTM*003*20260305',
  'RMR*IV*INV-1002**200',
  'NTE*ADD*SHORT PAID',
  'IT1*1*2*EA*5.00*PE*BP*B1',
  'REF*LT*L1',
  'DTM*036*20270301',
  'SAC*A*C310***100',
  'SLN*1**I*1*EA',
  'ADX*-5.25*06*IV*INV-1002',
  'REF*ZZ*CLAIM-7',
];
const usd = (value: string) => ({ value, currency: 'USD' });

/** A remittance over `total` of what follows an ENT. */
const paying = (total: string, ...detail: string[]) => [`BPR*I*${total}*C*CHK`, 'ENT*1', ...detail];
const balance = (total: string, ...detail: string[]) =>
  balanceOf(documentOf('820', '004010', paying(total, ...detail)));
const faultsOf = (segments: readonly string[]) => places(readOne('820', '004010', segments).faults);

describe('a remittance', () => {
  test.each(['004010', '005010'] as const)(
    'of %s is read whole: payment, entities, lines and adjustments',
    (release) => {
      const { document, faults } = readOne('820', release, REMITTANCE);
      expect(faults).toEqual([]);
      expect(brief(document)).toEqual({
        set: '820',
        payment: {
          handling: 'C',
          total: usd('1180.50'),
          creditDebit: 'C',
          method: 'ACH',
          format: 'CTX',
          payerBankQualifier: '01',
          payerBank: '111000025',
          payerAccountQualifier: 'DA',
          payerAccount: '123456789',
          company: '1234567890',
          payeeBankQualifier: '01',
          payeeBank: '222000111',
          payeeAccountQualifier: 'DA',
          payeeAccount: '98765',
          date: '2026-03-15',
        },
        remarks: [{ qualifier: 'GEN', text: 'MARCH RUN' }],
        trace: { type: '1', number: '700123456', company: '1234567890' },
        currency: { entity: 'PR', currency: 'USD' },
        references: [{ qualifier: 'VR', value: 'VENDOR1' }],
        dates: [{ qualifier: '097', date: '2026-03-15' }],
        parties: [
          {
            party: { role: 'PR', name: 'THE PAYER' },
            address: [{ lines: ['1 MAIN ST'] }],
            place: { city: 'SEATTLE', state: 'WA', postalCode: '98108' },
          },
          { party: { role: 'PE', name: 'THE PAYEE', qualifier: '92', code: 'V1' } },
        ],
        entities: [
          {
            entity: { number: '1' },
            people: [{ person: { role: 'PE', kind: '2', name: 'THE PAYEE', qualifier: '92', code: 'V1' } }],
            adjustments: [{ adjustment: { amount: usd('-19.50'), reason: '50' } }],
            lines: [
              {
                line: {
                  qualifier: 'IV',
                  reference: 'INV-1001',
                  paid: usd('1000.00'),
                  gross: usd('1020.41'),
                  discount: usd('20.41'),
                },
                references: [{ qualifier: 'PO', value: '4X7QK2LM' }],
                dates: [{ qualifier: '003', date: '2026-03-05' }],
              },
              {
                line: { qualifier: 'IV', reference: 'INV-1002', paid: usd('200') },
                remarks: [{ qualifier: 'ADD', text: 'SHORT PAID' }],
                items: [
                  {
                    item: {
                      lineNumber: '1',
                      invoiced: { value: '2', unit: 'EA' },
                      unitPrice: usd('5.00'),
                      priceBasis: 'PE',
                      products: [{ qualifier: 'BP', value: 'B1' }],
                    },
                    references: [
                      {
                        reference: { qualifier: 'LT', value: 'L1' },
                        dates: [{ qualifier: '036', date: '2027-03-01' }],
                      },
                    ],
                    charges: [{ charge: { indicator: 'A', code: 'C310', amount: usd('1.00') } }],
                    components: [
                      { component: { lineNumber: '1', relationship: 'I', quantity: { value: '1', unit: 'EA' } } },
                    ],
                  },
                ],
                adjustments: [
                  {
                    adjustment: { amount: usd('-5.25'), reason: '06', qualifier: 'IV', reference: 'INV-1002' },
                    references: [{ reference: { qualifier: 'ZZ', value: 'CLAIM-7' } }],
                  },
                ],
              },
            ],
          },
        ],
      });
    },
  );

  test('knows the loops that 005010 added, and only there', () => {
    const vehicle = paying('10', 'RMR*IV*1**10', 'VEH*1', 'IT1*1', 'QTY*01*5', 'ADX*0*01', 'FA1*AA', 'FA2*AA*1');
    expect(readOne('820', '005010', vehicle).faults).toEqual([]);
    expect(faultsOf(vehicle).map((fault) => (fault as unknown[])[0])).toContain('segment-not-in-set');
  });

  test('of the early structure, with BPS and RMT, is kept segment by segment', () => {
    const early = readOne('820', '004010', ['BPS*PBC*18806.08*I', 'N1*SU*JOHN DOE', 'RMT*IV*0900*8136.13']);
    expect([early.document, places(early.faults)]).toEqual([null, [['set-not-known', 'warning', 1, 1]]]);
  });
});

describe('the balance of a remittance', () => {
  const lines = ['RMR*IV*A**100', 'ADX*-10*01'];

  test('is what its lines pay, with the adjustments in it already', () => {
    expect(balance('100', 'ADX*-7*50', ...lines)).toEqual({
      convention: 'paid',
      total: '100',
      paid: '100',
      lineAdjustments: '-10',
      entityAdjustments: '-7',
      difference: '0',
    });
  });

  test('is that and the adjustments: of the lines, of the entities, or of both', () => {
    expect(balance('90', 'ADX*-7*50', ...lines).convention).toBe('paid-and-line-adjustments');
    expect(balance('93', 'ADX*-7*50', ...lines).convention).toBe('paid-and-entity-adjustments');
    expect(balance('83', 'ADX*-7*50', ...lines).convention).toBe('paid-and-all-adjustments');
    expect(balance('90', 'RMR*IV*A**100***01*-10').convention).toBe('paid-and-line-adjustments');
  });

  test('is what its lines came to less discounts, with all adjustments', () => {
    expect(balance('88', 'RMR*IV*A**100*100*2', 'ADX*-10*01').convention).toBe('gross-less-discounts');
    expect(balance('88', 'RMR*IV*A***100*2', 'ADX*-10*01').convention).toBe('gross-less-discounts');
  });

  test('is the first that fits, where adjustments cancel each other out', () => {
    expect(balance('100.00', 'RMR*IV*A**100', 'ADX*-10*01', 'ADX*10*01').convention).toBe('paid');
  });

  test('has a difference to the cent where nothing fits', () => {
    expect(balance('100.01', ...lines)).toMatchObject({ convention: null, difference: '0.01' });
    expect(balance('-5', 'RMR*IV*A**10.5')).toMatchObject({ convention: null, difference: '-15.5' });
  });

  test('is told as a warning where nothing fits, at the amount of the payment', () => {
    const { document, faults } = readOne('820', '004010', paying('100.01', ...lines));
    expect(document?.set).toBe('820');
    expect(places(faults)).toEqual([['total-differs', 'warning', 2, 2]]);
    expect(faultsOf(paying('90', ...lines))).toEqual([]);
  });

  test('is not asked of a payment without lines, or with other things to pay', () => {
    expect(faultsOf(['BPR*C*100*C*ACH'])).toEqual([]);
    expect(faultsOf([...paying('100', ...lines.slice(0, 1), 'ADX*-3*01'), 'TXP*1*TAX*20260331*T*1000'])).toEqual([]);
    expect(faultsOf([...paying('101', ...lines), 'TXP*1*TAX*20260331*T*1000'])).toEqual([]);
  });
});
