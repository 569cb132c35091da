import { describe, expect, test } from '@jest/globals';
import { readSync, type Fault } from '../../../edi/index.js';
import { grouped, isa, readAll, transaction, wrapped } from './wrapped.js';

const ORDER = transaction('850', 'BEG*00*NE*4X7QK2LM**20260301~PO1*1*10*CA*7.50*PE*BP*B012345678~CTT*1~');
const FILE = wrapped([ORDER]);
const IEA = 'IEA*1*000000001~';

const faultsIn = (text: string): Fault[] => readAll(text).flatMap(({ faults }) => faults);
/** Rule, severity, element. */
const told = (text: string): unknown[] =>
  faultsIn(text).map(({ rule, severity, element }) => [rule, severity, ...(element === undefined ? [] : [element])]);

describe('what stands outside any interchange', () => {
  test.each([
    ['a letter in front', `Dear all,\nST. Louis - the orders of Mr. G.S.\n${FILE}`, 'warning'],
    ['the end of an interchange once more', FILE + IEA, 'error'],
    ['a second interchange whose ISA is damaged', FILE + FILE.replace('ISA', 'IXA'), 'error'],
    ['a second interchange whose ISA has lost its separator', FILE + FILE.replace('ISA*', 'ISA0'), 'error'],
    ['the first byte of a second interchange', `${FILE}I`, 'error'],
    ['a segment of service before its interchange', `ISB*1~${FILE}`, 'error'],
    ['a byte of rubbish', `${FILE}#`, 'warning'],
  ])('is told: %s', (_, text, severity) => {
    expect(told(text)).toEqual([['text-outside', severity]]);
  });

  test('is an interchange all the same when only its element separator cannot be one', () => {
    expect(told(FILE.replaceAll('*', ' '))).toEqual([['element-separator', 'fatal']]);
    expect(told(FILE.replaceAll('*', '\n'))).toEqual([['element-separator', 'fatal']]);
    expect(faultsIn(FILE.replaceAll('*', ' '))[0]).toMatchObject({ offset: 3, code: { table: 'TA105', value: '026' } });
    expect(told(`The ISA is as follows\n${FILE}`)).toEqual([['text-outside', 'warning']]);
  });

  test('is looked at once for each sign, however many of them there are', () => {
    const rubbish = Array.from({ length: 60_000 }, (_, n) => `ST${String.fromCharCode(33 + (n % 15))}`).join('');
    const started = performance.now();
    expect(faultsIn(FILE + rubbish).every(({ rule }) => rule === 'text-outside')).toBe(true);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('an interchange', () => {
  test.each([
    ['ISB*1\0ISE*260301*1200', 'ISB has 3 elements; 1 is allowed'],
    ['ISE*260301*1200*UT ISB*1', 'ISE has 4 elements; 3 are allowed'],
  ])('whose segment of service swallowed the next one is told so: %j', (segment, message) => {
    const faults = faultsIn(FILE.replace('GS*', `${segment}~GS*`));
    expect(faults).toMatchObject([{ rule: 'interchange-structure', severity: 'error', message }]);
    expect(faultsIn(FILE.replace('GS*', 'ISB*1~ISE*260301*1200*UT~GS*'))).toEqual([]);
  });

  test('whose ISA was wrapped is read, and told at the element it was wrapped in', () => {
    const wrapped = FILE.replace('AMAZON ', 'AMA\nZON');
    expect(told(wrapped)).toEqual([['interchange-field', 'error', 6]]);
    expect(told(wrapped.replaceAll('~', '\n'))).toEqual([['segment-terminator', 'error']]);
    expect(told(FILE.replace('*260301*', '*2603\r\n01*'))).toEqual([
      ['interchange-field', 'error', 9],
      ['irregular-header', 'warning', 9],
    ]);
  });

  test('whose terminator stands within its ISA is refused: nobody can say where it ends', () => {
    const [fault] = faultsIn(FILE.replace('*P*>', '*P~*>'));
    expect(fault).toMatchObject({ rule: 'segment-terminator', severity: 'fatal', offset: 103 });
  });

  test('without anything in it is refused; a TA1 is something', () => {
    const empty = `${isa()}IEA*0*000000001~`;
    expect(told(empty)).toEqual([['interchange-empty', 'fatal']]);
    expect(told(empty.replace('IEA', 'TA1*000000042*260301*1200*A*000~IEA'))).toEqual([]);
    expect(told(empty.replace('IEA*0', 'IEA*1'))).toEqual([['group-count', 'fatal', 1]]);
    expect(told(`${isa()}${ORDER}IEA*0*000000001~`)).toEqual([['group-header-missing', 'fatal']]);
    expect(told(isa())).toEqual([['interchange-trailer-missing', 'fatal']]);
  });

  test.each([
    ['ISA01', '00*          *00', '09*          *00', '010'],
    ['ISA03', '00*          *00', '00*          *0X', '012'],
  ])('has a qualifier in %s', (_, from, to, code) => {
    const [fault] = faultsIn(FILE.replace(from, to));
    expect(fault).toMatchObject({ rule: 'interchange-field', severity: 'error', code: { value: code } });
  });

  test('says U before 00402, and which separator repeats from then on; else a person is told', () => {
    const of5010 = wrapped([], { release: '005010', group: 'FA' });
    expect(told(FILE.replace('*U*', '*V*'))).toEqual([['interchange-field', 'warning', 11]]);
    expect(told(FILE.replace('*U*', '*^*'))).toEqual([['interchange-field', 'warning', 11]]);
    expect(told(of5010.replace('*^*', '*A*'))).toEqual([['interchange-field', 'warning', 11]]);
    expect(told(of5010)).toEqual([]);
  });
});

describe('a group', () => {
  test.each([
    ['GS02', FILE.replace('*AMAZON*S', '*A*S'), 2],
    ['GS03', FILE.replace('*SELVEDGE*2', '*SELVEDGE OF THE NORTH*2'), 3],
    ['GS03', FILE.replace('*SELVEDGE*2', '**2'), 3],
  ])('names its parties in 2 to 15 characters: %s', (_, text, element) => {
    expect(told(text)).toEqual([['group-field', 'error', element]]);
  });

  test.each([
    ['004060', 'warning'],
    ['006020', 'warning'],
    ['084010', 'error'],
    ['4010', 'error'],
    ['00401C', 'error'],
  ])('of edition %s: %s', (release, severity) => {
    const faults = faultsIn(wrapped([ORDER], { release, version: '00401' })).filter(({ level }) => level === 'group');
    expect(faults).toMatchObject([{ rule: 'release-not-known', severity, element: 8, code: { value: '2' } }]);
  });

  test('holds the sets of its kind, also those that nothing else is known of', () => {
    expect(told(FILE.replace('ST*850', 'ST*890'))).toEqual([
      ['set-not-in-group', 'fatal', 1],
      ['set-not-known', 'warning', 1],
    ]);
    expect(told(FILE.replace('ST*850', 'ST*850').replace('GS*PO', 'GS*QM'))).toEqual([
      ['set-not-in-group', 'fatal', 1],
    ]);
    const of214 = `${isa()}${grouped([transaction('214', 'B10*1*2*ABCD~')], { group: 'QM' })}${IEA}`;
    expect(told(of214)).toEqual([['set-not-known', 'warning', 1]]);
    expect(told(FILE.replaceAll('850', 'constructor'))).toEqual([['set-identifier', 'fatal', 1]]);
  });
});

describe('a terminator too many', () => {
  test.each([
    ['in a set that does not count it', FILE.replace('CTT', '~CTT')],
    ['in a set that counts it', FILE.replace('CTT', '~CTT').replace('SE*5', 'SE*6')],
    ['after a set', FILE.replace('~GE*', '~~GE*')],
    ['after a group', FILE.replace('IEA*', '~IEA*')],
  ])('is told as what it is and nothing else: %s', (_, text) => {
    expect(told(text)).toEqual([['segment-empty', 'error']]);
  });

  test('does not excuse a segment that is missing', () => {
    const text = FILE.replace('CTT*1', '').replace('SE*5', 'SE*6');
    expect(told(text)).toEqual([
      ['segment-count', 'fatal', 1],
      ['segment-empty', 'error'],
    ]);
  });
});

describe('a trailer', () => {
  test.each([
    ['ST with a third element', FILE.replace('ST*850*0001', 'ST*850*0001*X'), ['too-many-elements', 'error', 3]],
    ['SE that swallowed GE', FILE.replace('0001~GE', '0001*GE'), ['too-many-elements', 'error', 3]],
    ['GE with a third element', FILE.replace('GE*1*1', 'GE*1*1*X'), ['group-structure', 'error', 3]],
    ['IEA with a third element', `${FILE.slice(0, -1)}*X~`, ['interchange-structure', 'error', 3]],
    ['SE with separators behind it', FILE.replace('0001~GE', '0001**~GE'), ['trailing-separators', 'warning', 3]],
    ['IEA with a separator behind it', `${FILE.slice(0, -1)}*~`, ['trailing-separators', 'warning', 3]],
  ])('has no more elements than its own: %s', (_, text, fault) => {
    expect(told(text)).toContainEqual(fault);
  });
});

test('a NUL behind a tag of two makes another tag of it', () => {
  const text = FILE.replace('~GE*', '~GE\0*');
  expect([...readSync(Buffer.from(text))].map(({ kind }) => kind)).toContain('between');
  expect(told(FILE.replace('CTT*1', 'N1\0*ST*X'))).toEqual([['segment-not-known', 'error']]);
});

test('a level is numbered in digits and nothing else', () => {
  const notice = transaction('856', 'BSN*00*S1*20260301*1200~HL*1**S~HL*2.*1*O~');
  expect(told(wrapped([notice], { group: 'SH' }))).toEqual([['hierarchy', 'error', 1]]);
});

test('text of segments that are kept as they are holds no control characters', () => {
  const order = transaction('850', 'BEG*00*NE*4X7QK2LM**20260301~PWK*A\u0001*B>C*Ä~PO1*1*10*CA~');
  expect(told(wrapped([order]))).toEqual([
    ['character', 'error', 1],
    ['encoding', 'warning', 3],
  ]);
});

test('a contact whose number has no qualifier is told; so is the fifteenth product of a line without its own', () => {
  const order = (segment: string) =>
    wrapped([transaction('850', `BEG*00*NE*4X7QK2LM**20260301~${segment}~PO1*1*10*CA~`)]);
  expect(told(order('PER*IC*X**5550100'))).toEqual([['element-needed', 'error', 3]]);
  const pairs = Array.from({ length: 14 }, (_, n) => `*VN*${n}`).join('');
  expect(told(order(`LIN*${pairs}*VN`))).toEqual([['element-needed', 'error', 31]]);
  expect(told(order(`LIN*${pairs}*VN*X`))).toEqual([]);
});
