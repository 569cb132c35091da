/** `report`: what finance, the warehouse and buying read each day (requirements.md 11.4). */
import type { Command } from 'commander';
import { jsonOf } from '../../reports/formats/json.js';
import { writeCsv, writeXlsx } from '../../reports/formats/files.js';
import { tableOf } from '../../reports/formats/table.js';
import { MOST_ROWS, REPORT_CODES, reportCode, reportOf, REPORTS, type ReportCode } from '../../reports/registry.js';
import type { Config } from '../../config/load.js';
import type { Report, ReportOptions } from '../../reports/report.js';
import {
  outputOf,
  Refused,
  table,
  wholeNumber,
  withCommon,
  WrongUsage,
  type CommonOptions,
  type Output,
} from '../output.js';
import { withAccess } from './access.js';
import { ownerOf } from './cases.js';

const DEFAULT_ROWS = 10_000;

export interface FileOptions extends CommonOptions {
  csv?: string;
  xlsx?: string;
}

interface ReadOptions extends FileOptions {
  from?: string;
  to?: string;
  owner?: string;
  about?: string;
  limit: number;
}

function codeOf(text: string): ReportCode {
  const code = reportCode(text);
  if (code !== undefined) return code;
  throw new WrongUsage(`there is no report "${text.slice(0, 40)}"; the reports are ${REPORT_CODES.join(', ')}`);
}

/** A day of the calendar. @throws WrongUsage for anything else. */
export function dayOf(name: string): (text: string) => string {
  return (text) => {
    const ms = Date.parse(`${text}T00:00:00Z`);
    if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text))
      return text;
    throw new WrongUsage(`${name} is "${text.slice(0, 40)}"; a day is written yyyy-mm-dd, for example 2026-03-31`);
  };
}

/** `--csv` and `--xlsx`, besides what every command takes. */
export const withFiles = (command: Command): Command =>
  withCommon(command)
    .option('--csv <file>', 'write it as CSV: exact amounts; a further part into a file of its own beside it')
    .option('--xlsx <file>', 'write it as a workbook, a sheet for each part');

/** Writes the files asked for and names them; without any, the report is shown. @throws Refused when one cannot be written. */
export async function show(report: Report, { csv, xlsx }: FileOptions, output: Output): Promise<void> {
  const files: string[] = [];
  try {
    if (csv !== undefined) files.push(...writeCsv(report, csv));
    if (xlsx !== undefined) files.push(...(await writeXlsx(report, xlsx)));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Refused(`The report could not be written to ${[csv, xlsx].filter(Boolean).join(' and ')}: ${why}`, {
      cause: error,
    });
  }
  if (output.json) return output.result({ ...jsonOf(report), files }, () => '');
  if (files.length === 0) return output.say(tableOf(report));
  for (const file of files) output.say(`written: ${file}`);
  for (const note of report.notes) output.say(`Note: ${note}`);
}

/** What every report is read with unless told otherwise: all of it, as of now. */
export const defaultsOf = (config: Config, zone: string): ReportOptions => ({
  ...{ zone, baseCurrency: config.policies[config.policy]?.baseCurrency ?? 'GBP', now: new Date() },
  ...{ from: null, to: null, owner: null, about: null, limit: DEFAULT_ROWS },
});

export function reportCommand(program: Command): void {
  withFiles(program.command('report'))
    .description('a report by its code; without one, the list of reports')
    .argument('[code]', 'as in RP-05', codeOf)
    .option('--from <date>', 'from this business day, yyyy-mm-dd', dayOf('--from'))
    .option('--to <date>', 'up to this business day, yyyy-mm-dd', dayOf('--to'))
    .option('--owner <role>', 'only what this role must settle', ownerOf)
    .option('--about <number>', 'only this order, return or supplier')
    .option('--limit <n>', 'most rows of each part', wholeNumber('--limit', 1, MOST_ROWS), DEFAULT_ROWS)
    .action(async (code: ReportCode | undefined, options: ReadOptions) => {
      if (code === undefined) return list(options);
      await read(code, options);
    });
}

function list(options: CommonOptions): void {
  const reports = REPORT_CODES.map((code) => ({ code, title: REPORTS[code].title, sentence: REPORTS[code].sentence }));
  outputOf(options).result({ reports }, () =>
    table(
      ['code', 'report', 'what it says'],
      reports.map(({ code, title, sentence }) => [code, title, sentence]),
    ),
  );
}

async function read(code: ReportCode, options: ReadOptions): Promise<void> {
  const { from = null, to = null, owner = null, about = null, limit } = options;
  if (from !== null && to !== null && from > to) throw new WrongUsage(`--from ${from} is later than --to ${to}`);
  await withAccess(options, async ({ db, config, zone, output }) => {
    const report = await reportOf(code)(db, { ...defaultsOf(config, zone), from, to, owner, about, limit });
    await show(report, options, output);
    if (report.addsUp === false) process.exitCode = 1;
  });
}

export function dayCommand(program: Command): void {
  withFiles(program.command('day'))
    .description('the daily control sheet (RP-23): what came in and what became of it; exit 1 when it does not add up')
    .argument('[date]', 'a business day, yyyy-mm-dd; today unless given', dayOf('the day'))
    .action((day: string | undefined, options: FileOptions) =>
      read('RP-23', { ...options, limit: DEFAULT_ROWS, ...(day === undefined ? {} : { from: day, to: day }) }),
    );
}
