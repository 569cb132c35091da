import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { takenLanes } from '../../store/lanes.js';
import { externalRefOf } from '../../activities/posting/reference.js';
import { postingByRef } from '../../store/postings.js';
import { openCases } from '../../bin/day/evidence.js';
import { eventually } from '../support/eventually.js';
import { startRig, type Rig } from '../support/rig.js';
import { article, comeBack, figuresOf, holdCycles, releaseCycles, sell } from './support.js';

describe('a saga that an operator terminates', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ reset: { scenario: 'trading-day', returns: 0, seed: 5, misbehave: 0 } });
  }, 60_000);
  afterAll(() => rig.close(), 60_000);

  test('while its posting is sent leaves no lane taken, its document posted once, and a case with an owner', async () => {
    const { sku, code } = article(0);
    const order = await sell(rig, [{ sku, quantity: 1, unitPrice: '20.00' }]);
    // The order is invoiced; then the reply is lost and no cycle comes: the outcome of the credit stays unknown.
    await rig.control('POST', '/_sandbox/blue-cherry/cycle', { do: 'run' });
    await holdCycles(rig);
    await rig.fault({ operation: 'credit-memo', kind: 'drop-after', times: 1 });
    await rig.fault({ operation: 'transactions', kind: 'lookup-lag', forMs: 600_000 });
    const back = await comeBack(rig, {
      customer: order.customer,
      lines: [{ orderNo: order.orderNo, orderLine: 1, sku: code, quantity: 1, refundUnitPrice: '20.00' }],
    });
    const externalRef = externalRefOf(`${back.workflowId}/credit-memo`, 1);
    await eventually(async () => (await postingByRef(rig.store.db, externalRef))?.state === 'sent', {
      within: 60_000,
      every: 50,
    });
    expect(await takenLanes(rig.store.db, 'main')).not.toEqual([]);
    await rig.client.workflow.getHandle(back.workflowId).terminate('an operator');
    await rig.control('DELETE', '/_sandbox/faults');
    await releaseCycles(rig);

    const open = await eventually(
      async () => (await openCases(rig.store.db)).find(({ keys }) => keys.includes(back.returnNo)),
      { within: 60_000, every: 200 },
    );
    expect(open).toMatchObject({ code: 'X-37', owner: 'finance' });
    await eventually(async () => (await takenLanes(rig.store.db, 'main')).length === 0, { within: 60_000, every: 200 });
    await eventually(async () => (await postingByRef(rig.store.db, externalRef))?.state === 'posted', {
      within: 60_000,
      every: 200,
    });
    const credits = (await figuresOf(rig, back.returnNo)).filter((figure) => figure.startsWith('credit memo'));
    expect(credits).toEqual(['credit memo POSTED 24.00']);
  }, 240_000);
});
