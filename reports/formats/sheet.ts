/** A part of a report as cells of a spreadsheet: what CSV and XLSX have in common. */
import { decimalOf } from '../../domain/money.js';
import { at } from '../../domain/wording.js';
import { isMoney, type Cell, type Column, type Part } from '../report.js';
import { safeText } from './safe-text.js';

/** `number`: exact decimal text. `date`: `yyyy-mm-dd`. `moment`: `yyyy-mm-dd hh:mm:ss` by the company's clocks. */
export type SheetCell = {
  readonly kind: 'text' | 'number' | 'date' | 'moment';
  readonly value: string;
  readonly decimals?: number;
} | null;

export interface Sheet {
  readonly headings: readonly string[];
  readonly rows: readonly (readonly SheetCell[])[];
}

const MS_AN_HOUR = 3_600_000;
const HOUR_DECIMALS = 2;

function headingsOf({ heading, kind }: Column, zone: string): string[] {
  if (kind === 'amount') return [heading, `${heading}, currency`];
  if (kind === 'instant') return [`${heading} (${zone})`];
  return [kind === 'duration' ? `${heading}, hours` : heading];
}

const textCell = (value: string): SheetCell => (value === '' ? null : { kind: 'text', value: safeText(value) });

function numberCell(kind: Column['kind'], value: number): SheetCell {
  if (kind !== 'duration') return { kind: 'number', value: String(value), decimals: 0 };
  return { kind: 'number', value: (value / MS_AN_HOUR).toFixed(HOUR_DECIMALS), decimals: HOUR_DECIMALS };
}

/** An amount takes two cells: a number that adds up, and the currency it is in. */
function cellsOf({ kind }: Column, cell: Cell | undefined, zone: string): SheetCell[] {
  if (kind === 'amount') {
    if (!isMoney(cell)) return [null, null];
    const value = decimalOf(cell);
    return [{ kind: 'number', value, decimals: value.split('.')[1]?.length ?? 0 }, textCell(cell.currency)];
  }
  if (cell === null || cell === undefined || isMoney(cell)) return [null];
  if (typeof cell === 'number') return [numberCell(kind, cell)];
  if (kind === 'date') return [{ kind: 'date', value: cell }];
  return [kind === 'instant' ? { kind: 'moment', value: at(cell, zone) } : textCell(cell)];
}

/** The rows of a part; its totals stay out, so that a column adds up to them. */
export const sheetOf = ({ columns, rows }: Part, zone: string): Sheet => ({
  headings: columns.flatMap((column) => headingsOf(column, zone)),
  rows: rows.map((row) => columns.flatMap((column) => cellsOf(column, row[column.key], zone))),
});
