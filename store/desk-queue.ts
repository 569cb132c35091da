/** What waits for a role, page by page: the desk page's first question (R-061, R-095). */
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

/** Like questions that one decision can settle (R-808, R-818). */
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
  const [rows, all] = await Promise.all([
    sql<CaseRow>`select * from "case" where ${which}
      order by due_at nulls last, opened_at, id limit ${page.limit} offset ${page.offset}`.execute(q),
    totalsOf(q, which),
  ]);
  return { rows: rows.rows, ...all };
}

/** Sums per currency of some rows of `waits`; none is an empty list. */
const worthOf = (rows: RawBuilder<unknown>): RawBuilder<unknown> => sql`coalesce((
  select jsonb_agg(jsonb_build_object('minor', minor::text, 'currency', currency) order by currency)
  from (select sum(abs(amount_minor)) as minor, currency from waits where amount_minor is not null and ${rows}
    group by currency) sums), '[]')`;

/** What waits is read once for everything that is counted of it. */
async function totalsOf(q: Queryable, which: RawBuilder<unknown>): Promise<Omit<QueuePage, 'rows'>> {
  const { rows } = await sql<QueueTotals & Pick<QueuePage, 'codes' | 'groups'>>`
    with waits as materialized (
      select kind, code, question, group_key, state, due_at, amount_minor, currency from "case" where ${which}),
    likes as (
      select group_key, code, question, count(*)::int as cases from waits
      where kind = 'question' and group_key <> '' group by group_key, code, question
      having count(*) > 1 order by 4 desc, 1 limit ${MOST_GROUPS})
    select count(*)::int as cases,
      count(*) filter (where due_at < clock_timestamp())::int as overdue,
      count(*) filter (where due_at between clock_timestamp() and clock_timestamp() + interval '1 day')::int as soon,
      count(*) filter (where state = 'open')::int as untouched,
      ${worthOf(sql`true`)} as worth,
      coalesce((select jsonb_agg(jsonb_build_object('code', code, 'cases', cases) order by cases desc, code)
        from (select code, count(*)::int as cases from waits group by code) codes), '[]') as codes,
      coalesce((select jsonb_agg(jsonb_build_object('group', group_key, 'code', code, 'question', question, 'cases', cases,
          'worth', ${worthOf(sql`kind = 'question' and (group_key, code, question) = (l.group_key, l.code, l.question)`)})
        order by cases desc, group_key) from likes l), '[]') as groups
    from waits`.execute(q);
  const [{ codes, groups, ...totals } = NOTHING] = rows;
  return { totals, codes, groups };
}

const NOTHING = { cases: 0, overdue: 0, soon: 0, untouched: 0, worth: [], codes: [], groups: [] };
