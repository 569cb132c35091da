/** RP-13: clocks by timer, process, partner and owner: met, missed, cancelled, at risk. */
import { sql } from 'kysely';
import { EXCEPTIONS } from '../domain/failures.js';
import { isTimer, TIMERS, type TimerName } from '../domain/timers.js';
import type { Queryable } from '../store/database.js';
import { ageMs } from './age.js';
import { spanOf, type Span } from './days.js';
import { duration, instant, partOf, text, units, type Part, type ReportBody, type ReportOptions } from './report.js';

const DAYS_BACK = 30;
const GROUPS = [
  ...[text('timer'), text('sentence', 'what a breach means'), text('process'), text('partner'), text('owner')],
  ...[units('met'), units('missed'), units('cancelled'), units('running'), units('atRisk', 'at risk')],
  ...[units('overdue', 'overdue now'), text('share', 'met of ended'), duration('worst', 'latest by')],
];
const LATE = [
  ...[text('timer'), text('sentence', 'what a breach means'), text('about'), text('process'), text('owner')],
  ...[text('state'), instant('started'), instant('due'), instant('ended'), duration('late', 'late by')],
];

/** Who answers for a clock of no case: the owner of the exception it raises. */
function ownerOf(timer: TimerName): string {
  const code = TIMERS[timer].breach.split(' ').find((each) => each in EXCEPTIONS);
  return code === undefined ? '' : EXCEPTIONS[code as keyof typeof EXCEPTIONS].owner;
}
const NAMES = Object.keys(TIMERS).filter(isTimer);
const OWNERS = NAMES.map(ownerOf);

/**
 * Clocks that ended in the span, and those that run on cases now. A saga's own running clocks are in its history; what
 * they raised when they rang is an open case, and counts as overdue. A clock of a case bears the case's process and owner.
 */
const CLOCKS = (span: Span, owner: string | null, now: string) => sql`
  with ended as (
    select k.timer, k.workflow_id as id, k.started_at, k.due_at, k.ended_at, k."end" as how, c.owner,
      coalesce(c.workflow_id, k.workflow_id) as workflow_id, c.process, coalesce(c.business_key, '') as about,
      null::timestamptz as warn_at
    from clock k left join "case" c on k.workflow_id = 'case/' || c.id
    where k.ended_at >= ${span.since}::timestamptz and k.ended_at < ${span.until}::timestamptz
  ), open_case as (
    select * from "case" where state in ('open', 'acknowledged', 'investigating', 'waiting')
  ), running as (
    select k.timer, 'case/' || c.id as id, k.started_at, k.due_at, null::timestamptz as ended_at, 'running' as how, c.owner,
      coalesce(c.workflow_id, '') as workflow_id, c.process, c.business_key as about, k.warn_at
    from case_clock k join open_case c on c.id = k.case_id where k.ended_at is null
    union all
    select case when c.code = 'approval' then 'T-30' else 'T-36' end, 'case/' || c.id, c.clock_from, c.due_at, null, 'running',
      c.owner, coalesce(c.workflow_id, ''), c.process, c.business_key, (c.warn_at ->> 0)::timestamptz
    from open_case c where c.kind = 'question' and c.decided_at is null
    union all
    select r.timer, 'case/' || c.id, c.opened_at, c.opened_at, null, 'running', c.owner, coalesce(c.workflow_id, ''), c.process,
      c.business_key, null
    from open_case c join (values ('X-37', 'T-04'), ('X-10', 'T-05'), ('X-01', 'T-08'), ('X-19', 'T-09'), ('X-61', 'T-40'))
      as r (code, timer) on r.code = c.code
    where c.kind = 'raised' and c.ends_with_workflow
  ), clocks as (
    select *, case when process <> '' then process else split_part(workflow_id, ':', 1) end as of_process,
      split_part(workflow_id, ':', 2) as partner,
      how = 'running' and due_at < ${now}::timestamptz as overdue,
      how = 'running' and warn_at <= ${now}::timestamptz and (due_at is null or due_at >= ${now}::timestamptz) as at_risk
    from (
      select b.timer, b.id, b.started_at, b.due_at, b.ended_at, b.how, coalesce(b.owner, o.owner, '') as owner, b.workflow_id,
        b.process, b.about, b.warn_at
      from (select * from ended union all select * from running) b
        left join unnest(${NAMES}::text[], ${OWNERS}::text[]) as o (timer, owner) on o.timer = b.timer
    ) both_kinds
    where ${owner}::text is null or owner = ${owner}
  )`;

const sentenceOf = (timer: string): string => (isTimer(timer) ? TIMERS[timer].sentence : '');

interface GroupRow {
  timer: string;
  process: string;
  partner: string;
  owner: string;
  met: number;
  missed: number;
  cancelled: number;
  running: number;
  at_risk: number;
  overdue: number;
  worst: string | null;
}

const PERMILLE = 1000;
/** `97.5 %` of those that were met or missed; nothing where none ended so. */
function shareOf(met: number, missed: number): string {
  return met + missed === 0 ? '' : `${Math.floor((met * PERMILLE) / (met + missed)) / 10} %`;
}

async function groups(q: Queryable, { owner, now, limit }: ReportOptions, span: Span): Promise<Part> {
  const { rows } = await sql<GroupRow>`
    ${CLOCKS(span, owner, now.toISOString())}
    select timer, of_process as process, partner, owner, count(*) filter (where how = 'met')::int as met,
      count(*) filter (where how = 'missed')::int as missed, count(*) filter (where how = 'cancelled')::int as cancelled,
      count(*) filter (where how = 'running')::int as running, count(*) filter (where at_risk)::int as at_risk,
      count(*) filter (where overdue)::int as overdue,
      floor(extract(epoch from max(ended_at - due_at) filter (where how = 'missed')) * 1000)::bigint::text as worst
    from clocks group by timer, of_process, partner, owner order by timer, of_process, partner, owner
    limit ${limit + 1}`.execute(q);
  return partOf(
    { name: 'clocks', title: `Clocks that ended from ${span.from} to ${span.to}, and those that run`, columns: GROUPS },
    rows.map((row) => ({
      ...{ timer: row.timer, sentence: sentenceOf(row.timer), process: row.process, partner: row.partner },
      ...{ owner: row.owner, met: row.met, missed: row.missed, cancelled: row.cancelled, running: row.running },
      ...{ atRisk: row.at_risk, overdue: row.overdue, share: shareOf(row.met, row.missed) },
      worst: row.worst === null ? null : Math.max(0, Number(row.worst)),
    })),
    limit,
  );
}

interface LateRow {
  timer: string;
  id: string;
  about: string;
  process: string;
  owner: string;
  workflow_id: string;
  how: string;
  started_at: string;
  due_at: string;
  ended_at: string | null;
}

async function late(q: Queryable, { owner, now, limit }: ReportOptions, span: Span): Promise<Part> {
  const { rows } = await sql<LateRow>`
    ${CLOCKS(span, owner, now.toISOString())}
    select timer, id, about, of_process as process, owner, workflow_id, how, started_at, due_at, ended_at from clocks
    where how = 'missed' or overdue order by ended_at nulls first, due_at, id limit ${limit + 1}`.execute(q);
  return partOf(
    { name: 'late', title: 'Overdue now, and missed, one by one', columns: LATE },
    rows.map((row) => ({
      ...{ timer: row.timer, sentence: sentenceOf(row.timer), process: row.process, owner: row.owner },
      about: aboutOf(row),
      ...{ state: row.how === 'missed' ? 'missed' : 'overdue', started: row.started_at, due: row.due_at },
      ...{ ended: row.ended_at, late: ageMs(row.due_at, row.ended_at === null ? now : new Date(row.ended_at)) },
    })),
    limit,
  );
}

/** The case and what it is about, or the number that the saga bears. */
const aboutOf = ({ id, about, workflow_id }: LateRow): string =>
  id.startsWith('case/')
    ? [id.slice('case/'.length), about].filter((word) => word !== '').join(' ')
    : (workflow_id.split(':')[2] ?? '');

/** Reads the report for the days asked for, the last thirty-one unless told. */
export async function clocks(q: Queryable, options: ReportOptions): Promise<ReportBody> {
  const span = spanOf(options, DAYS_BACK);
  return {
    parts: [await groups(q, options, span), await late(q, options, span)],
    notes: [
      'Running and at risk are the clocks of cases and questions. Those of a process itself (T-04, T-05, T-08, T-09) run in Temporal: of them, overdue counts the open cases they raised.',
    ],
  };
}
