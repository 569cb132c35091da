import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startRig, type Rig } from '../support/rig.js';

describe('return to stock', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ reset: { scenario: 'trading-day', returns: 0, seed: 3, misbehave: 0 } });
    await rig.emit('blue-cherry', 'order.shipped', {
      placedAt: '2026-01-10T10:00:00Z',
      shippedAt: '2026-01-11T10:00:00Z',
    });
  }, 60_000);
  afterAll(() => rig.close(), 60_000);

  test('a plain return becomes one credit memo and one adjustment, both posted', async () => {
    const made = await rig.emit('archean', 'return.processed');
    const { returnNo } = (made as unknown as { return: { returnNo: string } }).return;
    await rig.started(`return-to-stock:archean:${returnNo}`);
    expect(await rig.ended(`return-to-stock:archean:${returnNo}`)).toMatchObject({ outcome: 'posted', kind: 'plain' });
    const { documents } = await rig.books();
    expect(documents.map((d) => [d.kind, d.status])).toEqual([
      ['credit memo', 'POSTED'],
      ['inventory adjustment', 'POSTED'],
    ]);
  }, 240_000);
});
