/** What both workflows of a delivery have in common: its object, its clocks and how its claims are given back. */
import { clear, raise } from '../cases.js';
import { blueCherry, claims, tell } from '../systems.js';
import type { Run } from '../saga/run.js';
import type { GoodsReceived } from './contract.js';

export const shared = {
  object: (input: GoodsReceived) => ({ source: input.source, kind: 'goods-in', key: input.goodsInNo }),
  captured: {
    timer: 'T-08',
    onDue: (run: Run) =>
      raise(run, 'X-01', `Delivery ${run.businessKey} is late in the ERP`, 'a PO receipt in time', 'none yet'),
  },
  absent: {
    timer: 'T-39',
    everyMs: 60_000,
    onDue: (run: Run) =>
      raise(run, 'X-01', 'Goods are in stock, but their delivery has not come', 'a goods-in record', 'its movements'),
    onCome: (run: Run) => clear(run, 'X-01', 'The delivery has come'),
  },
  giveBack: async (run: Run, why: string): Promise<void> => {
    const given = { source: run.source, goodsInNo: run.businessKey, why };
    const { gaveUp } = await tell('Give the units back', claims.giveBackReceipt, given);
    // What it said never arrives may have closed its order.
    for (const poNo of gaveUp) await tell(`Open purchase order ${poNo} again`, blueCherry.reopenForReceiving, { poNo });
  },
};
