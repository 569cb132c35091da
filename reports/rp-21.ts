/** RP-21: approvals. Every question whose yes moves money or stock: pending, overdue, decided, by whom and for how much. */
import { sql } from 'kysely';
import { maskedAbout } from '../domain/mask.js';
import { sentenceFor } from '../store/desk-read.js';
import type { Queryable } from '../store/database.js';
import { spanOf, type Span } from './days.js';
import {
  amount,
  instant,
  moneyOf,
  partOf,
  text,
  units,
  type Part,
  type ReportBody,
  type ReportOptions,
} from './report.js';

const DAYS_BACK = 30;
const EACH = [
  ...[text('case'), text('code'), text('sentence', 'what it is'), text('owner'), text('about'), text('state')],
  ...[text('title'), amount('amount'), amount('base', 'amount, base'), instant('asked'), instant('due')],
  ...[instant('decided'), text('by'), text('identity'), text('choice'), text('why'), text('first', 'first of two')],
  text('followed', 'documents that followed'),
];
const BY_PERSON = [
  ...[text('person'), text('choice'), units('decisions'), units('firsts', 'first of two'), amount('amount')],
  instant('latest'),
];

/** Questions that nobody may answer with yes without proof of who they are. */
const MOVES = sql`c.kind = 'question' and exists (
  select from jsonb_array_elements(c.choices) x where (x ->> 'proof')::boolean)`;

interface ApprovalRow {
  id: string;
  code: string;
  owner: string;
  business_key: string;
  state: string;
  title: string;
  customer: string;
  amount_minor: string | null;
  currency: string | null;
  base_minor: string | null;
  base_currency: string | null;
  opened_at: string;
  due_at: string | null;
  decided_at: string | null;
  by: string | null;
  identity: string | null;
  choice: string | null;
  why: string | null;
  first_by: string | null;
  followed: string | null;
  waits: boolean;
}

const OPEN = sql`c.state in ('open', 'acknowledged', 'investigating', 'waiting')`;

async function each(q: Queryable, { owner, about, limit, now }: ReportOptions, span: Span): Promise<Part> {
  const { rows } = await sql<ApprovalRow>`
    select c.id, c.code, c.owner, c.business_key, c.state, c.title, c.customer, c.amount_minor, c.currency, c.base_minor,
      c.base_currency, c.opened_at, c.due_at, c.decided_at, d."by", d.identity, d.choice, d.why,
      a.person_id as first_by, ${OPEN} and c.decided_at is null as waits,
      (select string_agg(p.number, ', ' order by p.settled_at) from posting p
        where p.workflow_id = c.workflow_id and p.number is not null and p.settled_at >= c.decided_at) as followed
    from "case" c left join decision d on d.id = c.decision_id
      left join lateral (select person_id from approval a where a.case_id = c.id and a.void_at is null
        and a.decision_id is distinct from c.decision_id limit 1) a on true
    where ${MOVES} and (${owner}::text is null or c.owner = ${owner}) and (${about}::text is null or c.business_key = ${about})
      and ((${OPEN} and c.decided_at is null)
        or coalesce(c.decided_at, c.closed_at) >= ${span.since}::timestamptz and coalesce(c.decided_at, c.closed_at) < ${span.until}::timestamptz)
    order by waits desc, c.due_at nulls last, c.decided_at, c.id limit ${limit + 1}`.execute(q);
  return partOf(
    { name: 'approvals', title: 'Approvals, those that wait first', columns: EACH },
    rows.map((row) => ({
      ...{ case: row.id, code: row.code, sentence: sentenceFor(row.code), owner: row.owner, about: row.business_key },
      ...{
        state: stateOf(row, now),
        title: maskedAbout(row.title, row.customer),
        asked: row.opened_at,
        due: row.due_at,
        decided: row.decided_at,
      },
      ...{ amount: moneyOf(row.amount_minor, row.currency), base: moneyOf(row.base_minor, row.base_currency) },
      ...{
        by: row.by ?? '',
        identity: row.identity ?? '',
        choice: row.choice ?? '',
        why: maskedAbout(row.why ?? '', row.customer),
      },
      ...{ first: row.first_by ?? '', followed: row.followed ?? '' },
    })),
    limit,
  );
}

function stateOf({ waits, due_at, decided_at, state, first_by }: ApprovalRow, now: Date): string {
  if (decided_at !== null) return 'decided';
  if (!waits) return state === 'withdrawn' ? 'withdrawn' : 'not needed any more';
  const late = due_at !== null && Date.parse(due_at) < now.getTime();
  return `${late ? 'overdue' : 'pending'}${first_by === null ? '' : ', one of two agreed'}`;
}

interface PersonRow {
  by: string;
  choice: string;
  decisions: number;
  firsts: number;
  minor: string | null;
  currency: string | null;
  latest: string;
}

async function byPerson(q: Queryable, { owner, about, limit }: ReportOptions, span: Span): Promise<Part> {
  const { rows } = await sql<PersonRow>`
    select d."by", d.choice, count(*) filter (where d.state = 'accepted')::int as decisions,
      count(*) filter (where d.state = 'first')::int as firsts,
      sum(c.amount_minor) filter (where d.state = 'accepted')::text as minor,
      case when count(*) filter (where d.state = 'accepted') > 0 then c.currency end as currency, max(d.recorded_at) as latest
    from decision d join "case" c on c.id = d.case_id
    where ${MOVES} and d.state in ('accepted', 'first') and d.recorded_at >= ${span.since}::timestamptz
      and d.recorded_at < ${span.until}::timestamptz
      and (${owner}::text is null or c.owner = ${owner}) and (${about}::text is null or c.business_key = ${about})
    group by d."by", d.choice, c.currency order by d."by", d.choice, c.currency limit ${limit + 1}`.execute(q);
  return partOf(
    {
      name: 'by-person',
      title: `Decided from ${span.from} to ${span.to}, by whom and for how much`,
      columns: BY_PERSON,
    },
    rows.map(({ by, choice, decisions, firsts, minor, currency, latest }) => ({
      ...{ person: by, choice, decisions, firsts, amount: moneyOf(minor, currency), latest },
    })),
    limit,
  );
}

/** Reads the report: what waits, and what was decided in the days asked for, the last thirty-one unless told. */
export async function approvals(q: Queryable, options: ReportOptions): Promise<ReportBody> {
  const span = spanOf(options, DAYS_BACK);
  const notes = [`Decided and withdrawn ones are those of ${span.from} to ${span.to}; --from and --to ask for others.`];
  return { parts: [await each(q, options, span), await byPerson(q, options, span)], notes };
}
