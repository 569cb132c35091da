/** Reading what the ERP changed: pages, not one read per posting. */
import { noteListed, type BatchClock, type TenantRow } from '../../store/call-tenants.js';
import { postingByRef, postingsByRefs, type PostingRow } from '../../store/postings.js';
import type { PostingDeps } from '../posting/deps.js';
import type { Held } from '../posting/erp.js';
import { sighted } from '../posting/found.js';
import { isOurs } from '../posting/reference.js';
import { changedPages } from './pages.js';
import type { Tally } from './tally.js';

/** Pages of one listing; 200 documents each. What is beyond comes with the next cycle. */
const MOST_PAGES = 500;
/** Postings of a page settled side by side. */
const AT_ONCE = 6;

/**
 * After each finished cycle: reads the listing from the start of the cycle before last, in order of (modifiedAt,
 * number), and moves every posting that it shows. A listing broken off is read again from the same start.
 */
export async function readListing(
  deps: PostingDeps,
  status: TenantRow,
  finished: BatchClock['lastFinished'],
  tally: Tally,
): Promise<void> {
  if (finished === null || finished.cycleNo <= (status.listed_cycle ?? -1)) return;
  const since = listFrom(status, finished);
  for await (const held of changedPages(deps, since, MOST_PAGES)) {
    tally.listingPages += 1;
    await settlePage(deps, held, tally);
  }
  await noteListed(deps.store.db, deps.config.tenant, finished);
}

/**
 * Start of the cycle before last, by the ERP's clock. When cycles went by unlisted, it is the one before the last that
 * was listed, so that a pause of ours hides nothing. The first listing reaches one cycle back.
 */
function listFrom(status: TenantRow, finished: NonNullable<BatchClock['lastFinished']>): string {
  const start = Date.parse(finished.startedAt);
  const gap = status.listed_cycle !== null && finished.cycleNo > status.listed_cycle + 1;
  const known = gap ? (status.listed_before ?? status.listed_started) : status.listed_started;
  if (known !== null) return new Date(Math.min(Date.parse(known), start)).toISOString();
  const cycleMs = status.cycle_ms ?? Date.parse(status.status_next_at ?? '') - start;
  return new Date(start - Math.max(cycleMs, 0)).toISOString();
}

async function settlePage(deps: PostingDeps, page: Held[], tally: Tally): Promise<void> {
  const ours = page.filter((held) => isOurs(held.externalRef));
  if (ours.length === 0) return;
  const byRef = new Map<string, Held[]>();
  for (const held of ours) byRef.set(held.externalRef, [...(byRef.get(held.externalRef) ?? []), held]);
  const rows = await postingsByRefs(deps.store.db, [...byRef.keys()]);
  const waiting = [...rows];
  const next = async (): Promise<void> => {
    for (let row = waiting.pop(); row !== undefined; row = waiting.pop()) {
      await settleRow(deps, row, byRef.get(row.external_ref) ?? [], tally);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
}

/** One posting's documents, one after the other: what the first one moved, the second one must find. */
async function settleRow(deps: PostingDeps, row: PostingRow, documents: Held[], tally: Tally): Promise<void> {
  let now: PostingRow | undefined = row;
  for (const held of documents) {
    if (now === undefined) return;
    if (!(await sighted(deps, now, { number: held.number, state: held.state, held }))) continue;
    tally.moved += 1;
    now = await postingByRef(deps.store.db, row.external_ref);
  }
}
