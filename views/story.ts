/** The path of a number as a story: what happened when, saga by saga. */
import { masked, maskedAbout } from '../domain/mask.js';
import { sentenceFor } from '../store/desk-read.js';
import { headline, kindText } from './figures.js';
import { at, counted } from './format.js';
import type { EventRead, PostingRead, SagaPath, WholePath } from './path.js';

/** What Temporal says of a saga. */
export interface Standing {
  state: 'running' | 'closed' | 'absent';
  /** Temporal's own word for how it ended. */
  status: string;
  /** Activities being tried or waited for. */
  pending: { activity: string; why: string }[];
}

export interface Moment {
  at: string;
  words: string;
}

const field = (payload: unknown, name: string): string => {
  const value = (payload as Record<string, unknown> | null)?.[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
};

const MOVED: Record<string, string> = {
  RETURN_RESTOCK: 'came back to a shelf',
  RETURN_QUARANTINE: 'came back and cannot be sold',
  GOODS_IN: 'was counted in',
  VOID: 'an earlier movement was taken back',
};

export function eventWords(event: EventRead): string {
  const { payload } = event;
  const trouble = event.reason === null ? '' : ` (${event.reason})`;
  if (event.kind === 'movement') {
    const type = field(payload, 'type');
    return `movement ${event.sourceId}: ${field(payload, 'quantity')} × ${field(payload, 'sku')} at ${field(payload, 'location')}, ${MOVED[type] ?? type}${trouble}`;
  }
  const lines = (payload as { lines?: unknown } | null)?.lines;
  const size = Array.isArray(lines) ? `, ${counted(lines.length, 'line')}` : '';
  const state = field(payload, 'state').toLowerCase();
  return `${event.kind} ${event.sourceId} version ${event.version} in ${event.source}${state === '' ? '' : `: ${state}`}${size}${trouble}`;
}

const STATES: Record<string, string> = {
  intended: 'waits to be sent',
  sent: 'was sent, its outcome is not known yet',
  accepted: 'was taken by the ERP and waits for its batch cycle',
  posted: 'is posted',
  rejected: 'was refused',
  reversed: 'was posted and then reversed',
  forbidden: 'was decided against',
  superseded: 'was replaced by a later revision',
};

const TRIED: Record<string, string> = {
  stored: 'the ERP holds it',
  unknown: 'no answer: it may or may not be stored',
  absent: 'proved not stored, so it may be sent again',
  stop: 'not to be sent again when it is proved not stored',
  'by-hand': 'entered in the ERP by hand',
  refused: 'the ERP said no',
  parked: 'nobody can know; a person decides',
};

/** A refusal is settled when the ERP said no; that somebody decided against sending it again came after. */
const endedAt = (row: PostingRead): string =>
  row.state === 'forbidden' ? row.changed_at : (row.settled_at ?? row.changed_at);

function postingMoments(row: PostingRead): Moment[] {
  const what =
    row.content === null
      ? row.step
      : `${row.operation === 'create' ? '' : `${row.operation} of ${row.content.undoes ?? ''}: `}${headline(row.content.document)}`;
  const revision = row.revision > 1 ? `, revision ${row.revision}` : '';
  const attempts = row.attempts.map((attempt): Moment => ({
    at: attempt.at,
    words: `  ${row.step}${revision}: ${attempt.what}, ${TRIED[attempt.outcome] ?? attempt.outcome}${attempt.number === null ? '' : ` as ${attempt.number}`}`,
  }));
  const failure = row.failure === null || row.state !== 'rejected' ? '' : `: ${row.failure.message}`;
  const hand = row.reversed_by === null ? '' : `, by hand, as ${row.reversed_by} says`;
  const number = row.number === null ? 'It' : `${kindText(row.kind)} ${row.number}`;
  return [
    { at: row.intended_at, words: `${row.step}${revision} asked for: ${what} (reference ${row.external_ref})` },
    ...attempts,
    { at: endedAt(row), words: `${number} ${STATES[row.state] ?? row.state}${hand}${failure}` },
  ];
}

const DECISIONS: Record<string, string> = {
  accepted: 'decided',
  first: 'agreed first of two',
  refused: 'wanted, and was refused',
  stored: 'decided; the saga has not taken it yet',
  kept: 'decided before the question was open; it is kept',
};

/** A title with the sentence of its code, which some titles begin with already. */
function explained({ title, code }: { title: string; code: string }): string {
  const sentence = sentenceFor(code);
  return title.startsWith(sentence) ? `${title} (${code})` : `${title} (${sentence}, ${code})`;
}

/** Words about a saga, with the customers of its cases masked (R-093). */
function maskedFor(saga: SagaPath): (words: string) => string {
  const customers = [...new Set(saga.cases.map(({ customer }) => customer))].filter((customer) => customer !== '');
  return (words) => customers.reduce((text, customer) => maskedAbout(text, customer), masked(words));
}

/** What happened to a saga and its object, in order; personal data is masked. */
export function momentsOf(saga: SagaPath): Moment[] {
  const cases = saga.cases.flatMap((row): Moment[] => [
    { at: row.openedAt, words: `case ${row.id} for ${row.owner}: ${explained(row)}` },
    ...(row.closedAt === null ? [] : [{ at: row.closedAt, words: `case ${row.id} ended: ${row.outcome}` }]),
  ]);
  const decisions = saga.decisions.map((row): Moment => ({
    at: row.at,
    words: `${row.by}${row.identity === 'claimed' ? ' (a typed name)' : ''} ${DECISIONS[row.state] ?? row.state} "${row.choice}"${row.caseId === null ? '' : ` on ${row.caseId}`}${row.why === '' ? '' : `: ${row.why}`}${row.refusal === '' ? '' : ` (${row.refusal})`}`,
  }));
  const claim = saga.claim;
  const claimed: Moment[] =
    claim === null
      ? []
      : [
          { at: claim.claimedAt, words: 'taken up by its saga' },
          ...(claim.finishedAt === null
            ? []
            : [{ at: claim.finishedAt, words: `finished: ${outcomeOf(claim.result)}` }]),
        ];
  const events = saga.events.map((event): Moment => ({
    at: event.sourceTime ?? event.receivedAt,
    words: eventWords(event),
  }));
  const asShown = maskedFor(saga);
  return [...events, ...claimed, ...cases, ...decisions, ...saga.postings.flatMap(postingMoments)]
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    .map((moment) => ({ at: moment.at, words: asShown(moment.words) }));
}

const outcomeOf = (result: unknown): string => {
  const outcome = field(result, 'outcome');
  return outcome === '' ? 'done' : outcome.replaceAll('-', ' ');
};

/** How a saga stands, as far as the store and Temporal tell. */
export function standing(saga: SagaPath, state: Standing | null): string {
  if (saga.claim?.finished === true) return `finished, ${outcomeOf(saga.claim.result)}`;
  if (state === null) return 'not finished';
  if (state.state === 'running') {
    const [call] = state.pending;
    return call === undefined ? 'runs' : `runs, waits for ${call.activity}${call.why === '' ? '' : ` (${call.why})`}`;
  }
  return state.state === 'absent'
    ? 'not known to Temporal'
    : `ended as ${state.status.toLowerCase()} without finishing`;
}

/** Documents of a path as cells of a table: system, kind, number, known since, comes from. */
export const documentRows = ({ documents, links }: WholePath, zone: string): string[][] =>
  documents.map((document) => [
    document.system,
    kindText(document.kind),
    document.number,
    at(document.at, zone),
    links
      .filter((link) => link.to.number === document.number && link.to.kind === document.kind)
      .map((link) => `${link.relation.replaceAll('-', ' ')} ${kindText(link.from.kind)} ${link.from.number}`)
      .join('; '),
  ]);
export const DOCUMENT_HEADINGS = ['system', 'kind', 'number', 'known since', 'comes from'];
