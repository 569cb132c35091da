import { describe, expect, test } from '@jest/globals';
import {
  acknowledging,
  type Acknowledgement,
  type AcknowledgingOptions,
  type ReadOptions,
} from '../../../edi/index.js';
import { grouped, isa, readAll, transaction, wrapped, writtenAndRead } from './wrapped.js';

const ORDER =
  'BEG*00*NE*4X7QK2LM**20260301~REF*CR*CUST1~CSH*N~N1*ST**92*PHX3~PO1*1*10*CA*7.50*PE*BP*B012345678~CTT*1*10~';
const order = (number = '0001', body = ORDER) => transaction('850', body, number);

/** What a file is answered with. */
function answers(text: string, options: AcknowledgingOptions = {}, how: ReadOptions = {}): Acknowledgement[] {
  const acks = acknowledging(options);
  return readAll(text, how).flatMap((item) => acks.add(item));
}

/** The same as segments: what a 997 or TA1 says, to be read at a glance. */
function said(text: string, options: AcknowledgingOptions = {}, how: ReadOptions = {}): string[][] {
  return answers(text, options, how).map((answer) => {
    if (answer.kind === 'TA1') {
      const { controlNumber, date, time, result, note } = answer.segment;
      return [['TA1', controlNumber, date, time, result, note].join('*')];
    }
    const { document, release } = answer;
    // Whatever is answered can be written, and reads back.
    expect(writtenAndRead(document, release)).toEqual(document);
    return [
      ['AK1', document.group.functionalId, document.group.controlNumber, document.group.version].join('*'),
      ...document.transactions.flatMap(({ transaction: { set, controlNumber, convention }, segments, result }) => [
        ['AK2', set, controlNumber, convention].join('*'),
        ...segments.flatMap(({ segment: { segmentId, position, loop, code }, elements }) => [
          ['AK3', segmentId, position, loop, code].join('*'),
          ...elements.map(({ place, elementNumber, code: error, value }) =>
            ['AK4', [place.element, place.component].filter(Boolean).join('>'), elementNumber, error, value].join('*'),
          ),
        ]),
        ['AK5', result.result, ...(result.errors ?? [])].join('*'),
      ]),
      ['AK9', document.result.result, document.result.included, document.result.received, document.result.accepted]
        .concat(document.result.errors ?? [])
        .join('*'),
    ].map((segment) => segment.replace(/\*+$/, ''));
  });
}

const GOOD = ['AK1*PO*1', 'AK2*850*0001', 'AK5*A', 'AK9*A*1*1*1'];

describe('faults of files and envelopes (facts/amazon-vendor.md 5.1)', () => {
  test('AZ-01: the same file twice is answered twice, with the same', () => {
    const file = wrapped([order()]);
    expect(said(file)).toEqual([GOOD]);
    expect(answers(file)).toEqual(answers(file));
  });

  test('AZ-02: a repeated ISA13 is refused by TA1 R 025, and gets no 997', () => {
    const twice = wrapped([order()], { asks: '1' }) + wrapped([order('0002')], { asks: '1' });
    expect(said(twice)).toEqual([
      ['TA1*000000001*2026-03-01*12:00*A*000'],
      GOOD,
      ['TA1*000000001*2026-03-01*12:00*R*025'],
    ]);
    // In a file of its own only the caller can know it.
    expect(
      said(wrapped([order()], { asks: '1' }), { repeated: ({ controlNumber }) => controlNumber === '000000001' }),
    ).toEqual([['TA1*000000001*2026-03-01*12:00*R*025']]);
  });

  test('AZ-03: a new ISA13 with the same order is answered like any other', () => {
    const again = wrapped([order()]) + wrapped([order()], { number: '000000002' });
    expect(said(again)).toEqual([GOOD, GOOD]);
  });

  test('AZ-04: of a file that is cut in a set, the sets before it are accepted', () => {
    const file = wrapped([order('0001'), order('0002'), order('0003')], { asks: '1' });
    const cut = file.slice(0, file.indexOf('~PO1', file.indexOf('*0002~')) + 1);
    expect(said(cut)).toEqual([
      ['TA1*000000001*2026-03-01*12:00*R*023'],
      ['AK1*PO*1', 'AK2*850*0001', 'AK5*A', 'AK2*850*0002', 'AK3*PO1*6**3', 'AK5*R*2*5', 'AK9*P*2*2*1*3'],
    ]);
    const first = file.slice(0, file.indexOf('~PO1') + 1);
    expect(said(first)[1]).toEqual(['AK1*PO*1', 'AK2*850*0001', 'AK3*PO1*6**3', 'AK5*R*2*5', 'AK9*R*1*1*0*3']);
  });

  test('AZ-05: a wrong count or number of a set refuses the set, and no other', () => {
    const bad = [order('0001'), order('0002').replace('SE*8', 'SE*9'), order('0003').replace(/0003~$/, '0004~')];
    expect(said(wrapped(bad))).toEqual([
      ['AK1*PO*1', ...['AK2*850*0001', 'AK5*A', 'AK2*850*0002', 'AK5*R*4', 'AK2*850*0003', 'AK5*R*3'], 'AK9*P*3*3*1'],
    ]);
    expect(said(wrapped([order('0001').replace('SE*8', 'SE*7')]))).toEqual([
      ['AK1*PO*1', 'AK2*850*0001', 'AK5*R*4', 'AK9*R*1*1*0'],
    ]);
  });

  test('AZ-05: a wrong count or number of a group refuses the group, and no other', () => {
    const groups = [grouped([order()]), grouped([order()], {}, '2'), grouped([order()], {}, '3')];
    const file = (second: string) => [isa(), groups[0], second, groups[2], 'IEA*3*000000001~'].join('');
    expect(said(file((groups[1] ?? '').replace('GE*1', 'GE*2')))).toEqual([
      GOOD,
      ['AK1*PO*2', 'AK2*850*0001', 'AK5*R', 'AK9*R*2*1*0*5'],
      ['AK1*PO*3', ...GOOD.slice(1)],
    ]);
    expect(said(file((groups[1] ?? '').replace('GE*1*2', 'GE*1*7')))[1]).toEqual([
      ...['AK1*PO*2', 'AK2*850*0001', 'AK5*R', 'AK9*R*1*1*0*4'],
    ]);
  });

  test('AZ-05: a wrong count or number of an interchange refuses it whole: its TA1 says so, and there is no 997', () => {
    const file = wrapped([order()], { asks: '1' });
    expect(said(file.replace('IEA*1', 'IEA*2'))).toEqual([['TA1*000000001*2026-03-01*12:00*R*021']]);
    expect(said(file.replace(/IEA.*/, 'IEA*1*000000009~'))).toEqual([['TA1*000000001*2026-03-01*12:00*R*001']]);
    const next = wrapped([order()], { number: '000000002' });
    expect(said(wrapped([order()]).replace('IEA*1', 'IEA*2') + next)).toEqual([GOOD]);
  });

  test.each(['00400', '00401', '00501', '99999'])('AZ-06: ISA12 %s beside a good GS08 is no error', (version) => {
    expect(said(wrapped([order()], { version, asks: '1' }))).toEqual([['TA1*000000001*2026-03-01*12:00*A*000'], GOOD]);
  });

  test.each([
    ['other separators', (file: string) => file.replaceAll('*', '|').replaceAll('~', '\n')],
    ['line ends after terminators', (file: string) => file.replaceAll('~', '~\r\n')],
    ['a byte-order mark', (file: string) => `\u00ef\u00bb\u00bf${file}`],
    ['indented segments', (file: string) => file.replaceAll('~', '~\n  ')],
    ['a short ISA', (file: string) => file.replace('AMAZON         ', 'AMAZON')],
  ])('AZ-07: %s change no answer', (_, spelt) => {
    expect(said(spelt(wrapped([order()])))).toEqual([GOOD]);
  });

  test('AZ-08: a bad set among good ones, in several groups and interchanges', () => {
    const bad = order('0002', ORDER.replace('BEG*00*NE*4X7QK2LM', 'BEG*00*NE*'));
    const first = [isa(), grouped([order(), bad]), grouped([order()], {}, '2'), 'IEA*2*000000001~'].join('');
    expect(said(first + wrapped([order()], { number: '000000002' }))).toEqual([
      [
        ...['AK1*PO*1', 'AK2*850*0001', 'AK5*A'],
        ...['AK2*850*0002', 'AK3*BEG*2**8', 'AK4*3*324*1', 'AK5*R*5'],
        'AK9*P*2*2*1',
      ],
      ['AK1*PO*2', ...GOOD.slice(1)],
      GOOD,
    ]);
  });

  test('AZ-09: a test file in production is refused by TA1 R 020, and gets no 997', () => {
    const file = wrapped([order()], { usage: 'T', asks: '1' });
    const profile = { name: 'ours', deviations: [], refuseUsage: 'T' } as const;
    expect(said(file, {}, { profile })).toEqual([['TA1*000000001*2026-03-01*12:00*R*020']]);
    expect(said(file)).toEqual([['TA1*000000001*2026-03-01*12:00*A*000'], GOOD]);
  });

  test('AZ-10: accents and a component separator in text are warnings, an element separator is an error', () => {
    const text = (value: string) => wrapped([order('0001', ORDER.replace('N1*', `N9*L1*1~MSG*${value}~N1*`))]);
    expect(said(text('caf\u00e9'))).toEqual([GOOD]);
    expect(said(text('caf\u00c3\u00a9'))).toEqual([GOOD]);
    expect(said(text('2>1'))).toEqual([GOOD]);
    expect(said(text('5* more'))).toEqual([
      [
        'AK1*PO*1',
        'AK2*850*0001',
        'AK3*MSG*6*N9*8',
        'AK4*2*934*5* more',
        'AK4*2*934*7* more',
        'AK5*E*5',
        'AK9*E*1*1*1',
      ],
    ]);
  });
});

describe('a functional acknowledgement of what was read', () => {
  test('is none of a group of acknowledgements, and a TA1 is none of a TA1', () => {
    const functional = transaction('997', 'AK1*PR*1~AK9*Q*1*1*1~');
    expect(said(wrapped([functional], { group: 'FA' }), { interchanges: 'never' })).toEqual([]);
    expect(said(wrapped([functional], { group: 'FA', asks: '1' }))).toEqual([['TA1*000000001*2026-03-01*12:00*A*000']]);
    const ta1 = `${isa({ asks: '1' })}TA1*000000042*260301*1200*Q*025~IEA*0*000000001~`;
    expect(said(ta1, { interchanges: 'always' })).toEqual([]);
  });

  test('refuses a set that it has no schema for with 1, and a set of another group with 6', () => {
    expect(said(wrapped([transaction('864', 'BMG*00~MIT*1~MSG*hello~')], { group: 'TX' }))).toEqual([
      ['AK1*TX*1', 'AK2*864*0001', 'AK5*R*1', 'AK9*R*1*1*0'],
    ]);
    expect(said(wrapped([order()], { group: 'IN' }))[0]).toEqual([
      'AK1*IN*1',
      'AK2*850*0001',
      'AK5*R*6',
      'AK9*R*1*1*0',
    ]);
  });

  test('refuses a repeated set number with 7', () => {
    expect(said(wrapped([order(), order()]))[0]).toEqual([
      ...['AK1*PO*1', 'AK2*850*0001', 'AK5*A', 'AK2*850*0001', 'AK5*R*7'],
      'AK9*P*2*2*1',
    ]);
  });

  test('accepts with errors what can be used: a hash total, a code, a length, a date', () => {
    const body = ORDER.replace('CSH*N', `FOB*PP*ZZ*${'x'.repeat(81)}~DTM*002*20260231`)
      .replace('PO1*1', `PO1*${'1'.repeat(21)}`)
      .replace('CTT*1*10', 'CTT*1*11');
    expect(said(wrapped([order('0001', body)]))[0]).toEqual([
      ...['AK1*PO*1', 'AK2*850*0001'],
      ...['AK3*FOB*4**8', `AK4*3*352*5*${'x'.repeat(81)}`],
      ...['AK3*DTM*5**8', 'AK4*2*373*8*20260231'],
      ...['AK3*PO1*7*PO1*8', `AK4*1*350*5*${'1'.repeat(21)}`],
      ...['AK5*E*5', 'AK9*E*1*1*1'],
    ]);
  });

  test('names segments by place, loop and kind, in the order of the set', () => {
    const body = ORDER.replace('CSH*N', 'CSH*N~XYZ*1~LONGTAG*1')
      .replace('CTT*', 'CUR*BY*USD~CUR*BY*EUR~CTT*')
      .replace(/BEG[^~]*~/, '');
    expect(said(wrapped([order('0001', body)]))[0]).toEqual([
      ...['AK1*PO*1', 'AK2*850*0001'],
      ...['AK3*BEG*2**3', 'AK3*XYZ*4**6', 'AK3*LON*5**1', 'AK3*CUR*9*PO1*5'],
      ...['AK5*R*5', 'AK9*R*1*1*0'],
    ]);
  });

  test('quotes no value that the answer could not carry: separators, control characters, letters beyond ASCII', () => {
    const asked = (code: string) => {
      const body = ORDER.replace('N1*ST', `N9*L1*1~MSG*hello*${code}~N1*ST`);
      return said(wrapped([order('0001', body)]))[0]?.filter((one) => one.startsWith('AK4*2*934*7'));
    };
    expect(asked('QQ')).toEqual(['AK4*2*934*7*QQ']);
    expect(asked('Q^')).toEqual(['AK4*2*934*7']);
    expect(asked('Q\u0007')).toEqual(['AK4*2*934*7']);
    expect(asked('\u00e9\u00e9')).toEqual(['AK4*2*934*7']);
    const pipes = wrapped([order('0001', ORDER.replace('BEG*00*NE', 'BEG*00*N|Q'))]);
    const separators = { element: 124, component: 62, repetition: null, segment: 126, segmentTail: '' };
    expect(said(pipes)[0]).toContain('AK4*2*92*5*N|Q');
    expect(said(pipes, { separators })[0]).toContain('AK4*2*92*5');
  });

  test('has at most five codes a set, and the fatal ones are among them', () => {
    const bad = order('0001').replace('850*0001', '85A*01').replace('SE*8*0001', 'SE*9*0002');
    expect(said(wrapped([bad]))[0]).toEqual(['AK1*PO*1', 'AK2*85A*??01', 'AK5*R*6*7*4*3', 'AK9*R*1*1*0']);
  });

  test('quotes numbers as they were sent, and marks what would not be valid', () => {
    const file = isa() + grouped([order('0001')], {}, '000000007') + 'IEA*1*000000001~';
    expect(said(file)[0]?.[0]).toBe('AK1*PO*000000007');
    const odd = isa() + grouped([order('0001').replace(/0001/g, '#1')], {}, '1A') + 'IEA*1*000000001~';
    expect(said(odd)[0]).toEqual(['AK1*PO*1A', 'AK2*850*??#1', 'AK5*R*7', 'AK9*R*1*1*0*6']);
  });

  test('is of the release of its group, and names version and convention in 005010', () => {
    const file = wrapped([order().replace('ST*850*0001', 'ST*850*0001*GS1US')], { release: '005010' });
    const [answer] = answers(file);
    expect(answer).toMatchObject({ kind: '997', release: '005010', group: { functionalId: 'PO' } });
    expect(said(file)[0]).toEqual(['AK1*PO*1*005010', 'AK2*850*0001*GS1US', 'AK5*A', 'AK9*A*1*1*1']);
    expect(answers(wrapped([order()]))).toMatchObject([{ release: '004010' }]);
  });

  test('takes a deviation of the profile for no fault', () => {
    const file = wrapped([order('0001', ORDER.replace('CTT*1*10', 'CTT*1*11'))]);
    const deviation = { rule: 'total-differs', reason: 'sums cases', since: '2026-01-01' } as const;
    expect(said(file)[0]).toEqual(['AK1*PO*1', 'AK2*850*0001', 'AK5*E*5', 'AK9*E*1*1*1']);
    expect(said(file, {}, { profile: { name: 'ours', deviations: [deviation] } })).toEqual([GOOD]);
  });
});

describe('an interchange acknowledgement of what was read', () => {
  test('comes when ISA14 asks for it, always, or never', () => {
    const [plain, asking] = [wrapped([order()]), wrapped([order()], { asks: '1' })];
    const ta1 = ['TA1*000000001*2026-03-01*12:00*A*000'];
    expect(said(plain)).toEqual([GOOD]);
    expect(said(asking)).toEqual([ta1, GOOD]);
    expect(said(plain, { interchanges: 'always' })).toEqual([ta1, GOOD]);
    expect(said(asking, { interchanges: 'never' })).toEqual([GOOD]);
  });

  test.each([
    ['no such sender qualifier', 'ZZ*AMAZON ', '!!*AMAZON ', 'E*005'],
    ['no such day', '*260301*1200*U', '*269931*1200*U', 'E*014'],
    ['a control number that is none', '*000000001*1*P', '*00000000X*1*P', 'R*018'],
    ['a segment between groups', '~GS*', '~ZZZ*1~GS*', 'R*022'],
    ['no IEA', 'IEA*1*000000001~', '', 'R*023'],
  ])('names the worst: %s', (_, from, to, verdict) => {
    const text = wrapped([order()], { asks: '1' }).replace(from, to);
    const day = verdict === 'E*014' ? '1970-01-01' : '2026-03-01';
    const number = verdict === 'R*018' ? '00000000X' : '000000001';
    expect(said(text)[0]).toEqual([`TA1*${number}*${day}*12:00*${verdict}`]);
  });

  test('notes a set outside any group, that no 997 can name', () => {
    const file = `${isa({ asks: '1' })}${order()}${grouped([order('0002')])}IEA*1*000000001~`;
    expect(said(file)).toEqual([
      ['TA1*000000001*2026-03-01*12:00*E*022'],
      ['AK1*PO*1', 'AK2*850*0002', 'AK5*A', 'AK9*A*1*1*1'],
    ]);
  });
});
