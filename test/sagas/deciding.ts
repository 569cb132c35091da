/** What tests of decisions share: the three doors, each with its own way to tell a person why nothing was changed. */
import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { decide, DecisionRefused, type DecisionMessage } from '../../clients/temporal/index.js';
import { eventually } from '../support/eventually.js';
import type { Rig } from '../support/rig.js';
import { article, askedOf, comeBack, configWith, LONG_MS, sell, type Returned } from './support.js';

const digest = (key: string): string => createHash('sha256').update(key).digest('hex');

/** The development configuration with a second person above the two-people limit and one with a small limit a day. */
export const deskConfig = (change: (desk: string) => string = (text) => text): string =>
  configWith({
    'people.yaml': (text) =>
      `${text.trimEnd()}\n${[
        "    - { id: fin-head, name: Max Orr, roles: [finance], mail: fin-head@selvedge.test, keyDigest: '" +
          `${digest('dev-key-fin-head')}', limits: { currency: GBP, document: none, customerDay: none, day: none } }`,
        "    - { id: fin-day, name: Una Bell, roles: [finance], mail: fin-day@selvedge.test, keyDigest: '" +
          `${digest('dev-key-fin-day')}', limits: { currency: GBP, document: none, customerDay: none, day: '800.00' } }`,
      ].join('\n')}\n`,
    'desk.yaml': (text) => `${change(text)}\n# as tests have it\n`,
  });

let made = 0;

/**
 * A return whose credit asks `credit-limit` and whose restock nobody has mapped, so that its saga stays open after the
 * answer. `units` of 20.00 net, 24.00 with tax.
 */
export async function asking(rig: Rig, units: number, more: object = {}, customer?: string): Promise<Returned> {
  const { orderNo } = await sell(rig, [{ sku: article(made++).sku, quantity: units, unitPrice: '20.00' }], customer);
  const lines = [{ orderNo, orderLine: 1, quantity: units }];
  return comeBack(rig, { location: 'V-MISC', processedBy: 'clerk-1', lines, ...more });
}

export interface Shown {
  workflowId: string;
  decision: DecisionMessage;
  caseId: string;
}

/** The open question as a decision that would be right, by fin-2. */
export async function shownTo(rig: Rig, workflowId: string, question = 'credit-limit'): Promise<Shown> {
  const open = await askedOf(rig, workflowId, question);
  const decision = {
    ...{ question, asking: open.asking ?? 0, choice: 'approve', why: 'goodwill, ticket 8812' },
    ...{ shown: open.shown ?? '', by: 'fin-2' },
  };
  return { workflowId, decision, caseId: open.caseId ?? '' };
}

export type Door = 'desk' | 'update' | 'signal';

/** Sends a decision through a door; answers the sentence that refuses it where its sender looks, or null. */
export async function through(
  rig: Rig,
  door: Door,
  { workflowId, decision: right, caseId }: Shown,
  change: Partial<DecisionMessage>,
): Promise<string | null> {
  const decision = { ...right, ...change };
  if (door === 'desk') {
    const { by, ...said } = decision;
    const { status, body } = await rig.decide(by, { workflow: workflowId, ...said });
    return status < 300 ? null : `${status}: ${String(body['error'])}`;
  }
  if (door === 'update') {
    try {
      await decide(rig.client, workflowId, decision);
      return null;
    } catch (error) {
      if (error instanceof DecisionRefused) return error.message;
      throw error;
    }
  }
  const before = await refusalsOf(rig, caseId);
  const decided = await decidedOf(rig, caseId);
  await rig.client.workflow.getHandle(workflowId).signal('decide', decision);
  return eventually(
    async () => {
      const refusals = await refusalsOf(rig, caseId);
      if (refusals.length > before.length) return shownInTemporal(rig, workflowId, refusals.at(-1) ?? '');
      return (await decidedOf(rig, caseId)) !== decided ? 'accepted' : undefined;
    },
    { within: LONG_MS },
  ).then((said) => (said === 'accepted' ? null : said));
}

/** A refusal of a signal is read in the saga's progress and current details too; answers it. */
async function shownInTemporal(rig: Rig, workflowId: string, why: string): Promise<string | undefined> {
  const { refusals } = await rig.progress(workflowId);
  const metadata = await rig.client.workflow
    .getHandle(workflowId)
    .query<{ currentDetails?: string }>('__temporal_workflow_metadata');
  return refusals.includes(why) && (metadata.currentDetails ?? '').includes(why) ? why : undefined;
}

/** Refusals noted on a case, oldest first. */
async function refusalsOf(rig: Rig, caseId: string): Promise<string[]> {
  const { rows } = await sql<{ note: string }>`select note from case_event
    where case_id = ${caseId} and kind = 'decision-refused' order by id`.execute(rig.store.db);
  return rows.map((row) => row.note);
}

/** How many decisions count on a case, first ones of two people included. */
async function decidedOf(rig: Rig, caseId: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from decision
    where case_id = ${caseId} and state in ('accepted', 'first')`.execute(rig.store.db);
  return rows[0]?.n ?? 0;
}

export interface AuditRow {
  actor: string;
  identity: string;
  action: string;
  why: string;
}
export async function auditOf(rig: Rig, subject: string): Promise<AuditRow[]> {
  const { rows } = await sql<AuditRow>`select actor, identity, action, why from audit
    where subject = ${subject} order by id`.execute(rig.store.db);
  return rows;
}
