/** The table at the end of a day: what arrived, what was posted, what waits for whom, whether the books balance. */
import { sentenceFor } from '../../store/desk-read.js';
import { table } from '../output.js';
import type { Evidence } from './balance.js';
import type { DayEnd } from './play.js';

export interface DayReport {
  /** True only for a day that came to its end and agrees in everything. */
  balanced: boolean;
  end: DayEnd['end'];
  arrived: { class: string; events: number; right: number }[];
  posted: { kind: string; documents: number; amounts: Record<string, string>; units: number }[];
  waits: { owner: string; code: string; sentence: string; cases: number; about: number }[];
  differences: { key: string; class: string; kind: string; words: string }[];
  ui: string | null;
}

/** Adds decimals exactly, as text with two or more places. */
function addDecimals(a: string, b: string): string {
  const places = Math.max(...[a, b].map((text) => (text.split('.')[1] ?? '').length));
  const scaled = (text: string): bigint => {
    const [whole = '0', fraction = ''] = text.replace('-', '').split('.');
    const value = BigInt(whole + fraction.padEnd(places, '0'));
    return text.startsWith('-') ? -value : value;
  };
  const sum = scaled(a) + scaled(b);
  const digits = (sum < 0n ? -sum : sum).toString().padStart(places + 1, '0');
  const text = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
  return sum < 0n ? `-${text}` : text;
}

function postedOf({ documents, owners }: Evidence): DayReport['posted'] {
  const kinds = new Map<string, DayReport['posted'][number]>();
  for (const document of documents) {
    if (!owners.has(document.externalRef ?? '') || document.status === 'REJECTED') continue;
    const row = kinds.get(document.kind) ?? { kind: document.kind, documents: 0, amounts: {}, units: 0 };
    kinds.set(document.kind, row);
    row.documents += 1;
    row.units += document.lines.reduce((sum, line) => sum + Number(line.quantity), 0);
    if (document.amount !== null && document.currency !== null) {
      row.amounts[document.currency] = addDecimals(row.amounts[document.currency] ?? '0', document.amount);
    }
  }
  return [...kinds.values()].sort((a, b) => a.kind.localeCompare(b.kind));
}

/** Open cases by owner and code. */
export function waitsOf({ cases }: Pick<Evidence, 'cases'>): DayReport['waits'] {
  const rows = new Map<string, DayReport['waits'][number]>();
  for (const { owner, code, keys } of cases) {
    const at = `${owner} ${code}`;
    const row = rows.get(at) ?? { owner, code, sentence: sentenceFor(code), cases: 0, about: 0 };
    rows.set(at, row);
    row.cases += 1;
    row.about += keys.length;
  }
  return [...rows.values()].sort((a, b) => a.owner.localeCompare(b.owner) || a.code.localeCompare(b.code));
}

export const dayReport = ({ evidence, balance: found, end }: DayEnd, ui: string | null): DayReport => ({
  balanced: end === 'balanced',
  end,
  arrived: found.classes,
  posted: postedOf(evidence),
  waits: waitsOf(evidence),
  differences: found.differences,
  ui,
});

export const waitsTable = (waits: DayReport['waits']): string =>
  [
    'What waits for whom',
    waits.length === 0
      ? 'nobody is waited for'
      : table(
          ['owner', 'code', 'cases', 'about', 'what it is'],
          waits.map((row) => [row.owner, row.code, row.cases, row.about, row.sentence]),
        ),
  ].join('\n');

/** Why a day that does not balance was not waited for any longer. */
const ENDS: Record<DayEnd['end'], string> = {
  balanced: '',
  stalled: 'Nothing has changed for a minute.',
  deadline: 'The time given for the day is over.',
  stopped: 'The day was stopped before it was over.',
};

const MOST_DIFFERENCES = 40;

/** The report as people read it. */
export function inSentences(report: DayReport): string {
  const events = report.arrived.reduce((sum, row) => sum + row.events, 0);
  const right = report.arrived.reduce((sum, row) => sum + row.right, 0);
  const posted = report.posted.map((row) => {
    const amounts = Object.entries(row.amounts).map(([currency, amount]) => `${currency} ${amount}`);
    return [row.kind, row.documents, amounts.join(', ') || `${row.units} units`];
  });
  const shown = report.differences.slice(0, MOST_DIFFERENCES);
  const more = report.differences.length - shown.length;
  return [
    '',
    `What arrived: ${events} events`,
    table(
      ['class', 'events', 'as reckoned'],
      report.arrived.map((row) => [row.class, row.events, row.right]),
    ),
    '',
    'What was posted in the ERP',
    posted.length === 0 ? 'nothing' : table(['document', 'count', 'amount or units'], posted),
    '',
    waitsTable(report.waits),
    '',
    ...(report.balanced
      ? [`The books balance: all ${events} events came out as the sandbox reckoned.`]
      : [
          ENDS[report.end],
          `The books do NOT balance: ${right} of ${events} events came out as reckoned, ${report.differences.length} differences.`,
          ...shown.map((row) => `  ${row.key} (${row.class}): ${row.words}`),
          ...(more > 0 ? [`  … and ${more} more (--json shows all)`] : []),
        ]),
    ...(report.ui === null ? [] : [`Web UI: ${report.ui}/namespaces/selvedge/workflows`]),
  ].join('\n');
}
