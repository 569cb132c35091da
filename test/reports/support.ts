/** What tests of reports share: how to ask for one, and whether its rows keep what its columns promise. */
import { expect } from '@jest/globals';
import { reportOf, type ReportCode } from '../../reports/registry.js';
import { isMoney, type Cell, type Column, type Part, type Report, type ReportOptions } from '../../reports/report.js';
import type { Queryable } from '../../store/database.js';

export const optionsFor = (change: Partial<ReportOptions> = {}): ReportOptions => ({
  zone: 'Europe/London',
  baseCurrency: 'GBP',
  now: new Date(),
  from: null,
  to: null,
  owner: null,
  about: null,
  limit: 1_000,
  ...change,
});

function fits({ kind }: Column, cell: Cell | undefined): boolean {
  if (cell === undefined) return false;
  if (cell === null) return true;
  switch (kind) {
    case 'amount':
      return isMoney(cell) && /^-?\d+$/.test(cell.minor) && /^[A-Z]{3}$/.test(cell.currency);
    case 'units':
    case 'duration':
      return typeof cell === 'number' && Number.isFinite(cell);
    case 'date':
      return typeof cell === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(cell);
    case 'instant':
      return typeof cell === 'string' && /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(cell);
    case 'text':
      return typeof cell === 'string';
  }
}

/** Every cell is of its column's kind and every row has exactly the columns' cells. */
export function expectWhole(report: Report): void {
  expect(report.sentence).not.toBe('');
  for (const part of report.parts) {
    const keys = part.columns.map(({ key }) => key).sort();
    for (const row of [...part.rows, ...part.totals]) {
      expect(Object.keys(row).sort()).toEqual(keys);
      const faults = part.columns.filter(
        (column) => column.key !== part.columns[0]?.key && !fits(column, row[column.key]),
      );
      expect(faults.map(({ key }) => [part.name, key, row[key]])).toEqual([]);
    }
  }
}

/** Reads a report and makes sure that it keeps its word. */
export async function readReport(q: Queryable, code: ReportCode, change: Partial<ReportOptions> = {}): Promise<Report> {
  const report = await reportOf(code)(q, optionsFor(change));
  expectWhole(report);
  return report;
}

export function partNamed(report: Report, name: string): Part {
  const part = report.parts.find((each) => each.name === name);
  if (part === undefined) throw new Error(`${report.code} has no part ${name}`);
  return part;
}
