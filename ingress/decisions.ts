/** The desk door: decisions with proven identity, stored first and then sent to their saga (design.md 6). */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Db } from '../store/database.js';
import type { CaseRow } from '../store/desk-cases.js';
import { closable, closeTold } from '../store/desk-close.js';
import { storeDecision, type DecisionRow } from '../store/desk-decision-rows.js';
import { DecisionInput } from '../store/desk-input.js';
import type { Person } from '../store/desk-people.js';
import { decisionState, noteSent, refuseStored } from '../store/desk-sweeps.js';
import { refuseAtDoor } from '../store/desk-door.js';
import { parse } from './bodies.js';
import { Refusal, type IngressDeps } from './deps.js';
import { personOf, type WrongKeys } from './keys.js';
import { refuseWhileRestored } from './restored.js';

const WAIT_MS = 2_000;
const LOOK_EVERY_MS = 40;

/** `case` may stand for workflow, question and asking. */
export const DecisionBody = z.strictObject({
  case: z.string().max(40).optional(),
  workflow: z.string().max(300).optional(),
  question: z.string().min(1).max(80).optional(),
  asking: z.number().int().min(1).max(100_000).optional(),
  choice: DecisionInput.shape.choice,
  why: DecisionInput.shape.why,
  shown: DecisionInput.shape.shown,
  by: DecisionInput.shape.by,
  data: DecisionInput.shape.data,
});
export type DecisionBody = z.infer<typeof DecisionBody>;
interface Target {
  workflowId: string;
  question: string;
  asking: number;
  caseId: string | null;
  /** A case that only tells: the store judges and closes it, no saga is asked. */
  told?: CaseRow;
}

/** Registers `POST /decisions` and `GET /decisions/:id`. */
export function decisionRoutes(app: FastifyInstance, deps: IngressDeps, wrong: WrongKeys): void {
  const { db } = deps.store;
  app.post('/decisions', async (request, reply) => {
    const person = await personOf(db, wrong, request);
    const row = await decide(deps, person, parse(DecisionBody, request.body), request.body);
    return reply.code(statusOf(row)).send(answerOf(row));
  });
  app.get<{ Params: { id: string } }>('/decisions/:id', async (request, reply) => {
    await personOf(db, wrong, request);
    const row = await decisionState(db, request.params.id);
    if (row === undefined) throw new Refusal(404, `There is no decision ${request.params.id}.`);
    return reply.send(answerOf(row));
  });
}

/**
 * Stores what a proven person decides, hands it to its saga and answers the decision as it stands then. The desk page and
 * every program come through here.
 * @throws Refusal when nothing is there to decide, or it is decided in another's name.
 */
export async function decide(
  deps: IngressDeps,
  person: Person,
  body: DecisionBody,
  raw: unknown,
): Promise<DecisionRow> {
  await refuseWhileRestored(deps.store.db);
  const target = await targetOf(deps.store.db, body);
  await refuseOtherName(deps, person, body, target, raw);
  const input = { ...pick(body), question: target.question, asking: target.asking, by: person.id };
  return target.told === undefined
    ? decideQuestion(deps, target, input, raw)
    : decideTold(deps, target.told, person, input, raw);
}

async function decideQuestion(
  deps: IngressDeps,
  target: Target,
  input: DecisionInput,
  raw: unknown,
): Promise<DecisionRow> {
  const { workflowId, caseId } = target;
  const id = await storeDecision(deps.store.db, { workflowId, caseId, by: input.by, input, raw });
  await hand(deps, id, workflowId);
  return outcomeOf(deps, id);
}

async function decideTold(
  { store, config }: IngressDeps,
  row: CaseRow,
  person: Person,
  input: DecisionInput,
  raw: unknown,
): Promise<DecisionRow> {
  const rules = { identity: config.decisions.identity, zone: config.calendar.zone, deskUrl: '' };
  const id = await closeTold(store.db, { row, person, input, raw }, rules);
  const decided = await decisionState(store.db, id);
  if (decided === undefined) throw new Error(`decision ${id} is gone`);
  return decided;
}

const pick = ({ choice, why, shown, data }: DecisionBody) => ({ choice, why, shown, data });

/** How cases end that take no decision. */
const WAYS_OUT: Record<Exclude<CaseRow['kind'], 'question'>, string> = {
  cause: 'it closes when its cause has gone',
  raised: 'it closes by itself, when its saga has gone on or ended',
  orphan: 'it closes when its saga runs again',
};

/** What is decided: by the case's id, or by workflow, question and asking; both together must agree. */
async function targetOf(db: Db, body: DecisionBody): Promise<Target> {
  if (body.case !== undefined) {
    const row = await db.selectFrom('case').selectAll().where('id', '=', body.case).executeTakeFirst();
    if (row === undefined) throw new Refusal(404, `There is no case ${body.case}. See selvedge cases.`);
    if (row.kind !== 'question' && !closable(row))
      throw new Refusal(409, `${row.id} takes no decision: ${WAYS_OUT[row.kind]}. ${row.steps.join(' ')}`.trim());
    for (const [field, given, is] of [
      ['workflow', body.workflow, row.workflow_id],
      ['question', body.question, row.question],
      ['asking', body.asking, row.asking],
    ] as const)
      if (given !== undefined && given !== is)
        throw new Refusal(409, `${row.id} has ${field} ${String(is)}, and the decision says ${given}.`);
    return {
      workflowId: row.workflow_id ?? '',
      question: row.question,
      asking: row.asking,
      caseId: row.id,
      ...(closable(row) ? { told: row } : {}),
    };
  }
  if (body.workflow === undefined || body.question === undefined || body.asking === undefined)
    throw new Refusal(400, 'Say what is decided: "case", or "workflow" with "question" and "asking".');
  const { workflow: workflowId, question, asking } = body;
  const row = await db
    .selectFrom('case')
    .select('id')
    .where('kind', '=', 'question')
    .where('workflow_id', '=', workflowId)
    .where('question', '=', question)
    .where('asking', '=', asking)
    .executeTakeFirst();
  return { workflowId, question, asking, caseId: row?.id ?? null };
}

/** Deciding in somebody else's name is refused, kept and audited, whatever the choice. */
async function refuseOtherName(
  deps: IngressDeps,
  person: Person,
  body: DecisionBody,
  target: Target,
  raw: unknown,
): Promise<void> {
  if (body.by === '' || body.by === person.id) return;
  const why = `This key belongs to ${person.id}, and the decision says it is by ${body.by}. Nobody decides in another's name.`;
  const input = { ...pick(body), question: target.question, asking: target.asking, by: person.id };
  await refuseAtDoor(deps.store.db, { ...target, by: person.id, input, raw }, why);
  throw new Refusal(403, why, { state: 'refused' });
}

/** Sends a stored decision to its saga. If that fails for now, the sweep sends it again; if the saga ended, it is refused. */
export async function hand(deps: IngressDeps, decisionId: string, workflowId: string): Promise<void> {
  try {
    await deps.temporal.sendDecision(workflowId, { decisionId });
    await noteSent(deps.store.db, decisionId);
  } catch (error) {
    const state = await deps.temporal.describe(workflowId).catch(() => 'unknown' as const);
    deps.log.warn({ decisionId, workflowId, state, error }, 'decision not handed over');
    if (state === 'closed')
      await refuseStored(
        deps.store.db,
        decisionId,
        `The saga ${workflowId} has ended: nothing can be decided there any more.`,
      );
    if (state === 'absent')
      await refuseStored(deps.store.db, decisionId, `There is no saga ${workflowId}, or it ended long ago.`);
  }
}

/** Waits a moment for the saga to record the decision; answers it as it stands then. */
async function outcomeOf(deps: IngressDeps, id: string): Promise<DecisionRow> {
  const until = Date.now() + (deps.waitMs ?? WAIT_MS);
  for (;;) {
    const row = await decisionState(deps.store.db, id);
    if (row === undefined) throw new Error(`decision ${id} is gone`);
    if (row.state !== 'stored' || Date.now() >= until) return row;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

const statusOf = ({ state }: DecisionRow): number =>
  state === 'refused' ? 409 : state === 'stored' || state === 'kept' ? 202 : 200;

/** A decision as its door answers it. */
export function answerOf(row: DecisionRow): { state: string; message?: string; error?: string } {
  const about = {
    decision: row.id,
    case: row.case_id,
    question: row.question,
    asking: row.asking,
    choice: row.choice,
    by: row.by,
  };
  if (row.state === 'refused') return { state: 'refused', error: row.refusal, ...about };
  const says: Record<typeof row.state, readonly [string, string]> = {
    accepted: ['decided', `Decided: "${row.choice}" by ${row.by}.`],
    first: ['awaits-second', `${row.by} agreed. A second, different person must agree too.`],
    kept: ['kept', 'The question is not open yet: the decision is kept and taken when it opens.'],
    stored: ['stored', 'Stored. The saga has not taken it yet; it will be sent again until it has.'],
  };
  const [state, message] = says[row.state];
  return { state, message, ...about };
}
