/** Everything the status screen shows, read in one go. */
import { sql } from 'kysely';
import type { Client } from '@temporalio/client';
import type { Config } from '../../config/load.js';
import { heldTenants } from '../../store/call-tenants.js';
import type { Db, Queryable } from '../../store/database.js';
import { countOpenCases } from '../../store/desk-read.js';
import { countEvents } from '../../store/inbox-counts.js';
import { countPostings, openFlags, type PostingStanding } from '../../store/postings.js';
import { reliance, type Reliance } from '../../store/watch.js';
import { readBooks, type BooksVerdict } from './books-sources.js';
import { feedStates, type FeedState } from './feeds.js';
import { countSagas, queueStates, type QueueState, type SagaCounts } from './sagas.js';

export interface Status {
  at: string;
  zone: string;
  profile: string;
  ui: string | null;
  feeds: FeedState[];
  inbox: { source: string; kind: string; state: string; events: number }[];
  /** Null when Temporal does not answer: then `trouble` says why. */
  queues: QueueState[] | null;
  sagas: SagaCounts | null;
  cases: { owner: string; code: string; sentence: string; cases: number; held: number; overdue: number }[];
  postings: Partial<Record<PostingStanding, number>>;
  /** Oldest document that waits to be sent or to be posted, ISO; null when none does. */
  oldestOpenPosting: string | null;
  held: { tenant: string; by: string; why: string; since: string; waiting: number }[];
  flags: { code: string; title: string; reference: string }[];
  /** Whether the store may be relied on; while not, nothing is posted, started or written down. */
  store: Reliance;
  audit: { unsealed: number; oldestUnsealedMs: number | null };
  books: BooksVerdict;
  trouble: string[];
}

export interface StatusParts {
  db: Db;
  config: Config;
  temporal: () => Promise<Client>;
  namespace: string;
  ui: string | null;
  sandbox: string | null;
}

/** Reads the whole; what does not answer is named in `trouble` and shown as not known. */
export async function readStatus(parts: StatusParts): Promise<Status> {
  const { db, config, ui } = parts;
  const { tenant } = config.blueCherry;
  const trouble: string[] = [];
  const now = new Date();
  const [feeds, inbox, cases, postings, oldest, tenants, flags, audit, store, books, engine] = await Promise.all([
    feedStates(db, now),
    countEvents(db),
    openCases(db),
    countPostings(db, tenant),
    oldestOpen(db, tenant),
    heldTenants(db),
    openFlags(db, tenant),
    unsealed(db),
    reliance(db),
    readBooks(db, config, parts.sandbox),
    readEngine(parts, trouble),
  ]);
  return {
    at: now.toISOString(),
    zone: config.calendar.zone,
    profile: config.profile,
    ui,
    feeds,
    inbox,
    ...engine,
    cases,
    postings,
    oldestOpenPosting: oldest,
    held: tenants.map((row) => ({
      tenant: row.tenant,
      by: row.held_by,
      why: row.held_why,
      since: row.held_at,
      waiting: row.tenant === tenant ? (postings.intended ?? 0) : 0,
    })),
    flags: flags.map(({ code, title, reference }) => ({ code, title, reference })),
    audit,
    store,
    books,
    trouble,
  };
}

async function readEngine(parts: StatusParts, trouble: string[]): Promise<Pick<Status, 'queues' | 'sagas'>> {
  try {
    const client = await parts.temporal();
    const [queues, sagas] = await Promise.all([queueStates(client, parts.namespace), countSagas(client)]);
    return { queues, sagas };
  } catch (error) {
    trouble.push(`Temporal: ${error instanceof Error ? error.message : String(error)}`);
    return { queues: null, sagas: null };
  }
}

async function openCases(db: Queryable): Promise<Status['cases']> {
  const { rows } = await sql<{ owner: string; code: string; overdue: number }>`
    select owner, code, count(*)::int as overdue from "case"
    where state in ('open', 'acknowledged', 'investigating', 'waiting') and due_at < clock_timestamp()
    group by owner, code`.execute(db);
  const overdue = new Map(rows.map((row) => [`${row.owner} ${row.code}`, row.overdue]));
  return (await countOpenCases(db)).map((row) => ({ ...row, overdue: overdue.get(`${row.owner} ${row.code}`) ?? 0 }));
}

async function oldestOpen(db: Queryable, tenant: string): Promise<string | null> {
  const { rows } = await sql<{ at: string | null }>`
    select min(intended_at) as at from posting
    where tenant = ${tenant} and state in ('intended', 'sent', 'accepted')`.execute(db);
  return rows[0]?.at ?? null;
}

async function unsealed(db: Queryable): Promise<Status['audit']> {
  const { rows } = await sql<{ unsealed: number; age: string | null }>`
    select count(*)::int as unsealed, floor(extract(epoch from clock_timestamp() - min(at)) * 1000)::bigint as age
    from audit where seal_no is null`.execute(db);
  const { unsealed: count = 0, age = null } = rows[0] ?? {};
  return { unsealed: count, oldestUnsealedMs: age === null ? null : Math.max(0, Number(age)) };
}
