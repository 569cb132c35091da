import { describe, expect, test } from '@jest/globals';
import { schemaFor } from '../../../edi/index.js';
import { firstOf, placesOf, transaction, wrapped } from './wrapped.js';

const RELEASES = ['004010', '005010'] as const;

const ANSWER = [
  'BAK*00*AC*4X7QK2LM*20260301*****20260302~REF*VN*SO-1~DTM*002*20260310~',
  'PO1*1*10*CA*7.50*PE*BP*B012345678~PID*F****socks~ACK*IA*6*CA~DTM*068*20260305~ACK*IB*4*CA~DTM*068*20260320~',
  'PO1*2*3*EA*12.00*PE*BP*B012345679~ACK*IR*3*EA~CTT*2*13~',
].join('');
const answer = (body: string, release = '004010') =>
  firstOf(wrapped([transaction('855', body)], { group: 'PR', release }));

describe('an order acknowledgement (855)', () => {
  test.each(RELEASES)('is a document with an answer to each part of a line, in %s', (release) => {
    const { document, faults } = answer(ANSWER, release);
    expect(faults).toEqual([]);
    expect(schemaFor('855', release)?.parse(document)).toEqual(document);
    expect(document).toMatchObject({
      set: '855',
      beginning: {
        purpose: '00',
        type: 'AC',
        purchaseOrderNumber: '4X7QK2LM',
        purchaseOrderDate: '2026-03-01',
        date: '2026-03-02',
      },
      references: [{ qualifier: 'VN', value: 'SO-1' }],
      lines: [
        {
          item: { lineNumber: '1', ordered: { value: '10', unit: 'CA' }, unitPrice: { value: '7.50' } },
          descriptions: [{ description: { description: 'socks' } }],
          acknowledgements: [
            {
              acknowledgement: { status: 'IA', quantity: { value: '6', unit: 'CA' } },
              dates: [{ qualifier: '068', date: '2026-03-05' }],
            },
            { acknowledgement: { status: 'IB', quantity: { value: '4' } }, dates: [{ date: '2026-03-20' }] },
          ],
        },
        { acknowledgements: [{ acknowledgement: { status: 'IR' }, dates: [] }] },
      ],
      totals: { totals: { lines: '2', hashTotal: '13' } },
    });
  });

  test('may have no lines: the order is accepted or refused whole', () => {
    const { document, faults } = answer('BAK*00*RJ*4X7QK2LM*20260301~');
    expect(faults).toEqual([]);
    expect(document).toMatchObject({ beginning: { type: 'RJ' }, lines: [] });
  });

  test.each([
    ['a quantity without its unit', ANSWER.replace('ACK*IR*3*EA', 'ACK*IR*3'), ['element-needed', 12, 3]],
    ['a line without a status', ANSWER.replace('ACK*IR*3*EA', 'ACK**3*EA'), ['element-missing', 12, 1]],
    ['no BAK', ANSWER.replace(/^BAK[^~]*~/, ''), ['segment-missing', 2, undefined]],
    [
      'a second date for an answer',
      ANSWER.replace('ACK*IR*3*EA~', '$&DTM*068*20260305~DTM*068*20260306~'),
      ['segment-too-often', 14, undefined],
    ],
    ['a wrong count of lines', ANSWER.replace('CTT*2', 'CTT*3'), ['total-differs', 13, 1]],
    ['a wrong hash total', ANSWER.replace('CTT*2*13', 'CTT*2*14'), ['total-differs', 13, 2]],
    ['a segment of an 856', ANSWER.replace('CTT*', 'SN1*1*3*EA~CTT*'), ['segment-not-in-set', 13, undefined]],
  ])('is told %s', (_, body, place) => {
    expect(placesOf(answer(body))).toEqual([place]);
  });

  test('carries MTX where it is of 005010, MSG where it is of 004010', () => {
    const text = (tag: string) => ANSWER.replace('CTT*', `N9*L1*1~${tag}~CTT*`);
    expect(answer(text('MSG*call first')).document).toMatchObject({
      lines: [{}, { notes: [{ note: { qualifier: 'L1' }, lines: [{ text: 'call first' }] }] }],
    });
    expect(answer(text('MTX**call first'), '005010').document).toMatchObject({
      lines: [{}, { notes: [{ texts: [{ text: 'call first' }] }] }],
    });
    expect(placesOf(answer(text('MSG*call first'), '005010'))).toEqual([['segment-not-in-set', 14, undefined]]);
  });
});

const STOCK = [
  'BIA*00*DD*FEED-7*20260301*0930~REF*IA*VEND1~N1*SU*Selvedge~',
  'LIN**BP*B012345678*UP*012345678905~PID*F****socks~QTY*33*120*EA~QTY*63*40.5*EA~DTM*018*20260401~',
  'LIN**BP*B012345679~QTY*33*0*EA~CTT*2*160.5~',
].join('');
const stock = (body: string, release = '004010') =>
  firstOf(wrapped([transaction('846', body)], { group: 'IB', release }));

describe('a stock advice (846)', () => {
  test.each(RELEASES)('is a document of items and their quantities, in %s', (release) => {
    const { document, faults } = stock(STOCK, release);
    expect(faults).toEqual([]);
    expect(schemaFor('846', release)?.parse(document)).toEqual(document);
    expect(document).toMatchObject({
      beginning: { purpose: '00', report: 'DD', reference: 'FEED-7', date: '2026-03-01', time: '09:30' },
      parties: [{ party: { role: 'SU', name: 'Selvedge' } }],
      items: [
        {
          item: { products: [{ qualifier: 'BP', value: 'B012345678' }, { qualifier: 'UP' }] },
          amounts: [
            { quantity: { qualifier: '33', quantity: { value: '120', unit: 'EA' } } },
            { quantity: { qualifier: '63', quantity: { value: '40.5' } }, dates: [{ date: '2026-04-01' }] },
          ],
        },
        { amounts: [{ quantity: { quantity: { value: '0' } } }] },
      ],
    });
  });

  test.each([
    ['no item at all', 'BIA*00*DD*FEED-7*20260301~', [['segment-missing', 3, undefined]]],
    ['an item without its number', STOCK.replace('LIN**BP*B012345679', 'LIN*2'), [['element-missing', 10, 2]]],
    [
      'a quantity in figures and in words',
      STOCK.replace('QTY*33*0*EA', 'QTY*33*0*EA*none'),
      [['element-excluded', 11, 4]],
    ],
    ['a wrong count of items', STOCK.replace('CTT*2', 'CTT*1'), [['total-differs', 12, 1]]],
    ['a hash total that is neither sum', STOCK.replace('*160.5', '*161'), [['total-differs', 12, 2]]],
  ])('is told %s', (_, body, places) => {
    expect(placesOf(stock(body))).toEqual(places);
  });

  test('has a hash total of digits, without regard to the point, as the dictionary sums it', () => {
    expect(stock(STOCK.replace('*160.5', '*525')).faults).toEqual([]);
  });

  test('has references of a quantity between LS and LE', () => {
    const bounded = STOCK.replace('QTY*33*0*EA~', '$&LS*REFS~REF*LT*LOT-9~DTM*036*20270101~LE*REFS~');
    expect(stock(bounded).faults).toEqual([]);
    expect(stock(bounded).document).toMatchObject({
      items: [{}, { amounts: [{ references: { references: [{ reference: { value: 'LOT-9' }, dates: [{}] }] } }] }],
    });
    expect(placesOf(stock(bounded.replace('LE*REFS~', '')))).toEqual([['segment-missing', 15, undefined]]);
    expect(placesOf(stock(bounded.replace('LE*REFS~', 'LE*REFX~')))).toEqual([['code-not-known', 15, 1]]);
  });
});

describe('an order (850)', () => {
  const ORDER = 'BEG*00*NE*4X7QK2LM**20260301~@PO1*1*10*CA*7.50*PE*BP*B012345678~#CTT*1*10~';
  const order = (header: string, line: string, release = '004010') =>
    firstOf(wrapped([transaction('850', ORDER.replace('@', header).replace('#', line))], { release }));

  test('has every segment of the standard at its place', () => {
    const header =
      'TAX*12-345~PAM****1*100~CSH*N~TC2*A*6109~SAC*A*C310***500~CUR*BY*EUR~DIS*001*01*5~INC*01*02*3~LDT*AA*2*DA~LIN**BP*B1~' +
      'SI*TI*01*X~PWK*PO~TD4*ZZZ~PCT*1*5~CTB*OR*whole~AMT*TT*100~REF*PO*1~FA1*AG~FA2*01*X~N9*L1*1~DTM*002*20260310~MSG*hello~' +
      'N1*ST**92*PHX3~NX2*01*12~LM*AX~LQ*1*A~SPI*SI~CB1*01~ADV*02~MTX**text~';
    const line =
      'CN1*01~PO3*SC**RES**ST*1*EA~CTP**RES*9.99~CUR*BY*EUR~IT8*1~SDQ*EA*92*PHX3*4*PHX4*6~IT3*10~MSG*gift~QTY*38*10~SI*TI*01*X~' +
      'SCH*10*CA***002*20260310~TD5*O*2*UPSN~PKG*F****box~LS*L~LDT*AA*2*DA~LE*L~N1*MA*Shop~QTY*38*4~LDT*AA*2*DA~' +
      'SLN*1*1*I*5*EA*1.50~MSG*part~SAC*A*C310***10~AMT*1*75~LM*AX~LQ*1*A~';
    const { document, faults } = order(header, line);
    expect(faults).toEqual([]);
    expect(document?.unknown).toEqual([]);
    expect(document).toMatchObject({
      notes: [{ dates: [{ qualifier: '002', date: '2026-03-10' }], lines: [{ text: 'hello' }] }],
      lines: [
        {
          destinations: [{ elements: ['EA', '92', 'PHX3', '4', 'PHX4', '6'] }],
          schedules: [{ schedule: { quantity: { value: '10', unit: 'CA' }, date: '2026-03-10' }, carriers: [{}] }],
          sublines: [{ subline: { quantity: { value: '5', unit: 'EA' }, unitPrice: { value: '1.50' } } }],
        },
      ],
    });
    expect(schemaFor('850', '004010')?.parse(document)).toEqual(document);
  });

  test('knows a segment of another place by its place: TAX after FOB is out of sequence, NTE is in no 850', () => {
    const { document, faults } = order('FOB*PP~TAX*12-345~NTE**call~', '');
    expect(placesOf({ faults })).toEqual([
      ['segment-out-of-sequence', 4, undefined],
      ['segment-not-in-set', 5, undefined],
    ]);
    expect(document).toMatchObject({ taxReferences: [{}], unknown: [{ id: 'NTE', elements: ['', 'call'] }] });
  });

  test('has its text in MTX from 005010 on, and the parts of a name in IN2', () => {
    const { document, faults } = order('N9*L1*1~MTX**hello~N1*ST*Jo Doe~IN2*05*Doe~LM*AX~LQ*1*A~', '', '005010');
    expect(faults).toEqual([]);
    expect(document).toMatchObject({ notes: [{ texts: [{ text: 'hello' }] }], parties: [{ nameParts: [{}] }] });
  });
});
