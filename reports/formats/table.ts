/** A report as a table for people at a terminal. */
import { format } from '../../domain/money.js';
import { at, counted, lasting, short, textColumns, type TextCell } from '../../domain/wording.js';
import { isMoney, type Cell, type Column, type Part, type Report, type Row } from '../report.js';

/** Rows shown of a part; a spreadsheet or JSON holds all of them. */
const MOST_SHOWN = 200;
const LONGEST_TEXT = 60;
/** Control and format characters could move the cursor or turn the line around. */
const UNSEEN = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** A cell as people read it; nothing for nothing. */
export function cellText({ kind }: Column, cell: Cell | undefined, zone: string): string {
  if (cell === null || cell === undefined) return '';
  if (isMoney(cell)) return format(cell);
  if (typeof cell === 'number') return kind === 'duration' ? lasting(cell) : String(cell);
  if (kind === 'instant') return at(cell, zone);
  return cell.replace(UNSEEN, ' ');
}

const RIGHT = new Set<Column['kind']>(['amount', 'units', 'duration']);

/** One part under its title. */
export function partText(part: Part, zone: string): string {
  const { title, columns, rows, totals } = part;
  if (rows.length === 0) return `${title}\nnothing`;
  const line = (row: Row): TextCell[] =>
    columns.map((column) => ({
      text: short(cellText(column, row[column.key], zone), LONGEST_TEXT),
      right: RIGHT.has(column.kind),
    }));
  const shown = rows.slice(0, MOST_SHOWN);
  const more = rows.length - shown.length;
  const headings = columns.map(({ heading }) => heading);
  return [
    title,
    textColumns(headings, [...shown, ...totals].map(line)),
    ...(more > 0 ? [`… and ${counted(more, 'more row')}: --json, --csv FILE or --xlsx FILE hold them all`] : []),
  ].join('\n');
}

/** The whole report; times are the company's own. */
export function tableOf({ code, title, sentence, asOf, zone, parts, notes }: Report): string {
  return [
    `${title} (${code}), ${at(asOf, zone)} ${zone}`,
    sentence,
    ...parts.flatMap((part) => ['', partText(part, zone)]),
    ...(notes.length === 0 ? [] : ['', ...notes.map((note) => `Note: ${note}`)]),
  ].join('\n');
}
