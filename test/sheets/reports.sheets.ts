/** The files of reports in LibreOffice: what a stranger typed evaluates to nothing, harmless text and amounts stay. */
import { describe, expect, test } from '@jest/globals';
import { stringify } from 'csv-stringify/sync';
import writeExcelFile from 'write-excel-file/node';
import { csvOf } from '../../reports/formats/csv.js';
import { xlsxOf } from '../../reports/formats/xlsx.js';
import { amount, date, duration, instant, partOf, text, units, type Report } from '../../reports/report.js';
import { AS_OFFERED, openIn, QUOTED_IS_TEXT, type OpenedCell } from './soffice.js';

const FORMULAS = [
  '=1+1',
  '=HYPERLINK("http://127.0.0.1:1/"&A1,"pay here")',
  "=cmd|' /C calc'!A0",
  '=WEBSERVICE("http://127.0.0.1:1/")',
];
const HOSTILE = [
  ...FORMULAS,
  ...['+1+1', '-2+3', '-5', '@SUM(1;1)', '\t=1+1', '\r=1+1', '\n=1+1', ' =1+1', '\u00A0=1+1', '\u3000=1+1'],
  ...['\u200B=1+1', '\u200F=1+1', '\u202E=1+1', '\uFEFF=1+1', '\u2066+1+1', '\u00AD-1', '\u200B\u202E@SUM(1;1)'],
  ...['\uFF1D1+1', '\uFF0B1+1', '\uFF0D1', '\uFF20SUM(1;1)', '\u22121'],
];
const HARMLESS = [
  ...['RTN-000871', '00123-NVY-08', 'a=b', '3 - 4 = -1', "O'Brien & Sons", '"quoted", with a comma', '<b>bold</b>'],
  ...['first\nsecond', 'ärger €', 'قميص', '衬衫', "'=already", '5 × 12', 'x'.repeat(5_000)],
];
/** A program may read these as numbers or dates from a CSV, unless it is told that what is quoted is text. */
const LIKE_NUMBERS = ['00123', '1e5', '2026-03-31', '1/2', '100%', '(5)'];

const reportOn = (texts: readonly string[]): Report => ({
  ...{ code: 'RP-18', title: '=1+1', sentence: '@SUM(1;1)', asOf: '2026-03-31T13:05:07.000Z', zone: 'Europe/London' },
  notes: ['=1+1'],
  addsUp: null,
  parts: [
    partOf(
      {
        name: 'texts',
        title: 'texts',
        columns: [text('text'), amount('money'), units('units'), date('day'), instant('seen'), duration('age')],
      },
      texts.map((each) => ({
        ...{ text: each, money: { minor: '-1250', currency: 'GBP' }, units: -3, day: '2026-03-31' },
        ...{ seen: '2026-03-31T13:05:07.000Z', age: 5_400_000 },
      })),
      1_000,
    ),
  ],
});

const csv = (texts: readonly string[], filter: string): OpenedCell[][] => {
  const [part] = reportOn(texts).parts;
  if (part === undefined) throw new Error('the report has no part');
  return openIn('report.csv', csvOf(part, 'Europe/London'), filter).slice(1, texts.length + 1);
};
const xlsx = async (texts: readonly string[]): Promise<OpenedCell[][]> =>
  openIn('report.xlsx', await xlsxOf(reportOn(texts))).slice(1, texts.length + 1);

/** A lone carriage return is a line break to both formats. */
const broken = (value: string): string => value.replace(/\r\n?/g, '\n');
const firstOf = (rows: OpenedCell[][]): (OpenedCell | undefined)[] => rows.map(([first]) => first);

const FORMATS: [string, (texts: readonly string[]) => Promise<OpenedCell[][]>][] = [
  ['CSV as offered', (texts) => Promise.resolve(csv(texts, AS_OFFERED))],
  ['CSV, quoted is text', (texts) => Promise.resolve(csv(texts, QUOTED_IS_TEXT))],
  ['XLSX', xlsx],
];

describe.each(FORMATS)('%s', (format, open) => {
  test('hostile text evaluates to nothing: it is text with an apostrophe before it', async () => {
    const cells = firstOf(await open(HOSTILE));
    expect(cells.map((cell) => cell?.formula)).toEqual(HOSTILE.map(() => null));
    expect(cells.map((cell) => cell?.type)).toEqual(HOSTILE.map(() => 'string'));
    expect(cells.map((cell) => cell?.text)).toEqual(HOSTILE.map((each) => broken(`'${each}`)));
  });

  test('harmless text is unaltered', async () => {
    const texts = format === 'CSV as offered' ? HARMLESS : [...HARMLESS, ...LIKE_NUMBERS];
    const cells = firstOf(await open(texts));
    expect(cells.map((cell) => [cell?.type, cell?.formula, cell?.text])).toEqual(
      texts.map((each) => ['string', null, each]),
    );
  });

  test('amounts keep their sign and are numbers; dates are dates', async () => {
    const [row = []] = await open(['a']);
    const [, money, currency, count, day, seen, age] = row;
    expect([money?.type, money?.value, currency?.text]).toEqual(['float', '-12.5', 'GBP']);
    expect([count?.type, count?.value, age?.type, age?.value]).toEqual(['float', '-3', 'float', '1.5']);
    expect([day?.type, day?.value]).toEqual(['date', '2026-03-31']);
    expect([seen?.type, seen?.value]).toEqual(['date', '2026-03-31T14:05:07']);
  });
});

describe('the same without our care', () => {
  test('a CSV would have been evaluated: this test can fail', () => {
    const cells = firstOf(openIn('bare.csv', stringify(FORMULAS.map((each) => [each])), AS_OFFERED));
    expect(cells.map((cell) => cell?.formula !== null)).toEqual(FORMULAS.map(() => true));
    expect(cells[0]).toMatchObject({ type: 'float', value: '2' });
  });

  test('a text that begins with a minus would have become a number', () => {
    const [cell] = firstOf(openIn('bare.csv', stringify([['-5']], { quoted: true }), AS_OFFERED));
    expect(cell).toMatchObject({ type: 'float', value: '-5' });
  });

  test('a formula of a workbook is evaluated, so one of ours would be seen', async () => {
    const bytes = await writeExcelFile([[{ type: 'Formula', value: '1+1' }]]).toBuffer();
    const [cell] = firstOf(openIn('bare.xlsx', bytes));
    expect(cell).toMatchObject({ type: 'float', value: '2' });
    expect(cell?.formula).toContain('1+1');
  });
});

test('an amount of more digits than a cell holds stands as exact text in the workbook', async () => {
  const report = reportOn(['a']);
  const parts = report.parts.map((part) => ({
    ...part,
    rows: part.rows.map((row) => ({ ...row, money: { minor: '-1234567890123456', currency: 'GBP' } })),
  }));
  const [, row = []] = openIn('report.xlsx', await xlsxOf({ ...report, parts }));
  expect([row[1]?.type, row[1]?.formula, row[1]?.text]).toEqual(['string', null, '-12345678901234.56']);
});
