/** One return per case: announced before it happens, so that faults can be laid on its documents' references. */
import { sql } from 'kysely';
import { externalRefOf } from '../../activities/posting/reference.js';
import type { Progress } from '../../clients/temporal/index.js';
import { eventually } from '../support/eventually.js';
import type { Rig } from '../support/rig.js';
import { answer, article, comeBack, sell } from './support.js';

export type Step = 'credit-memo' | 'restock';
export interface One {
  returnNo: string;
  workflowId: string;
  orderNo: string;
  quantity: number;
  location: string | undefined;
}

/** Cases run side by side, on a machine that may be busy. */
export const WITHIN = 180_000;
let count = 0;

/** A sale of its own, and the return that will come; 20.00 net a unit, 24.00 with tax. */
export async function caseOf(rig: Rig, location?: string, quantity = 1): Promise<One> {
  count += 1;
  const returnNo = `RTN-9${String(count).padStart(5, '0')}`;
  const { orderNo } = await sell(rig, [{ sku: article(count).sku, quantity: 60, unitPrice: '20.00' }]);
  return { returnNo, orderNo, quantity, location, workflowId: `return-to-stock:archean:${returnNo}` };
}

/** The return happens; answers once its saga has been started. */
export async function comeTo(rig: Rig, { returnNo, orderNo, quantity, location, workflowId }: One): Promise<void> {
  const lines = [{ orderNo, orderLine: 1, quantity }];
  await comeBack(rig, { returnNo, lines, ...(location === undefined ? {} : { location }) });
  await rig.started(workflowId);
}

export const refOf = (one: One, step: string, revision = 1): string =>
  externalRefOf(`${one.workflowId}/${step}`, revision);

/** Lays a fault on the first sending of a step; answers the fault's id. */
export async function faultOn(rig: Rig, one: One, step: Step, kind: string, more: object = {}): Promise<string> {
  const operation = step === 'credit-memo' ? 'credit-memo' : 'inventory-adjustment';
  const match = { externalRef: refOf(one, step) };
  const made = (await rig.fault({ system: 'blue-cherry', operation, kind, match, ...more })) as { id: string };
  return made.id;
}

/** State of the newest revision of a step; null when nothing was ever asked. */
export async function postingOf(rig: Rig, one: One, step: string): Promise<string | null> {
  const { rows } = await sql<{ state: string }>`select state from posting
    where reference = ${`${one.workflowId}/${step}`} order by revision desc limit 1`.execute(rig.store.db);
  return rows[0]?.state ?? null;
}

/** Open cases of a saga as `X-10 finance`. */
export async function openCases(rig: Rig, one: Pick<One, 'workflowId'>): Promise<string[]> {
  const { rows } = await sql<{ code: string; owner: string }>`select code, owner from "case"
    where workflow_id = ${one.workflowId} and state in ('open', 'acknowledged', 'investigating', 'waiting') order by code`.execute(
    rig.store.db,
  );
  return rows.map(({ code, owner }) => `${code} ${owner}`);
}

/** Waits for a question of a saga, long: many cases run at once. */
const askedIn = (rig: Rig, { workflowId }: One, question: string) =>
  eventually(
    async () => {
      const progress = await rig.progress(workflowId);
      const open = progress.questions.find((each) => each.question === question && each.asking !== null);
      if (open !== undefined) return open;
      throw new Error(`${question} is not asked: ${JSON.stringify(progress)}`);
    },
    { within: WITHIN, every: 100 },
  );

const PEOPLE: Record<string, string> = {
  finance: 'fin-lead',
  operations: 'ops-1',
  warehouse: 'wh-1',
  ecommerce: 'eco-1',
};

/** Waits for a question, hands what is seen then to `look`, and decides what it answers as a person of the owner's role. */
export async function settle(rig: Rig, one: One, question: string, look: () => Promise<string>): Promise<Progress> {
  const open = await askedIn(rig, one, question);
  const seen = await rig.progress(one.workflowId);
  const choice = await look();
  const person = PEOPLE[open.owner] ?? 'int-1';
  const { status, body } = await answer(rig, one.workflowId, question, choice, person, {});
  if (body['state'] !== 'decided') throw new Error(`${person} decided ${choice}: ${status} ${JSON.stringify(body)}`);
  return seen;
}
