/** The paths of a purchase order on its way to the warehouse of which a history is kept. */
import { ensureStanding } from '../../clients/temporal/index.js';
import { readFeed, startFeed } from '../../store/feeds.js';
import type { Rig } from '../support/rig.js';
import { order } from '../sagas/receipts-support.js';
import { closed } from '../sagas/support.js';
import { WITHIN } from '../sagas/steps-support.js';
import type { Path } from './paths.js';

const FEED = 'blue-cherry.purchase-orders';

/** Orders of other paths are received unannounced: the feed begins with the first that needs it. */
async function raised(rig: Rig): Promise<string> {
  const { state } = (await readFeed(rig.store.db, FEED)) ?? {};
  if (state === 'not-started') await startFeed(rig.store.db, FEED, Date.now() - 1, 'rig');
  await ensureStanding(rig.client, [FEED]);
  return (await order(rig, 48)).poNo;
}

async function ended(rig: Rig, workflowId: string): Promise<string> {
  await rig.started(workflowId);
  await closed(rig, workflowId, WITHIN);
  return workflowId;
}

const announced = async (rig: Rig): Promise<string> => {
  const poNo = await raised(rig);
  await ended(rig, `expected-receipt:blue-cherry:${poNo}`);
  return poNo;
};

export const EXPECTED_PATHS: Record<string, Path> = {
  announced: async (rig) => `expected-receipt:blue-cherry:${await announced(rig)}`,
  amended: async (rig) => {
    const poNo = await announced(rig);
    await rig.emit('blue-cherry', 'purchase-order.amended', { poNo, lines: [{ poLine: 1, ordered: 60 }] });
    return ended(rig, `expected-receipt-reversal:blue-cherry:${poNo}:2`);
  },
  cancelled: async (rig) => {
    const poNo = await announced(rig);
    await rig.emit('blue-cherry', 'purchase-order.cancelled', { poNo });
    return ended(rig, `expected-receipt-reversal:blue-cherry:${poNo}:2`);
  },
};
