/** After a day's last cycle: which references does the ERP hold, and does each belong to one posting (design.md 5)? */
import { expectedInErp } from '../../store/posting-settle.js';
import { postingsByRefs, type PostingRow } from '../../store/postings.js';
import type { PostingDeps } from '../posting/deps.js';
import type { Held } from '../posting/erp.js';
import { flag } from '../posting/found.js';
import { isOurs } from '../posting/reference.js';
import type { BearerReport } from './contract.js';
import { changedPages } from './pages.js';

const DAY_MS = 86_400_000;
const MOST_PAGES = 2_000;
const MAY_HOLD = new Set<PostingRow['state']>(['accepted', 'posted', 'reversed', 'sent']);

/** Lists what the ERP holds of a day (with half a day before and after for clocks that differ) and compares. */
export async function singleBearer(deps: PostingDeps, day: string): Promise<BearerReport> {
  const start = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(start)) throw new RangeError(`"${day}" is no day as yyyy-mm-dd`);
  const { bearers, documents } = await bearersSince(deps, new Date(start - DAY_MS / 2).toISOString());
  const report: BearerReport = { day, documents, doubled: [], stray: [], missing: [] };
  const refs = [...bearers.keys()];
  const rows = new Map((await postingsByRefs(deps.store.db, refs)).map((row) => [row.external_ref, row]));
  for (const [externalRef, held] of bearers) {
    await judge(deps, report, externalRef, held, rows.get(externalRef));
  }
  const expected = await expectedInErp(
    deps.store.db,
    deps.config.tenant,
    new Date(start).toISOString(),
    new Date(start + DAY_MS).toISOString(),
  );
  for (const row of expected) {
    if (bearers.has(row.external_ref)) continue;
    report.missing.push({ externalRef: row.external_ref, reference: row.reference, number: row.number });
  }
  return report;
}

async function bearersSince(
  deps: PostingDeps,
  since: string,
): Promise<{ bearers: Map<string, Held[]>; documents: number }> {
  const bearers = new Map<string, Held[]>();
  let documents = 0;
  for await (const page of changedPages(deps, since, MOST_PAGES)) {
    documents += page.length;
    for (const held of page) {
      if (!isOurs(held.externalRef) || held.state === 'rejected') continue;
      const known = bearers.get(held.externalRef) ?? [];
      // A document changed while pages were read is shown twice; it is still one.
      if (!known.some((one) => one.number === held.number)) known.push(held);
      bearers.set(held.externalRef, known);
    }
  }
  return { bearers, documents };
}

async function judge(
  deps: PostingDeps,
  report: BearerReport,
  externalRef: string,
  held: Held[],
  row: PostingRow | undefined,
): Promise<void> {
  const numbers = held.map((one) => one.number);
  if (numbers.length > 1) {
    report.doubled.push({ externalRef, reference: row?.reference ?? null, numbers });
  }
  for (const one of held) {
    const rightful = row !== undefined && MAY_HOLD.has(row.state) && (row.number === null || row.number === one.number);
    if (rightful) continue;
    if (row === undefined) report.stray.push({ externalRef, number: one.number, state: 'unknown' });
    else if (numbers.length === 1) report.stray.push({ externalRef, number: one.number, state: row.state });
    if (row === undefined) continue;
    await flag(deps, row, {
      code: 'X-62',
      subject: one.number,
      title: `Document ${one.number} bears the reference of ${row.reference}, which is ${row.state}${
        row.number === null ? '' : ` as ${row.number}`
      }`,
      expected: row.number ?? 'no document',
      actual: one.number,
    });
  }
}
