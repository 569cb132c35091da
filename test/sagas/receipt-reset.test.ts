/** `temporal workflow reset` of a delivery (A8): what was received stays, what was answered stays answered. */
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { startRig, type Rig } from '../support/rig.js';
import { deliver, ledgerOf, line, order, orderState, receivedOn, sentFor, untilPosting } from './receipts-support.js';
import { resetTo } from './resetting.js';
import { answer, askedOf, sideBySide } from './support.js';

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
});
