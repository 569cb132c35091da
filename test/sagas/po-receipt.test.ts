/** SG-04 on real servers: deliveries become PO receipts, the last one closes the order; the books say so. */
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { startRig, type Rig } from '../support/rig.js';
import { deliver, ledgerOf, line, order, orderState, receivedOn } from './receipts-support.js';
import { answer, askedOf, LONG_MS, sideBySide } from './support.js';

let rig: Rig;
interface Booked {
  kind: string;
  postingDate: string;
  lines: { sku: string; quantity: string }[];
}
const at = sideBySide();

describe('deliveries of purchase orders', () => {
  beforeAll(async () => {
    rig = await startRig({
      reset: { scenario: 'trading-day', returns: 0, seed: 5, misbehave: 0 },
      feeds: ['archean.goods-in', 'archean.movements'],
    });
    at.start();
  }, 90_000);
  afterAll(() => rig.close(), 60_000);

  at.test('one delivery of the whole order is received at its landed value and closes it for receiving', async () => {
    const { poNo, code } = await order(rig, 480);
    const { workflowId } = await deliver(rig, { poNo, lines: [line(code, 40, { uom: 'CTN' })] });
    await rig.started(workflowId);
    expect(await rig.ended(workflowId)).toMatchObject({
      ...{ outcome: 'received', poNo, units: 480, order: 'closed-for-receiving' },
      ...{ goods: { minor: '307200', currency: 'GBP' }, landed: { minor: '52800', currency: 'GBP' } },
    });
    expect(await receivedOn(rig, poNo)).toEqual(['PO receipt POSTED 480']);
    expect(await ledgerOf(rig, poNo)).toEqual({ 1400: '3600.00', 2150: '-3072.00', 2161: '-368.64', 2162: '-159.36' });
    expect(await orderState(rig, poNo)).toBe('CLOSED_RECEIVING 0 of 480 open');
  });

  at.test('two parts add up, and only the second closes the order', async () => {
    const { poNo, code } = await order(rig, 30);
    const first = await deliver(rig, { poNo, lines: [line(code, 20)] });
    await rig.started(first.workflowId);
    expect(await rig.ended(first.workflowId)).toMatchObject({ outcome: 'received', units: 20, order: 'open' });
    const second = await deliver(rig, { poNo, lines: [line(code, 10)] });
    await rig.started(second.workflowId);
    expect(await rig.ended(second.workflowId)).toMatchObject({ units: 10, order: 'closed-for-receiving' });
    expect(await receivedOn(rig, poNo)).toEqual(['PO receipt POSTED 20', 'PO receipt POSTED 10']);
  });

  at.test('what the order takes posts at once; what is too much asks, and sent back it is not received', async () => {
    const { poNo, code } = await order(rig, 10);
    const { workflowId } = await deliver(rig, { poNo, lines: [line(code, 13)] });
    await rig.started(workflowId);
    const { status } = await answer(rig, workflowId, 'extra', 'send-back', 'wh-1');
    expect(status).toBe(200);
    expect(await rig.ended(workflowId)).toMatchObject({ units: 10, order: 'closed-for-receiving' });
    expect(await receivedOn(rig, poNo)).toEqual(['PO receipt POSTED 10']);
  });

  at.test('what is too much is received once the order was raised', async () => {
    const { poNo, code } = await order(rig, 10);
    const { workflowId } = await deliver(rig, { poNo, lines: [line(code, 13)] });
    await rig.started(workflowId);
    await askedOf(rig, workflowId, 'extra');
    await rig.emit('blue-cherry', 'purchase-order.amended', { poNo, lines: [{ poLine: 1, ordered: 13 }] });
    await answer(rig, workflowId, 'extra', 'take', 'wh-1');
    expect(await rig.ended(workflowId)).toMatchObject({ units: 13, order: 'closed-for-receiving' });
    expect((await receivedOn(rig, poNo)).sort()).toEqual(['PO receipt POSTED 10', 'PO receipt POSTED 3']);
  });

  at.test(
    'units we damaged are received, owed and written off once finance agrees; never arrived closes short',
    async () => {
      const { poNo, code, item } = await order(rig, 60);
      const lines = [line(code, 4, { uom: 'CTN', expected: 5, damagedUnits: 5 })];
      const { workflowId } = await deliver(rig, { poNo, lines });
      await rig.started(workflowId);
      await answer(rig, workflowId, 'damaged', 'damaged-by-us', 'wh-1');
      await answer(rig, workflowId, 'write-off', 'approve', 'fin-2');
      await answer(rig, workflowId, 'short', 'never-arrived', 'wh-1');
      expect(await rig.ended(workflowId)).toMatchObject({ units: 48, order: 'closed-for-receiving' });
      expect((await receivedOn(rig, poNo)).sort()).toEqual(['PO receipt POSTED 43', 'PO receipt POSTED 5']);
      expect((await ledgerOf(rig, poNo))['1400']).toBe('360.00');
      const { documents } = (await rig.books()) as unknown as {
        documents: { kind: string; lines: { sku: string; quantity: string }[] }[];
      };
      const off = documents.filter((one) => one.kind === 'inventory adjustment' && one.lines[0]?.sku === item);
      expect(off.map((one) => one.lines[0]?.quantity)).toEqual(['-5']);
      expect(await orderState(rig, poNo)).toBe('CLOSED_RECEIVING 12 of 60 open');
    },
  );

  at.test('a delivery for an order nobody knows asks finance, and goes to the order they name', async () => {
    const { poNo, code } = await order(rig, 6);
    const { workflowId } = await deliver(rig, { poNo: 'PO-GONE', lines: [line(code, 6)] });
    await rig.started(workflowId);
    await answer(rig, workflowId, 'purchase-order', 'other-order', 'fin-2', { poNo });
    expect(await rig.ended(workflowId)).toMatchObject({ poNo, units: 6, order: 'closed-for-receiving' });
    expect(await receivedOn(rig, poNo)).toEqual(['PO receipt POSTED 6']);
  });

  at.test(
    'sixty cartons in two deliveries over a month end: each in its period, ours written off, one never comes',
    async () => {
      const { poNo, code, item } = await order(rig, 720);
      for (const period of ['2026-01', '2026-02'])
        await rig.control('POST', '/_sandbox/blue-cherry/period', { period, state: 'open' });
      const cartons = (received: number, more: object): object => line(code, received, { uom: 'CTN', ...more });
      const first = await deliver(rig, {
        ...{ poNo, more: true, completedAt: '2026-01-31T15:00:00.000Z', completedBy: 'dock-1' },
        lines: [cartons(40, { expected: 60 })],
      });
      await rig.started(first.workflowId);
      expect(await rig.ended(first.workflowId)).toMatchObject({ units: 480, order: 'open' });
      const january = { 1400: '3600.00', 2150: '-3072.00', 2161: '-368.64', 2162: '-159.36' };
      expect(await ledgerOf(rig, poNo)).toEqual(january);

      const second = await deliver(rig, {
        ...{ poNo, completedAt: '2026-02-02T10:00:00.000Z', completedBy: 'dock-1' },
        lines: [cartons(19, { expected: 20, damagedUnits: 5 })],
      });
      await rig.started(second.workflowId);
      await answer(rig, second.workflowId, 'damaged', 'damaged-by-us', 'wh-1');
      const writeOff = await askedOf(rig, second.workflowId, 'write-off');
      expect(writeOff.title).toContain('GBP 37.50');
      await answer(rig, second.workflowId, 'write-off', 'approve', 'fin-2');
      await answer(rig, second.workflowId, 'short', 'never-arrived', 'wh-1');
      expect(await rig.ended(second.workflowId)).toMatchObject({ units: 228, order: 'closed-for-receiving' });
      expect(await orderState(rig, poNo)).toBe('CLOSED_RECEIVING 12 of 720 open');
      // 708 units at 6.40 are owed whoever damaged five of them.
      expect((await ledgerOf(rig, poNo))['2150']).toBe('-4531.20');

      const { documents } = (await rig.books()) as unknown as { documents: Booked[] };
      const dated = documents
        .filter((one) => one.lines.some(({ sku }) => sku === item) && one.kind !== 'purchase order')
        .map((one) => `${one.kind} ${one.postingDate} ${one.lines.map(({ quantity }) => quantity).join()}`);
      expect(dated.sort()).toEqual([
        'PO receipt 2026-01-31 480',
        'PO receipt 2026-02-02 223',
        'PO receipt 2026-02-02 5',
        'inventory adjustment 2026-02-02 -5',
      ]);
    },
  );

  at.test('a carton nobody has stated holds its delivery until the item master states it', async () => {
    const { poNo, code, item } = await order(rig, 24);
    await rig.emit('blue-cherry', 'item.added', { sku: item, code, unitsPerCase: 0 });
    const { workflowId } = await deliver(rig, { poNo, lines: [line(code, 2, { uom: 'CTN' })] });
    await rig.started(workflowId);
    await eventually(async () => (await rig.progress(workflowId)).stage === `held: pack CTN of ${code}`, {
      within: LONG_MS,
      every: 100,
    });
    await rig.emit('blue-cherry', 'item.added', { sku: item, code, unitsPerCase: 12 });
    expect(await rig.ended(workflowId)).toMatchObject({ units: 24, order: 'closed-for-receiving' });
  });

  at.test('a delivery reversed at its source is reversed in the ERP, and its order takes it again', async () => {
    const { poNo, code } = await order(rig, 8);
    const { id, workflowId } = await deliver(rig, { poNo, lines: [line(code, 8)] });
    await rig.started(workflowId);
    expect(await rig.ended(workflowId)).toMatchObject({ order: 'closed-for-receiving' });
    await rig.emit('archean', 'goods-in.reversed', { id });
    const undo = `po-receipt-reversal:archean:${id}:2`;
    await rig.started(undo);
    expect(await rig.ended(undo)).toMatchObject({ outcome: 'reversed', order: 'open' });
    expect((await receivedOn(rig, poNo)).sort()).toEqual(['PO receipt POSTED -8', 'PO receipt POSTED 8']);
    expect(await orderState(rig, poNo)).toBe('OPEN 8 of 8 open');
    const again = await deliver(rig, { poNo, lines: [line(code, 8)] });
    await rig.started(again.workflowId);
    expect(await rig.ended(again.workflowId)).toMatchObject({ units: 8, order: 'closed-for-receiving' });
  });
});
