import { describe, expect, test } from '@jest/globals';
import { schemaFor } from '../../../edi/index.js';
import { firstOf, placesOf, readAll, transaction, wrapped } from './wrapped.js';

const RELEASES = ['004010', '005010'] as const;

const ACKS = [
  'AK1*PR*0017~AK2*855*0001~AK3*ACK*13*PO1*8~AK4*3*355*2~AK4*4>2*234*7*B*X~AK5*E*5~AK2*855*0002~AK5*R*4*5~',
  'AK2*855*0003~AK5*A~AK9*P*3*3*2~',
].join('');
const functional = (body: string, release = '004010') =>
  firstOf(wrapped([transaction('997', body)], { group: 'FA', release }));

describe('a functional acknowledgement (997)', () => {
  test.each(RELEASES)('is a document of sets, segments and elements, in %s', (release) => {
    const { document, faults } = functional(ACKS.replace('*B*X', '*B'), release);
    expect(faults).toEqual([]);
    expect(schemaFor('997', release)?.parse(document)).toEqual(document);
    expect(document).toEqual({
      set: '997',
      group: { functionalId: 'PR', controlNumber: '0017' },
      transactions: [
        {
          transaction: { set: '855', controlNumber: '0001' },
          segments: [
            {
              segment: { segmentId: 'ACK', position: '13', loop: 'PO1', code: '8' },
              elements: [
                { place: { element: '3' }, elementNumber: '355', code: '2' },
                { place: { element: '4', component: '2' }, elementNumber: '234', code: '7', value: 'B' },
              ],
            },
          ],
          result: { result: 'E', errors: ['5'] },
        },
        {
          transaction: { set: '855', controlNumber: '0002' },
          segments: [],
          result: { result: 'R', errors: ['4', '5'] },
        },
        { transaction: { set: '855', controlNumber: '0003' }, segments: [], result: { result: 'A' } },
      ],
      result: { result: 'P', included: '3', received: '3', accepted: '2' },
      unknown: [],
    });
  });

  test('has versions and repetitions from 005010 on', () => {
    const body = 'AK1*SH*17*005010~AK2*856*0001*GS1US~AK3*REF*3**8~AK4*4>1>2*128*7~AK5*E*5~AK9*E*1*1*1~';
    expect(functional(body, '005010')).toMatchObject({
      faults: [],
      document: {
        group: { version: '005010' },
        transactions: [
          {
            transaction: { convention: 'GS1US' },
            segments: [{ elements: [{ place: { element: '4', component: '1', repetition: '2' } }] }],
          },
        ],
      },
    });
    expect(placesOf(functional(body))).toEqual([
      ['too-many-elements', 2, 3],
      ['too-many-elements', 3, 3],
      ['too-many-elements', 5, 1],
    ]);
  });

  test.each([
    ['an AK4 with more elements than it has', ACKS, [['too-many-elements', 6, 5]]],
    ['no AK9', 'AK1*PR*17~', [['segment-missing', 3, undefined]]],
    ['a set without AK5', 'AK1*PR*17~AK2*855*0001~AK9*A*1*1*1~', [['segment-missing', 4, undefined]]],
    ['a result that is none', 'AK1*PR*17~AK9*Q*1*1*1~', [['code-not-known', 3, 1]]],
    [
      'a count that is no number',
      'AK1*PR*17~AK9*A*1*one*1~',
      [
        ['number-form', 3, 3],
        ['element-missing', 3, 3],
      ],
    ],
    [
      'an AK4 that does not say which element',
      'AK1*PR*17~AK2*855*0001~AK3*ACK*3**8~AK4*>2**7~AK5*E*5~AK9*E*1*1*1~',
      [['element-missing', 5, 1]],
    ],
    [
      'a component that is no number',
      'AK1*PR*17~AK2*855*0001~AK3*ACK*3**8~AK4*2>x**7~AK5*E*5~AK9*E*1*1*1~',
      [['number-form', 5, 1]],
    ],
    ['more answers than sets', 'AK1*PR*17~AK2*855*0001~AK5*A~AK9*A*1*0*0~', [['total-differs', 5, 3]]],
    ['fewer sets than are answered', 'AK1*PR*17~AK2*855*0001~AK5*A~AK9*A*0*1*1~', [['total-differs', 5, 2]]],
    ['fewer accepted than are', 'AK1*PR*17~AK2*855*0001~AK5*E*5~AK9*P*2*2*0~', [['total-differs', 5, 4]]],
    ['more accepted than can be', 'AK1*PR*17~AK2*855*0001~AK5*R*5~AK9*P*2*2*2~', [['total-differs', 5, 4]]],
    ['an A that does not accept all', 'AK1*PR*17~AK9*A*3*3*2~', [['total-differs', 3, 4]]],
    ['an R that accepts one', 'AK1*PR*17~AK9*R*3*3*1~', [['total-differs', 3, 4]]],
  ])('is told %s', (_, body, places) => {
    expect(placesOf(functional(body))).toEqual(places);
  });
});

describe('an interchange acknowledgement (TA1)', () => {
  const file = (ta1: string) => wrapped([]).replace(/GS\*.*IEA\*1/, `${ta1}~IEA*0`);
  const between = (text: string) => readAll(text).filter((item) => item.kind === 'between');

  test('is read where it stands, before any group', () => {
    expect(between(file('TA1*000000042*260301*1200*R*025'))).toMatchObject([
      {
        acknowledgement: { controlNumber: '000000042', date: '2026-03-01', time: '12:00', result: 'R', note: '025' },
        faults: [],
      },
    ]);
  });

  test('is null, and told, when it says no result or a day that is none', () => {
    const [one] = between(file('TA1*000000042*260231*1200**025'));
    expect(one).toMatchObject({ acknowledgement: null });
    expect(placesOf(one ?? { faults: [] })).toEqual([
      ['date-not-valid', 1, 2],
      ['element-missing', 1, 2],
      ['element-missing', 1, 4],
    ]);
    expect(between(file('TA1*42*260301*1200*A*000')).map(placesOf)).toEqual([[['element-too-short', 1, 1]]]);
  });

  test('is no segment of a group', () => {
    const text = wrapped([]).replace('~GE*', '~TA1*000000042*260301*1200*A*000~GE*');
    expect(between(text)).toMatchObject([{ acknowledgement: null, faults: [{ rule: 'group-structure' }] }]);
  });
});
