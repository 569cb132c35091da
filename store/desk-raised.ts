/** Cases that ask nothing: a half-posted return, a late document, a claim whose saga was ended from outside. */
import { sql } from 'kysely';
import type { ExceptionCode, Owner } from '../domain/failures.js';
import { EXCEPTIONS } from '../domain/failures.js';
import type { Money } from '../domain/money.js';
import type { Db } from './database.js';
import { announce, endCase, type DueTimes } from './desk-cases.js';
import { lockName, noteEvent } from './desk-events.js';
import { OPEN_STATES } from './desk.js';

export interface RaisedCase {
  workflowId: string;
  process: string;
  businessKey: string;
  code: ExceptionCode;
  title: string;
  expected: string;
  actual: string;
  amount: Money | null;
  units: number;
  /** What to do, one step a line. */
  steps?: string[];
  owner?: Owner;
  /** False: it stays open when its workflow has ended (a second document of a finished saga). Default true. */
  endsWithWorkflow?: boolean;
  kind?: 'raised' | 'orphan';
}

/** Raises a case, or brings the open one of the same workflow and code up to date. Answers its id. */
export async function raiseCase(db: Db, raised: RaisedCase, due: DueTimes): Promise<{ caseId: string }> {
  const kind = raised.kind ?? 'raised';
  const columns = {
    title: raised.title,
    expected: raised.expected,
    actual: raised.actual,
    amount_minor: raised.amount?.minor ?? null,
    currency: raised.amount?.currency ?? null,
    units: raised.units,
    steps: JSON.stringify(raised.steps ?? []),
  };
  return db.transaction().execute(async (tx) => {
    await lockName(tx, `raised:${raised.workflowId}/${raised.code}/${kind}`);
    const open = await tx
      .selectFrom('case')
      .select(['id', 'title'])
      .where('kind', '=', kind)
      .where('workflow_id', '=', raised.workflowId)
      .where('code', '=', raised.code)
      .where('state', 'in', [...OPEN_STATES])
      .executeTakeFirst();
    if (open !== undefined) {
      await tx.updateTable('case').set(columns).where('id', '=', open.id).execute();
      if (open.title !== raised.title)
        await noteEvent(tx, { caseId: open.id, kind: 'changed', by: 'system', note: raised.title });
      return { caseId: open.id };
    }
    const exception = EXCEPTIONS[raised.code];
    const row = await tx
      .insertInto('case')
      .values({
        ...columns,
        kind,
        code: raised.code,
        workflow_id: raised.workflowId,
        process: raised.process,
        business_key: raised.businessKey,
        owner: raised.owner ?? exception.owner,
        deputy: exception.deputy,
        severity: exception.severity,
        shown: 'null',
        choices: '[]',
        requesters: '[]',
        group_key: `${raised.process}/${raised.code}/${kind}`,
        ends_with_workflow: raised.endsWithWorkflow ?? kind === 'raised',
        warn_at: JSON.stringify(due.warnAt),
        due_at: due.dueAt,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    await announce(tx, row, 'raised');
    return { caseId: row.id };
  });
}

/** The condition has gone: the raised case closes by itself and says so. No open one: nothing. */
export async function clearCase(
  db: Db,
  cleared: { workflowId: string; code: string; note: string; kind?: 'raised' | 'orphan' },
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const kind = cleared.kind ?? 'raised';
    await lockName(tx, `raised:${cleared.workflowId}/${cleared.code}/${kind}`);
    const open = await tx
      .selectFrom('case')
      .selectAll()
      .where('kind', '=', kind)
      .where('workflow_id', '=', cleared.workflowId)
      .where('code', '=', cleared.code)
      .where('state', 'in', [...OPEN_STATES])
      .executeTakeFirst();
    if (open !== undefined) await endCase(tx, open, 'auto-resolved', 'condition gone', cleared.note);
  });
}

/** Workflows that have open cases which end with them, longest not looked at first; each is marked as looked at. */
export async function workflowsWithOpenCases(db: Db, limit: number): Promise<string[]> {
  const { rows } = await sql<{ workflow_id: string }>`
    with picked as (
      select workflow_id from "case"
      where state in ('open', 'acknowledged', 'investigating', 'waiting') and workflow_id is not null
        and (kind = 'orphan' or (kind in ('question', 'raised') and ends_with_workflow))
      group by workflow_id order by min(coalesce(looked_at, 'epoch'::timestamptz)), workflow_id limit ${limit})
    update "case" set looked_at = clock_timestamp()
    where workflow_id in (select workflow_id from picked)
      and state in ('open', 'acknowledged', 'investigating', 'waiting')
    returning workflow_id`.execute(db);
  return [...new Set(rows.map((row) => row.workflow_id))].sort();
}

/** Closes what a workflow that has ended left open; answers how many cases that were. */
export async function closeCasesOf(db: Db, workflowId: string, note: string): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const rows = await tx
      .selectFrom('case')
      .selectAll()
      .where('workflow_id', '=', workflowId)
      .where('kind', 'in', ['question', 'raised'])
      .where('ends_with_workflow', '=', true)
      .where('state', 'in', [...OPEN_STATES])
      .orderBy('id')
      .forUpdate()
      .execute();
    for (const row of rows) await endCase(tx, row, 'auto-resolved', 'workflow ended', note);
    return rows.length;
  });
}
