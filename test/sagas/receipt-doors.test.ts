/** The same delivery through every door (A7): it is received once, also long after its workflow is gone. */
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { sql } from 'kysely';
import { handOnMovement, handOnVersion, startReceipt } from '../../clients/temporal/index.js';
import { receiptProcess } from '../../workflows/po-receipt/contract.js';
import { replayFeed } from '../../store/feeds.js';
import { eventually } from '../support/eventually.js';
import { startRig, type Rig } from '../support/rig.js';
import {
  changesOf,
  deliver,
  faultOnReceipt,
  line,
  order,
  orderState,
  receivedOn,
  sentFor,
  WITHIN,
  type Delivered,
} from './receipts-support.js';
import { casesOf } from './resetting.js';
import { answer, sideBySide } from './support.js';

let rig: Rig;
const at = sideBySide(2 * WITHIN);
const input = ({ id }: Delivered) => ({ source: 'archean' as const, goodsInNo: id });
const changed = ({ id }: Delivered, version: number): string => `po-receipt-reversal:archean:${id}:${version}`;
const UNTIL = { within: WITHIN, every: 100 };

/** As after a crash between handing a page on and noting it: every row of the delivery is handed on once more. */
async function handOnAgain({ id }: Delivered): Promise<void> {
  const rows = sql`(source_id = ${id} or document_id = ${`GOODS_IN/${id}`})`;
  await sql`update event set state = 'new' where ${rows}`.execute(rig.store.db);
  await eventually(async () => {
    const left = await sql<{ n: number }>`select count(*)::int as n from event where state = 'new' and ${rows}`.execute(
      rig.store.db,
    );
    return left.rows[0]?.n === 0;
  }, UNTIL);
}

/** Every door at once, twice where that is possible. */
const everyDoor = async (made: Delivered, version = 1): Promise<void> => {
  await Promise.all([
    startReceipt(rig.client, input(made)),
    startReceipt(rig.client, input(made)),
    handOnVersion(rig.client, receiptProcess, made.id, version),
    handOnMovement(rig.client, receiptProcess, made.id, 'MOV-000001'),
    replayFeed(rig.store.db, 'archean.goods-in', 0, 'ops-1'),
    replayFeed(rig.store.db, 'archean.movements', 0, 'ops-1'),
  ]);
};

/** Its workflow is gone from the server, as after retention. */
async function deleted(workflowId: string): Promise<void> {
  const { workflowService, workflow } = rig.client;
  const { namespace } = rig.temporal;
  await workflowService.deleteWorkflowExecution({ namespace, workflowExecution: { workflowId } });
  const isGone = (): Promise<boolean> =>
    workflow
      .getHandle(workflowId)
      .describe()
      .then(
        () => false,
        () => true,
      );
  await eventually(isGone, UNTIL);
}

describe('every door leads to the same delivery', () => {
  beforeAll(async () => {
    rig = await startRig({
      reset: { scenario: 'trading-day', returns: 0, seed: 3, misbehave: 0 },
      feeds: ['archean.goods-in', 'archean.movements'],
    });
    await rig.control('POST', '/_sandbox/webhook', {
      url: `${rig.ingress.url}/webhooks/archean`,
      secret: rig.env['SELVEDGE_ARCHEAN_WEBHOOK_SECRET'],
    });
    at.start();
  }, 90_000);
  afterAll(() => rig.close(), 60_000);

  at.test(
    'feed, replayed page, webhook, movement and typed client at once: one receipt, its order closed once',
    async () => {
      const { poNo, code } = await order(rig, 8);
      const made = await deliver(rig, { poNo, lines: [line(code, 8)] });
      await everyDoor(made);
      const result = await rig.ended(made.workflowId);
      expect(result).toMatchObject({ outcome: 'received', units: 8, order: 'closed-for-receiving' });
      await handOnAgain(made);
      await everyDoor(made);
      expect(await (await startReceipt(rig.client, input(made))).result()).toEqual(result);
      expect([await receivedOn(rig, poNo), await sentFor(rig, made.workflowId)]).toEqual([
        ['PO receipt POSTED 8'],
        [true],
      ]);
      expect(await changesOf(rig, poNo, 'close-receiving')).toBe(1);
      const { deliveries } = (await rig.control('GET', '/_sandbox/webhooks')) as { deliveries: { status: number }[] };
      expect(deliveries.some((one) => one.status === 200)).toBe(true);
    },
  );

  at.test(
    'a part and its rest, each through every door, whose replies are lost: each received once, in its own name',
    async () => {
      const { poNo, code } = await order(rig, 30);
      await faultOnReceipt(rig, poNo, 'drop-after', { times: 2 });
      const part = await deliver(rig, { poNo, more: true, lines: [line(code, 20, { expected: 30 })] });
      await everyDoor(part);
      expect(await rig.ended(part.workflowId)).toMatchObject({ units: 20, order: 'open' });
      const rest = await deliver(rig, { poNo, lines: [line(code, 10)] });
      await Promise.all([everyDoor(rest), everyDoor(part)]);
      expect(await rig.ended(rest.workflowId)).toMatchObject({ units: 10, order: 'closed-for-receiving' });
      expect(await receivedOn(rig, poNo)).toEqual(['PO receipt POSTED 20', 'PO receipt POSTED 10']);
      expect([await changesOf(rig, poNo, 'close-receiving'), await casesOf(rig, part.workflowId)]).toEqual([1, []]);
    },
  );

  at.test('one taken back is taken back once through every door, and its order opened once', async () => {
    const { poNo, code } = await order(rig, 8);
    const made = await deliver(rig, { poNo, lines: [line(code, 8)] });
    await rig.started(made.workflowId);
    await rig.ended(made.workflowId);
    await rig.emit('archean', 'goods-in.reversed', { id: made.id });
    await everyDoor(made, 2);
    const undo = changed(made, 2);
    await rig.started(undo);
    expect(await rig.ended(undo)).toMatchObject({ outcome: 'reversed' });
    await handOnAgain(made);
    await everyDoor(made, 2);
    expect(await rig.ended(undo)).toMatchObject({ outcome: 'reversed' });
    expect((await receivedOn(rig, poNo)).sort()).toEqual(['PO receipt POSTED -8', 'PO receipt POSTED 8']);
    expect([await changesOf(rig, poNo, 'reopen'), await orderState(rig, poNo)]).toEqual([1, 'OPEN 8 of 8 open']);
  });

  at.test('one whose workflow is gone from history ends with its first result, whatever door', async () => {
    const { poNo, code } = await order(rig, 8);
    const made = await deliver(rig, { poNo, lines: [line(code, 8)] });
    await rig.started(made.workflowId);
    const first = await rig.ended(made.workflowId);
    await deleted(made.workflowId);
    await handOnAgain(made);
    await everyDoor(made);
    expect(await (await startReceipt(rig.client, input(made))).result()).toEqual(first);
    expect([await receivedOn(rig, poNo), await sentFor(rig, made.workflowId)]).toEqual([
      ['PO receipt POSTED 8'],
      [true],
    ]);
    expect(await changesOf(rig, poNo, 'close-receiving')).toBe(1);
  });

  at.test(
    'a correction that comes after that still asks: keep keeps, and a reversal takes back what is kept',
    async () => {
      const { poNo, code } = await order(rig, 8);
      const made = await deliver(rig, { poNo, lines: [line(code, 8)] });
      await rig.started(made.workflowId);
      await rig.ended(made.workflowId);
      await deleted(made.workflowId);
      await rig.emit('archean', 'goods-in.corrected', { id: made.id, lines: [{ lineNo: 1, received: 7 }] });
      await answer(rig, changed(made, 2), 'changed-after-posting', 'keep', 'wh-1');
      expect(await rig.ended(changed(made, 2))).toMatchObject({ outcome: 'kept', units: 8 });
      expect(await receivedOn(rig, poNo)).toEqual(['PO receipt POSTED 8']);
      await rig.emit('archean', 'goods-in.reversed', { id: made.id });
      await rig.started(changed(made, 3));
      expect(await rig.ended(changed(made, 3))).toMatchObject({ outcome: 'reversed' });
      expect(await orderState(rig, poNo)).toBe('OPEN 8 of 8 open');
    },
  );
});
