import { afterEach, describe, expect, test } from '@jest/globals';
import { ArcheanGoodsIn } from '../../clients/archean/schema.js';
import { DEVELOPMENT_PROFILE } from '../../sandbox/blue-cherry/index.js';
import type { Reckoned } from '../../sandbox/reckoning/index.js';
import { playScenario, RECEIPT_CLASSES, type ReceiptClass, type Scenario } from '../../sandbox/scenarios/index.js';
import { createSystems } from './scenario-systems.js';

type Systems = ReturnType<typeof createSystems>;
interface Options {
  name?: string;
  returns?: number;
  receipts?: number;
  spreadMs?: number;
}

const open: { scenario: Scenario; systems: Systems }[] = [];
afterEach(async () => {
  for (const { scenario, systems } of open.splice(0)) {
    scenario.stop();
    await systems.blueCherry.close();
  }
});

/** Plays a day of deliveries; `before` happens once its orders are raised, ahead of the first delivery. */
async function play(seed: number, options: Options = {}, before: (systems: Systems) => void = () => undefined) {
  const systems = createSystems(seed);
  const day = { name: 'trading-day', misbehave: 0, spreadMs: 0, returns: 0, receipts: 20, seed };
  const scenario = playScenario({ ...day, ...systems, ...options });
  open.push({ scenario, systems });
  before(systems);
  await scenario.done;
  return { ...systems, scenario, report: systems.reckoning.report() };
}
type Played = Awaited<ReturnType<typeof play>>;

const recordsOf = ({ archean }: Played): ArcheanGoodsIn[] =>
  archean.books.goodsInLog.all().map((row) => ArcheanGoodsIn.parse(row));
/** Everything of a reckoning but the day it was played on. */
const timeless = ({ report }: { report: Reckoned }) =>
  report.events.map(({ documents, ...event }) => ({
    ...event,
    documents: documents.map((document) => ({ ...document, postingDate: '' })),
  }));
const poOf = (played: Played, key: string) => {
  const poNo = played.archean.books.goodsIn(key)?.poNo;
  return played.report.purchaseOrders.find((order) => order.poNo === poNo)?.status ?? 'none';
};

/** What each class must end as: its question, whether anything is posted, and its order's status. */
const ENDS: Record<ReceiptClass, [string | null, number, string]> = {
  'full-in-one': [null, 1, 'CLOSED_RECEIVING'],
  'two-parts': [null, 1, 'CLOSED_RECEIVING'],
  'three-parts': [null, 1, 'CLOSED_RECEIVING'],
  over: ['X-16', 1, 'CLOSED_RECEIVING'],
  short: ['X-16', 1, 'OPEN'],
  damaged: ['X-16', 1, 'OPEN'],
  irregular: [null, 1, 'CLOSED_RECEIVING'],
  cartons: [null, 1, 'CLOSED_RECEIVING'],
  prepack: [null, 1, 'CLOSED_RECEIVING'],
  'wrong-sku': ['X-17', 1, 'CLOSED_RECEIVING'],
  'unknown-sku': ['X-02', 0, 'OPEN'],
  'unknown-carton': ['X-45', 0, 'OPEN'],
  'unknown-prepack': ['X-45', 0, 'OPEN'],
  'unknown-po': ['X-18', 0, 'none'],
  'closed-po': ['X-18', 0, 'CLOSED_RECEIVING'],
  'reversed-after-posting': [null, 0, 'OPEN'],
  'unmapped-location': ['X-03', 0, 'OPEN'],
};
const endsOf = (played: Played) =>
  played.report.events.map(({ class: name, key, waitsFor, documents }) => [
    name,
    [waitsFor?.code ?? null, documents.length, poOf(played, key)],
  ]);
const expectedEnds = (played: Played) =>
  played.report.events.map(({ class: name }) => [name, ENDS[name.replace('receipt-', '') as ReceiptClass]]);

describe('a day of deliveries', () => {
  test('holds one of every class for seeds 1 to 20, and each ends as it must', async () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const played = await play(seed);
      expect(played.report.totals.events).toBe(20);
      const classes = Object.keys(played.report.totals.classes).map((name) => name.replace('receipt-', ''));
      expect(classes.sort()).toEqual([...RECEIPT_CLASSES].sort());
      expect([seed, endsOf(played)]).toEqual([seed, expectedEnds(played)]);
    }
  });

  test('is the same for the same seed and another for another; a quiet one asks nobody', async () => {
    const [once, again, other] = [await play(7), await play(7), await play(8)];
    expect(timeless(once)).toEqual(timeless(again));
    expect(timeless(other)).not.toEqual(timeless(again));
    const quiet = await play(7, { name: 'quiet-day', receipts: 30 });
    expect([quiet.report.totals.events, quiet.report.totals.waitsFor]).toEqual([30, {}]);
  });

  test('leaves the returns of its seed as they are, and none come unasked', async () => {
    const alone = await play(5, { returns: 40, receipts: 0 });
    const both = await play(5, { returns: 40, receipts: 20 });
    const returns = (played: Played) => timeless(played).filter((event) => !event.class.startsWith('receipt-'));
    expect(returns(both)).toEqual(timeless(alone));
    expect([alone.report.purchaseOrders, recordsOf(alone)]).toEqual([[], []]);
    expect(both.scenario.state()).toMatchObject({ planned: 60, emitted: 60 });
    const none = await play(5, { name: 'empty' });
    expect(none.report).toMatchObject({ events: [], purchaseOrders: [] });
  });

  test('completes what was announced of its orders, with the same ends', async () => {
    const announced = new Set<string>();
    const played = await play(4, { spreadMs: 1_500 }, ({ archean, blueCherry }) => {
      for (const order of blueCherry.books.purchaseOrders()) {
        if (order.status !== 'OPEN') continue;
        const { id } = archean.books.saveGoodsIn({
          ...{ id: archean.books.nextId('GIN'), version: 1, externalRef: `SV-${order.poNo}`, poNo: order.poNo },
          ...{ location: 'FC-UK-1', state: 'EXPECTED', completedAt: null, completedBy: '', followedBy: null },
          lines: order.lines.map(({ poLine, sku, ordered }) => ({
            ...{ lineNo: poLine, sku: blueCherry.books.findSku(sku)?.code ?? '', expected: ordered, received: 0 },
            ...{ uom: 'EA', quality: 'FIRST', damagedUnits: 0 },
          })),
        });
        announced.add(id);
      }
    });
    expect(endsOf(played)).toEqual(expectedEnds(played));
    const records = recordsOf(played);
    const bare = records.filter((row) => row.externalRef === '').map(({ id }) => played.report.events.find((one) => one.key === id)?.class); // prettier-ignore
    expect([...new Set(bare)].sort()).toEqual(['receipt-closed-po', 'receipt-unknown-po']);
    expect([...announced].filter((id) => !records.some((row) => row.id === id))).toEqual([]);
    const followed = records.filter((row) => row.followedBy !== null);
    expect(followed).toHaveLength(3);
    for (const { followedBy } of followed)
      expect(played.archean.books.goodsIn(followedBy ?? '')?.state).toBe('COMPLETED');
  });

  test('moves the stock by every piece that came and stayed', async () => {
    const played = await play(6);
    const moved = played.archean.books.movements.all();
    for (const { id, state, lines } of played.archean.books.allGoodsIn()) {
      const own = moved.filter((row) => row.documentId === id).reduce((sum, row) => sum + row.quantity, 0);
      const eaches = lines.every((line) => line.uom === 'EA');
      const counted = state === 'REVERSED' ? 0 : lines.reduce((sum, line) => sum + line.received, 0);
      if (eaches) expect([id, own]).toEqual([id, counted]);
      else expect(own).toBeGreaterThan(counted);
    }
  });

  test('what is reckoned is what the ERP makes of it: worth to the penny, and nothing open where an order is closed', async () => {
    for (const seed of [1, 2, 3]) {
      const played = await play(seed, { receipts: 30 });
      const { blueCherry, report } = played;
      const url = await blueCherry.listen();
      for (const { key, documents } of report.events)
        for (const { poNo, warehouse, postingDate, lines } of documents) {
          const response = await fetch(`${url}/po-receipts`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', 'x-api-key': DEVELOPMENT_PROFILE.apiKey },
            body: JSON.stringify({
              ...{ externalRef: key, poNo, warehouse, receivedAt: '2026-01-01T00:00:00Z', postingDate },
              lines: lines.map(({ orderLine, sku, quantity, quality }) => ({
                ...{ poLine: orderLine, sku, quantity: Number(quantity), quality },
              })),
            }),
          });
          expect([key, response.status, await response.text()]).toEqual([key, 202, expect.any(String)]);
        }
      blueCherry.cycles.run();
      const held = new Map(blueCherry.dump().documents.map((one) => [one.externalRef, one]));
      for (const { key, documents } of report.events)
        for (const { amount, currency, lines } of documents) {
          const own = held.get(key);
          expect([key, own?.status, own?.amount, own?.currency]).toEqual([key, 'POSTED', amount, currency]);
          expect(own?.lines.map((line) => line.quality)).toEqual(lines.map((line) => line.quality));
        }
      for (const { poNo, status } of report.purchaseOrders) {
        const order = blueCherry.books.findPurchaseOrder(poNo);
        const left = order?.lines.reduce((sum, line) => sum + line.open, 0) ?? 0;
        // A closed one keeps what never came; every other is closed exactly when nothing is open.
        const closes = order?.status === 'CLOSED_RECEIVING' || left === 0 ? 'CLOSED_RECEIVING' : 'OPEN';
        expect([poNo, status]).toEqual([poNo, closes]);
      }
    }
  });
});
