/** A report as a workbook: a sheet for each part, and one that says what it is, of when, and what it leaves out. */
import writeExcelFile, { type Cell, type SheetData } from 'write-excel-file/node';
import { at } from '../../domain/wording.js';
import type { Part, Report, Row } from '../report.js';
import { cellText } from './table.js';
import { safeText } from './safe-text.js';
import { sheetOf, type SheetCell } from './sheet.js';

/** A cell holds a double: more digits than this would be rounded, so they stand as text. */
const EXACT_DIGITS = 15;
/** Most characters of one cell, and of a sheet's name, that the format allows. */
const LONGEST_TEXT = 32_767;
const LONGEST_NAME = 31;
const WIDTHS = { text: 28, number: 16, date: 12, moment: 20 } as const;

const digitsOf = (decimal: string): number => decimal.replace(/[-.]/g, '').replace(/^0+/, '').length;
const asText = (value: string): Cell => ({
  type: String,
  value: value.length > LONGEST_TEXT ? `${value.slice(0, LONGEST_TEXT - 1)}…` : value,
});

function cellOf(cell: SheetCell): Cell {
  if (cell === null) return null;
  const { kind, value, decimals = 0 } = cell;
  switch (kind) {
    case 'text':
      return asText(value);
    case 'number':
      if (digitsOf(value) > EXACT_DIGITS) return asText(value);
      return { type: Number, value: Number(value), format: decimals === 0 ? '0' : `#,##0.${'0'.repeat(decimals)}` };
    case 'date':
      return { type: Date, value: new Date(`${value}T00:00:00Z`), format: 'yyyy-mm-dd' };
    case 'moment':
      return { type: Date, value: new Date(`${value.replace(' ', 'T')}Z`), format: 'yyyy-mm-dd hh:mm:ss' };
  }
}

function partSheet(part: Part, zone: string) {
  const { headings, rows } = sheetOf(part, zone);
  const kinds = headings.map((_, column) => rows.find((row) => row[column])?.[column]?.kind ?? 'text');
  return {
    sheet: part.name.slice(0, LONGEST_NAME),
    data: [
      headings.map((value): Cell => ({ type: String, value, fontWeight: 'bold' })),
      ...rows.map((row) => row.map(cellOf)),
    ],
    columns: kinds.map((kind) => ({ width: WIDTHS[kind] })),
    stickyRowsCount: 1,
  };
}

const totalText = (part: Part, total: Row, zone: string): string =>
  part.columns
    .slice(1)
    .map((column) => [column.heading, cellText(column, total[column.key], zone)])
    .filter(([, shown]) => shown !== '')
    .map((words) => words.join(' '))
    .join(', ');

function aboutSheet({ title, code, sentence, asOf, zone, parts, notes }: Report) {
  const lines = [
    `${title} (${code})`,
    sentence,
    `As of ${at(asOf, zone)} ${zone}`,
    ...parts.map((part) => `Sheet ${part.name}: ${part.title}, ${part.rows.length} rows`),
    ...parts.flatMap((part) => part.totals.map((total) => `Total of ${part.name}: ${totalText(part, total, zone)}`)),
    ...notes.map((note) => `Note: ${note}`),
  ];
  const data: SheetData = lines.map((line) => [asText(safeText(line))]);
  return { sheet: 'about', data, columns: [{ width: 120 }] };
}

/** The bytes of the workbook. */
export const xlsxOf = (report: Report): Promise<Buffer> =>
  writeExcelFile([...report.parts.map((part) => partSheet(part, report.zone)), aboutSheet(report)]).toBuffer();
