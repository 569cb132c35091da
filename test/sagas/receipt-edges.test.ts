/** Deliveries that meet other people: who decides what, periods and orders that change meanwhile, versions that overtake. */
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { startRig, type Rig } from '../support/rig.js';
import {
  adjustedOf,
  lockReceipts,
  deliver,
  ledgerOf,
  line,
  order,
  orderState,
  receivedOn,
  unlock,
  untilPosting,
} from './receipts-support.js';
import { answer, askedOf, closed, sideBySide } from './support.js';

const LONG = 180_000;
let rig: Rig;
const at = sideBySide(2 * LONG);

const edit = (poNo: string, set: object): Promise<unknown> =>
  rig.control('POST', '/_sandbox/blue-cherry/edit', { document: poNo, set });

describe('a delivery', () => {
  beforeAll(async () => {
    rig = await startRig({
      reset: { scenario: 'trading-day', returns: 0, seed: 5, misbehave: 0 },
      feeds: ['archean.goods-in', 'archean.movements'],
    });
    at.start();
  }, 90_000);
  afterAll(() => rig.close(), 60_000);

  at.test(
    'whose period closes while a difference is asked about asks into which one the rest goes; nothing is lost',
    async () => {
      const completedAt = new Date(Date.now() - 70 * 86_400_000).toISOString();
      const { poNo, code, item } = await order(rig, 10);
      const { workflowId } = await deliver(rig, { poNo, completedAt, lines: [line(code, 10, { damagedUnits: 4 })] });
      await rig.started(workflowId);
      await askedOf(rig, workflowId, 'damaged');
      await untilPosting(rig, workflowId, 'receipt-v1', 'posted');
      await rig.control('POST', '/_sandbox/blue-cherry/period', { period: completedAt.slice(0, 7), state: 'closed' });
      await answer(rig, workflowId, 'damaged', 'damaged-by-us', 'wh-1');
      await answer(rig, workflowId, 'closed-period', 'open-period', 'fin-1');
      await answer(rig, workflowId, 'write-off', 'approve', 'fin-2');
      expect(await rig.ended(workflowId)).toMatchObject({
        outcome: 'received',
        units: 10,
        order: 'closed-for-receiving',
      });
      expect(await receivedOn(rig, poNo)).toEqual(['PO receipt POSTED 6', 'PO receipt POSTED 4']);
      expect(await adjustedOf(rig, item)).toEqual(['-4']);
    },
  );

  at.test(
    'whose order a person closes while a difference is asked about asks on, and says what was received',
    async () => {
      const { poNo, code } = await order(rig, 10);
      const { workflowId } = await deliver(rig, { poNo, lines: [line(code, 10, { damagedUnits: 4 })] });
      await rig.started(workflowId);
      await askedOf(rig, workflowId, 'damaged');
      await untilPosting(rig, workflowId, 'receipt-v1', 'posted');
      await edit(poNo, { status: 'CLOSED_RECEIVING' });
      await answer(rig, workflowId, 'damaged', 'damaged-by-us', 'wh-1');
      const open = await askedOf(rig, workflowId, 'purchase-order');
      // A part of it stands on this order: the rest goes to no other one.
      expect(open.choices).toEqual(['look-again', 'reopen', 'reject']);
      await answer(rig, workflowId, 'purchase-order', 'reopen', 'fin-1');
      await answer(rig, workflowId, 'write-off', 'reject', 'fin-2');
      expect(await rig.ended(workflowId)).toMatchObject({ units: 10, order: 'closed-for-receiving' });
      expect(await receivedOn(rig, poNo)).toEqual(['PO receipt POSTED 6', 'PO receipt POSTED 4']);
    },
  );

  at.test(
    'whose rest is refused with its order closed keeps what stands, and tells its units and value alone',
    async () => {
      const { poNo, code } = await order(rig, 10);
      const { workflowId } = await deliver(rig, { poNo, lines: [line(code, 10, { damagedUnits: 4 })] });
      await rig.started(workflowId);
      await askedOf(rig, workflowId, 'damaged');
      await untilPosting(rig, workflowId, 'receipt-v1', 'posted');
      await edit(poNo, { status: 'CLOSED' });
      await answer(rig, workflowId, 'damaged', 'damaged-by-us', 'wh-1');
      await answer(rig, workflowId, 'purchase-order', 'reject', 'fin-1');
      await answer(rig, workflowId, 'posted-in-part', 'keep', 'fin-2');
      expect(await rig.ended(workflowId)).toMatchObject({
        ...{ outcome: 'received', units: 6, order: 'closed' },
        ...{ goods: { minor: '3840' }, landed: { minor: '660' } },
      });
      expect(await receivedOn(rig, poNo)).toEqual(['PO receipt POSTED 6']);
    },
  );

  at.test('cancelled and reversed opens its order again that another delivery had closed', async () => {
    const { poNo, code } = await order(rig, 20);
    const other = await order(rig, 5);
    const lines = [line(code, 10), line(other.code, 2, { lineNo: 2, expected: 0 })];
    const first = await deliver(rig, { poNo, lines });
    await rig.started(first.workflowId);
    await askedOf(rig, first.workflowId, 'not-on-order');
    await untilPosting(rig, first.workflowId, 'receipt-v1', 'posted');
    const second = await deliver(rig, { poNo, lines: [line(code, 10)] });
    await rig.started(second.workflowId);
    expect(await rig.ended(second.workflowId)).toMatchObject({ order: 'closed-for-receiving' });
    await rig.client.workflow.getHandle(first.workflowId).cancel();
    await answer(rig, first.workflowId, 'cancel-after-posting', 'reverse', 'fin-2');
    await closed(rig, first.workflowId, LONG);
    expect((await receivedOn(rig, poNo)).sort()).toEqual([
      'PO receipt POSTED -10',
      'PO receipt POSTED 10',
      'PO receipt POSTED 10',
    ]);
    expect(await orderState(rig, poNo)).toBe('OPEN 10 of 20 open');
  });

  at.test('is decided by others than who counted it in, once, and its write-off by finance alone', async () => {
    const { poNo, code, item } = await order(rig, 10);
    const { workflowId } = await deliver(rig, {
      poNo,
      completedBy: 'wh-1',
      lines: [line(code, 10, { damagedUnits: 2 })],
    });
    await rig.started(workflowId);
    const tried = async (question: string, choice: string, person: string): Promise<string> => {
      const { status, body } = await answer(rig, workflowId, question, choice, person);
      return status === 200 ? String(body['state']) : JSON.stringify(body);
    };
    const { asking, shown } = await askedOf(rig, workflowId, 'damaged');
    expect(await tried('damaged', 'damaged-by-us', 'wh-1')).toContain('somebody else must (R-802)');
    expect(await tried('damaged', 'damaged-by-us', 'eco-1')).toContain('belongs to warehouse');
    expect(await tried('damaged', 'damaged-by-us', 'wh-2')).toBe('decided');
    const late = {
      workflow: workflowId,
      question: 'damaged',
      asking,
      choice: 'damaged-on-arrival',
      why: 'no',
      shown,
    };
    expect((await rig.decide('wh-3', late)).body).not.toMatchObject({ state: 'decided' });
    expect(await tried('write-off', 'approve', 'wh-1')).not.toBe('decided');
    expect(await tried('write-off', 'approve', 'wh-2')).not.toBe('decided');
    expect(await tried('write-off', 'approve', 'fin-1')).toBe('decided');
    expect(await rig.ended(workflowId)).toMatchObject({ units: 10 });
    expect(await adjustedOf(rig, item)).toEqual(['-2']);
    expect((await ledgerOf(rig, poNo))['1400']).toBe('75.00');
  });

  at.test('does not follow a number typed into an answer that names no order', async () => {
    const { poNo, code } = await order(rig, 10);
    const other = await order(rig, 10);
    const { workflowId } = await deliver(rig, { poNo, lines: [line(code, 12)] });
    await rig.started(workflowId);
    await answer(rig, workflowId, 'extra', 'send-back', 'wh-1', { poNo: other.poNo });
    expect(await rig.ended(workflowId)).toMatchObject({ poNo, units: 10, order: 'closed-for-receiving' });
    expect(await receivedOn(rig, other.poNo)).toEqual([]);
  });

  at.test(
    'reversed while its receipt waits in our queue is never sent; while it waits in the ERP it is taken back',
    async () => {
      const { poNo, code } = await order(rig, 8);
      const queued = await deliverHeld(poNo, code);
      await rig.emit('archean', 'goods-in.reversed', { id: queued.id });
      expect(await rig.ended(queued.workflowId)).toMatchObject({ outcome: 'declined' });
      await unlock(rig, queued.fault);
      const accepted = await deliver(rig, { poNo, announced: false, lines: [line(code, 8)] });
      await untilPosting(rig, accepted.workflowId, 'receipt-v1', 'accepted', 'posted');
      await rig.emit('archean', 'goods-in.reversed', { id: accepted.id });
      const undone = async (): Promise<string[]> => (await receivedOn(rig, poNo)).sort();
      await untilPosting(rig, accepted.workflowId, 'receipt-v1', 'reversed');
      await rig.ended(accepted.workflowId);
      expect(await undone()).toEqual(['PO receipt POSTED -8', 'PO receipt POSTED 8']);
      const again = await deliver(rig, { poNo, announced: false, lines: [line(code, 8)] });
      await rig.started(again.workflowId);
      expect(await rig.ended(again.workflowId)).toMatchObject({ units: 8, order: 'closed-for-receiving' });
      expect(await orderState(rig, poNo)).toBe('CLOSED_RECEIVING 0 of 8 open');
    },
  );

  at.test('corrected while its receipt waits in our queue posts the corrected count alone', async () => {
    const { poNo, code } = await order(rig, 8);
    const { id, workflowId, fault } = await deliverHeld(poNo, code);
    await rig.emit('archean', 'goods-in.corrected', { id, lines: [{ lineNo: 1, expected: 5, received: 5 }] });
    await untilPosting(rig, workflowId, 'receipt-v1', 'forbidden');
    await unlock(rig, fault);
    expect(await rig.ended(workflowId)).toMatchObject({ outcome: 'received', units: 5, order: 'open' });
    expect(await receivedOn(rig, poNo)).toEqual(['PO receipt POSTED 5']);
  });

  at.test(
    'corrected twice after it was posted and kept asks about what stands, and reversed posts the newest count',
    async () => {
      const { poNo, code } = await order(rig, 8);
      const { id, workflowId } = await deliver(rig, { poNo, lines: [line(code, 8)] });
      await rig.started(workflowId);
      await rig.ended(workflowId);
      await rig.emit('archean', 'goods-in.corrected', { id, lines: [{ lineNo: 1, expected: 7, received: 7 }] });
      const [second, third] = [2, 3].map((version) => `po-receipt-reversal:archean:${id}:${version}`) as [
        string,
        string,
      ];
      await rig.started(second);
      await answer(rig, second, 'changed-after-posting', 'keep', 'wh-1');
      expect(await rig.ended(second)).toMatchObject({ outcome: 'kept', units: 8 });
      await rig.emit('archean', 'goods-in.corrected', { id, lines: [{ lineNo: 1, expected: 6, received: 6 }] });
      await rig.started(third);
      await answer(rig, third, 'changed-after-posting', 'reverse', 'wh-1');
      expect(await rig.ended(third)).toMatchObject({ outcome: 'received', units: 6, order: 'open' });
      expect((await receivedOn(rig, poNo)).sort()).toEqual([
        'PO receipt POSTED -8',
        'PO receipt POSTED 6',
        'PO receipt POSTED 8',
      ]);
    },
  );

  at.test('nothing of which came, given up, closes its order; reversed it opens it again', async () => {
    const { poNo, code } = await order(rig, 8);
    const { id, workflowId } = await deliver(rig, { poNo, lines: [line(code, 0, { expected: 8 })] });
    await rig.started(workflowId);
    await answer(rig, workflowId, 'short', 'never-arrived', 'wh-1');
    expect(await rig.ended(workflowId)).toMatchObject({
      ...{ outcome: 'nothing-received', units: 0, order: 'closed-for-receiving' },
    });
    await rig.emit('archean', 'goods-in.reversed', { id });
    const undo = `po-receipt-reversal:archean:${id}:2`;
    await rig.started(undo);
    expect(await rig.ended(undo)).toMatchObject({ outcome: 'declined' });
    expect([await receivedOn(rig, poNo), await orderState(rig, poNo)]).toEqual([[], 'OPEN 8 of 8 open']);
  });

  at.test('whose order is cancelled between claim and posting asks, and posts nothing the ERP refused', async () => {
    const { poNo, code } = await order(rig, 8);
    const { workflowId, fault } = await deliverHeld(poNo, code);
    await rig.emit('blue-cherry', 'purchase-order.cancelled', { poNo });
    await unlock(rig, fault);
    await answer(rig, workflowId, 'receipt-v1-refused', 'reject', 'fin-2');
    expect(await rig.ended(workflowId)).toMatchObject({ outcome: 'declined' });
    expect(await receivedOn(rig, poNo)).toEqual([]);
  });

  at.test(
    'of more lines than a document takes is posted in parts, each line once, its damage written off in parts',
    async () => {
      const MANY = 130;
      const { poNo, items } = await manyLines(MANY);
      const lines = items.map(({ code }, n) => line(code, 3, { lineNo: n + 1, damagedUnits: 1 }));
      const { workflowId } = await deliver(rig, { poNo, announced: false, lines });
      await rig.started(workflowId);
      await answer(rig, workflowId, 'damaged', 'damaged-by-us', 'wh-1');
      await answer(rig, workflowId, 'write-off', 'approve', 'fin-lead');
      expect(await rig.ended(workflowId)).toMatchObject({ units: 3 * MANY, order: 'closed-for-receiving' });
      expect((await receivedOn(rig, poNo)).sort()).toEqual(
        ['PO receipt POSTED 100', 'PO receipt POSTED 200', 'PO receipt POSTED 30', 'PO receipt POSTED 60'].sort(),
      );
      for (const { item } of [items[0], items[MANY - 1]].flatMap((one) => (one === undefined ? [] : [one])))
        expect(await adjustedOf(rig, item)).toEqual(['-1']);
    },
  );
});

/** A delivery whose receipt the ERP keeps refusing with a lock, so that it waits in our queue. */
async function deliverHeld(poNo: string, code: string): Promise<{ id: string; workflowId: string; fault: string }> {
  const fault = await lockReceipts(rig, poNo);
  const made = await deliver(rig, { poNo, announced: false, lines: [line(code, 8)] });
  await rig.started(made.workflowId);
  await untilPosting(rig, made.workflowId, 'receipt-v1', 'intended');
  return { ...made, fault };
}

/** An order over `count` articles, three of each, all of one style-colour. */
async function manyLines(count: number): Promise<{ poNo: string; items: { item: string; code: string }[] }> {
  const poNo = 'PO-MANY';
  const items = Array.from({ length: count }, (_, n) => ({
    item: `WOM|90001|NVY|||${n + 1}`,
    code: `90001-NVY-${n + 1}`,
  }));
  for (const { item, code } of items)
    await rig.emit('blue-cherry', 'item.added', { sku: item, code, standardCost: '7.50' });
  await rig.emit('blue-cherry', 'purchase-order.raised', {
    ...{ poNo, supplier: 'SUP-7', division: 'WOM', warehouse: '01', currency: 'USD', rate: '0.80' },
    lines: items.map(({ item: sku }) => ({ sku, ordered: 3, unitCost: '8.00' })),
  });
  return { poNo, items };
}
