import { describe, expect, test } from '@jest/globals';
import {
  acknowledging,
  matchAcknowledgement,
  type FunctionalAcknowledgement,
  type SentGroup,
} from '../../../edi/index.js';
import { firstOf, readAll, transaction, wrapped } from './wrapped.js';

const SENT: SentGroup = {
  functionalId: 'PR',
  controlNumber: '17',
  transactions: [
    { set: '855', controlNumber: '0001' },
    { set: '855', controlNumber: '0002' },
    { set: '855', controlNumber: '0003' },
  ],
};

/** A 997 as it comes. */
function received(body: string): FunctionalAcknowledgement {
  const { document } = firstOf(wrapped([transaction('997', body)], { group: 'FA' }));
  if (document?.set !== '997') throw new Error('no 997');
  return document;
}

const match = (body: string, sent = SENT) => matchAcknowledgement(sent, received(body));
const outcomes = (body: string) => match(body).transactions.map(({ outcome, stated }) => [outcome, stated]);
const rules = (body: string) => match(body).contradictions.map(({ rule, controlNumber }) => [rule, controlNumber]);
const ak2 = (...results: string[]) => results.map((result, n) => `AK2*855*000${n + 1}~AK5*${result}~`).join('');

describe('a 997 matched to what was sent', () => {
  test('accepts all', () => {
    expect(match(`AK1*PR*17~${ak2('A', 'A', 'A')}AK9*A*3*3*3~`)).toEqual({
      outcome: 'accepted',
      reasons: [],
      transactions: SENT.transactions.map((one) => ({ ...one, outcome: 'accepted', stated: true, reasons: [] })),
      contradictions: [],
    });
  });

  test('accepts a part: each set as its AK5 says', () => {
    const body = `AK1*PR*17~${ak2('A', 'E*5', 'R*4')}AK9*P*3*3*2~`;
    expect(match(body)).toMatchObject({ outcome: 'partially-accepted', contradictions: [] });
    expect(outcomes(body)).toEqual([
      ['accepted', true],
      ['accepted-with-errors', true],
      ['rejected', true],
    ]);
  });

  test('takes a set that fails security for rejected', () => {
    const body = `AK1*PR*17~${ak2('M', 'W', 'X')}AK9*R*3*3*0~`;
    expect(match(body)).toMatchObject({ outcome: 'rejected', contradictions: [] });
    expect(outcomes(body).map(([outcome]) => outcome)).toEqual(['rejected', 'rejected', 'rejected']);
  });

  test.each([
    ['A', 'AK9*A*3*3*3', 'accepted', 'accepted'],
    ['E', 'AK9*E*3*3*3*1', 'accepted-with-errors', 'accepted-with-errors'],
    ['R', 'AK9*R*3*3*0*4', 'rejected', 'rejected'],
    ['P', 'AK9*P*3*3*1', 'partially-accepted', 'not-mentioned'],
  ])('without any AK2, an AK9 %s speaks for the sets if it can', (_, ak9, group, each) => {
    const body = `AK1*PR*17~${ak9}~`;
    expect(match(body).outcome).toBe(group);
    expect(outcomes(body)).toEqual([
      [each, false],
      [each, false],
      [each, false],
    ]);
  });

  test('says why in sentences: of the set, its segments and elements, and of the group', () => {
    const body =
      'AK1*PR*17~AK2*855*0001~AK3*ACK*13*PO1*8~AK4*3*355*2~AK4*4>2*234*7*B0~AK3*CTT*15**5~AK3*REF*16~AK5*R*5*88~AK9*R*3*3*0*4~';
    expect(match(body)).toMatchObject({
      reasons: ['control numbers of header and trailer differ (AK9 4)'],
      transactions: [
        {
          reasons: [
            'segments in error (AK5 5)',
            'a code of no meaning here (AK5 88)',
            'segment 13, ACK in loop PO1, element 3: conditionally required element missing (AK4 2)',
            'segment 13, ACK in loop PO1, element 4, component 2: invalid code (AK4 7): "B0"',
            'segment 15, CTT: segment comes too often (AK3 5)',
          ],
        },
        { reasons: [] },
        { reasons: [] },
      ],
    });
  });

  test('takes a number whose zeros in front differ, where only one can be meant', () => {
    expect(match('AK1*PR*000000017~AK2*855*00001~AK5*A~AK9*A*3*3*3~')).toMatchObject({
      outcome: 'accepted',
      transactions: [{ stated: true }, { stated: false }, { stated: false }],
      contradictions: [],
    });
  });

  test.each(['AK1*PR*18', 'AK1*SH*17'])('says nothing of a group that it does not name: %s', (ak1) => {
    const matched = match(`${ak1}~${ak2('A', 'A', 'A')}AK9*A*3*3*3~`);
    expect(matched.outcome).toBe('not-mentioned');
    expect(matched.transactions.map(({ outcome }) => outcome)).toEqual(Array(3).fill('not-mentioned'));
    expect(matched.contradictions.map(({ rule }) => rule)).toEqual(['another-group']);
  });
});

describe('contradictions of a 997', () => {
  test.each([
    ['a number never sent', `${ak2('A', 'A', 'A')}AK2*855*0009~AK5*A~AK9*A*3*3*3~`, [['transaction-not-sent', '0009']]],
    [
      'a number answered twice',
      `${ak2('A', 'A', 'A')}AK2*855*0001~AK5*A~AK9*A*3*3*3~`,
      [['transaction-repeated', '0001']],
    ],
    ['another set under a number', `${ak2('A', 'A')}AK2*856*0003~AK5*A~AK9*A*3*3*3~`, [['set-differs', '0003']]],
    ['more sets than were sent', `${ak2('A', 'A', 'A')}AK9*A*4*3*3~`, [['count-differs', undefined]]],
    ['fewer sets than were sent', `${ak2('A', 'A')}AK9*A*3*2*2~`, [['count-differs', undefined]]],
    [
      'a count of accepted sets that its AK5 do not bear out',
      `${ak2('A', 'A', 'R')}AK9*P*3*3*1~`,
      [['count-differs', undefined]],
    ],
    ['more accepted than received', 'AK9*A*3*3*4~', [['count-differs', undefined]]],
    [
      'AK9 A beside AK5 R',
      `${ak2('A', 'A', 'R*5')}AK9*A*3*3*2~`,
      [
        ['count-differs', undefined],
        ['verdict-differs', '0003'],
      ],
    ],
    ['AK9 A beside AK5 E', `${ak2('A', 'A', 'E*5')}AK9*A*3*3*3~`, [['verdict-differs', '0003']]],
    [
      'AK9 E beside AK5 R',
      `${ak2('A', 'A', 'R*5')}AK9*E*3*3*2~`,
      [
        ['count-differs', undefined],
        ['verdict-differs', '0003'],
      ],
    ],
    [
      'AK9 R beside AK5 A',
      `${ak2('A', 'R', 'R')}AK9*R*3*3*1~`,
      [
        ['count-differs', undefined],
        ['verdict-differs', '0001'],
      ],
    ],
    ['AK9 P, and none is rejected', `${ak2('A', 'A', 'E')}AK9*P*3*3*3~`, [['verdict-differs', undefined]]],
    ['AK9 P, and all are rejected', `${ak2('R', 'R', 'R')}AK9*P*3*3*0~`, [['verdict-differs', undefined]]],
  ])('%s', (_, body, expected) => {
    expect(rules(`AK1*PR*17~${body}`)).toEqual(expected);
  });

  test('never leave a set accepted: the worst answer wins, whichever came first', () => {
    expect(outcomes('AK1*PR*17~AK2*855*0001~AK5*R~AK2*855*0001~AK5*A~AK9*A*3*3*3~')[0]).toEqual(['rejected', true]);
    expect(outcomes('AK1*PR*17~AK2*855*0001~AK5*A~AK2*855*0001~AK5*R~AK9*A*3*3*3~')[0]).toEqual(['rejected', true]);
    expect(outcomes(`AK1*PR*17~${ak2('A', 'A')}AK2*856*0003~AK5*R~AK9*P*3*3*2~`)[2]).toEqual(['not-mentioned', false]);
  });

  test('results that are none are no answer', () => {
    const document = received(`AK1*PR*17~${ak2('A', 'A', 'A')}AK9*A*3*3*3~`);
    const [first, ...others] = document.transactions;
    if (first === undefined) throw new Error('no set in it');
    const odd: FunctionalAcknowledgement = {
      ...document,
      transactions: [{ ...first, result: { result: 'P' } }, ...others],
      result: { ...document.result, result: 'Q' },
    };
    expect(matchAcknowledgement(SENT, odd)).toMatchObject({
      outcome: 'not-mentioned',
      transactions: SENT.transactions.map(() => ({ outcome: 'not-mentioned', stated: false })),
      contradictions: [{ rule: 'count-differs' }, { rule: 'result-not-known' }, { rule: 'result-not-known' }],
    });
  });
});

test('what we answer matches what was sent, without contradiction', () => {
  const good = transaction('855', 'BAK*00*AC*4X7QK2LM*20260301~CTT*0~', '0001');
  const poor = transaction('855', 'BAK*00*AC*4X7QK2LM*20260301~CTT*9~', '0002');
  const bad = transaction('855', 'CTT*0~', '0003');
  const sent = { ...SENT, controlNumber: '1' };
  const acks = acknowledging();
  const [answer] = readAll(wrapped([good, poor, bad], { group: 'PR' })).flatMap((item) => acks.add(item));
  if (answer?.kind !== '997') throw new Error('no 997');
  const matched = matchAcknowledgement(sent, answer.document);
  expect(matched).toMatchObject({
    outcome: 'partially-accepted',
    transactions: [{ outcome: 'accepted' }, { outcome: 'accepted-with-errors' }, { outcome: 'rejected' }],
    contradictions: [],
  });
});
