/** Deliveries that complete one order between them: it is closed exactly once, opened again, closed again (B3, R-152, R-158). */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { startRig, type Rig } from '../support/rig.js';
import {
  changesOf,
  deliver,
  line,
  order,
  orderState,
  receivedOn,
  untilPosting,
  WITHIN,
  type Delivered,
  type Ordered,
} from './receipts-support.js';
import { LONG_MS } from './support.js';

/** Races in one run, all at once: `npm run test:races` runs a hundred, SELVEDGE_RACES as many as it says. */
const RACES = Number(process.env['SELVEDGE_RACES'] ?? 20);
const EACH = 60_000;

let rig: Rig;
const half = ({ poNo, code }: Ordered, units = 10): Promise<Delivered> =>
  deliver(rig, { poNo, announced: false, lines: [line(code, units)] });

/** Two hundred deliveries are announced at once: the last of them starts late. */
const endOf = async ({ workflowId }: Delivered): Promise<Record<string, unknown>> => {
  await eventually(() => rig.client.workflow.getHandle(workflowId).describe(), { within: WITHIN, every: 250 });
  return rig.ended(workflowId);
};
const closes = (poNo: string): Promise<number> => changesOf(rig, poNo, 'close-receiving');

/** Closing meets this fault until it is taken away. */
const closingFails = async (kind: string, more: object = {}): Promise<string> =>
  ((await rig.fault({ system: 'blue-cherry', operation: 'close-receiving', kind, ...more })) as { id: string }).id;
const mended = (fault: string): Promise<unknown> => rig.control('DELETE', `/_sandbox/faults/${fault}`);

describe('deliveries that race for the end of their order', () => {
  beforeAll(async () => {
    rig = await startRig({
      reset: { scenario: 'trading-day', returns: 0, seed: 5, misbehave: 0 },
      feeds: ['archean.goods-in', 'archean.movements'],
    });
  }, 90_000);
  afterAll(() => rig.close(), 60_000);

  test(
    `close it once each of ${RACES} times; half are reversed, open it again and close it anew; a quarter is amended meanwhile`,
    async () => {
      const one = async (race: number): Promise<void> => {
        const po = await order(rig, 20);
        const two = await Promise.all([half(po), half(po)]);
        if (race % 4 === 2) return amended(po, two);
        const ends = await Promise.all(two.map(endOf));
        expect(ends.map(({ units }) => units)).toEqual([10, 10]);
        expect(ends.map((end) => end['order'])).toContain('closed-for-receiving');
        expect(await orderState(rig, po.poNo)).toBe('CLOSED_RECEIVING 0 of 20 open');
        expect(await closes(po.poNo)).toBe(1);
        if (race % 2 === 0) return;
        const [{ id }] = two;
        await rig.emit('archean', 'goods-in.reversed', { id });
        const undone = await endOf({ id, workflowId: `po-receipt-reversal:archean:${id}:2` });
        expect(undone).toMatchObject({ outcome: 'reversed' });
        expect(await orderState(rig, po.poNo)).toBe('OPEN 10 of 20 open');
        expect(await changesOf(rig, po.poNo, 'reopen')).toBe(1);
        const again = await Promise.all((await Promise.all([half(po, 6), half(po, 4)])).map(endOf));
        expect(again.map((end) => end['order'])).toContain('closed-for-receiving');
        expect(await orderState(rig, po.poNo)).toBe('CLOSED_RECEIVING 0 of 20 open');
        expect(await closes(po.poNo)).toBe(2);
        expect((await receivedOn(rig, po.poNo)).filter((each) => each.endsWith('POSTED 10'))).toHaveLength(2);
      };
      await Promise.all(Array.from({ length: RACES }, (_, race) => one(race)));
    },
    120_000 + RACES * EACH,
  );

  /** Raised as soon as one half is received: whenever that falls, what is raised is received before it is closed for good. */
  async function amended(po: Ordered, two: readonly Delivered[]): Promise<void> {
    const posted = two.map(({ workflowId }) => untilPosting(rig, workflowId, 'receipt-v1', 'posted'));
    await Promise.race(posted);
    await rig.emit('blue-cherry', 'purchase-order.amended', { poNo: po.poNo, lines: [{ poLine: 1, ordered: 25 }] });
    expect((await Promise.all(two.map(endOf))).map(({ units }) => units)).toEqual([10, 10]);
    await Promise.all(posted);
    expect(await orderState(rig, po.poNo)).toBe('OPEN 5 of 25 open');
    expect(await endOf(await half(po, 5))).toMatchObject({ units: 5, order: 'closed-for-receiving' });
    expect(await orderState(rig, po.poNo)).toBe('CLOSED_RECEIVING 0 of 25 open');
    expect((await receivedOn(rig, po.poNo)).sort()).toEqual([
      'PO receipt POSTED 10',
      'PO receipt POSTED 10',
      'PO receipt POSTED 5',
    ]);
  }

  test('amended between receipt and close stays open, and is closed by the delivery that completes it', async () => {
    const fault = await closingFails('status-503', { times: 1_000 });
    const po = await order(rig, 10);
    const first = await half(po);
    await untilPosting(rig, first.workflowId, 'receipt-v1', 'posted');
    await eventually(async () => (await changesOf(rig, po.poNo, 'close-receiving', 'tried')) > 0, { within: LONG_MS });
    await rig.emit('blue-cherry', 'purchase-order.amended', { poNo: po.poNo, lines: [{ poLine: 1, ordered: 15 }] });
    await mended(fault);
    expect(await endOf(first)).toMatchObject({ units: 10, order: 'open' });
    expect([await closes(po.poNo), await orderState(rig, po.poNo)]).toEqual([0, 'OPEN 5 of 15 open']);
    expect(await endOf(await half(po, 5))).toMatchObject({ units: 5, order: 'closed-for-receiving' });
    expect(await closes(po.poNo)).toBe(1);
  }, 200_000);

  test.each(['drop-after', 'drop-before', 'status-500', 'late-landing'])(
    'whose closing meets %s is closed once, and nobody is asked',
    async (kind) => {
      const fault = await closingFails(kind, { times: 1 });
      const po = await order(rig, 10);
      expect(await endOf(await half(po))).toMatchObject({ units: 10, order: 'closed-for-receiving' });
      await mended(fault);
      expect([await closes(po.poNo), await orderState(rig, po.poNo)]).toEqual([1, 'CLOSED_RECEIVING 0 of 10 open']);
    },
    200_000,
  );

  test('whose worker ends and starts again at any moment is received and closed once', async () => {
    const orders = await Promise.all(Array.from({ length: 6 }, () => order(rig, 20)));
    const made = await Promise.all(orders.flatMap((po) => [half(po), half(po)]));
    const ends = Promise.all(made.map(endOf));
    for (const aliveMs of [400, 900, 1_700, 2_600]) {
      await new Promise((resolve) => setTimeout(resolve, aliveMs));
      await rig.stopWorker();
      await rig.startWorker();
    }
    expect((await ends).map(({ units }) => units)).toEqual(made.map(() => 10));
    for (const { poNo } of orders) {
      expect(await receivedOn(rig, poNo)).toEqual(['PO receipt POSTED 10', 'PO receipt POSTED 10']);
      expect(await closes(poNo)).toBe(1);
    }
  }, 300_000);
});
