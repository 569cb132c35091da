/** After a day's last cycle: which references does the ERP hold, and does each belong to one posting (design.md 5)? */
import { expectedInErp } from '../../store/posting-settle.js';
import { postingsByRefs, type PostingRow } from '../../store/postings.js';
import type { PostingDeps } from '../posting/deps.js';
import type { Held } from '../posting/erp.js';
import { flag } from '../posting/found.js';
import { isOurs } from '../posting/reference.js';
import { tellAbsent } from './absent.js';
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
  const unlisted = expected.filter((row) => !bearers.has(row.external_ref));
  report.missing = await tellAbsent(
    deps,
    day,
    unlisted.map(({ external_ref: externalRef, reference, number }) => ({ externalRef, reference, number })),
  );
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
    if (row === undefined) {
      report.stray.push({ externalRef, number: one.number, state: 'unknown' });
      await tellUnknown(deps, externalRef, one);
      continue;
    }
    if (numbers.length === 1) report.stray.push({ externalRef, number: one.number, state: row.state });
    await flag(deps, row, {
      code: 'X-62',
      subject: one.number,
      recurs: one.undoneBy === null,
      title: `Document ${one.number} bears the reference of ${row.reference}, which is ${row.state}${
        row.number === null ? '' : ` as ${row.number}`
      }`,
      expected: row.number ?? 'no document',
      actual: one.number,
    });
  }
}

/** A reference of our making that nobody here made: another installation posts there, or the store was set back. */
async function tellUnknown(deps: PostingDeps, externalRef: string, { number, undoneBy }: Held): Promise<void> {
  await flag(
    deps,
    { external_ref: externalRef, reference: externalRef, revision: 0, workflow_id: `erp:${externalRef}:${number}` },
    {
      code: 'X-62',
      subject: number,
      recurs: undoneBy === null,
      title: `Document ${number} bears ${externalRef}, a reference of ours that no posting here has`,
      expected: 'no document',
      actual: number,
    },
  );
}
