/** `temporal workflow reset` to the first task: what was done stays done, what was answered stays answered. */
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { sql } from 'kysely';
import { randomUUID } from 'node:crypto';
import { eventually } from '../support/eventually.js';
import { startRig, type Rig } from '../support/rig.js';
import { asking, deskConfig, shownTo, through } from './deciding.js';
import {
  answer,
  article,
  askedOf,
  bothHalves,
  comeBack,
  figuresOf,
  heldOf,
  LONG_MS,
  sell,
  sideBySide,
  writesOf,
  type Returned,
} from './support.js';

let rig: Rig;
const at = sideBySide();

/** Resets a saga to the end of its first workflow task; answers the id of the new run. */
async function resetToFirstTask({ workflowId }: Returned): Promise<string> {
  const handle = rig.client.workflow.getHandle(workflowId);
  const { events } = await handle.fetchHistory();
  const first = (events ?? []).find((event) => event.workflowTaskCompletedEventAttributes);
  const { runId } = await rig.client.workflowService.resetWorkflowExecution({
    namespace: rig.temporal.namespace,
    workflowExecution: { workflowId, runId: (await handle.describe()).runId },
    reason: 'an operator reset it',
    requestId: randomUUID(),
    workflowTaskFinishEventId: first?.eventId ?? null,
  });
  return runId;
}

async function back(index: number, units: number, sold = units): Promise<Returned> {
  const { orderNo } = await sell(rig, [{ sku: article(index).sku, quantity: sold, unitPrice: '20.00' }]);
  return comeBack(rig, { lines: [{ orderNo, orderLine: 1, quantity: units }] });
}

const writesFor = async ({ returnNo }: Returned): Promise<number> => {
  const refs = new Set((await heldOf(rig, returnNo)).map((one) => one.externalRef));
  return (await writesOf(rig)).filter((call) => refs.has(call.externalRef ?? '')).length;
};
const casesOf = async ({ workflowId }: Returned): Promise<string[]> => {
  const { rows } = await sql<{ told: string }>`select question || ' ' || asking || ' ' || state as told from "case"
    where workflow_id = ${workflowId} order by id`.execute(rig.store.db);
  return rows.map((row) => row.told);
};

describe('a saga reset to its first task', () => {
  beforeAll(async () => {
    rig = await startRig({
      reset: { scenario: 'trading-day', returns: 0, seed: 10, misbehave: 0 },
      env: { SELVEDGE_CONFIG: deskConfig() },
    });
    at.start();
  }, 90_000);
  afterAll(() => rig.close(), 60_000);

  at.test('that was finished without a question ends with the same result and writes nothing', async () => {
    const made = await back(0, 2);
    await rig.started(made.workflowId);
    const result = await rig.ended(made.workflowId);
    const writes = await writesFor(made);
    expect(writes).toBe(2);
    const runId = await resetToFirstTask(made);
    expect(await rig.client.workflow.getHandle(made.workflowId, runId).result()).toEqual(result);
    expect(await writesFor(made)).toBe(writes);
    expect(await casesOf(made)).toEqual([]);
    expect(await figuresOf(rig, made.returnNo)).toEqual(bothHalves('48.00', 2));
  });

  at.test(
    'that was finished after an answer asks nothing again, and one that was declined stays declined',
    async () => {
      const [posted, declined] = await Promise.all([back(1, 30), back(2, 2, 1)]);
      await answer(rig, posted.workflowId, 'credit-limit', 'approve');
      await answer(rig, declined.workflowId, 'quantity', 'reject', 'wh-1');
      for (const made of [posted, declined]) {
        const result = await rig.ended(made.workflowId);
        const [writes, cases] = [await writesFor(made), await casesOf(made)];
        const runId = await resetToFirstTask(made);
        expect(await rig.client.workflow.getHandle(made.workflowId, runId).result()).toEqual(result);
        expect(await writesFor(made)).toBe(writes);
        expect((await casesOf(made)).map((one) => one.split(' ').slice(0, 2))).toEqual(
          cases.map((one) => one.split(' ').slice(0, 2)),
        );
      }
      expect(await figuresOf(rig, posted.returnNo)).toEqual(bothHalves('720.00', 30));
      expect(await figuresOf(rig, declined.returnNo)).toEqual([]);
    },
  );

  at.test('that is unfinished uses its answer again: one asking, one memo', async () => {
    const made = await asking(rig, 30);
    expect(await through(rig, 'desk', await shownTo(rig, made.workflowId), {})).toBeNull();
    const memo = async () => (await figuresOf(rig, made.returnNo)).join() === 'credit memo POSTED 720.00';
    await eventually(memo, { within: LONG_MS, every: 100 });
    const writes = await writesFor(made);
    await resetToFirstTask(made);
    await eventually(
      async () => {
        const { steps, questions } = await rig.progress(made.workflowId);
        return questions.length === 0 && steps.some((step) => step.state === 'posted' && step.numbers.length === 1);
      },
      { within: LONG_MS, every: 100 },
    );
    expect((await casesOf(made)).map((one) => one.split(' ').slice(0, 2).join(' '))).toEqual(['credit-limit 1']);
    expect(await writesFor(made)).toBe(writes);
    expect(await memo()).toBe(true);
  });

  at.test('with its question still open asks the same asking, and its answer still counts', async () => {
    const made = await back(3, 30);
    const before = await askedOf(rig, made.workflowId, 'credit-limit');
    await resetToFirstTask(made);
    const after = await askedOf(rig, made.workflowId, 'credit-limit');
    expect(after).toMatchObject({ asking: before.asking, caseId: before.caseId, shown: before.shown });
    await answer(rig, made.workflowId, 'credit-limit', 'approve', 'fin-3');
    expect(await rig.ended(made.workflowId)).toMatchObject({ outcome: 'posted' });
    expect(await figuresOf(rig, made.returnNo)).toEqual(bothHalves('720.00', 30));
  });
});
