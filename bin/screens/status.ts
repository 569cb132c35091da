/** The status screen: sentences for everything, what needs a person first in each part (R-846). */
import { table } from '../output.js';
import type { Status } from '../reads/status.js';
import { at, counted, indent, lasting, short } from '../../views/format.js';
import { feedsText } from './feed.js';

const POSTINGS: Record<string, string> = {
  intended: 'wait to be sent',
  sent: 'sent, outcome not known yet',
  accepted: 'taken by the ERP, posted at its next batch cycle',
  posted: 'posted and read back',
  rejected: 'refused by the ERP, their owners are asked',
  reversed: 'posted, then reversed',
  'reversed-by-hand': 'posted, then reversed in the ERP by hand',
  forbidden: 'decided against: never sent',
  superseded: 'replaced by a later revision',
};

const ATTENTION: Record<string, string> = {
  none: 'go on by themselves',
  question: 'wait for an answer',
  'half-posted': 'are half posted: one half is in the ERP, the other is not yet',
  escalated: 'wait for an answer that is overdue',
  stuck: 'can do nothing by themselves',
  'half-compensated': 'are half undone: a reversal was refused',
};

const MOST_DIFFERENCES = 40;

const part = (title: string, lines: string): string => `${title}\n${indent(lines)}`;

/** The whole screen. */
export function statusText(status: Status, links: ReadonlyMap<string, string | null>): string {
  const parts = [
    ...storePart(status),
    part('Feeds', feedsText(status.feeds, status.zone)),
    ...unread(status),
    ...heldPart(status),
    part('What waits for whom', casesPart(status)),
    part('Sagas', sagasPart(status, links)),
    part('Documents for the ERP', postingsPart(status)),
    ...flagsPart(status),
    part('Queues', queuesPart(status)),
    part('Audit trail', auditPart(status)),
    part('Books', booksText(status.books)),
    ...status.trouble.map((why) => part('Not known', why)),
    `${at(status.at, status.zone)}, ${status.zone}${status.ui === null ? '' : `. Web UI: ${status.ui}`}`,
  ];
  return parts.join('\n\n');
}

/** Rows that could not be read, and rows that nobody was told of yet. */
function unread({ inbox }: Status): string[] {
  const lines = inbox.flatMap(({ source, kind, state, events }) =>
    state === 'malformed'
      ? [`${counted(events, 'row')} of ${source} ${kind} could not be read: see selvedge cases --code X-63 --state all`]
      : state === 'new'
        ? [`${counted(events, 'row')} of ${source} ${kind} came in and not yet handed on`]
        : [],
  );
  return lines.length === 0 ? [] : [part('Inbox', lines.join('\n'))];
}

/** First of all: everything else on the screen is as it was, or stands still. */
function storePart({ store }: Status): string[] {
  if (store.state === 'good') return [];
  const restored = [
    `The store was RESTORED: ${store.why}.`,
    'Nothing is posted, started or decided. What it has forgotten: selvedge recover --dry-run. Bring it up to date and',
    'release it: selvedge recover --why "…"',
  ];
  const unwatched = [`HELD: ${store.why}. It goes on by itself when a worker of the queue standing is at work.`];
  return [part('Store', (store.state === 'restored' ? restored : unwatched).join('\n'))];
}

function heldPart({ held, zone }: Status): string[] {
  if (held.length === 0) return [];
  const lines = held.map(
    (row) =>
      `All writes to ${row.tenant} are HELD by ${row.by} since ${at(row.since, zone)}${row.why === '' ? '' : `: ${row.why}`}. ` +
      `${counted(row.waiting, 'document')} held. Release: selvedge release blue-cherry`,
  );
  return [part('Held', lines.join('\n'))];
}

function casesPart({ cases }: Status): string {
  if (cases.length === 0) return 'Nobody is waited for.';
  return table(
    ['waits for', 'cases', 'overdue', 'sagas held', 'what it is'],
    cases.map((row) => [row.owner, row.cases, row.overdue, row.held, `${row.sentence} (${row.code})`]),
  );
}

function sagasPart({ sagas }: Status, links: ReadonlyMap<string, string | null>): string {
  if (sagas === null) return 'Not known: Temporal does not answer.';
  const attention = Object.entries(sagas.attention)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `  ${count} ${ATTENTION[name] ?? name}`);
  return [
    sagas.running === 0 ? 'None runs.' : `${counted(sagas.running, 'saga')} run${sagas.running === 1 ? 's' : ''}:`,
    ...attention,
    ...sagas.halfCompensated.map(
      (saga) => `    half undone: ${saga.businessKey}  ${links.get(saga.workflowId) ?? saga.workflowId}`,
    ),
    ...(sagas.endedBadly === 0
      ? []
      : [`${counted(sagas.endedBadly, 'saga')} ended otherwise than by finishing (terminated or failed)`]),
  ].join('\n');
}

function postingsPart({ postings, held, oldestOpenPosting, zone }: Status): string {
  const rows = Object.entries(postings).map(([state, count]) => {
    const words =
      state === 'intended' && held.length > 0 ? 'HELD: wait until the writes are released' : POSTINGS[state];
    return [count, words ?? state] as const;
  });
  if (rows.length === 0) return 'None yet.';
  const oldest =
    oldestOpenPosting === null ? [] : [`The oldest not posted yet was asked for at ${at(oldestOpenPosting, zone)}.`];
  return [...rows.map(([count, words]) => `${String(count).padStart(6)}  ${words}`), ...oldest].join('\n');
}

function flagsPart({ flags }: Status): string[] {
  if (flags.length === 0) return [];
  const lines = flags.slice(0, MOST_DIFFERENCES).map((flag) => `${flag.title} (${flag.code})`);
  const more = flags.length > MOST_DIFFERENCES ? [`… and ${flags.length - MOST_DIFFERENCES} more`] : [];
  return [part('Documents to look at', [...lines, ...more].join('\n'))];
}

function queuesPart({ queues }: Status): string {
  if (queues === null) return 'Not known: Temporal does not answer.';
  return table(
    ['queue', 'tasks waiting', 'oldest', 'worker'],
    queues.map((row) => [
      row.queue,
      row.backlog ?? 'not known',
      row.backlog === null || row.backlog === 0 ? '-' : lasting(row.oldestMs),
      row.worked ? 'at work' : 'NONE: nothing is done here',
    ]),
  );
}

const auditPart = ({ audit }: Status): string =>
  audit.unsealed === 0
    ? 'Every row is sealed.'
    : `${counted(audit.unsealed, 'row')} not sealed yet, the oldest ${lasting(audit.oldestUnsealedMs)} old.`;

/** Whether the books balance, with every document that differs. */
export function booksText(books: Status['books']): string {
  if (books.balanced === null) return `Not known whether the books balance: ${books.why ?? ''}`;
  const whose = books.against === 'sandbox' ? "the sandbox's books" : 'the ERP (changed in the last three days)';
  const looked = `${counted(books.documents, 'document')} of ours compared with ${whose}, ${books.onTheWay} on the way`;
  if (books.balanced) return `The books balance: ${looked}.`;
  const shown = books.differences.slice(0, MOST_DIFFERENCES).map((found) => `  ${short(found.words, 600)}`);
  const more = books.differences.length - shown.length;
  return [
    `The books do NOT balance: ${counted(books.differences.length, 'difference')}; ${looked}.`,
    ...shown,
    ...(more > 0 ? [`  … and ${more} more (--json shows all)`] : []),
  ].join('\n');
}
