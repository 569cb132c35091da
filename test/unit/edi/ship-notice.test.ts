import { describe, expect, test } from '@jest/globals';
import { schemaFor } from '../../../edi/index.js';
import type { Release } from '../../../edi/schema/release.js';
import { wrongSscc } from '../../../edi/sets/shipment.js';
import { brief, documentOf, places, readOne } from './one-set.js';

/** The beginning, with a structure or without. */
const bsn = (structure: string): string => `BSN*00*SHIP0001*20260301*1430${structure && `*${structure}`}`;
const BSN = bsn('0001');
const SHIPMENT = [
  'HL*1**S*1',
  'TD1*CTN25*1****G*18.5*LB',
  'TD5**2*UPSN*M',
  'TD3*TL**1234567',
  'REF*BM*12345678',
  'REF*CN*1Z999',
  'DTM*011*20260301',
  'DTM*017*20260304',
  'FOB*PP',
  'N1*SF*OUR WAREHOUSE*92*WH1',
  'N3*1 DOCK ROAD',
  'N4*NEWARK*NJ*07102*US',
  'N1*ST**92*PHX3',
];
const ORDER = ['HL*2*1*O*1', 'PRF*4X7QK2LM***20260220'];
const PALLET = ['HL*3*2*T*1', 'MAN*GM*00012345678901234676'];
const CARTON = ['HL*4*3*P*1', 'MAN*GM*00012345678901234683'];
const ITEM = [
  'HL*5*4*I*0',
  'LIN*1*BP*B012345678*LT*L77',
  'SN1*1*24*EA**24*EA',
  'PO4*12*1*EA',
  'REF*LT*L77',
  'DTM*036*20270301',
];
const NOTICE = [BSN, 'DTM*097*20260301*1430', ...SHIPMENT, ...ORDER, ...PALLET, ...CARTON, ...ITEM, 'CTT*5*24'];

const faultsOf = (segments: readonly string[], release: Release = '005010'): unknown[] =>
  places(readOne('856', release, segments).faults);

/** A notice of levels alone: number, parent, code, and whether levels follow. */
const levels = (...all: string[]): string[] => [bsn(''), ...all.map((one) => `HL*${one}`)];

const SHIPMENT_READ = {
  quantities: [{ packaging: 'CTN25', count: '1', weightQualifier: 'G', weight: { value: '18.5', unit: 'LB' } }],
  carriers: [{ qualifier: '2', carrier: 'UPSN', mode: 'M' }],
  equipment: [{ equipment: { equipment: 'TL', number: '1234567' } }],
  references: [
    { qualifier: 'BM', value: '12345678' },
    { qualifier: 'CN', value: '1Z999' },
  ],
  dates: [
    { qualifier: '011', date: '2026-03-01' },
    { qualifier: '017', date: '2026-03-04' },
  ],
  freight: { payment: 'PP' },
  parties: [
    {
      party: { role: 'SF', name: 'OUR WAREHOUSE', qualifier: '92', code: 'WH1' },
      address: [{ lines: ['1 DOCK ROAD'] }],
      place: { city: 'NEWARK', state: 'NJ', postalCode: '07102', country: 'US' },
    },
    { party: { role: 'ST', qualifier: '92', code: 'PHX3' } },
  ],
};

const ITEM_READ = {
  level: 'I',
  item: {
    lineNumber: '1',
    products: [
      { qualifier: 'BP', value: 'B012345678' },
      { qualifier: 'LT', value: 'L77' },
    ],
  },
  shipped: { lineNumber: '1', shipped: { value: '24', unit: 'EA' }, ordered: { value: '24', unit: 'EA' } },
  packing: { pack: '12', size: { value: '1', unit: 'EA' } },
  references: [{ qualifier: 'LT', value: 'L77' }],
  dates: [{ qualifier: '036', date: '2027-03-01' }],
};

describe('a ship notice', () => {
  test.each(['004010', '005010'] as const)('of %s is a tree of its levels, with all that they say', (release) => {
    const transaction = readOne('856', release, NOTICE);
    expect(transaction.faults).toEqual([]);
    expect(brief(transaction.document)).toEqual({
      set: '856',
      beginning: { purpose: '00', shipmentId: 'SHIP0001', date: '2026-03-01', time: '14:30', structure: '0001' },
      dates: [{ qualifier: '097', date: '2026-03-01', time: '14:30' }],
      levels: [
        {
          level: 'S',
          ...SHIPMENT_READ,
          children: [
            {
              level: 'O',
              order: { purchaseOrderNumber: '4X7QK2LM', date: '2026-02-20' },
              children: [
                {
                  level: 'T',
                  marks: [{ qualifier: 'GM', number: '00012345678901234676' }],
                  children: [
                    {
                      level: 'P',
                      marks: [{ qualifier: 'GM', number: '00012345678901234683' }],
                      children: [ITEM_READ],
                    },
                  ],
                },
              ],
            },
          ],
        },
      ],
      totals: { lines: '5', hashTotal: '24' },
    });
  });

  test('has every list of a level, also when nothing is in it', () => {
    const [shipment] = documentOf('856', '005010', levels('1**S')).levels;
    expect(shipment).toMatchObject({ level: 'S', marks: [], parties: [], references: [], children: [] });
    expect(shipment).not.toHaveProperty('hierarchy');
  });

  test('is read when the segments of a level are out of order, and says so', () => {
    const [first, ...rest] = ITEM;
    const swapped = [BSN, ...SHIPMENT, ...ORDER, ...PALLET, ...CARTON, first ?? '', ...rest.toReversed()];
    const { document, faults } = readOne('856', '004010', swapped);
    expect(new Set(faults.map(({ rule, severity }) => `${rule} ${severity}`))).toEqual(
      new Set(['segment-out-of-sequence error']),
    );
    expect(JSON.stringify(brief(document))).toContain('"purchaseOrderNumber":"4X7QK2LM"');
  });
});

describe('the tree of HL loops', () => {
  test('hangs each level below its parent, in whatever order the parents take turns', () => {
    const { levels: roots } = documentOf('856', '004010', levels('1**S*1', '2*1*O*1', '3*1*O*1', '4*2*I*0', '5*3*I*0'));
    expect(roots.map(({ level, children }) => [level, children.map((one) => one.children.length)])).toEqual([
      ['S', [1, 1]],
    ]);
  });

  test('takes several roots', () => {
    expect(documentOf('856', '004010', levels('1**S', '2**S')).levels.map(({ level }) => level)).toEqual(['S', 'S']);
  });

  test('refuses an orphan: its parent is named nowhere before it', () => {
    const { document, faults } = readOne('856', '004010', levels('1**S', '2*7*O', '3*3*I'));
    expect(document).toBeNull();
    expect(places(faults)).toEqual([
      ['hierarchy', 'fatal', 4, 2],
      ['hierarchy', 'fatal', 5, 2],
    ]);
  });

  test('refuses a number that comes twice', () => {
    const { document, faults } = readOne('856', '004010', levels('1**S', '2*1*O', '2*1*O'));
    expect([document, places(faults)]).toEqual([null, [['hierarchy', 'fatal', 5, 1]]]);
  });

  test('tells a gap once, and reads on', () => {
    const { document, faults } = readOne('856', '004010', levels('1**S', '3*1*O', '4*3*I', '5*3*I'));
    expect(document?.set).toBe('856');
    expect(places(faults)).toEqual([['hierarchy', 'error', 4, 1]]);
  });

  test('reads numbers with zeros in front as the numbers they are', () => {
    expect(faultsOf(levels('01**S', '02*01*O', '03*2*I'))).toEqual([]);
  });

  test('tells where HL04 is wrong about the levels below', () => {
    expect(faultsOf(levels('1**S*0', '2*1*O*1'))).toEqual([
      ['hierarchy', 'warning', 3, 4],
      ['hierarchy', 'warning', 4, 4],
    ]);
  });

  test('is 32 levels deep and no deeper', () => {
    const deep = (depth: number) =>
      levels('1**S', ...Array.from({ length: depth - 1 }, (_, n) => `${n + 2}*${n + 1}*F`));
    expect(faultsOf(deep(32))).toEqual([]);
    expect(faultsOf(deep(33))).toEqual([['hierarchy', 'fatal', 35, 2]]);
  });

  test('has a schema as deep as itself', () => {
    const schema = schemaFor('856', '004010');
    const notice = documentOf('856', '004010', levels('1**S', '2*1*O', '3*2*I'));
    expect(schema?.parse(notice)).toEqual(notice);
    const wrong = JSON.parse(JSON.stringify(notice)) as { levels: { children: { children: object[] }[] }[] };
    wrong.levels[0]?.children[0]?.children.splice(0, 1, { level: 'ITEM' });
    expect(schema?.safeParse(wrong).error?.issues[0]?.path).toEqual([
      'levels',
      0,
      'children',
      0,
      'children',
      0,
      'level',
    ]);
  });
});

describe('the structure that BSN05 names', () => {
  const structured = (code: string, ...all: string[]) => faultsOf([bsn(code), ...all.map((one) => `HL*${one}`)]);

  test('is kept by shipment, order, pallet, carton and item', () => {
    expect(structured('0001', '1**S', '2*1*O', '3*2*T', '4*3*P', '5*4*I')).toEqual([]);
    expect(structured('0001', '1**S', '2*1*O', '3*2*I')).toEqual([]);
    expect(structured('0002', '1**S', '2*1*O', '3*2*I', '4*3*P')).toEqual([]);
    expect(structured('0003', '1**S', '2*1*P', '3*2*O', '4*3*I')).toEqual([]);
    expect(structured('0004', '1**S', '2*1*O', '3*2*I')).toEqual([]);
  });

  test('is broken by a level below one that should be below it', () => {
    expect(structured('0001', '1**S', '2*1*O', '3*2*I', '4*3*P')).toEqual([['hierarchy', 'error', 6, 3]]);
    expect(structured('0003', '1**S', '2*1*O', '3*2*P', '4*3*I')).toEqual([['hierarchy', 'error', 5, 3]]);
  });

  test('is bent by a level that is left out, and by one it does not have', () => {
    expect(structured('0004', '1**S', '2*1*I')).toEqual([['hierarchy', 'warning', 4, 3]]);
    expect(structured('0004', '1**S', '2*1*O', '3*2*P', '4*3*I')).toEqual([['hierarchy', 'warning', 5, 3]]);
    expect(structured('0001', '1**O')).toEqual([['hierarchy', 'warning', 3, 3]]);
  });

  test('is told at the level itself, also when parents take turns', () => {
    expect(structured('0004', '1**S', '2*1*O', '3*1*O', '4*2*I', '5*3*S')).toEqual([
      ['hierarchy', 'error', 6, 2],
      ['hierarchy', 'error', 7, 3],
    ]);
  });
});

describe('what a ship notice adds up to', () => {
  const last = (ctt: string) => [...NOTICE.slice(0, -1), ctt];

  test('is the number of its levels and the sum of what was shipped', () => {
    expect(faultsOf(last('CTT*5*24'))).toEqual([]);
    expect(faultsOf(last('CTT*5'))).toEqual([]);
    expect(faultsOf(last('CTT*2*24'))).toEqual([['total-differs', 'error', NOTICE.length + 1, 1]]);
    expect(faultsOf(last('CTT*1*24'))).toEqual([['total-differs', 'warning', NOTICE.length + 1, 1]]);
    expect(faultsOf(last('CTT*5*25'))).toEqual([['total-differs', 'error', NOTICE.length + 1, 2]]);
  });

  const packed = (ctt: string, ...packs: string[]) => [
    bsn('0002'),
    'HL*1**S',
    'HL*2*1*O',
    'HL*3*2*I',
    'LIN**BP*B1',
    'SN1**30*EA',
    ...packs.flatMap((units, n) => [`HL*${n + 4}*3*P`, `SN1**${units}`]),
    ctt,
  ];

  test('may be summed over the items alone, where their packs say the same again', () => {
    expect(faultsOf(packed('CTT*5*30', '10*EA', '20*EA'))).toEqual([]);
    expect(faultsOf(packed('CTT*5*60', '10*EA', '20*EA'))).toEqual([]);
    expect(faultsOf(packed('CTT*5*40', '10*EA', '20*EA'))).toEqual([['total-differs', 'error', 12, 2]]);
  });

  test('is the same of an item and of its packs, where both say it in one unit', () => {
    expect(faultsOf(packed('CTT*5', '10*EA', '19*EA'))).toEqual([['total-differs', 'warning', 7, 2]]);
    expect(faultsOf(packed('CTT*5', '1*CA', '1*CA'))).toEqual([]);
  });

  test('goes into whole packs, where PO4 says how many pieces a pack has', () => {
    const item = (sn1: string, po4: string) => [bsn(''), 'HL*1**I', 'LIN**BP*B1', sn1, po4];
    expect(faultsOf(item('SN1**24*EA', 'PO4*12*1*EA'))).toEqual([]);
    expect(faultsOf(item('SN1**25*EA', 'PO4*12*1*EA'))).toEqual([['total-differs', 'warning', 5, 2]]);
    expect(faultsOf(item('SN1**25*EA', 'PO4*12*16*OZ'))).toEqual([]);
    expect(faultsOf(item('SN1**25*EA', 'PO4*12'))).toEqual([]);
    expect(faultsOf(item('SN1**25*EA', 'PO4*0*1*EA'))).toEqual([]);
  });
});

describe('an SSCC', () => {
  test('has 18 digits and the right last one, with its identifier 00 or without', () => {
    expect(wrongSscc('012345678901234676')).toBeNull();
    expect(wrongSscc('00012345678901234676')).toBeNull();
    expect(wrongSscc('106141412345678908')).toBeNull();
    expect(wrongSscc('012345678901234675')).toMatch(/check digit is 5.*follows 6/);
    expect(wrongSscc('12345678901234676')).toMatch(/18 digits/);
    expect(wrongSscc('99012345678901234676')).toMatch(/18 digits/);
    expect(wrongSscc('(00)12345678901234676')).toMatch(/18 digits/);
  });

  test('is checked in every MAN that names one, and nowhere else', () => {
    const marks = (...all: string[]) => faultsOf([bsn(''), 'HL*1**P', ...all]);
    expect(marks('MAN*GM*00012345678901234676', 'MAN*AA*012345678901234676', 'MAN*CP*1Z12')).toEqual([]);
    expect(marks('MAN*CP*1Z', 'MAN*GM*00012345678901234675')).toEqual([['check-digit', 'warning', 5, 2]]);
    expect(marks('MAN*CP*1Z**GM*123')).toEqual([['check-digit', 'warning', 4, 5]]);
    expect(marks('MAN*AA*012345678901234676*012345678901234675')).toEqual([['check-digit', 'warning', 4, 3]]);
  });
});
