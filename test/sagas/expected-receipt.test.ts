/** R-157 on real servers: purchase orders become expected goods-in of the warehouse; its books say so. */
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { sql } from 'kysely';
import { releaseCause } from '../../activities/desk/causes.js';
import { externalRefOf } from '../../activities/posting/reference.js';
import { pointOf, seqOf } from '../../bin/reads/feed-point.js';
import { createArcheanClient, type ArcheanClient } from '../../clients/archean/client.js';
import { ArcheanGoodsIn } from '../../clients/archean/schema.js';
import { createBlueCherryClient } from '../../clients/blue-cherry/client.js';
import { createHttp } from '../../clients/http/index.js';
import { pauseFeed, resumeFeed } from '../../store/feeds.js';
import { addMapping, confirmMapping } from '../../store/mapping-changes.js';
import { causeIsGone } from '../../store/mapping-causes.js';
import { sagaDoor } from '../../workers/sagas.js';
import { eventually } from '../support/eventually.js';
import { startRig, type Rig } from '../support/rig.js';
import { order, orderState, receivedOn } from './receipts-support.js';
import { answer, askedOf, LONG_MS, sideBySide, type Call } from './support.js';

let rig: Rig;
const at = sideBySide();

const FEED = 'blue-cherry.purchase-orders';

const archeanOf = ({ config }: Rig): ArcheanClient =>
  createArcheanClient(
    createHttp({ baseUrl: config.archean.url, timeoutMs: config.archean.timeoutMs, headers: {} }),
    config.archean,
  );
const orderOf = (poNo: string): Promise<unknown> =>
  createBlueCherryClient(
    createHttp({
      baseUrl: rig.config.blueCherry.url,
      timeoutMs: 2_000,
      headers: { 'x-api-key': rig.config.blueCherry.key },
    }),
  ).readPurchaseOrder(poNo);
const holdFeed = (how: 'pause' | 'resume'): Promise<unknown> =>
  (how === 'pause' ? pauseFeed : resumeFeed)(rig.store.db, FEED, 'int-1');

/** Every goods-in record of an order in the warehouse's books, oldest number first. */
async function recordsOf(poNo: string): Promise<ArcheanGoodsIn[]> {
  const { documents } = (await rig.books('archean')) as unknown as {
    documents: { number: string; poNo: string | null }[];
  };
  const numbers = documents.filter((one) => one.poNo === poNo).map((one) => one.number);
  const client = archeanOf(rig);
  return Promise.all(numbers.sort().map(async (number) => ArcheanGoodsIn.parse(await client.findGoodsIn(number))));
}
const words = ({ state, version, location, lines }: ArcheanGoodsIn): string =>
  `${state} ${version} ${location} ${lines.map((one) => `${one.lineNo}: ${one.expected} × ${one.sku}`).join(', ')}`;
const heldOf = async (poNo: string): Promise<string[]> => (await recordsOf(poNo)).map(words);
const saga = (poNo: string): string => `expected-receipt:blue-cherry:${poNo}`;
const changed = (poNo: string, revision: number): string => `expected-receipt-reversal:blue-cherry:${poNo}:${revision}`;

async function announced(ordered: number, more: object = {}): Promise<{ poNo: string; code: string; item: string }> {
  const made = { ...(await order(rig, ordered, more)), ...more };
  await rig.started(saga(made.poNo));
  return made;
}
async function ended(workflowId: string): Promise<{ [key: string]: unknown }> {
  await rig.started(workflowId);
  return rig.ended(workflowId);
}
const amend = (poNo: string, ordered: number): Promise<unknown> =>
  rig.emit('blue-cherry', 'purchase-order.amended', { poNo, lines: [{ poLine: 1, ordered }] });

interface Row {
  version: number;
  state: string;
  reason: string | null;
}
const inboxOf = async (poNo: string): Promise<Row[]> =>
  (
    await sql<Row>`select version, state, reason from event
      where kind = 'purchase-order' and source_id = ${poNo} order by version`.execute(rig.store.db)
  ).rows;

describe('purchase orders flow to the warehouse', () => {
  beforeAll(async () => {
    rig = await startRig({
      reset: { scenario: 'trading-day', returns: 0, seed: 5, misbehave: 0 },
      feeds: ['blue-cherry.purchase-orders', 'archean.goods-in', 'archean.movements'],
    });
    at.start();
  }, 90_000);
  afterAll(() => rig.close(), 60_000);

  at.test('a raised order is announced with its lines, once', async () => {
    const { poNo, code } = await announced(480);
    const result = await ended(saga(poNo));
    expect(result).toMatchObject({ outcome: 'announced', poNo, revision: 1, location: 'FC-UK-1', units: 480 });
    expect(await heldOf(poNo)).toEqual([`EXPECTED 1 FC-UK-1 1: 480 × ${code}`]);
    expect((await recordsOf(poNo))[0]?.id).toBe(result['goodsIn']);
  });

  at.test('an amended order amends what was announced; a cancelled one takes it back', async () => {
    const { poNo, code } = await announced(30);
    expect(await ended(saga(poNo))).toMatchObject({ outcome: 'announced' });
    await amend(poNo, 42);
    expect(await ended(changed(poNo, 2))).toMatchObject({ outcome: 'amended', units: 42 });
    expect(await heldOf(poNo)).toEqual([`EXPECTED 2 FC-UK-1 1: 42 × ${code}`]);
    await rig.emit('blue-cherry', 'purchase-order.cancelled', { poNo });
    expect(await ended(changed(poNo, 3))).toMatchObject({ outcome: 'cancelled', units: 0 });
    expect(await heldOf(poNo)).toEqual([`CANCELLED 3 FC-UK-1 1: 42 × ${code}`]);
  });

  at.test('a delivery that names its announcement is received, and makes no saga of its order', async () => {
    const { poNo } = await announced(24);
    const { goodsIn: id } = await ended(saga(poNo));
    await rig.emit('archean', 'goods-in.completed', { id });
    expect(await ended(`po-receipt:archean:${String(id)}`)).toMatchObject({ units: 24, order: 'closed-for-receiving' });
    expect(await receivedOn(rig, poNo)).toEqual(['PO receipt POSTED 24']);
    expect(await orderState(rig, poNo)).toBe('CLOSED_RECEIVING 0 of 24 open');
    const rows = await eventually(
      async () => {
        const found = await inboxOf(poNo);
        return found.length > 1 ? found : undefined;
      },
      { within: LONG_MS },
    );
    expect(rows[0]).toEqual({ version: 1, state: 'started', reason: null });
    for (const row of rows.slice(1))
      expect(row).toMatchObject({ state: 'ignored', reason: 'changes nothing a warehouse expects' });
    expect(await recordsOf(poNo)).toHaveLength(1);
  });

  at.test('what is still to come after a part is amended on the record that waits for it', async () => {
    const { poNo, code } = await announced(60);
    const { goodsIn: id } = await ended(saga(poNo));
    await rig.emit('archean', 'goods-in.completed', { id, more: true, lines: [{ lineNo: 1, received: 20 }] });
    await ended(`po-receipt:archean:${String(id)}`);
    await amend(poNo, 70);
    const { revision } = (await orderOf(poNo)) as { revision: number };
    expect(await ended(changed(poNo, revision))).toMatchObject({ outcome: 'amended', units: 50 });
    expect((await heldOf(poNo))[1]).toBe(`EXPECTED 2 FC-UK-1 1: 50 × ${code}`);
  });

  at.test('an order raised no further than what has come is too late to tell', async () => {
    const { poNo } = await announced(10);
    const { goodsIn: id } = await ended(saga(poNo));
    await rig.emit('archean', 'goods-in.completed', { id });
    await ended(`po-receipt:archean:${String(id)}`);
    await rig.emit('blue-cherry', 'purchase-order.amended', { poNo, lines: [{ poLine: 1, ordered: 9 }] });
    const { revision } = (await orderOf(poNo)) as { revision: number };
    expect(await ended(changed(poNo, revision))).toMatchObject({ outcome: 'too-late', goodsIn: '' });
  });

  at.test('a warehouse that no location stands for holds the order, and a confirmed row releases it', async () => {
    const { poNo, code } = await announced(12, { warehouse: '05' });
    const cause = { code: 'X-03', cause: 'warehouse 05' };
    await eventually(
      async () => {
        const { rows } = await sql<{ n: number }>`select count(*)::int as n from case_hold h
          join "case" c on c.id = h.case_id where c.cause = ${cause.cause} and h.released_at is null`.execute(
          rig.store.db,
        );
        return rows[0]?.n === 1;
      },
      { within: LONG_MS },
    );
    expect(await heldOf(poNo)).toEqual([]);
    const row = await addMapping(rig.store.db, {
      kind: 'location',
      values: {
        source: 'archean',
        location: 'FC-POP',
        warehouse: '05',
        non_sellable_warehouse: '09',
        divisions: ['WOM'],
      },
      validFrom: '2000-01-01',
      why: 'pop-up centre',
      by: 'wh-1',
    });
    const { solved } = await confirmMapping(rig.store.db, { kind: 'location', id: row.id, by: 'wh-2' });
    expect(solved).toContainEqual(expect.objectContaining(cause));
    const deps = { db: rig.store.db, isSolved: causeIsGone, sagas: sagaDoor(rig.client) };
    for (const each of solved) await releaseCause(deps, each, 'wh-2');
    expect(await ended(saga(poNo))).toMatchObject({ outcome: 'announced', location: 'FC-POP' });
    expect(await heldOf(poNo)).toEqual([`EXPECTED 1 FC-POP 1: 12 × ${code}`]);
  });

  at.test('a request that was lost and a reply that was lost announce once', async () => {
    for (const kind of ['drop-before', 'drop-after'])
      await rig.fault({ system: 'archean', operation: 'expectGoodsIn', kind, times: 1, match: { poNo: 'PO-LOST' } });
    const { code } = await announced(36, { poNo: 'PO-LOST' });
    expect(await ended(saga('PO-LOST'))).toMatchObject({ outcome: 'announced' });
    expect(await heldOf('PO-LOST')).toEqual([`EXPECTED 1 FC-UK-1 1: 36 × ${code}`]);
    const { calls } = (await rig.control('GET', '/_sandbox/calls/archean')) as { calls: Call[] };
    const externalRef = externalRefOf(`${saga('PO-LOST')}/announce`, 1);
    const sent = calls.filter((call) => call.operation === 'expectGoodsIn' && call.externalRef === externalRef);
    expect(sent.map(({ stored }) => stored)).toEqual([false, true]);
  });

  at.test('a reference that was used for another order asks, and declined the order stays untold', async () => {
    const client = archeanOf(rig);
    await client.expectGoodsIn({
      ...{ externalRef: externalRefOf(`${saga('PO-TAKEN')}/announce`, 1), poNo: 'PO-ELSE', location: 'FC-UK-1' },
      lines: [{ lineNo: 1, sku: 'X', expected: 1, uom: 'EA' }],
    });
    await announced(5, { poNo: 'PO-TAKEN' });
    await answer(rig, saga('PO-TAKEN'), 'announcement-refused', 'retry', 'fin-2');
    await eventually(async () => (await askedOf(rig, saga('PO-TAKEN'), 'announcement-refused')).asking === 2, {
      within: LONG_MS,
    });
    const { status } = await answer(rig, saga('PO-TAKEN'), 'announcement-refused', 'reject', 'fin-2');
    expect(status).toBe(200);
    expect(await rig.ended(saga('PO-TAKEN'))).toMatchObject({ outcome: 'declined', why: 'looked at and agreed' });
    expect(await heldOf('PO-TAKEN')).toEqual([]);
  });

  at.test('an order that was closed when first seen is kept and nobody is told', async () => {
    await holdFeed('pause');
    await order(rig, 6, { poNo: 'PO-CLOSED' });
    await rig.control('POST', '/_sandbox/blue-cherry/edit', { document: 'PO-CLOSED', set: { status: 'CLOSED' } });
    await holdFeed('resume');
    const rows = await eventually(
      async () => {
        const found = await inboxOf('PO-CLOSED');
        return found.length > 0 ? found : undefined;
      },
      { within: LONG_MS },
    );
    expect(rows.map(({ state, reason }) => `${state}: ${reason ?? ''}`)).toEqual([
      'ignored: CLOSED when first seen: nothing is to be expected of it',
    ]);
    expect(await heldOf('PO-CLOSED')).toEqual([]);
  });

  at.test('the feed starts from a day or from now, by the clock of the ERP', async () => {
    const { poNo } = await announced(3);
    const { modifiedAt } = (await orderOf(poNo)) as { modifiedAt: string };
    const of = (text: string): Promise<number> => seqOf(pointOf(text), FEED, rig.config, rig.store.db);
    expect(await of('now')).toBeGreaterThanOrEqual(Date.parse(modifiedAt));
    expect(await of('2001-01-01')).toBeLessThan(Date.parse(modifiedAt));
  });
});
