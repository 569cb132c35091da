/** Recording decisions: one transaction judges, whichever door a decision came through; refusals are kept too. */
import { sql } from 'kysely';
import { isKeepable } from '../domain/keepable.js';
import type { Db, Queryable } from './database.js';
import type { Door } from './desk.js';
import { lockQuestion, openAsking, type Asked, type CaseRow, type DueTimes } from './desk-cases.js';
import {
  decisionOf,
  insertDecision,
  judgedOf,
  KEPT,
  type DecidedChoice,
  type DecisionRow,
  type Judged,
} from './desk-decision-rows.js';
import { noteEvent } from './desk-events.js';
import { readDecision } from './desk-input.js';
import { needsProof, type DeskRules } from './desk-judge.js';
import { findPerson } from './desk-people.js';
import { judge, noteRefusal, refuse, unknownPerson } from './desk-verdicts.js';

export interface DecisionSent {
  workflowId: string;
  door: Door;
  raw: unknown;
  /** Already stored with proven identity by the desk door. */
  decisionId?: string;
  /** Names this very call, so that its repetition is not taken for a second decision. */
  requestKey?: string;
}

/** Opens an asking and answers what was decided on it, now or before; a decision kept for it is judged now. */
export async function openQuestionCase(
  db: Db,
  asked: Asked,
  due: DueTimes,
  rules: DeskRules,
): Promise<{ row: CaseRow; decided: DecidedChoice | null }> {
  return db.transaction().execute(async (tx) => {
    const row = await openAsking(tx, asked, due);
    if (row.decided_at !== null) return { row, decided: await decisionOf(tx, row) };
    const kept = await tx
      .selectFrom('decision')
      .selectAll()
      .where('workflow_id', '=', asked.workflowId)
      .where('question', '=', row.question)
      .where('asking', '=', row.asking)
      .where('state', '=', 'kept')
      .orderBy('created_at')
      .execute();
    for (const early of kept) {
      await tx.updateTable('decision').set({ case_id: row.id }).where('id', '=', early.id).execute();
      const judged = await judge(tx, row, early, rules);
      if (judged.state === 'decided') return { row, decided: judged.decision };
    }
    return { row, decided: null };
  });
}

/** Judges a decision in one transaction and records it, accepted or refused, on the case and in the audit trail. */
export async function judgeDecision(db: Db, sent: DecisionSent, rules: DeskRules): Promise<Judged> {
  return db.transaction().execute(async (tx) => {
    const earlier = await findEarlier(tx, sent);
    if (earlier === 'unknown')
      return refuseUnread(tx, sent, 'No decision is stored under this id for this saga. Decide at the desk again.');
    if (earlier !== undefined && earlier.state !== 'stored') return judgedOf(earlier);
    const decision = earlier ?? (await storeClaim(tx, sent));
    if ('refused' in decision) return refuseUnread(tx, sent, decision.refused);
    await lockQuestion(tx, decision.workflow_id, decision.question);
    const row = await newestCase(tx, decision);
    if (row === undefined || row.asking !== decision.asking) return beforeAsking(tx, row, decision);
    if (decision.case_id !== row.id)
      await tx.updateTable('decision').set({ case_id: row.id }).where('id', '=', decision.id).execute();
    return judge(tx, row, decision, rules);
  });
}

async function findEarlier(tx: Queryable, sent: DecisionSent): Promise<DecisionRow | 'unknown' | undefined> {
  if (sent.decisionId !== undefined) {
    if (!isKeepable(sent.decisionId)) return 'unknown';
    const row = await tx
      .selectFrom('decision')
      .selectAll()
      .where('id', '=', sent.decisionId)
      .where('workflow_id', '=', sent.workflowId)
      .forUpdate()
      .executeTakeFirst();
    return row ?? 'unknown';
  }
  if (sent.requestKey === undefined) return undefined;
  return tx.selectFrom('decision').selectAll().where('request_key', '=', sent.requestKey).executeTakeFirst();
}

async function storeClaim(tx: Queryable, sent: DecisionSent): Promise<DecisionRow | { refused: string }> {
  const read = readDecision(sent.raw);
  if (!read.ok) return { refused: read.why };
  const id = await insertDecision(tx, {
    workflowId: sent.workflowId,
    caseId: null,
    door: sent.door,
    identity: 'claimed',
    input: read.input,
    raw: sent.raw,
    state: 'stored',
    requestKey: sent.requestKey ?? null,
  });
  return tx.selectFrom('decision').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
}

/** The newest question of a saga: where a refusal is shown that fits none of its askings. */
async function newestOf(tx: Queryable, workflowId: string): Promise<CaseRow | undefined> {
  return tx
    .selectFrom('case')
    .selectAll()
    .where('workflow_id', '=', workflowId)
    .where('kind', '=', 'question')
    .orderBy('opened_at', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** What cannot even be read is kept as it came, and shown on the newest case of its saga. */
async function refuseUnread(tx: Queryable, sent: DecisionSent, why: string): Promise<Judged> {
  const read = readDecision(sent.raw);
  const row = await newestOf(tx, sent.workflowId);
  const input = { question: '', asking: 0, choice: '', why: '', shown: '', by: '', data: {} };
  await insertDecision(tx, {
    workflowId: sent.workflowId,
    caseId: row?.id ?? null,
    door: sent.door,
    identity: 'claimed',
    input: read.ok ? read.input : input,
    raw: read.ok ? sent.raw : read.raw,
    state: 'refused',
    refusal: why,
    requestKey: sent.requestKey ?? null,
  });
  await noteRefusal(
    tx,
    { caseId: row?.id ?? null, by: '', identity: 'claimed', workflowId: sent.workflowId, door: sent.door },
    why,
  );
  return { state: 'refused', why };
}

/** The asking a decision names, or else the newest one of its question. */
async function newestCase(tx: Queryable, decision: DecisionRow): Promise<CaseRow | undefined> {
  return tx
    .selectFrom('case')
    .selectAll()
    .where('kind', '=', 'question')
    .where('workflow_id', '=', decision.workflow_id)
    .where('question', '=', decision.question)
    .orderBy(sql`(asking = ${decision.asking}) desc, asking desc`)
    .limit(1)
    .executeTakeFirst();
}

/** before its question a decision is kept only when it moves no money or stock, and only for the next asking. */
async function beforeAsking(tx: Queryable, newest: CaseRow | undefined, decision: DecisionRow): Promise<Judged> {
  const next = (newest?.asking ?? 0) + 1;
  const asked =
    newest === undefined
      ? `"${decision.question}" has not been asked by ${decision.workflow_id}`
      : `"${decision.question}" has been asked ${newest.asking} time(s), and this decides asking ${decision.asking}`;
  const shownOn = newest ?? (await newestOf(tx, decision.workflow_id));
  const person = await findPerson(tx, decision.by);
  if (person === undefined) return refuse(tx, shownOn, decision, unknownPerson(decision.by));
  if (decision.asking !== next || needsProof(decision.choice))
    return refuse(
      tx,
      shownOn,
      decision,
      `${asked}. A decision that moves money or stock is taken only once its question is open: look at the case and decide on what it shows.`,
    );
  await tx
    .updateTable('decision')
    .set({ state: 'kept', recorded_at: new Date() })
    .where('id', '=', decision.id)
    .execute();
  if (shownOn !== undefined)
    await noteEvent(tx, {
      caseId: shownOn.id,
      kind: 'decision-kept',
      by: decision.by,
      note: `${asked}. ${KEPT}`,
    });
  return { state: 'kept', why: `${asked}. ${KEPT}` };
}
