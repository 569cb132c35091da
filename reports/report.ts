/**
 * What a report is: typed columns and rows read from the store, so that the command line, a spreadsheet and the desk show
 * the same figures (requirements.md 11.4).
 */
import { add, zero, type Money } from '../domain/money.js';
import type { Queryable } from '../store/database.js';

/**
 * `amount`: Money. `units`: a whole number of units, cases, documents. `date`: `yyyy-mm-dd`. `instant`: ISO in UTC.
 * `duration`: milliseconds. `text`: anything a person or a system wrote; nobody may trust it to be harmless.
 */
export type ColumnKind = 'text' | 'amount' | 'units' | 'date' | 'instant' | 'duration';

export interface Column {
  /** The key of its cells in a row. */
  readonly key: string;
  readonly heading: string;
  readonly kind: ColumnKind;
}
/** Null: nothing to say, or not known; the report's notes say which. */
export type Cell = string | number | Money | null;
export type Row = Readonly<Record<string, Cell>>;

/** One table of a report. */
export interface Part {
  /** Kebab-case; names the sheet, and the file where there are several. */
  readonly name: string;
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** Sums over the rows, in the same columns: one row a currency. */
  readonly totals: readonly Row[];
  /** There are more rows than the limit let in: the totals are of those shown. */
  readonly cutOff: boolean;
}

/** What a report found, with the sentence of its code. */
export interface Report {
  readonly code: string;
  readonly title: string;
  readonly sentence: string;
  /** The moment it was read, ISO. */
  readonly asOf: string;
  /** IANA zone whose clocks its times are shown in. */
  readonly zone: string;
  readonly parts: readonly Part[];
  /** What the figures leave out or cannot know, in sentences. */
  readonly notes: readonly string[];
  /** Of a sheet that must add up: whether it does. Null for any other report. */
  readonly addsUp: boolean | null;
}

export interface ReportOptions {
  /** IANA zone of the company: its midnights end a day. */
  readonly zone: string;
  readonly baseCurrency: string;
  readonly now: Date;
  /** First and last business day, both included; null: the report's own span. */
  readonly from: string | null;
  readonly to: string | null;
  /** Only what this role must settle; null: all. */
  readonly owner: string | null;
  /** Only this order, return or supplier; null: all. */
  readonly about: string | null;
  /** Most rows of each part. */
  readonly limit: number;
}

/** What a report reads: its parts and what must be said besides. */
export type ReportBody = Pick<Report, 'parts' | 'notes'> & Partial<Pick<Report, 'addsUp'>>;
export type ReadReport = (q: Queryable, options: ReportOptions) => Promise<ReportBody>;

const columnOf =
  (kind: ColumnKind) =>
  (key: string, heading: string = key): Column => ({ key, heading, kind });
export const text = columnOf('text');
export const amount = columnOf('amount');
export const units = columnOf('units');
export const date = columnOf('date');
export const instant = columnOf('instant');
export const duration = columnOf('duration');

export const isMoney = (cell: Cell | undefined): cell is Money => typeof cell === 'object' && cell !== null;

/** Minor units and a currency as read from the store, or null where either is missing. */
export const moneyOf = (minor: string | null, currency: string | null): Money | null =>
  minor === null || currency === null ? null : { minor, currency };

/** Sums of a column by currency, in order of currency. */
export function sumsOf(rows: readonly Row[], key: string): Money[] {
  const sums = new Map<string, Money>();
  for (const row of rows) {
    const cell = row[key];
    if (isMoney(cell)) sums.set(cell.currency, add(sums.get(cell.currency) ?? zero(cell.currency), cell));
  }
  return [...sums.values()].sort((a, b) => a.currency.localeCompare(b.currency));
}

/**
 * Totals of a part: every column of amounts by currency, one row each, every column of units in the first. Columns in
 * `not` are no sums (an age, a price).
 */
export function totalsOf(columns: readonly Column[], rows: readonly Row[], not: readonly string[] = []): Row[] {
  const summed = columns.filter(({ key }) => !not.includes(key));
  const amounts = new Map(summed.filter(({ kind }) => kind === 'amount').map(({ key }) => [key, sumsOf(rows, key)]));
  const counts = summed.filter(({ kind }) => kind === 'units');
  const currencies = [...new Set([...amounts.values()].flat().map(({ currency }) => currency))].sort();
  if (rows.length === 0 || (amounts.size === 0 && counts.length === 0)) return [];
  return (currencies.length === 0 ? [null] : currencies).map((currency, index) => {
    const row: Record<string, Cell> = Object.fromEntries(columns.map(({ key }) => [key, null]));
    for (const [key, sums] of amounts) row[key] = sums.find((sum) => sum.currency === currency) ?? null;
    if (index === 0)
      for (const { key } of counts)
        row[key] = rows.reduce((sum, each) => sum + (typeof each[key] === 'number' ? each[key] : 0), 0);
    const [first] = columns;
    if (first !== undefined && first.kind === 'text') row[first.key] = 'total';
    return row;
  });
}

/** A part of rows that were read with one more than the limit, so that it is known whether there are more. */
export function partOf(
  part: Pick<Part, 'name' | 'title' | 'columns'>,
  read: readonly Row[],
  limit: number,
  noSums: readonly string[] = [],
): Part {
  const rows = read.slice(0, limit);
  return { ...part, rows, totals: totalsOf(part.columns, rows, noSums), cutOff: read.length > limit };
}
