/**
 * The clocks of every open case (R-089, SG-25): T-35 until somebody takes it up, T-36 until it is resolved. A reminder at
 * the warning, an escalation at the due moment, each told once: what was told and its notice are one transaction.
 */
import { sql } from 'kysely';
import type { Severity } from '../domain/failures.js';
import type { Db, Queryable } from './database.js';
import { escalationOf, isOpen, type CaseRow, type DueTimes } from './desk-cases.js';
import { noteEvent } from './desk-events.js';
import { noteNotice } from './desk-notices.js';

export type CaseTimer = 'T-35' | 'T-36';
export interface StartableClock {
  caseId: string;
  timer: CaseTimer;
  severity: Severity;
  startedAt: string;
}

const OPEN = sql`c.state in ('open', 'acknowledged', 'investigating', 'waiting')`;
/** Of the clocks that a case has had, those since it last began to wait. */
const THIS_TIME = sql`k.case_id = c.id and k.started_at >= c.clock_from`;

/**
 * Clocks that should run and do not, at most `limit`. T-36 runs from when the case was taken up; nobody gains time by
 * not taking it up, so at the latest from when T-35 was due. An asking's T-36, and an approval's T-30, is its saga's.
 */
export async function clocksToStart(q: Queryable, limit: number): Promise<StartableClock[]> {
  const { rows } = await sql<StartableClock>`
    select c.id as "caseId", 'T-35' as timer, c.severity, c.clock_from as "startedAt" from "case" c
    where ${OPEN} and c.code <> 'approval'
      and not exists (select 1 from case_clock k where ${THIS_TIME} and k.timer = 'T-35')
    union all
    select c.id, 'T-36', c.severity, coalesce(c.acknowledged_at, f.due_at) from "case" c
    join case_clock f on f.case_id = c.id and f.timer = 'T-35' and f.started_at = c.clock_from
    where ${OPEN} and c.kind <> 'question' and (c.acknowledged_at is not null or f.due_at <= clock_timestamp())
      and not exists (select 1 from case_clock k where ${THIS_TIME} and k.timer = 'T-36')
    limit ${limit}`.execute(q);
  return rows;
}

/** Starts a clock with the moments the policy gives it; they stay as they are when the policy changes. */
export async function startCaseClock(db: Db, clock: StartableClock, moments: DueTimes): Promise<void> {
  const warnAt = moments.warnAt.at(-1) ?? null;
  await db.transaction().execute(async (tx) => {
    await sql`
      insert into case_clock (case_id, timer, started_at, warn_at, due_at)
      select c.id, ${clock.timer},
        case when ${clock.timer} = 'T-35' then c.clock_from else ${clock.startedAt}::timestamptz end,
        ${warnAt}::timestamptz, ${moments.dueAt}::timestamptz
      from "case" c where c.id = ${clock.caseId}
      on conflict do nothing`.execute(tx);
    if (clock.timer === 'T-36')
      await tx
        .updateTable('case')
        .set({ warn_at: JSON.stringify(moments.warnAt), due_at: moments.dueAt })
        .where('id', '=', clock.caseId)
        .execute();
  });
}

/**
 * Ends the clocks of cases that were taken up, decided, closed or begun anew, and notes how for RP-13: what happened in
 * the very instant it was due is met. Answers how many.
 */
export async function endCaseClocks(db: Db): Promise<number> {
  const { rows } = await sql<{ case_id: string }>`
    with over as (
      select k.case_id, k.timer, k.started_at,
        case when k.started_at < c.clock_from then c.clock_from
          when k.timer = 'T-35' and c.acknowledged_at is not null then c.acknowledged_at
          when not (${OPEN}) then coalesce(c.decided_at, c.closed_at, clock_timestamp()) end as at,
        k.started_at < c.clock_from or c.state = 'withdrawn' as dropped
      from case_clock k join "case" c on c.id = k.case_id where k.ended_at is null
    ), ended as (
      update case_clock k set ended_at = o.at,
        "end" = case when o.dropped then 'cancelled' when k.due_at is null or o.at <= k.due_at then 'met' else 'missed' end
      from over o
      where o.at is not null and k.case_id = o.case_id and k.timer = o.timer and k.started_at = o.started_at
        and k.ended_at is null
      returning k.*
    ), noted as (
      insert into clock (workflow_id, timer, started_at, due_at, ended_at, "end")
      select 'case/' || case_id, timer, started_at, due_at, ended_at, "end" from ended on conflict do nothing
    )
    select case_id from ended`.execute(db);
  return rows.length;
}

/** Running clocks with a moment that has come and was not told, at most `limit`. */
export async function clocksDue(q: Queryable, limit: number): Promise<{ caseId: string; timer: CaseTimer }[]> {
  const { rows } = await sql<{ caseId: string; timer: CaseTimer }>`
    select case_id as "caseId", timer from case_clock
    where ended_at is null
      and ((warned_at is null and warn_at <= clock_timestamp()) or (told_at is null and due_at <= clock_timestamp()))
    order by coalesce(due_at, warn_at), case_id limit ${limit}`.execute(q);
  return rows;
}

/**
 * Tells what has come: past due only that, not the warning it overtook. Answers what was told; `null` when it was told
 * before, or nobody need be told any more. Nothing is decided by it (design.md 6).
 */
export async function ringCaseClock(
  db: Db,
  ring: { caseId: string; timer: CaseTimer },
): Promise<'warning' | 'due' | null> {
  return db.transaction().execute(async (tx) => {
    const row = await tx.selectFrom('case').selectAll().where('id', '=', ring.caseId).forUpdate().executeTakeFirst();
    if (row === undefined || !isOpen(row.state)) return null;
    if (ring.timer === 'T-35' && row.acknowledged_at !== null) return null;
    const { rows } = await sql<{ level: 'warning' | 'due' }>`
      update case_clock set warned_at = coalesce(warned_at, clock_timestamp()),
        told_at = case when due_at <= clock_timestamp() then clock_timestamp() end
      where case_id = ${row.id} and timer = ${ring.timer} and ended_at is null
        and ((warned_at is null and warn_at <= clock_timestamp()) or (told_at is null and due_at <= clock_timestamp()))
      returning case when told_at is null then 'warning' else 'due' end as level`.execute(tx);
    const level = rows[0]?.level;
    if (level === undefined) return null;
    await tell(tx, row, ring.timer, level);
    return level;
  });
}

const KINDS = {
  'T-35': { warning: 'take-up', due: 'not-taken-up' },
  'T-36': { warning: 'warning', due: 'due' },
} as const;
const NOTES = {
  'T-35': { warning: 'not taken up yet', due: 'nobody has taken it up in time' },
  'T-36': { warning: 'due soon', due: 'past its due time' },
} as const;

async function tell(tx: Queryable, row: CaseRow, timer: CaseTimer, level: 'warning' | 'due'): Promise<void> {
  // An asking's own clock tells of its due time; that it was not taken up is no reason to tell it less.
  if (timer === 'T-36') await tx.updateTable('case').set({ escalation: level }).where('id', '=', row.id).execute();
  await noteEvent(tx, { caseId: row.id, kind: `${level} ${timer}`, by: 'system', note: NOTES[timer][level] });
  await noteNotice(tx, {
    kind: KINDS[timer][level],
    caseId: row.id,
    groupKey: row.group_key === '' ? row.id : row.group_key,
    code: row.code,
    severity: row.severity,
    roles: level === 'due' ? [row.owner, row.deputy, escalationOf(row.code, row.owner)] : [row.owner],
  });
}
