import { describe, expect, test } from '@jest/globals';
import { matchAcknowledgement, type FunctionalAcknowledgement, type SentGroup } from '../../../edi/index.js';
import { firstOf, transaction, wrapped } from './wrapped.js';

function received(body: string, release = '004010'): FunctionalAcknowledgement {
  const { document } = firstOf(wrapped([transaction('997', body)], { group: 'FA', release }));
  if (document?.set !== '997') throw new Error('no 997');
  return document;
}

describe('nothing counts as accepted that is not clearly accepted', () => {
  const ORDERS: SentGroup = {
    functionalId: 'PO',
    controlNumber: '1',
    version: '005010',
    transactions: [
      { set: '850', controlNumber: '0001' },
      { set: '850', controlNumber: '0002' },
    ],
  };
  const SIMILAR: SentGroup = {
    ...ORDERS,
    transactions: ['0001', '00001'].map((controlNumber) => ({ set: '850', controlNumber })),
  };
  const answer = (number: string, result: string, set = '850') => `AK2*${set}*${number}~AK5*${result}~`;
  const both = (first: string, second = first) => answer('0001', first) + answer('0002', second);
  /** Group, sets, contradictions. */
  const told = (body: string, sent = ORDERS) => {
    const { outcome, transactions, contradictions } = matchAcknowledgement(sent, received(`AK1*PO*1~${body}~`));
    return [outcome, transactions.map((one) => one.outcome), contradictions.map(({ rule }) => rule)];
  };
  const NONE = ['not-mentioned', 'not-mentioned'];

  test.each<[string, string, string[], string[]]>([
    ['AK9*A*2*2*0', 'not-mentioned', NONE, ['count-differs']],
    ['AK9*A*2*2*1', 'not-mentioned', NONE, ['count-differs']],
    ['AK9*E*2*2*0*5', 'not-mentioned', NONE, ['count-differs']],
    ['AK9*A*2*1*1', 'not-mentioned', NONE, ['count-differs']],
    ['AK9*A*1*2*2', 'not-mentioned', NONE, ['count-differs']],
    ['AK9*A*1*1*1', 'not-mentioned', NONE, ['count-differs', 'count-differs']],
    [`${answer('0001', 'A')}AK9*A*2*2*1`, 'not-mentioned', ['accepted', 'not-mentioned'], ['count-differs']],
    [
      `${answer('0001', 'E*5')}AK9*E*2*2*1`,
      'not-mentioned',
      ['accepted-with-errors', 'not-mentioned'],
      ['count-differs'],
    ],
    [`${both('A')}AK9*A*2*1*1`, 'not-mentioned', NONE, ['count-differs', 'count-differs']],
    [`${answer('0001', 'A')}AK9*P*2*2*0`, 'partially-accepted', NONE, ['count-differs']],
    [`${both('A')}AK9*P*2*2*2`, 'partially-accepted', NONE, ['verdict-differs']],
    ['AK9*R*2*2*1', 'rejected', ['rejected', 'rejected'], ['count-differs']],
  ])('counts: %s', (body, group, sets, contradictions) => {
    expect(told(body)).toEqual([group, sets, contradictions]);
  });

  test.each<[string, string, string[], string[]]>([
    [`${both('A')}AK9*R*2*2*0`, 'rejected', ['rejected', 'rejected'], ['verdict-differs', 'verdict-differs']],
    [
      `${answer('0001', 'A')}${answer('0001', 'R')}AK9*A*2*2*2`,
      'partially-accepted',
      ['rejected', 'not-mentioned'],
      ['transaction-repeated', 'count-differs', 'verdict-differs'],
    ],
    [
      `${both('A')}${answer('0001', 'A')}AK9*A*2*2*2`,
      'not-mentioned',
      ['not-mentioned', 'accepted'],
      ['transaction-repeated'],
    ],
    [`${answer('0001', 'R*5', '810')}AK9*A*2*2*2`, 'not-mentioned', NONE, ['set-differs', 'verdict-differs']],
    [
      `${both('A')}${answer('0001', 'R*5', '810')}AK9*A*2*2*2`,
      'not-mentioned',
      ['not-mentioned', 'accepted'],
      ['set-differs', 'verdict-differs'],
    ],
    [`${answer('0009', 'A')}AK9*A*2*2*2`, 'not-mentioned', NONE, ['transaction-not-sent']],
    [`${both('A*5', 'A')}AK9*A*2*2*2`, 'not-mentioned', ['not-mentioned', 'accepted'], ['verdict-differs']],
    [
      `AK2*850*0001~AK3*PO1*3~AK5*A~${answer('0002', 'A')}AK9*P*2*2*1`,
      'partially-accepted',
      ['not-mentioned', 'accepted'],
      ['verdict-differs'],
    ],
    ['AK9*A*2*2*2*1', 'not-mentioned', NONE, ['verdict-differs']],
    [`${both('A')}AK9*A*2*2*2*1`, 'not-mentioned', NONE, ['verdict-differs']],
    [
      `${both('A', 'R')}AK9*A*2*2*2`,
      'partially-accepted',
      ['accepted', 'rejected'],
      ['count-differs', 'verdict-differs'],
    ],
    [
      `${both('R')}AK9*A*2*2*0`,
      'rejected',
      ['rejected', 'rejected'],
      ['count-differs', 'verdict-differs', 'verdict-differs'],
    ],
    [`${both('R')}AK9*P*2*2*0`, 'rejected', ['rejected', 'rejected'], ['verdict-differs']],
    [`${both('A', 'E')}AK9*A*2*2*2`, 'accepted-with-errors', ['accepted', 'accepted-with-errors'], ['verdict-differs']],
  ])('answers against each other: %s', (body, group, sets, contradictions) => {
    expect(told(body)).toEqual([group, sets, contradictions]);
  });

  test.each<[string, string, string[], string[]]>([
    [`${answer('0001', 'A')}${answer('00001', 'R')}AK9*P*2*2*1`, 'partially-accepted', ['accepted', 'rejected'], []],
    [`${answer('00001', 'A')}${answer('0001', 'R')}AK9*P*2*2*1`, 'partially-accepted', ['rejected', 'accepted'], []],
    [`${answer('000001', 'A')}AK9*A*2*2*2`, 'not-mentioned', NONE, ['transaction-ambiguous']],
    [
      `${answer('0001', 'A')}${answer('000001', 'R')}AK9*P*2*2*1`,
      'partially-accepted',
      NONE,
      ['transaction-ambiguous'],
    ],
  ])('numbers that differ by zeros in front are two: %s', (body, group, sets, contradictions) => {
    expect(told(body, SIMILAR)).toEqual([group, sets, contradictions]);
  });

  test('numbers that differ by zeros in front are one where only one was sent', () => {
    expect(told(`${answer('0001', 'A')}${answer('00001', 'R')}AK9*P*2*2*1`)).toEqual([
      'partially-accepted',
      ['rejected', 'not-mentioned'],
      ['transaction-repeated'],
    ]);
  });

  test.each(['constructor', 'toString', '__proto__', 'Q'])('a result that is none: %s', (code) => {
    expect(told(`AK9*${code}*2*2*2`)).toEqual(['not-mentioned', NONE, ['result-not-known']]);
    expect(told(`${both('A')}AK9*${code}*2*2*2`)).toEqual(['not-mentioned', NONE, ['result-not-known']]);
    const refused = ['not-mentioned', ['rejected', 'rejected'], ['result-not-known']];
    expect(told(`${both('R')}AK9*${code}*2*2*0`)).toEqual(refused);
    expect(told(`${both('A', code)}AK9*P*2*2*1`)).toEqual([
      'partially-accepted',
      ['accepted', 'not-mentioned'],
      ['result-not-known'],
    ]);
  });

  test('a group of another version', () => {
    const answered = (version: string, sent = ORDERS) => {
      const body = `AK1*PO*1*${version}~${both('A')}AK9*A*2*2*2~`;
      const { outcome, transactions, contradictions } = matchAcknowledgement(sent, received(body, '005010'));
      return [outcome, transactions.map((one) => one.outcome), contradictions.map(({ rule }) => rule)];
    };
    expect(answered('004010')).toEqual(['not-mentioned', NONE, ['version-differs']]);
    expect(answered('005010')).toEqual(['accepted', ['accepted', 'accepted'], []]);
    const { functionalId, controlNumber, transactions } = ORDERS;
    expect(answered('004010', { functionalId, controlNumber, transactions })[0]).toBe('accepted');
  });

  test('whatever codes and counts come together', () => {
    const own = ['', 'A', 'A*5', 'E*5', 'R*5', 'Q'];
    const bodies = own.flatMap((first) =>
      own.flatMap((second) =>
        ['A', 'E', 'P', 'R', 'Q'].flatMap((group) =>
          ['2*2*2', '2*2*1', '2*2*0', '2*1*1', '1*2*2', '3*3*3', '2*2*2*1'].map((counts) => {
            const answers = (first && answer('0001', first)) + (second && answer('0002', second));
            return { codes: [first, second], group, counts, body: `AK1*PO*1~${answers}AK9*${group}*${counts}~` };
          }),
        ),
      ),
    );
    const clean = /^(A|E\*5)?$/;
    for (const { codes, group, counts, body } of bodies) {
      const { outcome, transactions, contradictions } = matchAcknowledgement(ORDERS, received(body));
      const all = contradictions.length === 0 && 'AE'.includes(group) && /^2\*2\*2/.test(counts);
      if (outcome === 'accepted')
        expect([body, all, codes.every((code) => clean.test(code))]).toEqual([body, true, true]);
      transactions.forEach((one, n) => {
        if (!one.outcome.startsWith('accepted')) return;
        const code = codes[n] ?? '';
        expect([body, clean.test(code), group === 'R' || group === 'Q']).toEqual([body, true, false]);
        if (code === '') expect([body, all]).toEqual([body, true]);
        const against = contradictions.filter(({ controlNumber }) => controlNumber === one.controlNumber);
        if (one.outcome === 'accepted') expect([body, against]).toEqual([body, []]);
      });
    }
    expect(bodies).toHaveLength(1260);
  });
});
