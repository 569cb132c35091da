/** Words of a notice: what happened, which documents, how much, what to do, by when, where (R-842). No personal data. */
import { masked } from '../../domain/mask.js';
import { format } from '../../domain/money.js';
import { withoutWordsOfOthers } from '../../domain/words-of-others.js';
import { counted } from '../../domain/wording.js';
import type { DueNotice, NoticeCase } from '../../store/desk-notices.js';
import { sentenceFor } from '../../store/desk-read.js';

export interface Message {
  /** The notice's own id: the same message sent again bears the same one. */
  id: string;
  to: string[];
  subject: string;
  text: string;
}

const MOST_NAMED = 20;

const OPENING: Record<DueNotice['kind'], string> = {
  opened: 'Waits for you',
  warning: 'Due soon',
  due: 'Overdue',
  'take-up': 'Nobody has taken it up yet',
  'not-taken-up': 'Not taken up in time',
  'second-needed': 'A second person must agree',
};

/** Instants as people of one company read them: day and minute, with the zone's name. */
function when(instant: string, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: zone });
  return `${parts.format(new Date(instant))} (${zone})`;
}

function amountOf(one: NoticeCase): string {
  return one.minor === null || one.currency === null ? '' : format({ minor: one.minor, currency: one.currency });
}

function totals(cases: NoticeCase[]): string {
  const sums = new Map<string, bigint>();
  for (const one of cases)
    if (one.minor !== null && one.currency !== null)
      sums.set(one.currency, (sums.get(one.currency) ?? 0n) + BigInt(one.minor));
  return [...sums].map(([currency, minor]) => format({ minor: String(minor), currency })).join(' + ');
}

function lineOf(one: NoticeCase, link: string, zone: string): string {
  const facts = [
    amountOf(one),
    one.units === 0 ? '' : counted(one.units, 'unit'),
    one.dueAt === null ? '' : `by ${when(one.dueAt, zone)}`,
  ].filter((fact) => fact !== '');
  const about = facts.length === 0 ? '' : ` (${facts.join(', ')})`;
  return `- ${one.id}: ${one.title}${about}\n  ${link}/desk/cases/${one.id}`;
}

function wayOut(open: readonly NoticeCase[], first: NoticeCase): string {
  if (open.length === 1)
    return first.decides
      ? `Decide: selvedge decide ${first.id} --choice … --why "…"`
      : `Look: selvedge case ${first.id}`;
  // Many are decided at once only where sagas ask them; what only tells is closed one by one.
  return first.asks
    ? `Decide all at once: selvedge decide --code ${first.code} --choice … --why "…"`
    : `Look: selvedge cases --code ${first.code}`;
}

/** A case quotes what another system said; a mail does not: the case is one click away (R-093). */
const fitToLeave = (one: NoticeCase): NoticeCase => ({
  ...one,
  title: masked(withoutWordsOfOthers(one.title)),
  steps: one.steps.map((step) => masked(withoutWordsOfOthers(step))),
});

/** Renders one notice over the cases that are still open; `null` when none is, and nobody need be told. */
export function render(notice: DueNotice, to: string[], at: { link: string; zone: string }): Message | null {
  const open = notice.cases.filter((one) => one.open).map(fitToLeave);
  const first = open[0];
  if (first === undefined) return null;
  // A case is found by its own code: that of an approval is no exception's, though being overdue is one (X-60).
  const code = first.code === 'approval' ? '' : ` (${notice.code})`;
  const what = `${sentenceFor(notice.code)}${code}`;
  const many = open.length === 1 ? first.title : `${open.length} like questions`;
  const total = totals(open);
  const todo =
    first.steps.length === 0 ? ['Look at the case and decide.'] : first.steps.map((step, n) => `${n + 1}. ${step}`);
  const lines = [
    `${what}.`,
    '',
    ...(open.length === 1 ? [] : [`${open.length} cases${total === '' ? '' : `, together ${total}`}:`]),
    ...open.slice(0, MOST_NAMED).map((one) => lineOf(one, at.link, at.zone)),
    ...(open.length > MOST_NAMED ? [`and ${open.length - MOST_NAMED} more: selvedge cases --code ${first.code}`] : []),
    '',
    'What to do:',
    ...todo,
    '',
    ...(notice.kind === 'take-up' || notice.kind === 'not-taken-up'
      ? [`Take it up: selvedge case ${first.id} acknowledge`]
      : []),
    wayOut(open, first),
    `Playbook: ${at.link}/playbook/${notice.code}`,
    '',
  ];
  return {
    id: notice.id,
    to,
    subject: `${OPENING[notice.kind]}: ${what}: ${many}`.replace(/\s+/g, ' ').slice(0, 200),
    text: lines.join('\n'),
  };
}
