/** Cases that ask nothing: a half-posted return, a late document, a claim whose saga was ended from outside. */
import { sql } from 'kysely';
import type { ExceptionCode, Owner, Severity } from '../domain/failures.js';
import { EXCEPTIONS } from '../domain/failures.js';
import type { Money } from '../domain/money.js';
import { closingsOf } from '../domain/closing.js';
import type { Db, Queryable } from './database.js';
import { announce, endCase, type CaseRow, type DueTimes } from './desk-cases.js';
import { lockName, noteEvent, shownDigest } from './desk-events.js';
import { OPEN_STATES } from './desk.js';

export interface RaisedCase {
  workflowId: string;
  process: string;
  businessKey: string;
  code: ExceptionCode;
  /** What tells two cases of one workflow and code apart: the document each is about. */
  subject?: string;
  title: string;
  expected: string;
  actual: string;
  amount: Money | null;
  units: number;
  /** What to do, one step a line. */
  steps?: string[];
  owner?: Owner;
  /** Other than its code's. An open case that becomes graver begins to wait anew and is announced again. */
  severity?: Severity;
  /**
   * False: it stays open when its workflow has ended (a second document of a finished saga), until its condition has
   * gone or a person closes it. Default true.
   */
  endsWithWorkflow?: boolean;
  kind?: 'raised' | 'orphan';
}

/** Whatever raises, clears or closes the raised case of one workflow, code and subject takes turns. */
export const lockRaised = (
  tx: Queryable,
  row: Pick<CaseRow, 'workflow_id' | 'code' | 'kind' | 'cause'>,
): Promise<void> => lockName(tx, `raised:${row.workflow_id ?? ''}/${row.code}/${row.kind}/${row.cause}`);

/** What a person who closes the case was shown; only where closing it speaks of money or stock. */
function shownOf(raised: RaisedCase): { shown: string; digest: string } {
  if (!closingsOf(raised.code).some(({ proof }) => proof)) return { shown: 'null', digest: '' };
  const { businessKey, title, expected, actual } = raised;
  const shown = { businessKey, title, expected, actual };
  return { shown: JSON.stringify(shown), digest: shownDigest(shown) };
}

/** Raises a case, or brings the open one of the same workflow, code and subject up to date. Answers its id. */
export async function raiseCase(db: Db, raised: RaisedCase, due: DueTimes): Promise<{ caseId: string }> {
  const kind = raised.kind ?? 'raised';
  const cause = raised.subject ?? '';
  const endsWithWorkflow = raised.endsWithWorkflow ?? kind === 'raised';
  const told = kind === 'raised' && !endsWithWorkflow;
  const columns = {
    title: raised.title,
    expected: raised.expected,
    actual: raised.actual,
    amount_minor: raised.amount?.minor ?? null,
    currency: raised.amount?.currency ?? null,
    units: raised.units,
    steps: JSON.stringify(raised.steps ?? []),
    ...(told ? shownOf(raised) : { shown: 'null' }),
  };
  return db.transaction().execute(async (tx) => {
    await lockRaised(tx, { workflow_id: raised.workflowId, code: raised.code, kind, cause });
    const open = await tx
      .selectFrom('case')
      .selectAll()
      .where('kind', '=', kind)
      .where('workflow_id', '=', raised.workflowId)
      .where('code', '=', raised.code)
      .where('cause', '=', cause)
      .where('state', 'in', [...OPEN_STATES])
      .executeTakeFirst();
    const exception = EXCEPTIONS[raised.code];
    const severity = raised.severity ?? exception.severity;
    if (open !== undefined) {
      await bringUpToDate(tx, open, columns);
      if (severity === 'critical' && open.severity !== 'critical') await makeCritical(tx, open.id, due);
      return { caseId: open.id };
    }
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
        severity,
        cause,
        choices: JSON.stringify(told ? closingsOf(raised.code) : []),
        requesters: '[]',
        group_key: `${raised.process}/${raised.code}/${kind}`,
        ends_with_workflow: endsWithWorkflow,
        warn_at: JSON.stringify(due.warnAt),
        due_at: due.dueAt,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    await announce(tx, row, 'raised');
    return { caseId: row.id };
  });
}

async function bringUpToDate(tx: Queryable, open: CaseRow, columns: { title: string }): Promise<void> {
  await tx.updateTable('case').set(columns).where('id', '=', open.id).execute();
  if (open.title !== columns.title)
    await noteEvent(tx, { caseId: open.id, kind: 'changed', by: 'system', note: columns.title });
}

/** Whoever had taken it up took up something less: it waits anew, by the clocks of what it is now, and is announced. */
async function makeCritical(tx: Queryable, id: string, due: DueTimes): Promise<void> {
  const row = await tx
    .updateTable('case')
    .set({
      ...{ severity: 'critical', state: 'open', clock_from: new Date(), acknowledged_at: null, escalation: 'none' },
      ...{ warn_at: JSON.stringify(due.warnAt), due_at: due.dueAt },
    })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
  await announce(tx, row, 'critical now');
}

/** The condition has gone: the raised case closes by itself and says so. No open one: nothing. */
export async function clearCase(
  db: Db,
  cleared: { workflowId: string; code: string; note: string; kind?: 'raised' | 'orphan'; subject?: string },
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const kind = cleared.kind ?? 'raised';
    const cause = cleared.subject ?? '';
    await lockRaised(tx, { workflow_id: cleared.workflowId, code: cleared.code, kind, cause });
    const open = await tx
      .selectFrom('case')
      .selectAll()
      .where('kind', '=', kind)
      .where('workflow_id', '=', cleared.workflowId)
      .where('code', '=', cleared.code)
      .where('cause', '=', cause)
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
