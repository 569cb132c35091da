/** A part of a report as CSV: exact decimals, every text quoted and none of it a formula. */
import { stringify } from 'csv-stringify/sync';
import type { Part } from '../report.js';
import { sheetOf } from './sheet.js';

/** Not quoted, so that a program reads it as the number or date it is. */
class Plain {
  readonly value: string;
  constructor(value: string) {
    this.value = value;
  }
}

/** The file's text: UTF-8 with a byte order mark, comma, CRLF. The sign of an amount stays as it is. */
export function csvOf(part: Part, zone: string): string {
  const { headings, rows } = sheetOf(part, zone);
  const cells = rows.map((row) =>
    row.map((cell) => (cell === null ? null : cell.kind === 'text' ? cell.value : new Plain(cell.value))),
  );
  return stringify([headings, ...cells], {
    bom: true,
    quoted_string: true,
    record_delimiter: 'windows',
    cast: { object: (cell: object) => (cell instanceof Plain ? cell.value : '') },
  });
}
