/** The one place that sends, and what is written down of it. */
import type { CallClaim } from '../../store/call-slots.js';
import { endCall, fenceStands, move } from '../../store/posting-moves.js';
import { noteAttempt, postingByRef, type PostingContent, type PostingRow } from '../../store/postings.js';
import { keepBack, keyAccepted, keyRefused } from './calls.js';
import type { PostingDeps } from './deps.js';
import type { SendOutcome } from './erp.js';
import { refusalOf, trouble } from './failures.js';
import { sighted } from './found.js';
import { linkPosted } from './links.js';
import { goOnWithout, linesRefused } from './partial.js';

/** When a reservation began, by both clocks: a stopped machine stands still by one of them, never by both. */
export interface SendClock {
  passedMs(): number;
}

/** Starts before the reservation, so that what it shows is never less than what the store's deadline has used up. */
export function startClock(deps: PostingDeps): SendClock {
  const wall = deps.now ?? Date.now;
  const [startedWall, startedMono] = [wall(), performance.now()];
  return { passedMs: () => Math.max(wall() - startedWall, performance.now() - startedMono) };
}

/** Sends if the deadline has not passed and the fence stands, and records what came of it. Throws trouble to retry. */
export async function sendAndRecord(
  deps: PostingDeps,
  row: PostingRow,
  fence: number,
  claim: CallClaim,
  clock: SendClock,
): Promise<void> {
  const at = { externalRef: row.external_ref, fence };
  const content = row.content;
  if (content === null) throw new Error(`posting ${row.reference} has no content to send`);
  try {
    const send = deps.erp.prepare(content, row.external_ref);
    await deps.pause?.('between-reserve-and-check');
    const mine = await fenceStands(deps.store.db, row.external_ref, fence);
    // The last thing before the bytes: between this line and the first byte lies the window that no client can close.
    if (clock.passedMs() >= deps.config.sendDeadlineMs) return await tooLate(deps, at);
    if (!mine) return await note(deps, at, 'check', 'fence-lost');
    const outcome = await send();
    await deps.pause?.('between-send-and-record');
    await record(deps, row, content, at, outcome);
  } finally {
    await endCall(deps.store.db, claim);
  }
}

interface At {
  externalRef: string;
  fence: number;
}

const note = (deps: PostingDeps, at: At, what: string, outcome: string, number?: string, detail?: unknown) =>
  noteAttempt(deps.store.db, { ...at, what, outcome, number: number ?? null, detail });

/** Nothing left this process: proof that nothing was stored by this attempt. */
async function tooLate(deps: PostingDeps, at: At): Promise<void> {
  await note(deps, at, 'check', 'too-late');
  await move(deps.store.db, at, ['sent'], 'intended');
}

async function record(
  deps: PostingDeps,
  row: PostingRow,
  content: PostingContent,
  at: At,
  outcome: SendOutcome,
): Promise<void> {
  switch (outcome.outcome) {
    case 'accepted':
    case 'posted':
      await keyAccepted(deps);
      return recordStored(deps, row, content, at, outcome);
    case 'refused': {
      await keyAccepted(deps);
      await note(deps, at, 'reply', 'refused', undefined, outcome);
      const failure = refusalOf(outcome.code, outcome.message, {
        reference: row.reference,
        revision: row.revision,
      });
      await move(deps.store.db, at, ['sent'], 'rejected', { failure });
      return;
    }
    case 'unknown':
      return note(deps, at, 'reply', 'unknown', undefined, { why: outcome.why });
    case 'not-stored':
      return recordNotStored(deps, row, at, outcome);
  }
}

async function recordStored(
  deps: PostingDeps,
  row: PostingRow,
  content: PostingContent,
  at: At,
  outcome: Extract<SendOutcome, { outcome: 'accepted' | 'posted' }>,
): Promise<void> {
  await note(deps, at, 'reply', 'stored', outcome.number);
  const refused = outcome.outcome === 'accepted' ? outcome.refusedLines : [];
  const moved = await deps.store.db.transaction().execute(async (trx) => {
    if (outcome.outcome === 'posted') {
      const done = await move(trx, at, ['sent'], 'posted', { number: outcome.number, journal: 'none' });
      if (done) await linkPosted(trx, row, outcome.number);
      return done;
    }
    const none = refused.length > 0 && refused.length >= content.document.lines.length;
    if (none) {
      const failure = linesRefused(row, refused);
      return move(trx, at, ['sent'], 'rejected', { number: outcome.number, failure });
    }
    if (!(await move(trx, at, ['sent'], 'accepted', { number: outcome.number }))) return false;
    await goOnWithout(trx, row, content, refused);
    return true;
  });
  if (moved) return;
  const now = await postingByRef(deps.store.db, row.external_ref);
  if (now === undefined || now.number === outcome.number) return;
  await sighted(deps, now, { number: outcome.number, state: 'queued' });
}

const TYPES = {
  unreachable: 'Unreachable',
  busy: 'Busy',
  locked: 'RecordLocked',
  window: 'BatchWindow',
  unauthorised: 'Unauthorised',
} as const;
const DEFAULT_WAIT_MS = { unreachable: 500, busy: 1_000, locked: 5_000, window: 60_000, unauthorised: 1_000 };
const LONGEST_BACKOFF_MS = { unreachable: 15_000, busy: 30_000, locked: 300_000, window: 300_000, unauthorised: 5_000 };

async function recordNotStored(
  deps: PostingDeps,
  row: PostingRow,
  at: At,
  outcome: Extract<SendOutcome, { outcome: 'not-stored' }>,
): Promise<never> {
  await note(deps, at, 'reply', `not-stored:${outcome.why}`, undefined, { message: outcome.message });
  const waitMs = backoffMs(deps, row.tries, outcome);
  await move(deps.store.db, at, ['sent'], 'intended', { notBeforeMs: waitMs });
  if (outcome.why === 'busy' || outcome.why === 'window') await keepBack(deps, waitMs);
  if (outcome.why === 'unauthorised') await keyRefused(deps, row.reference, outcome.message);
  throw trouble(TYPES[outcome.why], outcome.message, waitMs + 5);
}

/**
 * No hint of the ERP keeps a document, or all calls, back for longer: its close window has 90 minutes, and a wrong header
 * would stop the tenant for days with nobody told.
 */
const LONGEST_TOLD_MS = 7_000_000;

/** As told, plus jitter; else doubling with every try of this posting. */
function backoffMs(deps: PostingDeps, tries: number, outcome: Extract<SendOutcome, { outcome: 'not-stored' }>): number {
  const jitter = 1 + Math.random() * 0.2;
  if (outcome.retryAfterMs !== null) return Math.min(LONGEST_TOLD_MS, outcome.retryAfterMs) + 50 * jitter;
  const lock = outcome.why === 'locked' ? deps.config.lockBackoffMs : undefined;
  const from = lock?.from ?? DEFAULT_WAIT_MS[outcome.why];
  const to = lock?.to ?? LONGEST_BACKOFF_MS[outcome.why];
  return Math.min(to, from * 2 ** Math.min(tries, 10)) * jitter;
}
