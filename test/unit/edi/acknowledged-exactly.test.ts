import { describe, expect, test } from '@jest/globals';
import {
  acknowledging,
  countingFrom,
  matchAcknowledgement,
  replyTo,
  write,
  type Acknowledgement,
  type AcknowledgingOptions,
} from '../../../edi/index.js';
import { grouped, isa, readAll, transaction, wrapped } from './wrapped.js';

const ORDER = 'BEG*00*NE*4X7QK2LM**20260301~PO1*1*10*CA*7.50*PE*BP*B012345678~CTT*1*10~';
const good = (number = '0001') => transaction('850', ORDER, number);
const bad = (number: string) => good(number).replace('SE*5', 'SE*6');
const AT = { date: '2026-03-31', time: '09:30' };

function answers(text: string, options: AcknowledgingOptions = {}): Acknowledgement[] {
  const acks = acknowledging(options);
  return readAll(text).flatMap((item) => acks.add(item));
}

/** The reply as it is sent. */
const replied = (text: string): string =>
  Buffer.from(write(replyTo(answers(text), AT), countingFrom(1))).toString('latin1');

/** AK1, AK2, AK5, AK9 and TA1 of the reply to a file, once it was sent and read again. */
function said(text: string, options: AcknowledgingOptions = {}): string[] {
  const given = answers(text, options);
  if (given.length === 0) return [];
  const bytes = write(replyTo(given, AT), countingFrom(1), { separators: options.separators ?? {} });
  const items = readAll(Buffer.from(bytes).toString('latin1'));
  expect(items.flatMap(({ faults }) => faults)).toEqual([]);
  return items.flatMap((item) => {
    if (item.kind === 'between') return [`TA1*${item.acknowledgement?.controlNumber}*${item.acknowledgement?.result}`];
    if (item.kind !== 'transaction' || item.document?.set !== '997') return [];
    const { group, transactions, result } = item.document;
    return [
      `AK1*${group.functionalId}*${group.controlNumber}`,
      ...transactions.flatMap(({ transaction: { set, controlNumber }, result: of }) => [
        `AK2*${set}*${controlNumber}`,
        ['AK5', of.result, ...(of.errors ?? [])].join('*'),
      ]),
      ['AK9', result.result, result.included, result.received, result.accepted, ...(result.errors ?? [])].join('*'),
    ];
  });
}

describe('what is answered is named as it was sent', () => {
  test('a rejected set never has the number of an accepted one', () => {
    expect(said(wrapped([good('00-01'), bad('0001')]))).toEqual([
      ...['AK1*PO*1', 'AK2*850*00-01', 'AK5*A', 'AK2*850*0001', 'AK5*R*4', 'AK9*P*2*2*1'],
    ]);
  });

  test.each([
    ['too short', '1', '???1'],
    ['too long', '0001234567', '00012345?'],
    ['beyond ASCII', '00\u00e901', '00?01'],
    ['missing', '', '????'],
  ])('a set whose number is %s is rejected, under no number that another set may have', (_, number, echo) => {
    const [, , , set, result, group] = said(wrapped([good('0001'), good(number)]));
    expect([set, result, group]).toEqual([`AK2*850*${echo}`, 'AK5*R*7', 'AK9*P*2*2*1']);
  });

  test('a number that only other separators can carry gets them; where they were given, the set is rejected', () => {
    const file = wrapped([good('0001'), good('00>01')]).replace('*>~', '*:~');
    expect(said(file).slice(3)).toEqual(['AK2*850*00>01', 'AK5*A', 'AK9*A*2*2*2']);
    const separators = { element: 42, component: 62, repetition: null, segment: 126, segmentTail: '' };
    expect(said(file, { separators }).slice(3)).toEqual(['AK2*850*00?01', 'AK5*R*7', 'AK9*P*2*2*1']);
  });

  test('a set, a group and an interchange that are named wrongly are not named as another one', () => {
    expect(said(wrapped([good().replace('850', '85-')]))).toContain('AK2*85-*0001');
    expect(said(wrapped([good().replace('850', '8501')]))).toContain('AK2*85?*0001');
    const groups = (second: string) =>
      said([isa(), grouped([good()]), grouped([good()], {}, second), 'IEA*2*000000001~'].join(''));
    expect(groups('1-').slice(4)).toEqual(['AK1*PO*1-', 'AK2*850*0001', 'AK5*R', 'AK9*R*1*1*0*6']);
    expect(groups('1234567890')[4]).toBe('AK1*PO*0');
    expect(said(wrapped([good()], { number: '0000-0001', asks: '1' }))).toEqual(['TA1*0000-0001*R']);
    expect(said(wrapped([good()], { number: '00000\u00e901', asks: '1' }))).toEqual(['TA1*000000000*R']);
    expect(said(wrapped([good()], { number: '42', asks: '1' }))[0]).toBe('TA1*000000042*A');
  });
});

describe('a reply', () => {
  test('goes to one partner: answers to two are refused', () => {
    const from = (partner: string) => answers(wrapped([good()]).replace('AMAZON    ', partner.padEnd(10)));
    expect(() => replyTo([...from('ALPHA'), ...from('BETA')], AT)).toThrow(/ZZ ALPHA.*ZZ BETA.*one reply for each/);
    expect(replyTo([...from('ALPHA'), ...from('ALPHA')], AT).groups[0]?.documents).toHaveLength(2);
    const trial = answers(wrapped([good()], { usage: 'T' }));
    expect(() => replyTo([...answers(wrapped([good()])), ...trial], AT)).toThrow(/ISA15 P.*ISA15 T/);
  });

  test('has the usual separators, and others where it must say them', () => {
    expect(replyTo(answers(wrapped([good()])), AT)).not.toHaveProperty('separators');
    const file = wrapped([good()]).replace('*>~', '*:~').replace('GS*PO*AMAZON', 'GS*PO*AMZ>N');
    expect(replied(file)).toMatch(/^ISA\*.*\*:~GS\*FA\*SELVEDGE\*AMZ>N\*/);
    const all = `${wrapped([good()]).replace('GS*PO*AMAZON', 'GS*PO*A\u0001>:~')}`
      .replaceAll('*', '|')
      .replaceAll('\u0001', '*')
      .replaceAll('~', '\u001c')
      .replace('A*>:\u001c', 'A*>:~')
      .replace('|>\u001c', '|\u001f\u001c');
    expect(replied(all)).toContain('|\u001f\u001cGS|FA|SELVEDGE|A*>:~|');
  });

  test('of release 005010 has another repetition separator too', () => {
    const file = wrapped([good()], { release: '005010' }).replace('*^*', '*!*').replace('GS*PO*AMAZON', 'GS*PO*AMZ^N');
    expect(replied(file)).toMatch(/^ISA\*.*\*!\*00501\*.*GS\*FA\*SELVEDGE\*AMZ\^N\*/);
  });

  test('a party that no answer can name is told on reading', () => {
    const faults = (text: string) => readAll(text).flatMap((item) => item.faults);
    expect(faults(wrapped([good()]).replace('AMAZON ', 'AM\u00e9ZON '))).toMatchObject([
      { rule: 'interchange-field', severity: 'error', element: 6, code: { value: '006' } },
    ]);
    expect(faults(wrapped([good()]).replace('SELVEDGE ', 'SELV\u0007DGE '))).toMatchObject([
      { rule: 'interchange-field', element: 8, code: { value: '008' } },
    ]);
    expect(faults(wrapped([good()]).replace('PO*AMAZON*', 'PO*AM\u00e9ZON*'))).toMatchObject([
      { rule: 'group-field', severity: 'error', element: 2 },
    ]);
  });
});

describe('the answer to a group', () => {
  test('without GE accepts its sets, with the error noted, and matches itself', () => {
    const cut = wrapped([good()]).replace('GE*1*1~', '');
    expect(said(cut)).toEqual(['AK1*PO*1', 'AK2*850*0001', 'AK5*A', 'AK9*E*1*1*1*3']);
    const [answer] = answers(cut);
    if (answer?.kind !== '997') throw new Error('no 997');
    const sent = {
      functionalId: 'PO',
      controlNumber: '1',
      transactions: [{ set: '850', controlNumber: '0001' }],
    };
    expect(matchAcknowledgement(sent, answer.document)).toMatchObject({
      outcome: 'accepted-with-errors',
      transactions: [{ outcome: 'accepted' }],
      contradictions: [],
    });
    const some = wrapped([good(), bad('0002')]).replace('GE*2*1~', '');
    expect(said(some).at(-1)).toBe('AK9*P*2*2*1*3');
    expect(said(wrapped([bad('0002')]).replace('GE*1*1~', '')).at(-1)).toBe('AK9*R*1*1*0*3');
  });

  test.each([
    ['a segment between sets', 'N1*ST*x~'],
    ['a second SE', 'SE*5*0001~'],
  ])('with %s is refused, and does not say that the GE is missing', (_, stray) => {
    expect(said(wrapped([good()]).replace('~GE*', `~${stray}GE*`))).toEqual([
      ...['AK1*PO*1', 'AK2*850*0001', 'AK5*R', 'AK9*R*1*1*0'],
    ]);
  });

  test.each(['PO', 'fa', 'F'])('is none of acknowledgements whose GS01 was damaged: %s', (group) => {
    const functional = transaction('997', 'AK1*PR*1~AK9*A*1*1*1~');
    expect(said(wrapped([functional], { group }))).toEqual([]);
    expect(said(wrapped([functional.replaceAll('997', '999')], { group }))).toEqual([]);
  });

  test('answers the orders among acknowledgements, and not those', () => {
    const functional = transaction('997', 'AK1*PR*1~AK9*A*1*1*1~', '0002');
    expect(said(wrapped([good(), functional]))).toEqual(['AK1*PO*1', 'AK2*850*0001', 'AK5*A', 'AK9*P*2*2*1']);
  });
});

describe('control numbers that are numbers are compared as numbers', () => {
  const rules = (text: string) => readAll(text).flatMap((item) => item.faults.map(({ rule }) => rule));
  const file = (...groups: string[]) => [isa(), ...groups, `IEA*${groups.length}*000000001~`].join('');

  test('GS06 and ISA13 repeat also with other zeros in front; ST02 is text', () => {
    expect(rules(file(grouped([good()], {}, '1'), grouped([good()], {}, '01')))).toEqual(['group-number-repeated']);
    expect(rules(file(grouped([good()], {}, '10'), grouped([good()], {}, '1')))).toEqual([]);
    expect(rules(wrapped([good()]) + wrapped([good()], { number: '1' }))).toContain('interchange-number-repeated');
    expect(rules(wrapped([good('0001'), good('00001')]))).toEqual([]);
  });
});

test('a TA1 behind a group is told: it stands before the first', () => {
  const ta1 = 'TA1*000000042*260301*1200*A*000~';
  const told = (text: string) =>
    readAll(text).flatMap(({ faults }) => faults.map(({ rule, severity }) => [rule, severity]));
  expect(told(wrapped([good()]).replace('GS*', `${ta1}GS*`))).toEqual([]);
  expect(told(wrapped([good()]).replace('IEA*', `${ta1}IEA*`))).toEqual([['interchange-structure', 'warning']]);
});
