/** Cases: one open problem with one cause each (design.md 6). Opening is an upsert; the store numbers each asking. */
import type { Selectable } from 'kysely';
import { EXCEPTIONS, type ExceptionCode, type Owner } from '../domain/failures.js';
import type { Money } from '../domain/money.js';
import { appendAudit } from './audit.js';
import type { Db, Queryable } from './database.js';
import { OPEN_STATES, type CaseState, type CaseTable, type StoredChoice } from './desk.js';
import { lockName, noteEvent, shownDigest } from './desk-events.js';
import { noteNotice } from './desk-notices.js';

export type CaseRow = Selectable<CaseTable>;
/** `approval` is no exception: nothing is wrong, a person must agree. */
export type DeskCode = ExceptionCode | 'approval';

export interface AskedQuestion {
  question: string;
  code: DeskCode;
  owner: Owner;
  title: string;
  expected: string;
  actual: string;
  steps: string[];
  choices: StoredChoice[];
  shown: unknown;
  amount: Money | null;
  baseAmount: Money | null;
  units: number;
  requesters: string[];
  customer: string;
  businessDate: string;
  twoPeople: boolean;
}
export interface Asked {
  workflowId: string;
  runId: string;
  process: string;
  businessKey: string;
  question: AskedQuestion;
}
/** When a person should have acted; ISO instants. */
export interface DueTimes {
  warnAt: string[];
  dueAt: string | null;
}

export const isOpen = (state: CaseState): boolean => (OPEN_STATES as readonly string[]).includes(state);

/** Severity and deputy of a code. An approval is as severe as a medium exception and finance's deputy is operations. */
export function standingOf(code: DeskCode, owner: Owner): { severity: string; deputy: Owner } {
  if (code === 'approval') return { severity: 'medium', deputy: owner === 'operations' ? 'finance' : 'operations' };
  const known = EXCEPTIONS[code];
  return { severity: known.severity, deputy: known.owner === owner ? known.deputy : known.owner };
}

/** Who is told when a case is not taken up or resolved in time. For an approval, the lead of whoever owns it. */
export const escalationOf = (code: string, owner: string): string =>
  code in EXCEPTIONS ? EXCEPTIONS[code as ExceptionCode].escalation : `${owner}-lead`;

/** Like questions share this: they are notified as one and decided by one filter (R-808: by period and flow). */
function groupKey(asked: Asked): string {
  const { code, question, owner, businessDate } = asked.question;
  const period = code === 'X-24' ? `/${businessDate.slice(0, 7)}` : '';
  return `${asked.process}/${code}/${question}/${owner}${period}`;
}

/** What a question's case says; the same however it is opened. */
export const columnsOf = (asked: Asked, due: DueTimes) => {
  const { question: q } = asked;
  return {
    run_id: asked.runId,
    process: asked.process,
    business_key: asked.businessKey,
    code: q.code,
    title: q.title,
    expected: q.expected,
    actual: q.actual,
    steps: JSON.stringify(q.steps),
    choices: JSON.stringify(q.choices),
    owner: q.owner,
    ...standingOf(q.code, q.owner),
    amount_minor: q.amount?.minor ?? null,
    currency: q.amount?.currency ?? null,
    base_minor: q.baseAmount?.minor ?? null,
    base_currency: q.baseAmount?.currency ?? null,
    units: q.units,
    requesters: JSON.stringify(q.requesters),
    customer: q.customer,
    business_date: q.businessDate,
    two_people: q.twoPeople,
    group_key: groupKey(asked),
    warn_at: JSON.stringify(due.warnAt),
    due_at: due.dueAt,
  };
};

/** Everything that asks or decides one question of one saga takes turns. */
export const lockQuestion = (q: Queryable, workflowId: string, question: string): Promise<void> =>
  lockName(q, `question:${workflowId}/${question}`);

/**
 * Opens the asking of a question: the same content asked again (reset, restart) is the same asking; new content is a
 * new one, and an earlier open one is withdrawn with its first approval. Call in a transaction.
 */
export async function openAsking(tx: Queryable, asked: Asked, due: DueTimes): Promise<CaseRow> {
  const { workflowId, question } = asked;
  await lockQuestion(tx, workflowId, question.question);
  const digest = shownDigest(question.shown);
  const earlier = await tx
    .selectFrom('case')
    .selectAll()
    .where('kind', '=', 'question')
    .where('workflow_id', '=', workflowId)
    .where('question', '=', question.question)
    .execute();
  const same = earlier.find((row) => row.digest === digest);
  if (same?.decided_at) return same;
  for (const row of earlier)
    if (row.id !== same?.id && isOpen(row.state)) await withdraw(tx, row, 'asked again with other content');
  if (same !== undefined && isOpen(same.state)) return same;
  if (same !== undefined) return reopen(tx, same, columnsOf(asked, due));
  const row = await tx
    .insertInto('case')
    .values({
      ...columnsOf(asked, due),
      kind: 'question',
      workflow_id: workflowId,
      question: question.question,
      asking: 1 + Math.max(0, ...earlier.map((e) => e.asking)),
      digest,
      shown: JSON.stringify(question.shown ?? null),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await announce(tx, row, `asked ${row.owner}`);
  return row;
}

/** Somebody is waited for from now on, whoever had taken it up before. */
const WAITS_ANEW = () => ({ clock_from: new Date(), acknowledged_at: null });

async function reopen(tx: Queryable, row: CaseRow, columns: ReturnType<typeof columnsOf>): Promise<CaseRow> {
  const reopened = await tx
    .updateTable('case')
    .set({ ...columns, state: 'open', closed_at: null, outcome: '', note: '', escalation: 'none', ...WAITS_ANEW() })
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  await announce(tx, reopened, 'asked again with the same content');
  return reopened;
}

/** Notes a case that now waits for somebody and queues the word to its owner. */
export async function announce(tx: Queryable, row: CaseRow, note: string): Promise<void> {
  await noteEvent(tx, { caseId: row.id, kind: 'opened', by: 'system', note });
  await appendAudit(tx, {
    actor: 'system',
    identity: 'system',
    action: 'open-case',
    subject: `case/${row.id}`,
    why: note,
    detail: { code: row.code, workflowId: row.workflow_id, asking: row.asking, digest: row.digest },
  });
  await noteNotice(tx, {
    kind: 'opened',
    caseId: row.id,
    groupKey: row.group_key === '' ? row.id : row.group_key,
    code: row.code,
    severity: row.severity,
    roles: row.severity === 'critical' ? [row.owner, row.deputy] : [row.owner],
  });
}

async function withdraw(tx: Queryable, row: CaseRow, note: string): Promise<void> {
  await voidApprovals(tx, row.id);
  await endCase(tx, row, 'withdrawn', 'withdrawn', note);
}

/** A first approval no longer counts: its content changed, or the question ended without it. */
export async function voidApprovals(tx: Queryable, caseId: string): Promise<void> {
  await tx
    .updateTable('approval')
    .set({ void_at: new Date() })
    .where('case_id', '=', caseId)
    .where('void_at', 'is', null)
    .execute();
}

/** Ends a case and says so in its history and the audit trail. `by`: the person, proven by key, who ended it. */
export async function endCase(
  tx: Queryable,
  row: Pick<CaseRow, 'id' | 'code' | 'workflow_id'>,
  state: Exclude<CaseState, 'open' | 'resolved'>,
  outcome: string,
  note: string,
  by?: string,
): Promise<void> {
  await tx
    .updateTable('case')
    .set({ state, outcome, note: note.slice(0, 2000), closed_at: new Date() })
    .where('id', '=', row.id)
    .execute();
  await noteEvent(tx, { caseId: row.id, kind: state, by: by ?? 'system', note: `${outcome}: ${note}` });
  await appendAudit(tx, {
    actor: by ?? 'system',
    identity: by === undefined ? 'system' : 'proven',
    action: 'close-case',
    subject: `case/${row.id}`,
    why: note,
    detail: { state, outcome, code: row.code, workflowId: row.workflow_id },
  });
}

/** Closes a question with what came of it. One nobody had to decide closes by itself and says so. */
export async function closeAsking(
  db: Db,
  end: { workflowId: string; question: string; asking: number; outcome: string; note: string },
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await lockQuestion(tx, end.workflowId, end.question);
    const row = await findAsking(tx, end);
    if (row === undefined || row.closed_at !== null) return;
    await voidApprovals(tx, row.id);
    await endCase(tx, row, row.decided_at === null ? 'auto-resolved' : 'closed', end.outcome, end.note);
  });
}

/** The case of one asking. */
export async function findAsking(
  q: Queryable,
  asked: { workflowId: string; question: string; asking: number },
): Promise<CaseRow | undefined> {
  return q
    .selectFrom('case')
    .selectAll()
    .where('kind', '=', 'question')
    .where('workflow_id', '=', asked.workflowId)
    .where('question', '=', asked.question)
    .where('asking', '=', asked.asking)
    .executeTakeFirst();
}

/**
 * A warning or due moment has come: the owner is told, at the due moment the deputy too. Told once per level and
 * timer, and once per `requestKey` however often that call is repeated; a case that no longer waits is left alone. Nothing is decided by it (design.md 6).
 */
export async function escalateCase(
  db: Db,
  step: { caseId: string; level: 'warning' | 'due'; timer: string; note: string; requestKey?: string },
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const row = await tx.selectFrom('case').selectAll().where('id', '=', step.caseId).forUpdate().executeTakeFirst();
    if (row === undefined || !isOpen(row.state)) return;
    // A warning may come more than once (after 4 hours, after a day); the due moment is told once.
    if (step.level === 'due' && row.escalation === 'due') return;
    const { caseId, note, requestKey } = step;
    const event = { caseId, kind: `${step.level} ${step.timer}`, by: 'system', note };
    if (!(await noteEvent(tx, requestKey === undefined ? event : { ...event, requestKey }))) return;
    if (row.escalation !== 'due')
      await tx.updateTable('case').set({ escalation: step.level }).where('id', '=', row.id).execute();
    await noteNotice(tx, {
      kind: step.level,
      caseId: row.id,
      groupKey: row.group_key === '' ? row.id : row.group_key,
      code: row.code === 'approval' && step.level === 'due' ? 'X-60' : row.code,
      severity: row.severity,
      roles: step.level === 'due' ? [row.owner, row.deputy, escalationOf(row.code, row.owner)] : [row.owner],
    });
  });
}
