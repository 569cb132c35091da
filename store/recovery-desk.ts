/**
 * Questions and decisions of a store that was set back, as sagas tell of them: under the numbers that sagas and
 * people know, each decision with the identity that the history says. Nobody is told of them a second time.
 */
import { sql } from 'kysely';
import { appendAudit } from './audit.js';
import type { Db, Queryable } from './database.js';
import { OPEN_STATES, type Door, type Identity } from './desk.js';
import { columnsOf, findAsking, lockQuestion, type Asked, type DueTimes } from './desk-cases.js';
import { insertDecision } from './desk-decision-rows.js';
import { noteEvent, shownDigest } from './desk-events.js';
import type { DecisionInput } from './desk-input.js';

export interface ToldQuestion {
  asked: Asked;
  caseId: string;
  asking: number;
  dueAt: string | null;
  openedAt: string;
}

const FROM_HISTORY = 'as the history of its saga tells it, after the store was restored';

const isKnown = async (q: Queryable, { asked, asking }: ToldQuestion): Promise<boolean> =>
  (await findAsking(q, { workflowId: asked.workflowId, question: asked.question.question, asking })) !== undefined;

/** Opens the case of an asking again, earlier open ones of its question withdrawn; true when the store lacked it. */
export async function restoreQuestion(db: Db, told: ToldQuestion, due: DueTimes, write: boolean): Promise<boolean> {
  if (!write) return !(await isKnown(db, told));
  const { asked, asking } = told;
  const { workflowId, question } = asked;
  return db.transaction().execute(async (tx) => {
    await lockQuestion(tx, workflowId, question.question);
    if (await isKnown(tx, told)) return false;
    const digest = shownDigest(question.shown);
    await tx
      .updateTable('case')
      .set({
        state: 'withdrawn',
        outcome: 'withdrawn',
        note: 'asked again with other content',
        closed_at: told.openedAt,
      })
      .where('kind', '=', 'question')
      .where('workflow_id', '=', workflowId)
      .where('question', '=', question.question)
      .where('state', 'in', [...OPEN_STATES])
      .execute();
    const taken = await tx.selectFrom('case').select('id').where('id', '=', told.caseId).executeTakeFirst();
    const inserted = await tx
      .insertInto('case')
      .values({
        ...columnsOf(asked, { ...due, dueAt: told.dueAt }),
        ...(taken === undefined ? { id: told.caseId } : {}),
        ...{ kind: 'question', workflow_id: workflowId, question: question.question, asking, digest },
        shown: JSON.stringify(question.shown ?? null),
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst();
    if (inserted === undefined) return false;
    await sql`update "case" set opened_at = ${told.openedAt}, clock_from = ${told.openedAt}
      where id = ${inserted.id}`.execute(tx);
    await noteEvent(tx, { caseId: inserted.id, kind: 'restored', by: 'system', note: `asked, ${FROM_HISTORY}` });
    return true;
  });
}

export interface ToldDecision {
  workflowId: string;
  door: Door;
  identity: Identity;
  decisionId: string | null;
  input: DecisionInput;
  raw: unknown;
  decidedAt: string;
}

/** Records a decision that the store has forgotten; true when it had. A case decided otherwise meanwhile stays so. */
export async function restoreDecision(db: Db, told: ToldDecision, write: boolean): Promise<boolean> {
  const { workflowId, input } = told;
  const named = { workflowId, question: input.question, asking: input.asking };
  if (!write) return (await findAsking(db, named))?.decided_at === null;
  return db.transaction().execute(async (tx) => {
    await lockQuestion(tx, workflowId, input.question);
    const row = await findAsking(tx, named);
    if (row === undefined || row.decided_at !== null) return false;
    const id = await decisionRow(tx, told, row.id);
    await tx
      .updateTable('decision')
      .set({ state: 'accepted', case_id: row.id, recorded_at: told.decidedAt })
      .where('id', '=', id)
      .execute();
    await tx
      .updateTable('case')
      .set({ state: 'resolved', decided_at: told.decidedAt, decision_id: id, outcome: input.choice })
      .where('id', '=', row.id)
      .execute();
    const note = `"${input.choice}", ${told.identity}, ${FROM_HISTORY}: ${input.why}`;
    await noteEvent(tx, { caseId: row.id, kind: 'decided', by: input.by, note });
    await appendAudit(tx, {
      ...{
        actor: input.by,
        identity: told.identity,
        action: 'decide-restored',
        subject: `case/${row.id}`,
        why: input.why,
      },
      detail: { decision: id, choice: input.choice, shown: input.shown, door: told.door, decidedAt: told.decidedAt },
    });
    return true;
  });
}

/** The decision's row: the one the desk door had stored, or a new one under the number the history knows. */
async function decisionRow(tx: Queryable, told: ToldDecision, caseId: string): Promise<string> {
  const { decisionId, workflowId, door, identity, input, raw } = told;
  if (decisionId !== null) {
    const stored = await tx.selectFrom('decision').select('id').where('id', '=', decisionId).executeTakeFirst();
    if (stored !== undefined) return stored.id;
  }
  const id = await insertDecision(tx, { workflowId, caseId, door, identity, input, raw, state: 'accepted' });
  if (decisionId === null) return id;
  await tx.updateTable('decision').set({ id: decisionId }).where('id', '=', id).execute();
  return decisionId;
}
