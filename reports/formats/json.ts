/** A report as JSON: amounts as exact decimal text with their currency, durations in milliseconds, instants in UTC. */
import { decimalOf } from '../../domain/money.js';
import { isMoney, type Cell, type Part, type Report, type Row } from '../report.js';

type JsonCell = string | number | null | { amount: string; minor: string; currency: string };

const cellOf = (cell: Cell | undefined): JsonCell =>
  isMoney(cell) ? { amount: decimalOf(cell), minor: cell.minor, currency: cell.currency } : (cell ?? null);

const rowOf = ({ columns }: Part, row: Row): Record<string, JsonCell> =>
  Object.fromEntries(columns.map(({ key }) => [key, cellOf(row[key])]));

/** One part as plain data. */
export const jsonPart = (part: Part) => ({
  ...part,
  rows: part.rows.map((row) => rowOf(part, row)),
  totals: part.totals.map((row) => rowOf(part, row)),
});

/** The report as plain data, ready for JSON.stringify. */
export const jsonOf = (report: Report) => ({ ...report, parts: report.parts.map(jsonPart) });
