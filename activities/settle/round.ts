/** One round of settle (design.md 5): status, listing, searches, late reads. */
import { ReadFailure } from '../../clients/blue-cherry/client.js';
import { noteStatus, storeNow, type TenantRow } from '../../store/call-tenants.js';
import {
  latePostings,
  markAccepted,
  noteRead,
  openPostings,
  sweepWaits,
  unknownPostings,
  type OpenPostings,
  type UnknownRow,
} from '../../store/posting-settle.js';
import { postingByRef } from '../../store/postings.js';
import { NoRoom, readCall } from '../posting/calls.js';
import type { PostingDeps } from '../posting/deps.js';
import { flag, sighted } from '../posting/found.js';
import type { SettleRound } from './contract.js';
import { readListing } from './listing.js';
import { searchUnknown } from './search.js';
import { PATIENCE_MS, type Tally } from './tally.js';

/** Unknown outcomes looked at in one round, oldest first; the rest come in the next. */
const MOST_UNKNOWN = 200;
const MOST_LATE_READS = 20;
const LONGEST_SLEEP_MS = 60_000;
const SHORTEST_SLEEP_MS = 40;

/** Runs one round. Costs the store one query when nothing is open. Trouble with the ERP ends the round, not settle. */
export async function settleRound(deps: PostingDeps): Promise<SettleRound> {
  const { tenant, settlePollMs } = deps.config;
  const { db } = deps.store;
  const tally: Tally = { moved: 0, listingPages: 0, searches: 0, reads: 0 };
  const before = await openPostings(db, tenant);
  if (before.sent + before.accepted + before.parked === 0) {
    await sweepWaits(db);
    return { ...tally, sleepMs: settlePollMs, open: before };
  }
  let sleepMs: number;
  try {
    sleepMs = await work(deps, tally);
  } catch (error) {
    if (error instanceof NoRoom) sleepMs = error.waitMs;
    else if (error instanceof ReadFailure) sleepMs = error.retryAfterMs ?? settlePollMs;
    else throw error;
    deps.log?.warn({ tenant, error }, 'settle: the ERP did not answer, the round ends early');
  }
  const open = await openPostings(db, tenant);
  return { ...tally, open, sleepMs: Math.min(LONGEST_SLEEP_MS, Math.max(SHORTEST_SLEEP_MS, sleepMs)) };
}

async function work(deps: PostingDeps, tally: Tally): Promise<number> {
  const { tenant, timeoutMs, maxRequestLifeMs } = deps.config;
  const { db } = deps.store;
  // The instant is taken before the status is asked for: what the status shows is not older than it.
  const begunAt = await storeNow(db);
  const rows = await unknownPostings(db, tenant, begunAt, { timeoutMs, maxRequestLifeMs, limit: MOST_UNKNOWN });
  const clock = await readCall(deps, PATIENCE_MS, () => deps.erp.clock());
  const status = await noteStatus(db, tenant, begunAt, clock);
  await markAccepted(db, tenant, status.completed_seen);
  await readListing(deps, status, clock.lastFinished, tally);
  await deps.pause?.('between-status-and-search');
  await searchUnknown(deps, rows, status, tally);
  await readLate(deps, status, tally);
  return sleepOf(deps, await openPostings(db, tenant), rows, status, begunAt);
}

/** Reads by number what two completed cycles passed over, before anybody is alarmed. */
async function readLate(deps: PostingDeps, status: TenantRow, tally: Tally): Promise<void> {
  const { db } = deps.store;
  const late = await latePostings(db, deps.config.tenant, status.completed_seen, MOST_LATE_READS);
  for (const row of late) {
    const { number, content } = row;
    if (number === null || content === null) continue;
    tally.reads += 1;
    const held = await readCall(deps, PATIENCE_MS, () => deps.erp.read(content.document.kind, number));
    await noteRead(db, row, status.completed_seen);
    const now = await postingByRef(db, row.external_ref);
    if (now?.state !== 'accepted') continue;
    if (held !== null && (await sighted(deps, now, { number, state: held.state, held }))) {
      tally.moved += 1;
      continue;
    }
    await flag(deps, row, {
      code: 'X-05',
      recurs: true,
      title: `Document ${number} of ${row.reference} was not posted in two batch cycles`,
      expected: 'posted in the cycle after it was accepted',
      actual: held === null ? 'the ERP does not show it' : held.state,
    });
  }
}

/** Until the next cycle may have ended, a bound passes, or the next look is due, whichever is first. */
function sleepOf(
  deps: PostingDeps,
  open: OpenPostings,
  unknown: UnknownRow[],
  status: TenantRow,
  begunAt: string,
): number {
  const { settlePollMs, timeoutMs, maxRequestLifeMs } = deps.config;
  if (open.sent + open.accepted + open.parked === 0) return settlePollMs;
  const now = Date.parse(begunAt);
  const toNext = Date.parse(status.status_next_at ?? '') - Date.parse(status.status_now ?? '');
  // A running cycle ends at a moment nobody shows, so it is looked at more often than a clock that stands still.
  const poll = Math.min(settlePollMs, Math.max(SHORTEST_SLEEP_MS, (status.cycle_ms ?? settlePollMs) / 8));
  const waits = [status.running || !(toNext > 0) ? poll : toNext + SHORTEST_SLEEP_MS];
  for (const row of unknown) {
    const bound = Date.parse(row.send_deadline ?? '') + timeoutMs + maxRequestLifeMs - now;
    if (bound > 0) waits.push(bound + SHORTEST_SLEEP_MS);
    const answer = Date.parse(row.sent_at ?? '') + timeoutMs - now;
    if (answer > 0) waits.push(answer + SHORTEST_SLEEP_MS);
  }
  // What is sent from now on has its first look within a poll.
  if (open.intended > 0 || open.sent > 0) waits.push(settlePollMs);
  return Math.min(...waits);
}
