/** The two sides of the comparison: our postings from the store, the ERP's books from the sandbox or by its own listing. */
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { readCall } from '../../activities/posting/calls.js';
import { onlyLines } from '../../activities/posting/content.js';
import { blueCherryErp } from '../../activities/blue-cherry/erp.js';
import { createBlueCherryClient } from '../../clients/blue-cherry/client.js';
import type { Transaction } from '../../clients/blue-cherry/schema.js';
import { createHttp } from '../../clients/http/index.js';
import type { Config } from '../../config/load.js';
import type { Db } from '../../store/database.js';
import type { PostingRow } from '../../store/postings.js';
import { sandboxControl, type BookDocument } from '../day/control.js';
import { compareBooks, type BookDifference, type OurPosting } from './books.js';

export interface BooksVerdict {
  /** Whose books were read; `none`: they could not be. */
  against: 'sandbox' | 'blue-cherry' | 'none';
  /** Null when the books could not be read: unknown is not balanced. */
  balanced: boolean | null;
  /** Documents of ours that the comparison looked at. */
  documents: number;
  /** Of these, not posted yet. */
  onTheWay: number;
  differences: BookDifference[];
  /** Why they could not be read. */
  why: string | null;
}

/** Most postings compared in one look. */
const MOST_POSTINGS = 200_000;
const OPEN_STATES = ['intended', 'sent', 'accepted'];

/** Every posting of a tenant with what the ERP took of it. */
export async function ourPostings(db: Db, config: Config): Promise<OurPosting[]> {
  const { tenant, site } = config.blueCherry;
  const { rows } = await sql<PostingRow & { refused: number[] | null }>`
    select p.*, (select array_agg(l.line) from posting_line l
      where l.external_ref = p.external_ref and l.state = 'refused') as refused
    from posting p where p.tenant = ${tenant} order by p.intended_at limit ${MOST_POSTINGS}`.execute(db);
  return rows.map((row) => ({
    externalRef: row.external_ref,
    reference: row.reference,
    workflowId: row.workflow_id,
    state: row.state,
    operation: row.operation,
    number: row.number,
    undoes: row.content?.undoes ?? null,
    document: takenOf(row),
    adopted: row.adopted,
    takenAsItIs: site.journalReadable && !row.adopted && row.journal === 'unverified',
  }));
}

/** What was asked, without the lines the ERP refused: those went on as a revision of their own. */
function takenOf(row: PostingRow & { refused: number[] | null }): OurPosting['document'] {
  const document = row.content?.document ?? null;
  if (document === null || row.refused === null) return document;
  const kept = new Set(document.lines.map((_, index) => index + 1).filter((line) => !row.refused?.includes(line)));
  return onlyLines(document, kept, true);
}

/** How far back a real ERP's listing is read, and how many pages of it. */
const RECENT_MS = 3 * 86_400_000;
const MOST_PAGES = 50;
const PATIENCE_MS = 20_000;

const KINDS: Partial<Record<Transaction['type'], string>> = {
  CREDIT_MEMO: 'credit memo',
  ADJUSTMENT: 'inventory adjustment',
};

/** A transaction of the ERP's interface in the shape of the books. */
const bookOf = (wire: Transaction): BookDocument => ({
  ...wire,
  kind: KINDS[wire.type] ?? wire.type.toLowerCase(),
  number: wire.transactionNo,
  lines: wire.lines.map((line) => ({ ...line, quantity: String(line.quantity) })),
  amount: wire.total,
  taxAmount: wire.taxTotal,
});

/** Documents changed of late, read inside the tenant's rate like every other call. */
async function recentDocuments(db: Db, config: Config): Promise<BookDocument[]> {
  const { blueCherry } = config;
  const http = createHttp({
    baseUrl: blueCherry.url,
    timeoutMs: blueCherry.timeoutMs,
    headers: { 'x-api-key': blueCherry.key },
  });
  const client = createBlueCherryClient(http);
  const erp = blueCherryErp({ client, config: blueCherry });
  const deps = { store: { db, close: () => Promise.resolve() }, erp, config: blueCherry };
  const modifiedSince = new Date(Date.now() - RECENT_MS).toISOString();
  const found: BookDocument[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const query = { modifiedSince, ...(cursor === undefined ? {} : { cursor }) };
    const page = await readCall(deps, PATIENCE_MS, () => client.listTransactions(query));
    found.push(...page.transactions.map(bookOf));
    cursor = page.cursor;
    if (cursor === undefined) return found;
  }
  throw new Error(`more than ${MOST_PAGES} pages changed in three days; only the single-bearer check reads so much`);
}

const AGAIN_AFTER_MS = 700;
const MOST_LOOKS = 4;

const signOf = (found: BookDifference): string => `${found.document} ${found.words}`;

/**
 * Compares our postings with the ERP's books. The two are read one after the other while work goes on, so a difference
 * counts only when it is seen again in a later look.
 */
export async function readBooks(db: Db, config: Config, sandboxUrl: string | null): Promise<BooksVerdict> {
  const against = sandboxUrl === null ? 'blue-cherry' : 'sandbox';
  try {
    let last = await look(db, config, sandboxUrl);
    let { differences } = last;
    for (let looks = 1; looks < MOST_LOOKS && differences.length > 0; looks++) {
      await sleep(AGAIN_AFTER_MS);
      const before = new Set(last.differences.map(signOf));
      last = await look(db, config, sandboxUrl);
      differences = last.differences.filter((found) => before.has(signOf(found)));
      if (differences.length === last.differences.length) break;
    }
    return { against, balanced: differences.length === 0, ...last, differences, why: null };
  } catch (error) {
    return { against: 'none', balanced: null, documents: 0, onTheWay: 0, differences: [], why: whyOf(error) };
  }
}

/** The message of an error, with what lies behind it where the message alone says nothing. */
function whyOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && cause.message !== '' ? `${error.message}: ${cause.message}` : error.message;
}

/** A sandbox keeps its books in memory: one started anew knows nothing of what was posted before. */
function refuseNewBooks(postings: readonly OurPosting[], documents: readonly BookDocument[]): void {
  const held = new Set(documents.map((document) => document.externalRef));
  const posted = postings.filter((posting) => posting.state === 'posted' && !posting.adopted);
  if (posted.length > 0 && !postings.some((posting) => held.has(posting.externalRef)))
    throw new Error(
      `the sandbox holds none of the ${posted.length} documents posted: it was started with empty books since`,
    );
}

async function look(db: Db, config: Config, sandboxUrl: string | null) {
  if (sandboxUrl === null && config.blueCherry.url === '')
    throw new Error('nobody says where the ERP is: set SELVEDGE_BLUE_CHERRY_URL and SELVEDGE_BLUE_CHERRY_KEY');
  const postings = await ourPostings(db, config);
  const documents = sandboxUrl === null ? await recentDocuments(db, config) : await sandboxControl(sandboxUrl).books();
  const numbers = new Set(documents.map((document) => document.number));
  if (sandboxUrl !== null) refuseNewBooks(postings, documents);
  const looked = postings.filter((posting) => posting.number !== null && numbers.has(posting.number));
  return {
    documents: looked.length,
    onTheWay: postings.filter((posting) => OPEN_STATES.includes(posting.state)).length,
    differences: compareBooks(postings, documents, sandboxUrl !== null),
  };
}
