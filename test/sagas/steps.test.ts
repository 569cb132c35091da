/**
 * The table step × what may happen to it, for the return (design.md 10). Under this policy a restock never goes ahead of
 * its credit; what happens when it does is told in halves.test.ts. Each case is a return of its own on an order of its own.
 */
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { sql } from 'kysely';
import { wholePath } from '../../views/path.js';
import { countSagas } from '../../bin/reads/sagas.js';
import { pathText } from '../../bin/screens/path.js';
import { eventually } from '../support/eventually.js';
import { startRig, type Rig } from '../support/rig.js';
import { stepsOf } from '../support/world.js';
import { bothHalves, closed, figuresOf, sideBySide, writesOf } from './support.js';
import {
  caseOf,
  comeTo,
  faultOn,
  openCases,
  postingOf,
  refOf,
  settle,
  WITHIN,
  type One,
  type Step,
} from './steps-support.js';

let rig: Rig;
const at = sideBySide(2 * WITHIN);

const CREDIT = 'credit memo POSTED 24.00';
const RESTOCK = 'inventory adjustment POSTED 1';
const UNCREDIT = 'credit memo POSTED -24.00';
const UNRESTOCK = 'inventory adjustment POSTED -1';

type Case =
  | 'refused'
  | 'no reply and stored'
  | 'no reply and lost'
  | 'cancel before'
  | 'cancel in flight'
  | 'cancel while queued'
  | 'cancel after';

const sentAs = async (one: One, step: Step, revision = 1): Promise<boolean[]> =>
  (await writesOf(rig)).filter((call) => call.externalRef === refOf(one, step, revision)).map(({ stored }) => stored);

const cancel = (one: One): Promise<unknown> => rig.client.workflow.getHandle(one.workflowId).cancel();
const state = (one: One, step: Step, ...states: (string | undefined)[]): Promise<unknown> =>
  eventually(async () => states.includes((await postingOf(rig, one, step)) ?? undefined), {
    within: WITHIN,
    every: 30,
  });
const books = async (one: One): Promise<string[]> => (await figuresOf(rig, one.returnNo)).sort();

/** An ERP that loses its answer: the document is there once, and nobody is asked. */
const silent = (step: Step, kind: 'drop-after' | 'drop-before') => async (): Promise<void> => {
  const one = await caseOf(rig);
  await faultOn(rig, one, step, kind);
  await comeTo(rig, one);
  expect(await rig.ended(one.workflowId)).toMatchObject({ outcome: 'posted' });
  expect(await books(one)).toEqual(bothHalves('24.00', 1));
  const writes = await sentAs(one, step);
  expect(writes.filter(Boolean)).toHaveLength(1);
  expect(writes).toHaveLength(kind === 'drop-after' ? 1 : 2);
  expect(await openCases(rig, one)).toEqual([]);
};

/** Cancelled with the credit posted and the restock not: the owner decides, by `choice`. */
async function decideHalf(one: One, choice: 'go-on' | 'reverse'): Promise<void> {
  const { attention, status } = await settle(rig, one, 'cancel-after-posting', async () => {
    expect(await books(one)).toEqual([CREDIT]);
    expect(await openCases(rig, one)).toEqual(['X-10 finance']);
    return choice;
  });
  expect([attention, status]).toEqual(['half-posted', 'waiting for approval']);
}

const TABLE: Record<Step, Record<Case, () => Promise<void>>> = {
  'credit-memo': {
    refused: async () => {
      const one = await caseOf(rig);
      await faultOn(rig, one, 'credit-memo', 'refuse');
      await comeTo(rig, one);
      const seen = await settle(rig, one, 'credit-memo-refused', async () => {
        expect(await books(one)).toEqual([]);
        expect(await openCases(rig, one)).toEqual(['X-02 operations']);
        return 'reject';
      });
      expect(seen).toMatchObject({ attention: 'question', steps: [{ name: 'credit-memo', state: 'refused' }] });
      expect(await rig.ended(one.workflowId)).toMatchObject({ outcome: 'declined' });
      expect(await books(one)).toEqual([]);
      expect(await postingOf(rig, one, 'restock')).toBeNull();
    },
    'no reply and stored': silent('credit-memo', 'drop-after'),
    'no reply and lost': silent('credit-memo', 'drop-before'),
    'cancel before': async () => {
      const one = await caseOf(rig, 'V-MISC');
      await comeTo(rig, one);
      await eventually(async () => (await rig.progress(one.workflowId)).status === 'held', { within: WITHIN });
      await cancel(one);
      expect(await closed(rig, one.workflowId, WITHIN)).toBe('CANCELLED');
      expect(await books(one)).toEqual([]);
      expect(await postingOf(rig, one, 'credit-memo')).toBeNull();
      const holds =
        await sql`select 1 from case_hold where workflow_id = ${one.workflowId} and released_at is null`.execute(
          rig.store.db,
        );
      expect(holds.rows).toEqual([]);
    },
    'cancel in flight': async () => {
      const one = await caseOf(rig);
      await faultOn(rig, one, 'credit-memo', 'late-landing', { delayMs: 2_500 });
      await comeTo(rig, one);
      await state(one, 'credit-memo', 'sent');
      await cancel(one);
      await decideHalf(one, 'go-on');
      expect(await rig.ended(one.workflowId)).toMatchObject({ outcome: 'posted' });
      expect(await books(one)).toEqual(bothHalves('24.00', 1));
    },
    'cancel while queued': async () => {
      const one = await caseOf(rig);
      await faultOn(rig, one, 'credit-memo', 'table-lock', { form: '409', times: 1_000 });
      await comeTo(rig, one);
      await eventually(async () => (await sentAs(one, 'credit-memo')).length > 0, { within: WITHIN });
      await cancel(one);
      expect(await closed(rig, one.workflowId, WITHIN)).toBe('CANCELLED');
      expect(await postingOf(rig, one, 'credit-memo')).toBe('forbidden');
      expect(await books(one)).toEqual([]);
    },
    'cancel after': async () => {
      const one = await caseOf(rig);
      await faultOn(rig, one, 'restock', 'table-lock', { form: '409', times: 1_000 });
      await comeTo(rig, one);
      await state(one, 'credit-memo', 'posted');
      await cancel(one);
      await decideHalf(one, 'reverse');
      expect(await closed(rig, one.workflowId, WITHIN)).toBe('CANCELLED');
      expect(await books(one)).toEqual([UNCREDIT, CREDIT]);
      expect([null, 'forbidden']).toContain(await postingOf(rig, one, 'restock'));
    },
  },
  restock: {
    refused: async () => {
      const one = await caseOf(rig);
      await faultOn(rig, one, 'restock', 'refuse');
      await comeTo(rig, one);
      const seen = await settle(rig, one, 'restock-refused', async () => {
        expect(await books(one)).toEqual([CREDIT]);
        expect(await openCases(rig, one)).toEqual(['X-02 operations']);
        return 'reject';
      });
      expect(seen.attention).toBe('half-posted');
      await settle(rig, one, 'credited-without-restock', async () => {
        expect(await openCases(rig, one)).toEqual(['X-10 finance']);
        return 'write-off';
      });
      expect(await rig.ended(one.workflowId)).toMatchObject({ outcome: 'posted-with-write-off' });
      expect(await books(one)).toEqual([CREDIT]);
      expect(await rig.progress(one.workflowId)).toMatchObject({ status: 'completed with write-off' });
    },
    'no reply and stored': silent('restock', 'drop-after'),
    'no reply and lost': silent('restock', 'drop-before'),
    'cancel before': async () => {
      const one = await caseOf(rig);
      await comeTo(rig, one);
      await state(one, 'credit-memo', 'sent', 'accepted');
      await cancel(one);
      await decideHalf(one, 'reverse');
      expect(await closed(rig, one.workflowId, WITHIN)).toBe('CANCELLED');
      expect(await books(one)).toEqual([UNCREDIT, CREDIT]);
      expect(await sentAs(one, 'restock')).toEqual([]);
    },
    'cancel in flight': async () => {
      const one = await caseOf(rig);
      await faultOn(rig, one, 'restock', 'late-landing', { delayMs: 2_500 });
      await comeTo(rig, one);
      await state(one, 'restock', 'sent');
      await cancel(one);
      await settle(rig, one, 'cancel-after-posting', async () => {
        expect(await books(one)).toEqual([CREDIT, RESTOCK]);
        return 'reverse';
      });
      expect(await closed(rig, one.workflowId, WITHIN)).toBe('CANCELLED');
      expect(await books(one)).toEqual([UNCREDIT, CREDIT, UNRESTOCK, RESTOCK]);
    },
    'cancel while queued': async () => {
      const one = await caseOf(rig);
      const fault = await faultOn(rig, one, 'restock', 'table-lock', { form: '409', times: 1_000 });
      await comeTo(rig, one);
      await eventually(async () => (await sentAs(one, 'restock')).length > 0, { within: WITHIN });
      await cancel(one);
      await state(one, 'restock', 'forbidden');
      await rig.control('DELETE', `/_sandbox/faults/${fault}`);
      await decideHalf(one, 'go-on');
      expect(await rig.ended(one.workflowId)).toMatchObject({ outcome: 'posted' });
      expect(await books(one)).toEqual(bothHalves('24.00', 1));
    },
    'cancel after': async () => {
      const one = await caseOf(rig);
      await comeTo(rig, one);
      expect(await rig.ended(one.workflowId)).toMatchObject({ outcome: 'posted' });
      await cancel(one).catch((error: Error) => expect(error.message).toMatch(/completed|not found/i));
      expect(await closed(rig, one.workflowId, WITHIN)).toBe('COMPLETED');
      expect(await books(one)).toEqual(bothHalves('24.00', 1));
    },
  },
};

describe('each step of a return', () => {
  beforeAll(async () => {
    rig = await startRig({ policy: 'open', reset: { scenario: 'trading-day', returns: 0, seed: 9, misbehave: 0 } });
    at.start();
  }, 90_000);
  afterAll(() => rig.close(), 60_000);

  at.test('has a row in the table', async () => {
    expect(Object.keys(TABLE)).toEqual(await stepsOf());
  });

  for (const [step, cases] of Object.entries(TABLE)) {
    for (const [name, body] of Object.entries(cases)) at.test(`${step}, ${name}`, body);
  }

  at.test('refused, then mended: retry posts it under a new revision', async () => {
    const one = await caseOf(rig);
    await faultOn(rig, one, 'credit-memo', 'refuse');
    await comeTo(rig, one);
    await settle(rig, one, 'credit-memo-refused', () => Promise.resolve('retry'));
    expect(await rig.ended(one.workflowId)).toMatchObject({ outcome: 'posted' });
    expect(await books(one)).toEqual(bothHalves('24.00', 1));
    expect(await sentAs(one, 'credit-memo', 2)).toEqual([true]);
  });

  at.test('restock refused and reversed by decision: the credit is taken back', async () => {
    const one = await caseOf(rig);
    await faultOn(rig, one, 'restock', 'refuse');
    await comeTo(rig, one);
    await settle(rig, one, 'restock-refused', () => Promise.resolve('reject'));
    await settle(rig, one, 'credited-without-restock', () => Promise.resolve('reverse'));
    expect(await rig.ended(one.workflowId)).toMatchObject({ outcome: 'declined' });
    expect(await books(one)).toEqual([UNCREDIT, CREDIT]);
  });

  at.test(
    'cancelled while nobody knows whether the credit is stored: proved absent, it is never sent again',
    async () => {
      const one = await caseOf(rig);
      await faultOn(rig, one, 'credit-memo', 'drop-before');
      await comeTo(rig, one);
      await state(one, 'credit-memo', 'sent');
      await cancel(one);
      expect(await closed(rig, one.workflowId, WITHIN)).toBe('CANCELLED');
      expect(await books(one)).toEqual([]);
      expect(await sentAs(one, 'credit-memo')).toEqual([false]);
      expect(await openCases(rig, one)).toEqual([]);
    },
  );

  for (const [choice, end] of [
    ['retry', [UNCREDIT, CREDIT]],
    ['done-by-hand', [CREDIT]],
  ] as const) {
    at.test(`an ERP that refuses a reversal leaves it half-compensated until ${choice}`, async () => {
      const one = await caseOf(rig);
      await faultOn(rig, one, 'restock', 'table-lock', { form: '409', times: 1_000 });
      const undo = { externalRef: refOf(one, 'credit-memo/undo-1') };
      await rig.fault({
        system: 'blue-cherry',
        operation: 'write',
        kind: 'refuse',
        code: 'PERIOD_CLOSED',
        match: undo,
      });
      await comeTo(rig, one);
      await state(one, 'credit-memo', 'posted');
      await cancel(one);
      await decideHalf(one, 'reverse');
      const seen = await settle(rig, one, 'credit-memo-reversal-refused', async () => {
        expect(await books(one)).toEqual([CREDIT]);
        expect(await openCases(rig, one)).toEqual(['X-43 finance']);
        const listed = async (): Promise<boolean> =>
          (await countSagas(rig.client)).halfCompensated.some(({ workflowId }) => workflowId === one.workflowId);
        await eventually(listed, { within: WITHIN, every: 250 });
        return choice;
      });
      expect(seen).toMatchObject({ status: 'half-compensated', attention: 'half-compensated', owner: 'finance' });
      expect(await closed(rig, one.workflowId, WITHIN)).toBe('CANCELLED');
      expect(await books(one)).toEqual(end);
      expect(await openCases(rig, one)).toEqual([]);
      expect(await postingOf(rig, one, 'credit-memo')).toBe('reversed');
      const path = pathText(one.returnNo, await wholePath(rig.store.db, one.returnNo), new Map(), 'UTC');
      const byHand = /was posted and then reversed, by hand, as fin-lead says/;
      if (choice === 'done-by-hand') expect(path).toMatch(byHand);
      else expect(path).not.toMatch(byHand);
    });
  }
});
