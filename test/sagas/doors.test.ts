/** The same return through every door, and versions of it before and after it is posted (design: from event to saga). */
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { sql } from 'kysely';
import { handOnMovement, handOnVersion, startReturn } from '../../clients/temporal/index.js';
import { returnProcess } from '../../workflows/return-to-stock/contract.js';
import { replayFeed } from '../../store/feeds.js';
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
  sell,
  sideBySide,
  writesOf,
  type Returned,
  LONG_MS,
  askedOf,
} from './support.js';

let rig: Rig;
const at = sideBySide();
const input = ({ returnNo }: Returned) => ({ source: 'archean' as const, returnNo });
const reversal = ({ returnNo }: Returned, version: number): string =>
  `return-to-stock-reversal:archean:${returnNo}:${version}`;

/** Sells ten of an article and takes `quantity` back; 20.00 net a piece, 24.00 with tax. */
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

/** As after a crash between handing a page on and noting it: every row of the return is handed on once more. */
async function handOnAgain({ returnNo }: Returned): Promise<void> {
  await sql`update event set state = 'new' where source_id = ${returnNo} or document_id = ${`RETURN/${returnNo}`}`.execute(
    rig.store.db,
  );
  await eventually(
    async () => {
      const { rows } = await sql<{ n: number }>`select count(*)::int as n from event
        where state = 'new' and (source_id = ${returnNo} or document_id = ${`RETURN/${returnNo}`})`.execute(
        rig.store.db,
      );
      return rows[0]?.n === 0;
    },
    { within: LONG_MS, every: 100 },
  );
}

/** The server deletes in the background. */
async function deleted(workflowId: string): Promise<void> {
  await rig.client.workflowService.deleteWorkflowExecution({
    namespace: rig.temporal.namespace,
    workflowExecution: { workflowId },
  });
  await eventually(
    () =>
      rig.client.workflow
        .getHandle(workflowId)
        .describe()
        .then(
          () => false,
          () => true,
        ),
    { within: LONG_MS, every: 250 },
  );
}

describe('every door leads to the same return', () => {
  beforeAll(async () => {
    // Under this policy no restock goes ahead of a credit that waits: before posting is before posting.
    rig = await startRig({ policy: 'house', reset: { scenario: 'trading-day', returns: 0, seed: 3, misbehave: 0 } });
    await rig.control('POST', '/_sandbox/webhook', {
      url: `${rig.ingress.url}/webhooks/archean`,
      secret: rig.env['SELVEDGE_ARCHEAN_WEBHOOK_SECRET'],
    });
    at.start();
  }, 90_000);
  afterAll(() => rig.close(), 60_000);

  at.test(
    'feed, replayed page, webhook, movement and typed client at once post one memo and one adjustment',
    async () => {
      const made = await returnOf(0, 2);
      const doors = await Promise.all([
        startReturn(rig.client, input(made)),
        startReturn(rig.client, input(made)),
        handOnVersion(rig.client, returnProcess, made.returnNo, 1),
        handOnMovement(rig.client, returnProcess, made.returnNo, 'MOV-000001'),
        replayFeed(rig.store.db, 'archean.returns', 0, 'ops-1'),
        replayFeed(rig.store.db, 'archean.movements', 0, 'ops-1'),
      ]);
      const result = await doors[0].result();
      expect(result).toMatchObject({ outcome: 'posted' });
      await handOnAgain(made);
      expect(await doors[1].result()).toEqual(result);
      expect(await figuresOf(rig, made.returnNo)).toEqual(bothHalves('48.00', 2));
      const { deliveries } = (await rig.control('GET', '/_sandbox/webhooks')) as { deliveries: { status: number }[] };
      expect(deliveries.some((one) => one.status === 200)).toBe(true);
    },
  );

  at.test('a return whose closed workflow is gone from history ends with its first result, whatever door', async () => {
    const made = await returnOf(1, 3);
    await rig.started(made.workflowId);
    const first = await rig.ended(made.workflowId);
    const refs = new Set((await heldOf(rig, made.returnNo)).map((one) => one.externalRef));
    const writes = async () => (await writesOf(rig)).filter((call) => refs.has(call.externalRef ?? '')).length;
    const before = await writes();
    await deleted(made.workflowId);
    await handOnAgain(made);
    expect(await (await startReturn(rig.client, input(made))).result()).toEqual(first);
    await handOnMovement(rig.client, returnProcess, made.returnNo, 'MOV-000002');
    expect(await figuresOf(rig, made.returnNo)).toEqual(bothHalves('72.00', 3));
    expect(await writes()).toBe(before);
  });

  at.test('a version that comes after the closed workflow is gone still asks, and keep keeps', async () => {
    const made = await returnOf(2, 2);
    await rig.started(made.workflowId);
    await rig.ended(made.workflowId);
    await deleted(made.workflowId);
    await corrected(made, 1);
    const { body } = await answer(rig, reversal(made, 2), 'changed-after-posting', 'keep');
    expect(body).toMatchObject({ state: 'decided' });
    expect(await rig.ended(reversal(made, 2))).toMatchObject({ outcome: 'kept' });
    expect(await figuresOf(rig, made.returnNo)).toEqual(bothHalves('48.00', 2));
  });

  at.test('a correction before posting changes what posts', async () => {
    const made = await returnOf(3, 30);
    await askedOf(rig, made.workflowId, 'credit-limit');
    await corrected(made, 4);
    expect(await rig.ended(made.workflowId)).toMatchObject({ outcome: 'posted', restockUnits: 4 });
    expect(await figuresOf(rig, made.returnNo)).toEqual(bothHalves('96.00', 4));
  });

  at.test(
    'a correction after posting asks; reverse posts contra documents and the new version; the next one asks about that',
    async () => {
      const made = await returnOf(4, 5);
      await rig.started(made.workflowId);
      await rig.ended(made.workflowId);
      await corrected(made, 2);
      await answer(rig, reversal(made, 2), 'changed-after-posting', 'reverse');
      expect(await rig.ended(reversal(made, 2))).toMatchObject({ outcome: 'posted', restockUnits: 2 });
      const after = [
        'credit memo POSTED -120.00',
        'credit memo POSTED 120.00',
        'credit memo POSTED 48.00',
        'inventory adjustment POSTED -5',
        'inventory adjustment POSTED 2',
        'inventory adjustment POSTED 5',
      ];
      expect((await figuresOf(rig, made.returnNo)).sort()).toEqual(after);
      await corrected(made, 1);
      await answer(rig, reversal(made, 3), 'changed-after-posting', 'keep');
      expect(await rig.ended(reversal(made, 3))).toMatchObject({ outcome: 'kept' });
      expect((await figuresOf(rig, made.returnNo)).sort()).toEqual(after);
    },
  );

  at.test('two versions at once after posting are asked about once, as the newest', async () => {
    const made = await returnOf(5, 6);
    await rig.started(made.workflowId);
    await rig.ended(made.workflowId);
    await corrected(made, 3);
    await corrected(made, 1);
    const open = await eventually(
      async () => {
        const { rows } = await sql<{ workflow_id: string; title: string }>`
          select workflow_id, title from "case" where kind = 'question' and state = 'open'
            and business_key = ${made.returnNo} and title like '%version 3%'`.execute(rig.store.db);
        return rows[0];
      },
      { within: LONG_MS, every: 100 },
    );
    await answer(rig, open.workflow_id, 'changed-after-posting', 'reverse');
    await Promise.all(
      [2, 3].map(async (version) => {
        const known = await rig.client.workflow
          .getHandle(reversal(made, version))
          .describe()
          .catch(() => undefined);
        if (known !== undefined) await closed(rig, reversal(made, version));
      }),
    );
    expect((await figuresOf(rig, made.returnNo)).sort()).toEqual(
      [...bothHalves('144.00', 6), ...bothHalves('-144.00', -6), ...bothHalves('24.00', 1)].sort(),
    );
  });

  at.test('a return withdrawn before posting leaves nothing in the books', async () => {
    const made = await returnOf(6, 30);
    await askedOf(rig, made.workflowId, 'credit-limit');
    await comeBack(rig, { returnNo: made.returnNo }, 'return.withdrawn');
    expect(await rig.ended(made.workflowId)).toMatchObject({ outcome: 'declined' });
    expect(await figuresOf(rig, made.returnNo)).toEqual([]);
  });

  at.test('a return withdrawn after posting asks: reverse takes both halves back, keep keeps them', async () => {
    const [undone, kept] = await Promise.all([returnOf(7, 2), returnOf(8, 3)]);
    await Promise.all(
      [undone, kept].map(async (made) => {
        await rig.started(made.workflowId);
        await rig.ended(made.workflowId);
        await comeBack(rig, { returnNo: made.returnNo }, 'return.withdrawn');
      }),
    );
    await answer(rig, reversal(undone, 2), 'changed-after-posting', 'reverse');
    await answer(rig, reversal(kept, 2), 'changed-after-posting', 'keep', 'fin-3');
    expect(await rig.ended(reversal(undone, 2))).toMatchObject({ outcome: 'declined' });
    expect(await rig.ended(reversal(kept, 2))).toMatchObject({ outcome: 'kept' });
    expect((await figuresOf(rig, undone.returnNo)).sort()).toEqual(
      [...bothHalves('48.00', 2), ...bothHalves('-48.00', -2)].sort(),
    );
    expect(await figuresOf(rig, kept.returnNo)).toEqual(bothHalves('72.00', 3));
  });

  at.test('a withdrawal in another currency is judged by what it is in the base currency', async () => {
    const { orderNo } = await sell(rig, [{ sku: article(9).sku, quantity: 2, unitPrice: '20.00' }], undefined, 'EUR');
    const made = await comeBack(rig, { lines: [{ orderNo, orderLine: 1, quantity: 2 }] });
    await rig.started(made.workflowId);
    await rig.ended(made.workflowId);
    await comeBack(rig, { returnNo: made.returnNo }, 'return.withdrawn');
    const { body } = await answer(rig, reversal(made, 2), 'changed-after-posting', 'reverse');
    expect(body['error']).toBeUndefined();
    expect(await rig.ended(reversal(made, 2))).toMatchObject({ outcome: 'declined' });
    const left = (await heldOf(rig, made.returnNo)).filter((one) => one.reverses === null && one.reversedBy === null);
    expect(left).toEqual([]);
  });
});
