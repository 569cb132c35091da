/** What waits for a role, page by page: the desk page's first question. */
import { sql, type RawBuilder } from 'kysely';
import type { Queryable } from './database.js';
import type { CaseRow } from './desk-cases.js';

/** Which open cases; what is left out does not narrow. */
export interface QueueFilter {
  /** Roles that own them, leads left out: `finance`. */
  owners: readonly string[];
  /** `deputy`: those that these roles stand in for. */
  as: 'owner' | 'deputy';
  code?: string | undefined;
  question?: string | undefined;
  group?: string | undefined;
  assignee?: string | undefined;
  overdue?: boolean | undefined;
}

export interface QueueTotals {
  cases: number;
  overdue: number;
  /** Due within the next 24 hours, those overdue left out. */
  soon: number;
  /** Nobody has taken it up. */
  untouched: number;
  /** Sum per currency, in minor units, of what is at stake. */
  worth: { minor: string; currency: string }[];
}

/** Like questions that one decision can settle. */
export interface QueueGroup {
  group: string;
  code: string;
  question: string;
  cases: number;
  worth: { minor: string; currency: string }[];
}

export interface QueuePage {
  rows: CaseRow[];
  totals: QueueTotals;
  /** Codes that wait, with how many: what one can narrow by. */
  codes: { code: string; cases: number }[];
  groups: QueueGroup[];
}

const MOST_GROUPS = 12;

function whichOf(filter: QueueFilter): RawBuilder<unknown> {
  const { owners, as, code, question, group, assignee, overdue } = filter;
  const parts = [
    sql`state in ('open', 'acknowledged', 'investigating', 'waiting')`,
    sql`${sql.ref(as)} = any(${[...owners]}::text[])`,
    ...(as === 'deputy' ? [sql`owner <> all(${[...owners]}::text[])`] : []),
    ...(code === undefined ? [] : [sql`code = ${code}`]),
    ...(question === undefined ? [] : [sql`question = ${question}`]),
    ...(group === undefined ? [] : [sql`group_key = ${group}`]),
    ...(assignee === undefined ? [] : [sql`assignee = ${assignee}`]),
    ...(overdue === true ? [sql`due_at < clock_timestamp()`] : []),
  ];
  return sql.join(parts, sql` and `);
}

/** One page of what waits, due first, with the totals of all pages. */
export async function queuePage(
  q: Queryable,
  filter: QueueFilter,
  page: { offset: number; limit: number },
): Promise<QueuePage> {
  const which = whichOf(filter);
  const [rows, totals, worth, codes, groups] = await Promise.all([
    sql<CaseRow>`select * from "case" where ${which}
      order by due_at nulls last, opened_at, id limit ${page.limit} offset ${page.offset}`.execute(q),
    sql<Omit<QueueTotals, 'worth'>>`select count(*)::int as cases,
      count(*) filter (where due_at < clock_timestamp())::int as overdue,
      count(*) filter (where due_at between clock_timestamp() and clock_timestamp() + interval '1 day')::int as soon,
      count(*) filter (where state = 'open')::int as untouched
      from "case" where ${which}`.execute(q),
    sql<{ minor: string; currency: string }>`select sum(abs(amount_minor))::text as minor, currency
      from "case" where ${which} and amount_minor is not null group by currency order by currency`.execute(q),
    sql<{ code: string; cases: number }>`select code, count(*)::int as cases
      from "case" where ${which} group by code order by 2 desc, 1`.execute(q),
    groupsOf(q, which),
  ]);
  const [counted] = totals.rows;
  const none = { cases: 0, overdue: 0, soon: 0, untouched: 0 };
  return { rows: rows.rows, totals: { ...none, ...counted, worth: worth.rows }, codes: codes.rows, groups };
}

async function groupsOf(q: Queryable, which: RawBuilder<unknown>): Promise<QueueGroup[]> {
  const { rows } = await sql<QueueGroup>`
    with likes as (
      select group_key, code, question, currency, count(*)::int as cases, sum(abs(amount_minor))::text as minor
      from "case" where ${which} and kind = 'question' and group_key <> ''
      group by group_key, code, question, currency)
    select group_key as "group", code, question, sum(cases)::int as cases,
      coalesce(jsonb_agg(jsonb_build_object('minor', minor, 'currency', currency) order by currency)
        filter (where minor is not null), '[]') as worth
    from likes group by group_key, code, question having sum(cases) > 1
    order by 4 desc, 1 limit ${MOST_GROUPS}`.execute(q);
  return rows;
}
