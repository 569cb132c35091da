/** Rows of decisions: how they are written and what they say when asked again. */
import { randomUUID } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { Queryable } from './database.js';
import type { DecisionState, DecisionTable, Door, Identity } from './desk.js';
import type { CaseRow } from './desk-cases.js';
import type { DecisionInput } from './desk-input.js';

export type DecisionRow = Selectable<DecisionTable>;
export interface DecidedChoice extends DecisionInput {
  identity: Identity;
}
/** What became of a decision; the same words for every door. */
export type Judged =
  | { state: 'decided'; decision: DecidedChoice }
  | { state: 'awaits-second'; by: string }
  /** Came before its question; taken when that opens. Only where nothing moves. */
  | { state: 'kept'; why: string }
  | { state: 'refused'; why: string };

export const KEPT = 'It is kept and will be taken when the question opens.';

/** Stores a decision that came through the desk door, its person proven by key. It is judged by the saga's own call. */
export async function storeDecision(
  q: Queryable,
  stored: {
    workflowId: string;
    caseId: string | null;
    by: string;
    input: DecisionInput;
    raw: unknown;
    bulk?: string;
  },
): Promise<string> {
  return insertDecision(q, {
    workflowId: stored.workflowId,
    caseId: stored.caseId,
    door: 'desk',
    identity: 'proven',
    input: { ...stored.input, by: stored.by },
    raw: stored.raw,
    state: 'stored',
    bulk: stored.bulk ?? null,
  });
}

/** Writes one decision row; answers its id. */
export async function insertDecision(
  q: Queryable,
  d: {
    workflowId: string;
    caseId: string | null;
    door: Door;
    identity: Identity;
    input: DecisionInput;
    raw: unknown;
    state: DecisionState;
    refusal?: string;
    requestKey?: string | null;
    bulk?: string | null;
  },
): Promise<string> {
  const { data, ...input } = d.input;
  const id = randomUUID();
  await q
    .insertInto('decision')
    .values({
      id,
      workflow_id: d.workflowId,
      case_id: d.caseId,
      door: d.door,
      identity: d.identity,
      ...input,
      data: JSON.stringify(data),
      raw: JSON.stringify(d.raw ?? null),
      state: d.state,
      refusal: d.refusal ?? '',
      request_key: d.requestKey ?? null,
      bulk: d.bulk ?? null,
      recorded_at: d.state === 'stored' ? null : new Date(),
    })
    .execute();
  return id;
}

/** What the person sent, as it was read. */
export const inputOf = (row: DecisionRow): DecisionInput => ({
  question: row.question,
  asking: row.asking,
  choice: row.choice,
  why: row.why,
  shown: row.shown,
  by: row.by,
  data: row.data,
});

/** What was made of a decision that was judged before. */
export function judgedOf(row: DecisionRow): Judged {
  if (row.state === 'accepted') return { state: 'decided', decision: { ...inputOf(row), identity: row.identity } };
  if (row.state === 'first') return { state: 'awaits-second', by: row.by };
  if (row.state === 'kept') return { state: 'kept', why: KEPT };
  return { state: 'refused', why: row.refusal };
}

/** The decision that stands on a case. */
export async function decisionOf(q: Queryable, row: CaseRow): Promise<DecidedChoice | null> {
  const decision = await q
    .selectFrom('decision')
    .selectAll()
    .where('id', '=', row.decision_id ?? '')
    .executeTakeFirst();
  return decision === undefined ? null : { ...inputOf(decision), identity: decision.identity };
}
