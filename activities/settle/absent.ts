/** Documents we believe posted and the ERP's books do not hold: looked up by number first, then finance is told. */
import { postingsByRefs, type PostingRow } from '../../store/postings.js';
import { readCall } from '../posting/calls.js';
import type { PostingDeps } from '../posting/deps.js';
import { flag } from '../posting/found.js';
import type { BearerReport } from './contract.js';
import { PATIENCE_MS } from './tally.js';

/** Looked up, and told of, one by one. More than these are one cause and one case. */
const MOST_EACH = 20;
const MOST_NAMED = 5;
const SUBJECT = 'not in the books';

/** Of what no listing showed, what the ERP does not show by its number either; tells a person of it. */
export async function tellAbsent(
  deps: PostingDeps,
  day: string,
  unlisted: BearerReport['missing'],
): Promise<BearerReport['missing']> {
  // What is accepted only is settle's: it may be shown with the next cycle, and is X-05 when it is not.
  const rows = (
    await postingsByRefs(
      deps.store.db,
      unlisted.map(({ externalRef }) => externalRef),
    )
  ).filter(({ state }) => state === 'posted' || state === 'reversed');
  if (rows.length > MOST_EACH) {
    await tellOfMany(deps, day, rows);
    return rows.map(missingOf);
  }
  const absent: PostingRow[] = [];
  for (const row of rows) if (!(await shownByNumber(deps, row))) absent.push(row);
  for (const row of absent) {
    await flag(deps, row, {
      code: 'X-01',
      subject: SUBJECT,
      recurs: true,
      title: `Document ${row.number ?? ''} of ${row.reference} was posted, and the ERP does not hold it`,
      expected: `document ${row.number ?? ''}, ${row.state}`,
      actual: 'neither listed nor found by its number',
    });
  }
  return absent.map(missingOf);
}

const missingOf = ({ external_ref: externalRef, reference, number }: PostingRow): BearerReport['missing'][number] => ({
  externalRef,
  reference,
  number,
});

async function shownByNumber(deps: PostingDeps, { content, number }: PostingRow): Promise<boolean> {
  if (content === null || number === null) return false;
  return (await readCall(deps, PATIENCE_MS, () => deps.erp.read(content.document.kind, number))) !== null;
}

async function tellOfMany(deps: PostingDeps, day: string, rows: readonly PostingRow[]): Promise<void> {
  const { tenant } = deps.config;
  const named = rows.slice(0, MOST_NAMED).map(({ number }) => number ?? '');
  const about = `${tenant} ${day}`;
  await flag(
    deps,
    { external_ref: about, reference: about, revision: 0, workflow_id: `erp:${about}:${SUBJECT}` },
    {
      code: 'X-01',
      subject: SUBJECT,
      recurs: true,
      title: `${rows.length} documents posted on ${day} are not in the books of ${tenant}`,
      expected: `${named.join(', ')} and ${rows.length - named.length} more`,
      actual: 'not listed. Was the ERP restored, or is this another one?',
    },
  );
}
