/** Closing a case that only tells: by a person, with what was done, in one transaction. No saga has a say. */
import { closersOf, FACTS_OF_CLOSING } from '../domain/closing.js';
import { ExceptionCode } from '../domain/failures.js';
import type { Db, Queryable } from './database.js';
import { endCase, isOpen, type CaseRow } from './desk-cases.js';
import { inputOf, insertDecision, type DecisionRow } from './desk-decision-rows.js';
import type { DecisionInput } from './desk-input.js';
import { objection, type DeskRules } from './desk-judge.js';
import type { Person } from './desk-people.js';
import { lockRaised } from './desk-raised.js';
import { accept, afterDecision, refuse } from './desk-verdicts.js';
import { clearFlagOf } from './postings.js';

/** True for a case that nothing but a person closes: it tells, asks nothing, and ends with no workflow. */
export const closable = (row: Pick<CaseRow, 'kind' | 'ends_with_workflow'>): boolean =>
  row.kind === 'raised' && !row.ends_with_workflow;

/** Stores what a person says was done and judges it at once; answers the decision as it stands then. */
export async function closeTold(
  db: Db,
  closing: { row: CaseRow; person: Person; input: DecisionInput; raw: unknown },
  rules: DeskRules,
): Promise<string> {
  return db.transaction().execute(async (tx) => {
    await lockRaised(tx, closing.row);
    const row = await tx
      .selectFrom('case')
      .selectAll()
      .where('id', '=', closing.row.id)
      .forUpdate()
      .executeTakeFirstOrThrow();
    const decision = await storeClosing(tx, row, closing);
    if (row.decided_at !== null) await afterDecision(tx, row, decision);
    else if (!isOpen(row.state))
      await refuse(tx, row, decision, `${row.id} is no longer open: ${row.outcome}, ${row.note}. Nothing was changed.`);
    else {
      const why = await standsAgainst(tx, row, closing.person, decision, rules);
      if (why !== null) await refuse(tx, row, decision, why);
      else await close(tx, row, decision);
    }
    return decision.id;
  });
}

async function storeClosing(
  tx: Queryable,
  row: CaseRow,
  { person, input, raw }: { person: Person; input: DecisionInput; raw: unknown },
): Promise<DecisionRow> {
  const id = await insertDecision(tx, {
    workflowId: row.workflow_id ?? '',
    caseId: row.id,
    door: 'desk',
    identity: 'proven',
    input: { ...input, by: person.id },
    raw,
    state: 'stored',
  });
  return tx.selectFrom('decision').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
}

async function standsAgainst(
  tx: Queryable,
  row: CaseRow,
  person: Person,
  decision: DecisionRow,
  rules: DeskRules,
): Promise<string | null> {
  const alone = closersOf(ExceptionCode.parse(row.code));
  if (alone !== null && !person.roles.some((role) => alone.includes(role)))
    return `${row.id} is closed by ${alone.join(' or ')} alone, and ${person.id} has ${person.roles.join(', ') || 'no role'}.`;
  const input = inputOf(decision);
  const against = await objection(tx, row, { input, person, identity: 'proven', door: 'desk' }, rules);
  if (against !== null) return against;
  if (input.why.trim() === '') return `Closing ${row.id} must say what was done: add "why" with a sentence.`;
  const fact = FACTS_OF_CLOSING[input.choice];
  if (fact === undefined || (input.data[fact.name] ?? '').trim() !== '') return null;
  return `"${input.choice}" needs ${fact.is}: add it as data ${fact.name} (selvedge decide … --data ${fact.name}=…).`;
}

async function close(tx: Queryable, row: CaseRow, decision: DecisionRow): Promise<void> {
  await accept(tx, row, decision);
  const facts = Object.entries(decision.data).map(([name, value]) => `${name} ${value.trim()}`);
  const note = facts.length === 0 ? decision.why : `${decision.why} (${facts.join(', ')})`;
  await endCase(tx, row, 'closed', decision.choice, note, decision.by);
  await clearFlagOf(tx, { code: row.code, subject: row.cause, as: decision.choice });
}
