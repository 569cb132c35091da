/** What people read: lists of cases, one case with its whole history. Sentences beside every code. */
import { sql } from 'kysely';
import { z } from 'zod';
import { EXCEPTIONS } from '../domain/failures.js';
import { format } from '../domain/money.js';
import type { Queryable } from './database.js';
import type { CaseRow } from './desk-cases.js';

/** Which cases; what is left out does not narrow. `state` is `open` unless told otherwise. */
export const CaseFilter = z.strictObject({
  owner: z.string().max(40).optional(),
  code: z.string().max(20).optional(),
  question: z.string().max(80).optional(),
  /** A group of like questions, as `groupKey` of a case shows it. */
  group: z.string().max(300).optional(),
  customer: z.string().max(40).optional(),
  workflow: z.string().max(300).optional(),
  /** Business dates, both included. */
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
  state: z.enum(['open', 'ended', 'all']).optional(),
});
export type CaseFilter = z.infer<typeof CaseFilter>;

const WAITS = sql`state in ('open', 'acknowledged', 'investigating', 'waiting')`;
const MOST_ROWS = 5_000;

/** Cases by filter, those due first in front; at most `limit` (5,000). */
export async function listCases(q: Queryable, filter: CaseFilter, limit = 500): Promise<CaseRow[]> {
  let query = q.selectFrom('case').selectAll();
  if (filter.owner !== undefined) query = query.where('owner', '=', filter.owner);
  if (filter.code !== undefined) query = query.where('code', '=', filter.code);
  if (filter.question !== undefined) query = query.where('question', '=', filter.question);
  if (filter.group !== undefined) query = query.where('group_key', '=', filter.group);
  if (filter.customer !== undefined) query = query.where('customer', '=', filter.customer);
  if (filter.workflow !== undefined) query = query.where('workflow_id', '=', filter.workflow);
  if (filter.from !== undefined) query = query.where('business_date', '>=', filter.from);
  if (filter.to !== undefined) query = query.where('business_date', '<=', filter.to);
  if ((filter.state ?? 'open') === 'open') query = query.where(sql<boolean>`${WAITS}`);
  if (filter.state === 'ended') query = query.where(sql<boolean>`not (${WAITS})`);
  return query
    .orderBy(sql`due_at nulls last`)
    .orderBy('opened_at')
    .orderBy('id')
    .limit(Math.min(limit, MOST_ROWS))
    .execute();
}

/** What a code means, as every screen says it. */
export const sentenceFor = (code: string): string =>
  code === 'approval'
    ? 'A person must agree before it is posted'
    : code in EXCEPTIONS
      ? EXCEPTIONS[code as keyof typeof EXCEPTIONS].sentence
      : code;

export interface CaseSummary {
  case: string;
  kind: string;
  code: string;
  sentence: string;
  title: string;
  state: string;
  owner: string;
  deputy: string;
  /** Person who was asked to look after it; empty: anybody of its roles. */
  assignee: string;
  severity: string;
  businessKey: string;
  customer: string;
  workflow: string | null;
  question: string;
  asking: number;
  choices: string[];
  amount: string | null;
  amountMinor: string | null;
  currency: string | null;
  units: number;
  openedAt: string;
  dueAt: string | null;
  escalation: string;
  group: string;
  outcome: string;
}

/** The one-line form of a case. */
export const summaryOf = (row: CaseRow): CaseSummary => ({
  case: row.id,
  kind: row.kind,
  code: row.code,
  sentence: sentenceFor(row.code),
  title: row.title,
  state: row.state,
  owner: row.owner,
  deputy: row.deputy,
  assignee: row.assignee,
  severity: row.severity,
  businessKey: row.business_key,
  customer: row.customer,
  workflow: row.workflow_id,
  question: row.question,
  asking: row.asking,
  choices: row.choices.map((c) => c.choice),
  amount: row.amount_minor === null ? null : format({ minor: row.amount_minor, currency: row.currency ?? '' }),
  amountMinor: row.amount_minor,
  currency: row.currency,
  units: row.units,
  openedAt: row.opened_at,
  dueAt: row.due_at,
  escalation: row.escalation,
  group: row.group_key,
  outcome: row.outcome,
});

/** Everything about one case: what is asked, what was shown, who said what, whom it holds; undefined if none. */
export async function readCase(q: Queryable, id: string) {
  const row = await q.selectFrom('case').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    ...summaryOf(row),
    process: row.process,
    expected: row.expected,
    actual: row.actual,
    steps: row.steps,
    choices: row.choices,
    shown: row.shown,
    digest: row.digest,
    requesters: row.requesters,
    businessDate: row.business_date,
    twoPeople: row.two_people,
    cause: row.cause,
    warnAt: row.warn_at,
    note: row.note,
    decidedAt: row.decided_at,
    closedAt: row.closed_at,
    ...(await historyOf(q, id)),
  };
}

const MOST_LINES = 2_000;

/** Who said what on a case, and whom it holds; the newest two thousand lines at most. */
async function historyOf(q: Queryable, id: string) {
  const [events, decisions, approvals, holds] = await Promise.all([
    q
      .selectFrom('case_event')
      .select(['at', 'kind', 'by', 'note'])
      .where('case_id', '=', id)
      .orderBy('id', 'desc')
      .limit(MOST_LINES)
      .execute(),
    q
      .selectFrom('decision')
      .select(['id', 'door', 'identity', 'by', 'choice', 'why', 'shown', 'data', 'state', 'refusal', 'created_at'])
      .where('case_id', '=', id)
      .orderBy('created_at', 'desc')
      .limit(MOST_LINES)
      .execute(),
    q
      .selectFrom('approval')
      .select(['person_id', 'choice', 'at'])
      .where('case_id', '=', id)
      .where('void_at', 'is', null)
      .execute(),
    q
      .selectFrom('case_hold')
      .select([
        'workflow_id',
        'business_key',
        'business_date',
        'title',
        'amount_minor',
        'currency',
        'units',
        'released_at',
      ])
      .where('case_id', '=', id)
      .orderBy('business_date')
      .orderBy('joined_at')
      .limit(5_000)
      .execute(),
  ]);
  return { events: events.reverse(), decisions: decisions.reverse(), approvals, holds };
}
export type CaseDetail = NonNullable<Awaited<ReturnType<typeof readCase>>>;

/** Open cases counted by owner and code, for the status screen. */
export async function countOpenCases(
  q: Queryable,
): Promise<{ owner: string; code: string; sentence: string; cases: number; held: number }[]> {
  const { rows } = await sql<{ owner: string; code: string; cases: number; held: number }>`
    select owner, code, count(*)::int as cases,
      coalesce(sum((select count(*) from case_hold h where h.case_id = c.id and h.released_at is null)), 0)::int as held
    from "case" c where ${WAITS} group by owner, code order by owner, code`.execute(q);
  return rows.map((row) => ({ ...row, sentence: sentenceFor(row.code) }));
}
