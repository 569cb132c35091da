import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AMAZON, outlineLines, outlineOf, readSync, visible, type Item, type Outline } from '../../../edi/index.js';

const ISA =
  'ISA*00*          *00*          *ZZ*AMAZON         *ZZ*SELVEDGE       *260301*1200*U*00401*000000001*0*P*>~';
const fileOf = (body: string, segments: number): string =>
  `${ISA}GS*PO*AMAZON*SELVEDGE*20260301*1200*1*X*004010~ST*850*0001~${body}SE*${segments}*0001~GE*1*1~IEA*1*000000001~`;
const ORDER = [
  'BEG*00*NE*4X7QK2LM**20260301~CUR*BY*EUR~N1*ST**92*PHX3~N3*DOCK 4~',
  'PO1*1*10*CA*7.50*PE*BP*B012345678~SAC*C*D240***1250~PO1*2*2.5*EA*12.50~CTT*2*12.5~',
].join('');

const itemsOf = (text: string): Item[] => [...readSync(Buffer.from(text, 'latin1'), { profile: AMAZON })];
const outlines = (text: string): Outline[] => itemsOf(text).map((item) => outlineOf(item, AMAZON));
const textOf = (outline: Outline): string[] => [...outlineLines(outline)].map(({ text }) => text);
const transactionIn = (text: string): Outline => {
  const found = outlines(text).find(({ kind }) => kind === 'transaction');
  if (found === undefined) throw new Error('no transaction');
  return found;
};
/** Faults of an outline, wherever they stand. */
const faultsIn = ({ faults, segments }: Outline) => [
  ...faults,
  ...segments.flatMap((segment) => [...segment.faults, ...segment.elements.flatMap((one) => one.faults)]),
];

/** Files of other people, beside the repository where they are at all. */
const samples = '../shared/x12';
const folders = [samples, 'test/fixtures/edi'].filter((folder) => existsSync(folder));
const files = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.edi'))
    .map((name) => join(folder, name)),
);

describe('the outline', () => {
  test('names segments, elements and codes; quantities have their unit, amounts the currency in force', () => {
    const { title, verdict, segments } = transactionIn(fileOf(ORDER, 10));
    expect([title, verdict]).toEqual(['850 Purchase Order, transaction 0001', 'accepted']);
    expect(segments.map(({ segment, id, name, depth, opens }) => [segment, id, name, depth, opens])).toEqual([
      [1, 'ST', 'Transaction Set Header', 0, null],
      [2, 'BEG', 'Beginning Segment for Purchase Order', 0, null],
      [3, 'CUR', 'Currency', 0, null],
      [4, 'N1', 'Name', 1, 'parties'],
      [5, 'N3', 'Address Information', 1, null],
      [6, 'PO1', 'Baseline Item Data', 1, 'lines'],
      [7, 'SAC', 'Service, Promotion, Allowance, or Charge Information', 2, 'charges'],
      [8, 'PO1', 'Baseline Item Data', 1, 'lines'],
      [9, 'CTT', 'Transaction Totals', 1, 'totals'],
      [10, 'SE', 'Transaction Set Trailer', 0, null],
    ]);
    expect(segments[5]?.elements.map(({ ref, name, value, meaning }) => [ref, name, value, meaning])).toEqual([
      ['PO101', 'line number', '1', null],
      ['PO102', 'ordered', '10', '10 CA'],
      ['PO103', 'unit of ordered', 'CA', 'case'],
      ['PO104', 'unit price', '7.50', '7.50 EUR'],
      ['PO105', 'price basis', 'PE', 'price per each'],
      ['PO106', 'products, 1: kind', 'BP', "buyer's part number (Amazon: ASIN)"],
      ['PO107', 'products, 1', 'B012345678', null],
    ]);
    expect(segments[6]?.elements.find(({ ref }) => ref === 'SAC05')).toMatchObject({
      value: '1250',
      meaning: '12.50 EUR',
    });
  });

  test('takes the currency of the profile where no CUR names one', () => {
    const { segments } = transactionIn(fileOf(ORDER.replace('CUR*BY*EUR~', ''), 9));
    expect(segments[4]?.elements[3]).toMatchObject({ ref: 'PO104', meaning: '7.50 USD' });
  });

  test('marks faults under the segment or element they concern', () => {
    const body = ORDER.replace('20260301~CUR', '20260231~CUR').replace('*10*CA', '*1O*CA').replace('N3*', 'ZZZ*');
    expect(textOf(transactionIn(fileOf(body, 12)))).toEqual(
      expect.arrayContaining([
        '          BEG05  date                   20260231',
        '            ^ error: BEG05 is "20260231": no such day  [AK403 8]',
      ]),
    );
    const outline = transactionIn(fileOf(body, 12));
    expect(outline.verdict).toBe('refused');
    const at = (ref: string) =>
      outline.segments.flatMap(({ elements }) => elements).find((one) => one.ref === ref && one.faults.length > 0);
    expect(at('PO102')?.faults.map(({ rule }) => rule)).toEqual(['number-form']);
    expect(outline.segments.find(({ id }) => id === 'ZZZ')).toMatchObject({ misplaced: true, name: null });
    expect(at('SE01')?.faults.map(({ rule }) => rule)).toEqual(['segment-count']);
  });

  test('shows a set without schema segment by segment, with the names of segments that others have', () => {
    const text = fileOf('BPR*I*10~N1*PE*SELVEDGE~', 4).replace('ST*850', 'ST*999').replace('GS*PO', 'GS*FA');
    expect(textOf(transactionIn(text)).map((line) => line.trim())).toEqual(
      expect.arrayContaining([
        '999 (no schema: segment by segment), transaction 0001: accepted (1 warning)',
        '3  N1  Name',
        'N101   role  PE  (payee)',
      ]),
    );
  });

  test('shows what could steer a terminal as codes, and cuts what is long', () => {
    expect(visible('a\u001b[31mb\u0000\u007f\u009b\u202e\u00e9')).toBe('a␛[31mb␀<7F><9B><U+202E>é');
    expect(visible('x'.repeat(300), 10)).toBe(`${'x'.repeat(10)}… (300 characters)`);
  });

  test('prints no control character whatever the bytes are, and each fault once', () => {
    const parts = fc.constantFrom(
      '\u001b]0;x\u0007',
      '\u009b31m',
      '*',
      '~',
      'PO1*',
      'N1*',
      '\r\n',
      'SE*1*1~',
      'é',
      '\0',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(parts, fc.string({ maxLength: 5 })), { maxLength: 30 }), (pieces) => {
        for (const item of itemsOf(fileOf(pieces.join(''), 3))) {
          const outline = outlineOf(item);
          for (const line of textOf(outline)) expect(/\p{Cc}|\p{Bidi_Control}/u.test(line)).toBe(false);
          expect(new Set(faultsIn(outline))).toEqual(new Set(item.faults));
          expect(faultsIn(outline)).toHaveLength(item.faults.length);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('the outline of files', () => {
  test.each(files)('%s: puts each segment where the reader put it', (file) => {
    for (const item of readSync(readFileSync(file))) {
      const outline = outlineOf(item);
      expect(faultsIn(outline)).toHaveLength(item.faults.length);
      if (item.kind !== 'transaction' || item.document === null) continue;
      const misplaced = outline.segments.filter((one) => one.misplaced && one.id !== '');
      expect(misplaced.map(({ segment }) => segment)).toEqual(item.document.unknown.map(({ segment }) => segment));
    }
  });
});
