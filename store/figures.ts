/** The figures of an installation, in one look: for metrics. Whoever asks gets the same ones. */
import { sql } from 'kysely';
import type { Queryable } from './database.js';
import { oldestUnsentMs } from './desk-notices.js';
import { listFeeds } from './feeds.js';
import { countPostings, type PostingStanding } from './postings.js';

export interface Figures {
  /** `ageS` is null before the first good reading. */
  feeds: { feed: string; ageS: number | null; silentAfterS: number; running: boolean }[];
  postings: Partial<Record<PostingStanding, number>>;
  oldestOpenPostingS: number;
  waiters: number;
  cases: { owner: string; severity: string; open: number; overdue: number }[];
  unsentNoticeS: number;
  erp: { calls: number; inFlight: number; held: boolean };
  unsealedAuditS: number;
}

export async function readFigures(q: Queryable, tenant: string): Promise<Figures> {
  const [feeds, postings, cases, unsentMs, rest] = await Promise.all([
    listFeeds(q),
    countPostings(q, tenant),
    openCases(q),
    oldestUnsentMs(q),
    single(q, tenant),
  ]);
  const now = Date.now();
  return {
    feeds: feeds.map(({ feed, state, lastReadOkAt, silentAfterMs }) => ({
      feed,
      ageS: lastReadOkAt === null ? null : Math.max(0, (now - Date.parse(lastReadOkAt)) / 1000),
      silentAfterS: silentAfterMs / 1000,
      running: state === 'running',
    })),
    postings,
    cases,
    unsentNoticeS: unsentMs / 1000,
    ...rest,
  };
}

async function openCases(q: Queryable): Promise<Figures['cases']> {
  const { rows } = await sql<Figures['cases'][number]>`
    select owner, severity, count(*)::int as open, count(*) filter (where due_at < clock_timestamp())::int as overdue
    from "case" where state in ('open', 'acknowledged', 'investigating', 'waiting')
    group by owner, severity`.execute(q);
  return rows;
}

interface Single {
  posting: number;
  waiters: number;
  audit: number;
  calls: string | null;
  in_flight: number;
  held: boolean | null;
}

type OfOne = Pick<Figures, 'oldestOpenPostingS' | 'waiters' | 'erp' | 'unsealedAuditS'>;

async function single(q: Queryable, tenant: string): Promise<OfOne> {
  const { rows } = await sql<Single>`
    select
      (select coalesce(extract(epoch from clock_timestamp() - min(intended_at)), 0)::float8 from posting
        where tenant = ${tenant} and state in ('intended', 'sent', 'accepted')) as posting,
      (select count(distinct external_ref)::int from lane_wait
        where tenant = ${tenant} and until > clock_timestamp()) as waiters,
      (select coalesce(extract(epoch from clock_timestamp() - min(at)), 0)::float8 from audit
        where seal_no is null) as audit,
      (select calls_given from call_tenant where tenant = ${tenant}) as calls,
      (select count(*)::int from call_lease
        where tenant = ${tenant} and leased_until > clock_timestamp()) as in_flight,
      (select held_by is not null from call_tenant where tenant = ${tenant}) as held`.execute(q);
  const row = rows[0];
  return {
    oldestOpenPostingS: Math.max(0, row?.posting ?? 0),
    waiters: row?.waiters ?? 0,
    erp: { calls: Number(row?.calls ?? 0), inFlight: row?.in_flight ?? 0, held: row?.held ?? false },
    unsealedAuditS: Math.max(0, row?.audit ?? 0),
  };
}
