import { sql } from 'kysely';
import { loadConfig } from '../../config/load.js';
import type { Db } from '../../store/database.js';
import { compareBooks, type OurPosting } from '../reads/books.js';
import { ourPostings } from '../reads/books-sources.js';
import type { Evidence, OpenCase } from './balance.js';
import type { BookDocument, SandboxControl } from './control.js';

const OPEN = sql`c.state in ('open', 'acknowledged', 'investigating', 'waiting')`;

/** Cases that wait for somebody, each with the returns it is about. */
export async function openCases(db: Db): Promise<OpenCase[]> {
  const { rows } = await sql<{ id: string; code: string; owner: string; keys: string[] }>`
    select c.id, c.code, c.owner,
      case when c.kind = 'cause'
        then array(select h.business_key from case_hold h where h.case_id = c.id and h.released_at is null)
        else array[c.business_key] end as keys
    from "case" c
    where ${OPEN}`.execute(db);
  return rows;
}

/** Number of the return or delivery a workflow is about: its id is `process:source:number[:version]`. */
const keyOf = (workflowId: string): string => workflowId.split(':')[2] ?? '';

/** Number of the return or delivery by external reference; a document entered by hand bears none, so there by its number. */
async function referenceOwners(db: Db): Promise<Map<string, string>> {
  const { rows } = await sql<{ ref: string; workflow_id: string }>`
    select external_ref as ref, workflow_id from posting
    union all
    select number, workflow_id from posting where adopted and number is not null`.execute(db);
  return new Map(rows.map((row) => [row.ref, keyOf(row.workflow_id)]));
}

/** Returns about which a person's decision was accepted. Closing a case that only tells changes nothing of a return. */
async function decidedKeys(db: Db): Promise<Set<string>> {
  const { rows } = await sql<{ workflow_id: string }>`
    select distinct workflow_id from decision where state = 'accepted' and question <> ''`.execute(db);
  return new Set(rows.map((row) => keyOf(row.workflow_id)));
}

/**
 * What the books hold of these returns otherwise than our postings say: every document, amount, tax, line and unit.
 * Answers sentences by return number.
 */
export function unlikePostings(
  decided: ReadonlySet<string>,
  owners: ReadonlyMap<string, string>,
  postings: readonly OurPosting[],
  documents: readonly BookDocument[],
): Map<string, string[]> {
  const ours = postings.filter((posting) => decided.has(keyOf(posting.workflowId)));
  const numbers = new Map(ours.flatMap((one) => (one.number === null ? [] : [[one.number, keyOf(one.workflowId)]])));
  const keyOfDocument = ({ externalRef, number }: BookDocument): string | undefined =>
    owners.get(externalRef ?? '') ?? numbers.get(number ?? '');
  const theirs = documents.filter((document) => decided.has(keyOfDocument(document) ?? ''));
  const found = new Map<string, string[]>();
  for (const { words, workflow } of compareBooks(ours, theirs, true)) {
    const key = keyOf(workflow ?? '');
    found.set(key, [...(found.get(key) ?? []), words]);
  }
  return found;
}

/** Everything the comparison needs, read in one go. */
export async function gather(db: Db, sandbox: SandboxControl): Promise<Evidence> {
  const [{ events, purchaseOrders }, documents, cases, owners, decided] = await Promise.all([
    sandbox.reckoning(),
    sandbox.books(),
    openCases(db),
    referenceOwners(db),
    decidedKeys(db),
  ]);
  const evidence = { events, purchaseOrders, documents, cases, owners, decided };
  if (decided.size === 0) return evidence;
  const postings = await ourPostings(db, loadConfig({ addresses: 'optional' }));
  return { ...evidence, unlikePostings: unlikePostings(decided, owners, postings, documents) };
}
