/** Cases as people read them: the list, and one case with everything that was said about it. */
import type { CaseDetail, CaseSummary } from '../../store/desk-read.js';
import { maskedAbout } from '../../domain/mask.js';
import { table } from '../output.js';
import { CASE_STATES, FACT_OF_CHOICE, SAID, waits } from '../../views/case-words.js';
import { amount, at, counted, due, indent, short } from '../../views/format.js';
import { shownText } from './figures.js';

/** The list of cases, those due first in front. */
export function casesText(cases: readonly CaseSummary[], more: boolean, zone: string): string {
  if (cases.length === 0) return 'No case fits: nobody is waited for.';
  const rows = cases.map((row) => [
    row.case,
    due(row.dueAt, zone),
    row.owner,
    amount(row.amountMinor, row.currency),
    `${row.sentence} (${row.code})`,
    short(maskedAbout(row.title, row.customer), 90),
  ]);
  return [
    table(['case', 'due', 'waits for', 'at stake', 'what it is', 'about'], rows),
    '',
    `${counted(cases.length, 'case')}${more ? '; there are more: narrow it, or raise --limit' : ''}. Times are ${zone}.`,
    'One case with its choices: selvedge case <case>',
  ].join('\n');
}

const quoted = (text: string): string => (/^[\w.:/@=-]+$/.test(text) ? text : `"${text.replaceAll('"', '\\"')}"`);

/** The command that makes a choice. */
export function commandFor(id: string, choice: string, digest: string): string {
  const fact = FACT_OF_CHOICE[choice];
  return [
    `selvedge decide ${id} --choice ${quoted(choice)}`,
    ...(fact === undefined ? [] : [`--data ${fact.name}=…`]),
    '--why "…"',
    ...(digest === '' ? [] : [`--shown ${digest}`]),
  ].join(' ');
}

const fields = (rows: readonly (readonly [string, string])[]): string =>
  rows
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name.padEnd(10)}  ${value.replaceAll('\n', `\n${' '.repeat(12)}`)}`)
    .join('\n');

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', title, indent(lines.join('\n'))];

/** One case whole: what is asked, of whom, until when; what was shown; the choices; who said what. */
export function caseText(found: CaseDetail, zone: string, link: string | null): string {
  const open = waits(found.state);
  const asks = found.kind === 'question';
  const text = [
    `${found.case}  ${found.sentence} (${found.code})`,
    found.title,
    '',
    fields([
      ['State', CASE_STATES[found.state] ?? found.state],
      ['Take it up', found.state === 'open' ? `selvedge case ${found.case} acknowledge` : ''],
      [open ? 'Waits for' : 'Owner', `${found.owner} (deputy ${found.deputy}), severity ${found.severity}`],
      ['Given to', found.assignee],
      ['Since', at(found.openedAt, zone)],
      ['Due', open ? due(found.dueAt, zone) : at(found.dueAt, zone)],
      ['Expected', found.expected],
      ['Actual', found.actual],
      ['At stake', stake(found)],
      ['Saga', found.workflow ?? ''],
      ['Web UI', link ?? ''],
      ['Question', asks ? `${found.question}, asking ${found.asking}` : ''],
      ['Ended', found.closedAt === null ? '' : `${at(found.closedAt, zone)}: ${found.outcome}. ${found.note}`],
    ]),
    ...section('What was shown', asks ? [shownText(found.shown), `digest: ${found.digest}`] : []),
    ...section(
      'What to do',
      found.steps.map((step, index) => `${index + 1}. ${step}`),
    ),
    ...(open ? choices(found) : []),
    ...held(found),
    ...said(found, zone),
    '',
    `Times are ${zone}.`,
  ].join('\n');
  return maskedAbout(text, found.customer);
}

function stake(found: CaseDetail): string {
  const parts = [
    ...(found.amount === null ? [] : [found.amount]),
    ...(found.units === 0 ? [] : [counted(found.units, 'unit')]),
    ...(found.twoPeople ? ['two people must agree'] : []),
  ];
  return parts.join(', ');
}

function choices(found: CaseDetail): string[] {
  if (found.kind === 'cause') return section('Choices', ['None: it closes by itself when its cause has gone.']);
  if (found.kind === 'orphan')
    return section('Choices', ['None. Restart its saga:', `selvedge retry ${found.workflow ?? found.case}`]);
  if (found.choices.length === 0)
    return section('Choices', ['None: it tells you to look, and closes by itself with what it is about.']);
  const title = found.kind === 'question' ? 'Choices' : 'When it is dealt with, close it';
  const width = Math.max(...found.choices.map(({ choice }) => choice.length));
  return section(
    title,
    found.choices.flatMap(({ choice, label, proof }) => [
      `${choice.padEnd(width)}  ${label}${proof ? '' : ' (moves neither money nor stock)'}`,
      indent(commandFor(found.case, choice, proof ? found.digest : ''), width + 2),
    ]),
  );
}

const MOST_HELD = 100;

function held(found: CaseDetail): string[] {
  const waiting = found.holds.filter((hold) => hold.released_at === null);
  const lines = waiting
    .slice(0, MOST_HELD)
    .map(
      (hold) =>
        `${hold.business_date}  ${hold.business_key}  ${amount(hold.amount_minor, hold.currency)}  ${hold.title}`,
    );
  const more = waiting.length > MOST_HELD ? [`… and ${waiting.length - MOST_HELD} more (--json shows all)`] : [];
  return section(`Held: ${counted(waiting.length, 'saga')}, oldest business date first`, [...lines, ...more]);
}

function said(found: CaseDetail, zone: string): string[] {
  const decisions = found.decisions.map((row) => {
    const claim = row.identity === 'claimed' ? ', a typed name' : '';
    const why = row.why === '' ? '' : `: ${row.why}`;
    const refusal = row.refusal === '' ? '' : ` (${row.refusal})`;
    return `${at(row.created_at, zone)}  ${row.by}${claim}, "${row.choice}"${why}. It ${SAID[row.state] ?? row.state}${refusal}`;
  });
  const events = found.events.map((row) => `${at(row.at, zone)}  ${row.kind} by ${row.by}: ${row.note}`);
  return [...section('Who said what', decisions), ...section('History', events)];
}
