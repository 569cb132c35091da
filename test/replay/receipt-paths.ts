/** The paths of a delivery of which a history is kept. */
import type { Rig } from '../support/rig.js';
import { deliver, line, order } from '../sagas/receipts-support.js';
import { answer, askedOf, closed } from '../sagas/support.js';
import { WITHIN } from '../sagas/steps-support.js';
import type { Path } from './paths.js';

async function ended(rig: Rig, workflowId: string): Promise<string> {
  await rig.started(workflowId);
  await closed(rig, workflowId, WITHIN);
  return workflowId;
}

export const RECEIPT_PATHS: Record<string, Path> = {
  whole: async (rig) => {
    const { poNo, code } = await order(rig, 480);
    return ended(rig, (await deliver(rig, { poNo, lines: [line(code, 40, { uom: 'CTN' })] })).workflowId);
  },
  'part-then-rest': async (rig) => {
    const { poNo, code } = await order(rig, 30);
    await ended(rig, (await deliver(rig, { poNo, lines: [line(code, 20)] })).workflowId);
    return ended(rig, (await deliver(rig, { poNo, lines: [line(code, 10)] })).workflowId);
  },
  'damaged-and-short': async (rig) => {
    const { poNo, code } = await order(rig, 60);
    const lines = [line(code, 4, { uom: 'CTN', expected: 5, damagedUnits: 5 })];
    const { workflowId } = await deliver(rig, { poNo, lines });
    await rig.started(workflowId);
    await answer(rig, workflowId, 'damaged', 'damaged-by-us', 'wh-1');
    await answer(rig, workflowId, 'write-off', 'approve', 'fin-2');
    await answer(rig, workflowId, 'short', 'never-arrived', 'wh-1');
    return ended(rig, workflowId);
  },
  'extra-taken': async (rig) => {
    const { poNo, code } = await order(rig, 10);
    const { workflowId } = await deliver(rig, { poNo, lines: [line(code, 13)] });
    await rig.started(workflowId);
    await askedOf(rig, workflowId, 'extra');
    await rig.emit('blue-cherry', 'purchase-order.amended', { poNo, lines: [{ poLine: 1, ordered: 13 }] });
    await answer(rig, workflowId, 'extra', 'take', 'wh-1');
    return ended(rig, workflowId);
  },
  'other-order': async (rig) => {
    const { poNo, code } = await order(rig, 6);
    const { workflowId } = await deliver(rig, { poNo: 'PO-GONE', lines: [line(code, 6)] });
    await rig.started(workflowId);
    await answer(rig, workflowId, 'purchase-order', 'other-order', 'fin-2', { poNo });
    return ended(rig, workflowId);
  },
  reversed: async (rig) => {
    const { poNo, code } = await order(rig, 8);
    const { id, workflowId } = await deliver(rig, { poNo, lines: [line(code, 8)] });
    await ended(rig, workflowId);
    await rig.emit('archean', 'goods-in.reversed', { id });
    return ended(rig, `po-receipt-reversal:archean:${id}:2`);
  },
  'sent-back': async (rig) => {
    const { poNo, code } = await order(rig, 8);
    const { id, workflowId } = await deliver(rig, { poNo, lines: [line(code, 8)] });
    await ended(rig, workflowId);
    await rig.emit('blue-cherry', 'supplier-invoice.received', { poNo });
    await rig.emit('archean', 'goods-in.reversed', { id });
    const undo = `po-receipt-reversal:archean:${id}:2`;
    await rig.started(undo);
    await answer(rig, undo, 'supplier-return', 'return-to-supplier', 'fin-2');
    await answer(rig, undo, 'debit-note', 'claimed', 'pay-1');
    return ended(rig, undo);
  },
};
