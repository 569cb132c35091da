/** The verdict on one decision: refused with a sentence, first of two, or standing. Each is recorded where it is read. */
import { appendAudit } from './audit.js';
import type { Queryable } from './database.js';
import type { Door, Identity } from './desk.js';
import { isOpen, voidApprovals, type CaseRow } from './desk-cases.js';
import { decisionOf, inputOf, type DecisionRow, type Judged } from './desk-decision-rows.js';
import { noteEvent } from './desk-events.js';
import { endsTwoPeople, needsProof, objection, type DeskRules } from './desk-judge.js';
import { noteNotice } from './desk-notices.js';
import { findPerson } from './desk-people.js';

/** For a name nobody bears. */
export const unknownPerson = (by: string): string =>
  by === ''
    ? 'The decision does not say who decides: add "by" with the id of a person, as in "by": "fin-2".'
    : `Nobody is known here as "${by}": "by" must be the id of an active person, as in "fin-2".`;

/** Judges a decision against its case and records the verdict. Call in a transaction that holds the question. */
export async function judge(tx: Queryable, row: CaseRow, decision: DecisionRow, rules: DeskRules): Promise<Judged> {
  const person = await findPerson(tx, decision.by);
  if (person === undefined) return refuse(tx, row, decision, unknownPerson(decision.by));
  if (row.decided_at !== null) return afterDecision(tx, row, decision);
  if (!isOpen(row.state))
    return refuse(tx, row, decision, `${row.id} is no longer open: ${row.outcome}, ${row.note}. Nothing was changed.`);
  const input = inputOf(decision);
  const why = await objection(tx, row, { input, person, identity: decision.identity, door: decision.door }, rules);
  if (why !== null) return refuse(tx, row, decision, why);
  if (row.two_people && needsProof(input.choice, row) && !endsTwoPeople(input.choice)) {
    const second = await firstOfTwo(tx, row, decision);
    if (second !== null) return second;
  }
  return accept(tx, row, decision);
}

/** Repeated decisions on one asking are one decision: the same again is answered alike, another is refused. */
export async function afterDecision(tx: Queryable, row: CaseRow, decision: DecisionRow): Promise<Judged> {
  const stands = await decisionOf(tx, row);
  const same =
    stands !== null &&
    decision.door !== 'desk' &&
    stands.by === decision.by &&
    stands.choice === decision.choice &&
    stands.shown === decision.shown &&
    JSON.stringify(stands.data) === JSON.stringify(decision.data);
  const why = `${row.id} was already decided: "${stands?.choice ?? ''}" by ${stands?.by ?? ''} at ${row.decided_at ?? ''}. That decision stands.`;
  const refused = await refuse(tx, row, decision, why);
  return same ? { state: 'decided', decision: stands } : refused;
}

/** Two people: the first agreement is kept and shown; the second must be somebody else and agree to the same. */
async function firstOfTwo(tx: Queryable, row: CaseRow, decision: DecisionRow): Promise<Judged | null> {
  const first = await tx
    .selectFrom('approval')
    .innerJoin('decision', 'decision.id', 'approval.decision_id')
    .select(['approval.person_id', 'decision.choice', 'decision.data'])
    .where('approval.case_id', '=', row.id)
    .where('approval.void_at', 'is', null)
    .executeTakeFirst();
  if (first === undefined) {
    await tx
      .insertInto('approval')
      .values({ case_id: row.id, person_id: decision.by, decision_id: decision.id, choice: decision.choice })
      .execute();
    await record(tx, row, decision, 'first', 'agreed first; a second person must agree too');
    await tx
      .updateTable('case')
      .set({ acknowledged_at: row.acknowledged_at ?? new Date() })
      .where('id', '=', row.id)
      .execute();
    await noteNotice(tx, {
      kind: 'second-needed',
      caseId: row.id,
      groupKey: row.group_key,
      code: row.code,
      severity: row.severity,
      roles: [row.owner],
    });
    return { state: 'awaits-second', by: decision.by };
  }
  if (first.person_id === decision.by)
    return refuse(
      tx,
      row,
      decision,
      `${decision.by} has agreed to ${row.id} already: a second, different person must.`,
    );
  if (first.choice !== decision.choice || JSON.stringify(first.data) !== JSON.stringify(decision.data))
    return refuse(
      tx,
      row,
      decision,
      `${first.person_id} chose "${first.choice}" for ${row.id}: a second person must choose exactly the same, or reject it.`,
    );
  return null;
}

/** The decision stands: it is recorded, and its case is decided. */
export async function accept(tx: Queryable, row: CaseRow, decision: DecisionRow): Promise<Judged> {
  if (endsTwoPeople(decision.choice)) await voidApprovals(tx, row.id);
  await record(tx, row, decision, 'accepted', 'decided');
  await tx
    .updateTable('case')
    .set({ state: 'resolved', decided_at: new Date(), decision_id: decision.id, outcome: decision.choice })
    .where('id', '=', row.id)
    .execute();
  return { state: 'decided', decision: { ...inputOf(decision), identity: decision.identity } };
}

async function record(
  tx: Queryable,
  row: CaseRow,
  decision: DecisionRow,
  state: 'first' | 'accepted',
  what: string,
): Promise<void> {
  await tx
    .updateTable('decision')
    .set({ state, case_id: row.id, recorded_at: new Date() })
    .where('id', '=', decision.id)
    .execute();
  const who = decision.identity === 'proven' ? 'proven by key' : `a name claimed by ${decision.door}`;
  await noteEvent(tx, {
    caseId: row.id,
    kind: what === 'decided' ? 'decided' : 'agreed-first',
    by: decision.by,
    note: `"${decision.choice}", ${who}: ${decision.why}`,
  });
  await appendAudit(tx, {
    actor: decision.by,
    identity: decision.identity,
    action: state === 'accepted' ? 'decide' : 'agree-first',
    subject: `case/${row.id}`,
    why: decision.why,
    detail: {
      decision: decision.id,
      choice: decision.choice,
      shown: row.digest,
      door: decision.door,
      data: decision.data,
    },
  });
}

/** Refuses a decision; nothing else changes. */
export async function refuse(
  tx: Queryable,
  row: CaseRow | undefined,
  decision: DecisionRow,
  why: string,
): Promise<Judged> {
  await tx
    .updateTable('decision')
    .set({ state: 'refused', refusal: why, case_id: row?.id ?? decision.case_id, recorded_at: new Date() })
    .where('id', '=', decision.id)
    .execute();
  await noteRefusal(
    tx,
    {
      caseId: row?.id ?? decision.case_id,
      by: decision.by,
      identity: decision.identity,
      workflowId: decision.workflow_id,
      door: decision.door,
    },
    why,
  );
  return { state: 'refused', why };
}

/** A refusal is readable on the case and kept in the audit trail. */
export async function noteRefusal(
  tx: Queryable,
  about: { caseId: string | null; by: string; identity: Identity; workflowId: string; door: Door },
  why: string,
): Promise<void> {
  if (about.caseId !== null)
    await noteEvent(tx, { caseId: about.caseId, kind: 'decision-refused', by: about.by, note: why });
  await appendAudit(tx, {
    actor: about.by === '' ? 'unknown' : about.by,
    identity: about.identity,
    action: 'refuse-decision',
    subject: about.caseId === null ? about.workflowId : `case/${about.caseId}`,
    why,
    detail: { door: about.door, workflowId: about.workflowId },
  });
}
