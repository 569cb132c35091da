/** The table step × what may happen to it, for a delivery (design.md 10). Each case is a delivery of an order of its own. */
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { sql } from 'kysely';
import { eventually } from '../support/eventually.js';
import { startRig, type Rig } from '../support/rig.js';
import {
  deliver,
  faultOnReceipt,
  line,
  order,
  orderState,
  postingState,
  receivedOn,
  sentFor,
  unlock,
  untilPosting,
  WITHIN,
  type Delivered,
} from './receipts-support.js';
import { answer, askedOf, closed, sideBySide } from './support.js';
import { openCases } from './steps-support.js';

let rig: Rig;
const at = sideBySide(2 * WITHIN);

const RECEIPT = 'PO receipt POSTED 8';
const CONTRA = 'PO receipt POSTED -8';
const FULL = 'CLOSED_RECEIVING 0 of 8 open';
const EMPTY = 'OPEN 8 of 8 open';

interface One extends Delivered {
  poNo: string;
  code: string;
  fault: string;
}

/** A delivery of the whole of an order of its own, whose receipt meets a fault. */
async function caseOf(kind: string | null, more: object = {}, location?: string): Promise<One> {
  const { poNo, code } = await order(rig, 8);
  const fault = kind === null ? '' : await faultOnReceipt(rig, poNo, kind, more);
  const made = await deliver(rig, { poNo, lines: [line(code, 8)], ...(location === undefined ? {} : { location }) });
  await rig.started(made.workflowId);
  return { ...made, poNo, code, fault };
}
const books = async ({ poNo }: One): Promise<string[]> => (await receivedOn(rig, poNo)).sort();
const cancel = ({ workflowId }: One): Promise<unknown> => rig.client.workflow.getHandle(workflowId).cancel();
const casesOf = (one: One): Promise<string[]> => openCases(rig, one);
const state = ({ workflowId }: One, ...states: string[]): Promise<unknown> =>
  untilPosting(rig, workflowId, 'receipt-v1', ...states);

const silent = (kind: 'drop-after' | 'drop-before') => async (): Promise<void> => {
  const one = await caseOf(kind);
  expect(await rig.ended(one.workflowId)).toMatchObject({ outcome: 'received', units: 8 });
  expect([await books(one), await orderState(rig, one.poNo)]).toEqual([[RECEIPT], FULL]);
  expect(await sentFor(rig, one.workflowId)).toEqual(kind === 'drop-after' ? [true] : [false, true]);
  expect(await casesOf(one)).toEqual([]);
};

/** Cancelled past the pivot: the owner is asked, and nothing is undone before that. */
async function decideAfterwards(one: One, choice: 'go-on' | 'reverse'): Promise<void> {
  await askedOf(rig, one.workflowId, 'cancel-after-posting');
  expect(await books(one)).toEqual([RECEIPT]);
  expect(await casesOf(one)).toEqual(['X-16 finance']);
  await answer(rig, one.workflowId, 'cancel-after-posting', choice, 'fin-2');
}

const TABLE: Record<string, () => Promise<void>> = {
  refused: async () => {
    const one = await caseOf('refuse');
    await askedOf(rig, one.workflowId, 'receipt-v1-refused');
    expect([await books(one), await casesOf(one)]).toEqual([[], ['X-02 operations']]);
    await answer(rig, one.workflowId, 'receipt-v1-refused', 'reject', 'ops-1');
    expect(await rig.ended(one.workflowId)).toMatchObject({ outcome: 'declined' });
    expect([await books(one), await orderState(rig, one.poNo)]).toEqual([[], EMPTY]);
    // Its units are free again: the next delivery is received whole.
    const next = await deliver(rig, { poNo: one.poNo, lines: [line(one.code, 8)] });
    await rig.started(next.workflowId);
    expect(await rig.ended(next.workflowId)).toMatchObject({ units: 8, order: 'closed-for-receiving' });
  },
  'refused, then mended: retry posts it under a new revision': async () => {
    const one = await caseOf('refuse');
    await answer(rig, one.workflowId, 'receipt-v1-refused', 'retry', 'ops-1');
    expect(await rig.ended(one.workflowId)).toMatchObject({ outcome: 'received', units: 8 });
    expect(await books(one)).toEqual([RECEIPT]);
    expect(await sentFor(rig, one.workflowId, 2)).toEqual([true]);
  },
  'no reply and stored': silent('drop-after'),
  'no reply and lost': silent('drop-before'),
  'cancel before': async () => {
    const one = await caseOf(null, {}, 'V-MISC');
    await eventually(async () => (await rig.progress(one.workflowId)).status === 'held', { within: WITHIN });
    await cancel(one);
    expect(await closed(rig, one.workflowId, WITHIN)).toBe('CANCELLED');
    expect([await books(one), await postingState(rig, one.workflowId, 'receipt-v1')]).toEqual([[], null]);
    const holds =
      await sql`select 1 from case_hold where workflow_id = ${one.workflowId} and released_at is null`.execute(
        rig.store.db,
      );
    expect(holds.rows).toEqual([]);
  },
  'cancel in flight, and go on': async () => {
    const one = await caseOf('late-landing', { delayMs: 2_500 });
    await state(one, 'sent');
    await cancel(one);
    await decideAfterwards(one, 'go-on');
    expect(await rig.ended(one.workflowId)).toMatchObject({ outcome: 'received', units: 8 });
    expect([await books(one), await orderState(rig, one.poNo)]).toEqual([[RECEIPT], FULL]);
  },
  'cancel in flight, and reverse': async () => {
    const one = await caseOf('late-landing', { delayMs: 2_500 });
    await state(one, 'sent');
    await cancel(one);
    await decideAfterwards(one, 'reverse');
    expect(await closed(rig, one.workflowId, WITHIN)).not.toBe('RUNNING');
    expect([await books(one), await orderState(rig, one.poNo)]).toEqual([[CONTRA, RECEIPT], EMPTY]);
  },
  'cancel in flight, with nothing stored': async () => {
    const one = await caseOf('drop-before');
    await state(one, 'sent');
    await cancel(one);
    expect(await closed(rig, one.workflowId, WITHIN)).toBe('CANCELLED');
    expect([await books(one), await sentFor(rig, one.workflowId)]).toEqual([[], [false]]);
  },
  'cancel while queued': async () => {
    const one = await caseOf('table-lock', { form: '409', times: 1_000 });
    await eventually(async () => (await sentFor(rig, one.workflowId)).length > 0, { within: WITHIN });
    await cancel(one);
    expect(await closed(rig, one.workflowId, WITHIN)).toBe('CANCELLED');
    await unlock(rig, one.fault);
    expect([await books(one), await postingState(rig, one.workflowId, 'receipt-v1')]).toEqual([[], 'forbidden']);
  },
  'cancel after': async () => {
    const one = await caseOf(null);
    expect(await rig.ended(one.workflowId)).toMatchObject({ outcome: 'received' });
    await cancel(one).catch((error: Error) => expect(error.message).toMatch(/completed|not found/i));
    expect(await closed(rig, one.workflowId, WITHIN)).toBe('COMPLETED');
    expect([await books(one), await orderState(rig, one.poNo)]).toEqual([[RECEIPT], FULL]);
  },
};

describe('the receipt of a delivery', () => {
  beforeAll(async () => {
    rig = await startRig({
      reset: { scenario: 'trading-day', returns: 0, seed: 5, misbehave: 0 },
      feeds: ['archean.goods-in', 'archean.movements'],
    });
    at.start();
  }, 90_000);
  afterAll(() => rig.close(), 60_000);

  for (const [name, body] of Object.entries(TABLE)) at.test(name, body);
});
