import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startRig, type Rig } from '../support/rig.js';
import { backupOf } from '../support/set-back.js';
import { eventually } from '../support/eventually.js';
import { reliance } from '../../store/watch.js';
import { article, bothHalves, closed, comeBack, figuresOf, sell, writesOf, type Returned } from '../sagas/support.js';

const MINUTE = 60_000;

describe('a store that was set back under running workers', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ reset: { scenario: 'trading-day', returns: 0, seed: 5, misbehave: 0 } });
  }, MINUTE);
  afterAll(() => rig.close(), MINUTE);

  const one = async (n: number): Promise<Returned> => {
    const { sku, code } = article(n);
    const sale = await sell(rig, [{ sku, quantity: 2, unitPrice: '20.00' }]);
    return comeBack(rig, {
      customer: sale.customer,
      lines: [{ orderNo: sale.orderNo, orderLine: 1, sku: code, quantity: 1, refundUnitPrice: '20.00' }],
    });
  };

  test(
    'holds everything before a document leaves',
    async () => {
      const before = await one(0);
      await closed(rig, before.workflowId);
      const backup = await backupOf(rig.database);
      const after = await one(1);
      await closed(rig, after.workflowId);
      expect(await figuresOf(rig, after.returnNo)).toEqual(bothHalves('24.00', 1));
      const sent = (await writesOf(rig)).length;
      await backup.putBack();
      const late = await one(2);
      await eventually(async () => (await reliance(rig.store.db)).state === 'restored', { within: 20_000 });
      await new Promise((done) => setTimeout(done, 8_000));
      expect((await writesOf(rig)).length).toBe(sent);
      expect(await figuresOf(rig, late.returnNo)).toEqual([]);
      await backup.drop();
    },
    3 * MINUTE,
  );
});
