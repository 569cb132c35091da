/** Cause cases: one unmapped location holds many sagas; solving it releases all, and nobody joins one just solved. */
import { sql } from 'kysely';
import { EXCEPTIONS, type ExceptionCode } from '../domain/failures.js';
import type { Money } from '../domain/money.js';
import { appendAudit } from './audit.js';
import type { Db, Queryable } from './database.js';
import { announce, endCase, type CaseRow, type DueTimes } from './desk-cases.js';
import { lockName, noteEvent } from './desk-events.js';
import { OPEN_STATES } from './desk.js';

/** Looks in the mappings whether a cause has gone for a business date; asked while the cause is locked. */
export type IsSolved = (
  q: Queryable,
  cause: { code: ExceptionCode; cause: string; businessDate: string },
) => Promise<boolean>;

export interface CauseJoined {
  workflowId: string;
  businessKey: string;
  code: ExceptionCode;
  cause: string;
  title: string;
  businessDate: string;
  amount: Money | null;
  units: number;
}
interface CauseKey {
  code: ExceptionCode;
  cause: string;
}

const lockCause = (tx: Queryable, key: CauseKey): Promise<void> => lockName(tx, `cause:${key.code}/${key.cause}`);

async function openCause(tx: Queryable, key: CauseKey): Promise<CaseRow | undefined> {
  return tx
    .selectFrom('case')
    .selectAll()
    .where('kind', '=', 'cause')
    .where('code', '=', key.code)
    .where('cause', '=', key.cause)
    .where('state', 'in', [...OPEN_STATES])
    .executeTakeFirst();
}

/**
 * Joins the one case of a cause. The cause is locked and looked at again first: `solved` means it has gone and the
 * saga need not wait (and no longer holds a place in the case).
 */
export async function joinCauseCase(
  db: Db,
  join: CauseJoined,
  isSolved: IsSolved,
  due: DueTimes,
): Promise<{ caseId: string; solved: boolean }> {
  return db.transaction().execute(async (tx) => {
    await lockCause(tx, join);
    const open = await openCause(tx, join);
    if (await isSolved(tx, join)) {
      if (open !== undefined) await removeHold(tx, open, join.workflowId, 'the cause has gone');
      return { caseId: open?.id ?? '', solved: true };
    }
    const row = open ?? (await insertCause(tx, join, due));
    const held = {
      business_key: join.businessKey,
      business_date: join.businessDate,
      title: join.title.slice(0, 500),
      amount_minor: join.amount?.minor ?? null,
      currency: join.amount?.currency ?? null,
      units: join.units,
    };
    await tx
      .insertInto('case_hold')
      .values({ ...held, case_id: row.id, workflow_id: join.workflowId })
      .onConflict((c) =>
        c.columns(['case_id', 'workflow_id']).doUpdateSet({ ...held, released_at: null, woken_at: null }),
      )
      .execute();
    return { caseId: row.id, solved: false };
  });
}

async function insertCause(tx: Queryable, join: CauseJoined, due: DueTimes): Promise<CaseRow> {
  const exception = EXCEPTIONS[join.code];
  const row = await tx
    .insertInto('case')
    .values({
      kind: 'cause',
      code: join.code,
      cause: join.cause,
      title: `${exception.sentence}: ${join.cause}`,
      expected: 'a mapping row that covers the business dates of what it holds',
      actual: join.title,
      steps: JSON.stringify([
        `Add the missing row (selvedge mapping add) for ${join.cause}, from the earliest business date held.`,
        'Ask a second person to confirm it (selvedge mapping confirm).',
        'Everything this case holds goes on by itself.',
      ]),
      owner: exception.owner,
      deputy: exception.deputy,
      severity: exception.severity,
      shown: 'null',
      choices: '[]',
      requesters: '[]',
      group_key: `cause/${join.code}`,
      ends_with_workflow: false,
      warn_at: JSON.stringify(due.warnAt),
      due_at: due.dueAt,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await announce(tx, row, `first held: ${join.businessKey}`);
  return row;
}

async function removeHold(tx: Queryable, row: CaseRow, workflowId: string, note: string): Promise<void> {
  const gone = await tx
    .deleteFrom('case_hold')
    .where('case_id', '=', row.id)
    .where('workflow_id', '=', workflowId)
    .returning('business_key')
    .executeTakeFirst();
  if (gone === undefined) return;
  await noteEvent(tx, {
    caseId: row.id,
    kind: 'left',
    by: 'system',
    note: `${gone.business_key} no longer waits: ${note}`,
  });
  await closeWhenEmpty(tx, row, note);
}

async function closeWhenEmpty(tx: Queryable, row: CaseRow, note: string): Promise<void> {
  const holding = await tx
    .selectFrom('case_hold')
    .select('workflow_id')
    .where('case_id', '=', row.id)
    .where('released_at', 'is', null)
    .limit(1)
    .executeTakeFirst();
  if (holding === undefined) await endCase(tx, row, 'auto-resolved', 'condition gone', note);
}

/** The saga no longer waits for this cause (cancelled, overtaken). The last one to leave closes the case. */
export async function leaveCauseCase(db: Db, leave: CauseKey & { workflowId: string }): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await lockCause(tx, leave);
    const open = await openCause(tx, leave);
    if (open !== undefined) await removeHold(tx, open, leave.workflowId, 'its saga left');
  });
}

/**
 * Releases what a cause held as far as it has gone: a row that starts later frees only the later business dates.
 * Answers the workflows to wake, oldest business date first, so that lanes are taken in order. Those of an earlier
 * call that were not woken yet are answered again.
 */
export async function solveCauseCase(db: Db, key: CauseKey, isSolved: IsSolved, by = 'system'): Promise<string[]> {
  return db.transaction().execute(async (tx) => {
    await lockCause(tx, key);
    const open = await openCause(tx, key);
    if (open !== undefined) await releaseCovered(tx, open, key, isSolved, by);
    const { rows } = await sql<{ workflow_id: string }>`
      select h.workflow_id from case_hold h join "case" c on c.id = h.case_id
      where c.kind = 'cause' and c.code = ${key.code} and c.cause = ${key.cause}
        and h.released_at is not null and h.woken_at is null
      order by h.business_date, h.joined_at, h.workflow_id`.execute(tx);
    return rows.map((row) => row.workflow_id);
  });
}

async function releaseCovered(
  tx: Queryable,
  row: CaseRow,
  key: CauseKey,
  isSolved: IsSolved,
  by: string,
): Promise<void> {
  const holds = await tx
    .selectFrom('case_hold')
    .select('business_date')
    .distinct()
    .where('case_id', '=', row.id)
    .where('released_at', 'is', null)
    .execute();
  const covered: string[] = [];
  for (const { business_date: businessDate } of holds)
    if (await isSolved(tx, { ...key, businessDate })) covered.push(businessDate);
  if (covered.length === 0) return;
  const released = await tx
    .updateTable('case_hold')
    .set({ released_at: new Date() })
    .where('case_id', '=', row.id)
    .where('released_at', 'is', null)
    .where('business_date', 'in', covered)
    .returning('business_key')
    .execute();
  const note = `released ${released.length} held: ${released.map((r) => r.business_key).join(', ')}`;
  await noteEvent(tx, { caseId: row.id, kind: 'released', by, note });
  await appendAudit(tx, {
    actor: by,
    identity: by === 'system' ? 'system' : 'proven',
    action: 'release-cause',
    subject: `case/${row.id}`,
    why: 'the mapping is there',
    detail: { ...key, released: released.length },
  });
  await closeWhenEmpty(tx, row, note);
}

/** The saga was told that its cause has gone (or has ended and needs no telling). */
export async function markWoken(db: Db, key: CauseKey & { workflowId: string }): Promise<void> {
  await sql`
    update case_hold h set woken_at = clock_timestamp() from "case" c
    where c.id = h.case_id and c.kind = 'cause' and c.code = ${key.code} and c.cause = ${key.cause}
      and h.workflow_id = ${key.workflowId} and h.released_at is not null`.execute(db);
}

/** Causes that still hold somebody, or released one whose saga was not told yet. */
export async function causesInUse(db: Db): Promise<CauseKey[]> {
  const { rows } = await sql<{ code: ExceptionCode; cause: string }>`
    select distinct c.code, c.cause from "case" c join case_hold h on h.case_id = c.id
    where c.kind = 'cause' and h.woken_at is null order by c.code, c.cause limit 1000`.execute(db);
  return rows;
}

/** Workflows a cause holds that are not released yet, so that the sweep can drop those that have ended. */
export async function heldWorkflows(db: Db, key: CauseKey): Promise<string[]> {
  const { rows } = await sql<{ workflow_id: string }>`
    select h.workflow_id from case_hold h join "case" c on c.id = h.case_id
    where c.kind = 'cause' and c.code = ${key.code} and c.cause = ${key.cause} and h.released_at is null
    order by h.joined_at limit 500`.execute(db);
  return rows.map((row) => row.workflow_id);
}
