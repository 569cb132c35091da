/** What happens to a return in the middle of things: stopped by force, overtaken while a document is on its way, changed as it ends. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { returnEvent } from '../../activities/intake/sources/returns.js';
import { startReturn } from '../../clients/temporal/index.js';
import { pauseFeed, resumeFeed } from '../../store/feeds.js';
import { insertEvents } from '../../store/inbox.js';
import { lockFor } from '../../store/locks.js';
import { eventually } from '../support/eventually.js';
import { startRig, type Rig } from '../support/rig.js';
import {
  answer,
  article,
  bothHalves,
  closed,
  comeBack,
  figuresOf,
  heldOf,
  holdCycles,
  releaseCycles,
  sell,
  writesOf,
  type Returned,
  LONG_MS,
  askedOf,
} from './support.js';

let rig: Rig;
const input = ({ returnNo }: Returned) => ({ source: 'archean' as const, returnNo });

async function returnOf(index: number, quantity: number): Promise<Returned & { orderNo: string }> {
  const { orderNo } = await sell(rig, [{ sku: article(index).sku, quantity: 60, unitPrice: '20.00' }]);
  const made = await comeBack(rig, { lines: [{ orderNo, orderLine: 1, quantity }] });
  return { ...made, orderNo };
}
const corrected = (to: Returned & { orderNo: string }, quantity: number): Promise<Returned> =>
  comeBack(
    rig,
    { returnNo: to.returnNo, lines: [{ orderNo: to.orderNo, orderLine: 1, quantity }] },
    'return.corrected',
  );

/** Waits until the ERP has taken this many documents of a return, whatever became of them. */
const taken = ({ returnNo }: Returned, documents: number): Promise<unknown> =>
  eventually(async () => (await heldOf(rig, returnNo)).length >= documents, { within: LONG_MS, every: 50 });

const finishing = (workflowId: string): Promise<unknown> =>
  eventually(
    async () => {
      const { raw } = await rig.client.workflow.getHandle(workflowId).describe();
      return (raw.pendingActivities ?? []).some(
        (one) => one.activityType?.name === 'intake.finish' && one.attempt === 1,
      );
    },
    { within: LONG_MS, every: 50 },
  );

describe('a return in the middle of things', () => {
  beforeAll(async () => {
    rig = await startRig({ policy: 'house', reset: { scenario: 'trading-day', returns: 0, seed: 5, misbehave: 0 } });
  }, 90_000);
  afterAll(() => rig.close(), 60_000);

  test('terminated while its memo is queued, and between its halves, it goes on where it was when it is started again', async () => {
    await holdCycles(rig);
    const queued = await returnOf(0, 2);
    await taken(queued, 1);
    await rig.client.workflow.getHandle(queued.workflowId).terminate('an operator stopped it');
    await releaseCycles(rig);
    await eventually(async () => (await figuresOf(rig, queued.returnNo)).join() === 'credit memo POSTED 48.00', {
      within: LONG_MS,
      every: 50,
    });
    const before = (await writesOf(rig)).length;
    const result = await (await startReturn(rig.client, input(queued))).result();
    expect(result).toMatchObject({ outcome: 'posted', restockUnits: 2 });
    expect(await figuresOf(rig, queued.returnNo)).toEqual(bothHalves('48.00', 2));
    expect((await writesOf(rig)).length).toBe(before + 1);
  }, 120_000);

  test('terminated with a question open, it asks the same asking again and takes its answer', async () => {
    const made = await returnOf(1, 30);
    const first = await askedOf(rig, made.workflowId, 'credit-limit');
    await rig.client.workflow.getHandle(made.workflowId).terminate('an operator stopped it');
    await startReturn(rig.client, input(made));
    const again = await askedOf(rig, made.workflowId, 'credit-limit');
    expect(again).toMatchObject({ asking: first.asking, caseId: first.caseId, shown: first.shown });
    const { body } = await answer(rig, made.workflowId, 'credit-limit', 'approve');
    expect(body).toMatchObject({ state: 'decided' });
    expect(await rig.ended(made.workflowId)).toMatchObject({ outcome: 'posted' });
    expect(await figuresOf(rig, made.returnNo)).toEqual(bothHalves('720.00', 30));
  }, 120_000);

  test('a correction that comes while the memo is on its way waits for it, then asks; reverse posts the new version', async () => {
    await holdCycles(rig);
    const made = await returnOf(2, 3);
    await taken(made, 1);
    await corrected(made, 1);
    await eventually(
      async () => {
        const { rows } = await sql<{ n: number }>`select count(*)::int as n from event
          where source_id = ${made.returnNo} and state = 'started'`.execute(rig.store.db);
        return rows[0]?.n === 2;
      },
      { within: LONG_MS },
    );
    await releaseCycles(rig);
    const { body } = await answer(rig, made.workflowId, 'changed-after-posting', 'reverse');
    expect(body).toMatchObject({ state: 'decided' });
    expect(await rig.ended(made.workflowId)).toMatchObject({ outcome: 'posted', restockUnits: 1 });
    const left = (await heldOf(rig, made.returnNo)).filter((one) => one.reverses === null && one.reversedBy === null);
    expect(left.map((one) => one.amount ?? one.lines[0]?.quantity).sort()).toEqual(['1', '24.00']);
  }, 120_000);

  test('a version written in the last moment, before the end or after it, is asked about and not lost', async () => {
    for (const order of ['before', 'after'] as const) {
      await holdCycles(rig);
      const made = await returnOf(order === 'before' ? 3 : 4, 4);
      await taken(made, 1);
      await pauseFeed(rig.store.db, 'archean.returns', 'ops-1');
      const { row } = await corrected(made, 2);
      const event = returnEvent(row, rig.config.calendar.zone, new Date());
      await rig.store.db.transaction().execute(async (tx) => {
        // Held on purpose for as long as two cycles take, longer than the store lets a transaction idle.
        await sql`set local idle_in_transaction_session_timeout = 0`.execute(tx);
        await lockFor(tx, 'event', [`archean/return/${made.returnNo}`]);
        await releaseCycles(rig);
        await finishing(made.workflowId);
        if (order === 'before') await insertEvents(tx, [event]);
      });
      if (order === 'after') expect(await rig.ended(made.workflowId)).toMatchObject({ outcome: 'posted' });
      await resumeFeed(rig.store.db, 'archean.returns', 'ops-1');
      const asks = order === 'before' ? made.workflowId : `return-to-stock-reversal:archean:${made.returnNo}:2`;
      await rig.started(asks);
      await answer(rig, asks, 'changed-after-posting', 'reverse', order === 'before' ? 'fin-2' : 'fin-3');
      await closed(rig, asks);
      const left = (await heldOf(rig, made.returnNo)).filter((one) => one.reverses === null && one.reversedBy === null);
      expect([order, ...left.map((one) => one.amount ?? one.lines[0]?.quantity).sort()]).toEqual([order, '2', '48.00']);
    }
  }, 200_000);
});
