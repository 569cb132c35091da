/** `temporal workflow reset` of a delivery (A8): what was received stays, what was answered stays answered. */
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { startRig, type Rig } from '../support/rig.js';
import { externalRefOf } from '../../activities/posting/reference.js';
import {
  adjustedOf,
  changesOf,
  deliver,
  ledgerOf,
  line,
  order,
  orderState,
  receivedOn,
  sentFor,
  untilPosting,
} from './receipts-support.js';
import { casesOf, resettable, resetTo } from './resetting.js';
import { answer, askedOf, sideBySide, writesOf } from './support.js';

let rig: Rig;
const at = sideBySide(360_000);

describe('a delivery reset', () => {
  beforeAll(async () => {
    rig = await startRig({
      reset: { scenario: 'trading-day', returns: 0, seed: 5, misbehave: 0 },
      feeds: ['archean.goods-in', 'archean.movements'],
    });
    at.start();
  }, 90_000);
  afterAll(() => rig.close(), 60_000);

  at.test(
    'after its order’s cost and rate were amended ends with its first receipt, at what it came in with',
    async () => {
      const { poNo, code } = await order(rig, 10);
      const { workflowId } = await deliver(rig, { poNo, lines: [line(code, 10, { damagedUnits: 2 })] });
      await rig.started(workflowId);
      await askedOf(rig, workflowId, 'damaged');
      await untilPosting(rig, workflowId, 'receipt-v1', 'posted');
      await rig.emit('blue-cherry', 'purchase-order.amended', {
        ...{ poNo, rate: '0.85', lines: [{ poLine: 1, unitCost: '9.00' }] },
        landed: [{ element: 'DUTY', perUnit: '1.00' }],
      });
      await resetTo(rig, workflowId);
      await answer(rig, workflowId, 'damaged', 'damaged-on-arrival', 'wh-1');
      expect(await rig.ended(workflowId)).toMatchObject({
        ...{ outcome: 'received', units: 8, order: 'open' },
        ...{ goods: { minor: '5120' }, landed: { minor: '880' } },
      });
      expect([await receivedOn(rig, poNo), await sentFor(rig, workflowId)]).toEqual([['PO receipt POSTED 8'], [true]]);
      expect((await ledgerOf(rig, poNo))['2150']).toBe('-51.20');
      expect(await orderState(rig, poNo)).toBe('OPEN 2 of 10 open');
    },
  );

  at.test(
    'to any of its tasks after it ended ends with the same result, and asks and writes nothing more',
    async () => {
      const { poNo, code, item } = await order(rig, 10);
      const { workflowId } = await deliver(rig, { poNo, lines: [line(code, 8, { expected: 9, damagedUnits: 2 })] });
      await rig.started(workflowId);
      await answer(rig, workflowId, 'damaged', 'damaged-by-us', 'wh-1');
      await answer(rig, workflowId, 'write-off', 'approve', 'fin-2');
      await answer(rig, workflowId, 'short', 'still-coming', 'wh-1');
      const result = await rig.ended(workflowId);
      const seen = async () => ({
        books: [(await receivedOn(rig, poNo)).sort(), await adjustedOf(rig, item), await orderState(rig, poNo)],
        cases: (await casesOf(rig, workflowId)).map((one) => one.split(' ').slice(0, 2).join(' ')),
        sent: (await writesOf(rig)).filter((call) => call.externalRef !== null && refs.has(call.externalRef)).length,
      });
      const refs = new Set(
        ['receipt-v1', 'receipt-damaged-v1', 'write-off-v1'].map((step) => externalRefOf(`${workflowId}/${step}`, 1)),
      );
      const before = await seen();
      expect([before.sent, before.cases]).toEqual([3, ['damaged 1', 'write-off 1', 'short 1']]);
      // From the newest to the oldest: what is before the next one stays as it was.
      for (const eventId of (await resettable(rig, workflowId)).reverse()) {
        const runId = await resetTo(rig, workflowId, eventId);
        expect([eventId, await rig.client.workflow.getHandle(workflowId, runId).result()]).toEqual([eventId, result]);
      }
      expect(await seen()).toEqual(before);
    },
  );

  at.test(
    'while it waits uses its answers again: one asking each, one receipt, and the open question stays the same',
    async () => {
      const { poNo, code } = await order(rig, 10);
      const { workflowId } = await deliver(rig, { poNo, lines: [line(code, 8, { expected: 9, damagedUnits: 2 })] });
      await rig.started(workflowId);
      await untilPosting(rig, workflowId, 'receipt-v1', 'posted');
      await answer(rig, workflowId, 'damaged', 'damaged-on-arrival', 'wh-1');
      const before = await askedOf(rig, workflowId, 'short');
      for (const eventId of (await resettable(rig, workflowId)).reverse()) {
        await resetTo(rig, workflowId, eventId);
        const { asking, caseId, shown } = await askedOf(rig, workflowId, 'short');
        expect([eventId, asking, caseId, shown]).toEqual([eventId, before.asking, before.caseId, before.shown]);
      }
      expect((await casesOf(rig, workflowId)).map((one) => one.split(' ').slice(0, 2).join(' '))).toEqual([
        'damaged 1',
        'short 1',
      ]);
      await answer(rig, workflowId, 'short', 'never-arrived', 'wh-2');
      expect(await rig.ended(workflowId)).toMatchObject({ outcome: 'received', units: 6 });
      expect([await receivedOn(rig, poNo), await sentFor(rig, workflowId)]).toEqual([['PO receipt POSTED 6'], [true]]);
    },
  );

  at.test('with an article too many that nobody decided yet asks once', async () => {
    const { poNo, code } = await order(rig, 10);
    const { workflowId } = await deliver(rig, { poNo, lines: [line(code, 12)] });
    await rig.started(workflowId);
    await untilPosting(rig, workflowId, 'receipt-v1', 'posted');
    await askedOf(rig, workflowId, 'extra');
    await resetTo(rig, workflowId);
    await askedOf(rig, workflowId, 'extra');
    await answer(rig, workflowId, 'extra', 'send-back', 'wh-1');
    expect(await rig.ended(workflowId)).toMatchObject({ units: 10, order: 'closed-for-receiving' });
    const open = (await casesOf(rig, workflowId)).filter((one) => one.endsWith(' open'));
    expect([open, await receivedOn(rig, poNo)]).toEqual([[], ['PO receipt POSTED 10']]);
  });

  at.test('that was taken back ends reversed once more, with one contra receipt', async () => {
    const { poNo, code } = await order(rig, 8);
    const { id, workflowId } = await deliver(rig, { poNo, lines: [line(code, 8)] });
    await rig.started(workflowId);
    await rig.ended(workflowId);
    await rig.emit('archean', 'goods-in.reversed', { id });
    const undo = `po-receipt-reversal:archean:${id}:2`;
    await rig.started(undo);
    const result = await rig.ended(undo);
    expect(result).toMatchObject({ outcome: 'reversed' });
    for (const eventId of (await resettable(rig, undo)).reverse()) {
      const runId = await resetTo(rig, undo, eventId);
      const again = (await rig.client.workflow.getHandle(undo, runId).result()) as { outcome: string };
      // Where it looks for what stands only now, nothing does any more.
      expect([eventId, again.outcome]).toEqual([eventId, expect.stringMatching(/^(reversed|declined)$/)]);
    }
    expect(await casesOf(rig, undo)).toEqual([]);
    expect((await receivedOn(rig, poNo)).sort()).toEqual(['PO receipt POSTED -8', 'PO receipt POSTED 8']);
    expect([await orderState(rig, poNo), await changesOf(rig, poNo, 'reopen')]).toEqual(['OPEN 8 of 8 open', 1]);
  });
});
