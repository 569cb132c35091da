import { afterEach, describe, expect, test } from '@jest/globals';
import { ArcheanMovement, ArcheanReturn } from '../../clients/archean/schema.js';
import { type ASKING, playScenario, QUIET, RETURN_CLASSES, type Scenario } from '../../sandbox/scenarios/index.js';
import { normalCode, type Reckoned } from '../../sandbox/reckoning/index.js';
import { createSystems } from './scenario-systems.js';

const playing: Scenario[] = [];
afterEach(() => playing.splice(0).forEach((scenario) => scenario.stop()));

async function play(seed: number, options: { name?: string; returns?: number; misbehave?: number } = {}) {
  const systems = createSystems(seed);
  const scenario = playScenario({
    name: 'trading-day',
    misbehave: 0,
    spreadMs: 0,
    seed,
    ...systems,
    ...options,
  });
  playing.push(scenario);
  await scenario.done;
  return { ...systems, scenario, report: systems.reckoning.report() };
}

/** Everything of a reckoning but the day it was played on. */
const timeless = (report: Reckoned) =>
  report.events.map(({ documents, ...event }) => ({
    ...event,
    documents: documents.map((document) => ({ ...document, postingDate: '' })),
  }));

const rowsOf = (systems: Awaited<ReturnType<typeof play>>) =>
  systems.archean.books.returns.page(0, 10_000).rows.map((row) => ArcheanReturn.parse(row));

describe('a trading day', () => {
  test('is the same for the same seed, and another for another', async () => {
    const [once, again, other] = [await play(7, { misbehave: 0.2 }), await play(7), await play(8)];
    expect(timeless(once.report)).toEqual(timeless(again.report));
    const strip = (systems: typeof once) =>
      systems.archean.books.latestReturns().map((row) => ({ ...row, seq: 0, processedAt: '' }));
    expect(strip(once)).toEqual(strip(again));
    expect(timeless(other.report)).not.toEqual(timeless(again.report));
  });

  test('holds one of every class for seeds 1 to 20, and each asking class ends at its own case', async () => {
    const expected: Record<keyof typeof ASKING, string> = {
      'no-original': 'X-09',
      exceeds: 'X-11',
      'refund-above-sold': 'X-12',
      'refund-below-sold': 'X-12',
      'unmapped-location': 'X-03',
      'unknown-sku': 'X-02',
      'above-limit': 'approval',
      'costly-adjustment': 'approval',
      undelivered: 'X-61',
      'before-dispatch': 'X-64',
    };
    for (let seed = 1; seed <= 20; seed += 1) {
      const { report } = await play(seed);
      expect(report.totals.events).toBe(40);
      expect(RETURN_CLASSES.filter((one) => report.totals.classes[one] === undefined)).toEqual([]);
      for (const event of report.events) {
        const code = (expected as Record<string, string>)[event.class] ?? null;
        expect([seed, event.class, event.waitsFor?.code ?? null]).toEqual([seed, event.class, code]);
      }
    }
  });

  test('credits as sold: totals tie to the lines, and no order line is credited beyond its invoice', async () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const { report, reckoning } = await play(seed);
      const credited = new Map<string, bigint>();
      const pence = (text: string | null): bigint => BigInt((text ?? '0').replace('.', ''));
      for (const { documents } of report.events)
        for (const document of documents.filter((one) => one.kind === 'credit memo')) {
          const parts = [...document.lines, ...document.charges];
          const sum = parts.reduce((total, line) => total + pence(line.amount) + pence(line.taxAmount), 0n);
          expect(sum).toBe(pence(document.amount));
          for (const line of document.lines) {
            const key = `${document.orderNo}/${line.orderLine}`;
            credited.set(key, (credited.get(key) ?? 0n) + pence(line.amount));
          }
        }
      for (const [key, amount] of credited) {
        const [orderNo = '', orderLine] = key.split('/');
        const sold = reckoning.order(orderNo)?.lines.find((line) => line.orderLine === Number(orderLine));
        const invoiced = pence(sold?.unitPrice ?? '0') * BigInt(sold?.quantity ?? 0) - pence(sold?.discount ?? '0');
        expect(amount <= invoiced).toBe(true);
      }
    }
  });

  test('shares a discount over two returns of one order line so that the last takes the remainder', async () => {
    const { report, reckoning } = await play(3);
    const shared = report.events.filter((event) => event.class === 'shared-order-line');
    const memos = shared.map((event) => event.documents.find((document) => document.kind === 'credit memo'));
    const [first, last] = memos.map((memo) => memo?.lines[0]);
    const price = Number(reckoning.order(memos[0]?.orderNo ?? '')?.lines[0]?.unitPrice);
    expect([first?.quantity, first?.amount]).toEqual(['1', (price - 0.33).toFixed(2)]);
    expect([last?.quantity, last?.amount]).toEqual(['2', (2 * price - 0.67).toFixed(2)]);
  });

  test('puts damaged goods into warehouse 09 and keeps what the customer kept out of stock', async () => {
    const { report } = await play(5);
    const stocked = (name: string) =>
      report.events
        .filter((event) => event.class === name)
        .flatMap((event) => event.documents.filter((one) => one.kind === 'inventory adjustment'));
    expect(stocked('damaged').map((one) => one.warehouse)).toEqual(stocked('damaged').map(() => '09'));
    expect(stocked('damaged').length).toBeGreaterThan(0);
    expect(stocked('no-restock')).toEqual([]);
    expect(stocked('charge-alone')).toEqual([]);
    expect(stocked('exceeds')).toEqual([]);
    expect(stocked('above-limit')).toHaveLength(1);
    expect(stocked('costly-adjustment')).toEqual([]);
    expect(stocked('undelivered')).toHaveLength(1);
  });

  test('makes one memo per order and division, and one adjustment per warehouse and division', async () => {
    const { report } = await play(9);
    const kinds = (name: string) =>
      report.events.find((event) => event.class === name)?.documents.map((one) => `${one.kind} ${one.division}`);
    expect(kinds('several-orders')).toEqual(['credit memo WOM', 'credit memo WOM', 'inventory adjustment WOM']);
    expect(kinds('several-divisions')).toEqual([
      'credit memo WOM',
      'credit memo MEN',
      'inventory adjustment WOM',
      'inventory adjustment MEN',
    ]);
    expect(kinds('withdrawn')).toEqual([]);
    expect(kinds('exchange-dearer')?.sort()).toEqual([
      'credit memo WOM',
      'inventory adjustment WOM',
      'sales order WOM',
    ]);
  });

  test('emits rows of the stated shape, with a movement for every return whose goods are back', async () => {
    const systems = await play(2);
    const rows = rowsOf(systems);
    const movements = systems.archean.books.movements.page(0, 10_000).rows.map((row) => ArcheanMovement.parse(row));
    const backs = rows.filter((row) => row.state === 'PROCESSED' && row.restockState !== 'NONE' && row.version === 1);
    const withdrawn = new Set(rows.filter((row) => row.state === 'WITHDRAWN').map((row) => row.returnNo));
    const proved = new Set(movements.map((movement) => movement.documentId));
    expect(backs.filter((row) => !proved.has(row.returnNo) && !withdrawn.has(row.returnNo))).toEqual([]);
    expect(movements.some((movement) => movement.type === 'RETURN_QUARANTINE')).toBe(true);
    expect(movements.some((movement) => movement.occurredAt < movement.recordedAt)).toBe(true);
  });

  test('spells articles otherwise than the ERP, yet each code normalises to one item of the ERP alone', async () => {
    const systems = await play(4);
    const items = [...systems.blueCherry.books.items()];
    const normal = new Map(items.map((item) => [normalCode(item.code), item.sku]));
    expect(normal.size).toBe(items.length);
    const spelled = rowsOf(systems).flatMap((row) => row.lines.map((line) => line.sku));
    expect(
      spelled.some((code) => systems.blueCherry.books.findItem(code) === undefined && normal.has(normalCode(code))),
    ).toBe(true);
  });

  test('opens both systems with the same stock', async () => {
    const { archean, blueCherry, reckoning } = await play(6, { returns: 0 });
    const onHand = new Map(
      archean.books.stock.rows().map((row) => [`${reckoning.item(row.sku)?.sku} ${row.location}`, row.onHand]),
    );
    const place: Record<string, string> = { '01': 'FC-UK-1', '02': 'FC-IE-1', '03': 'FC-EU-1' };
    const erp = blueCherry.dump().stock.filter((row) => place[row['warehouse'] ?? ''] !== undefined);
    expect(erp.length).toBeGreaterThan(50);
    for (const row of erp)
      expect(onHand.get(`${row['sku']} ${place[row['warehouse'] ?? '']}`)).toBe(Number(row['qoh']));
  });
});

describe('other scenarios', () => {
  test('a quiet day waits for nobody', async () => {
    const { report } = await play(11, { name: 'quiet-day', returns: 60 });
    expect(report.totals.waitsFor).toEqual({});
    expect(Object.keys(QUIET).filter((one) => report.totals.classes[one] === undefined)).toEqual([]);
  });

  test('an empty one has reference data, orders and no events', async () => {
    const { report, archean, blueCherry, reckoning } = await play(1, { name: 'empty' });
    expect(report.events).toEqual([]);
    expect([...blueCherry.books.items()].length).toBeGreaterThan(50);
    for (let n = 0; n < 200; n += 1) archean.event('return.processed');
    expect(reckoning.report().totals.waitsFor).toEqual({});
    expect(() => createSystems().archean.event('return.processed')).toThrow('knows no orders yet');
  });

  test('refuses an unknown name and a number no day holds', () => {
    const options = { seed: 1, misbehave: 0, ...createSystems() };
    expect(() => playScenario({ ...options, name: 'sunday' })).toThrow('not one of trading-day');
    expect(() => playScenario({ ...options, name: 'trading-day', returns: -1 })).toThrow('found -1');
  });
});

describe('the reckoning of asked-for events', () => {
  test('an empty payload makes a valid return that posts', async () => {
    const { archean, reckoning } = await play(12, { returns: 10 });
    const before = reckoning.report().totals.events;
    const { return: row } = archean.event('return.processed', {}) as { return: unknown };
    const { returnNo } = ArcheanReturn.parse(row);
    const event = reckoning.report().events.find((one) => one.key === returnNo);
    expect(reckoning.report().totals.events).toBe(before + 1);
    expect(event?.documents.map((one) => one.kind)).toEqual(['credit memo', 'inventory adjustment']);
  });

  test('four credits of 400 to one customer in a day: the one beyond 1,500 asks', async () => {
    const { archean, reckoning, blueCherry } = await play(1, { name: 'empty' });
    const [item] = [...blueCherry.books.items()];
    const keys = [1, 2, 3, 4].map((n) => {
      const order = {
        orderNo: `BIG-${n}`,
        division: item?.sku.split('|')[0] ?? '',
        warehouse: '01',
        customer: 'C-1',
        placedAt: '2026-01-05T10:00:00.000Z',
        shippedAt: '2026-01-06T10:00:00.000Z',
        currency: 'GBP',
        lines: [
          { orderLine: 1, sku: item?.sku ?? '', kind: 'GOODS' as const, chargeCode: null, quantity: 1,
            unitPrice: '400.00', discount: '0.00', taxCode: 'Z0', taxRate: '0.00', unitCost: '9.00' },
        ],
      }; // prettier-ignore
      reckoning.noteOrder(order);
      const made = archean.event('return.processed', { lines: [{ orderNo: order.orderNo, orderLine: 1 }] });
      return ArcheanReturn.parse((made as { return: unknown }).return).returnNo;
    });
    const waits = keys.map((key) => reckoning.report().events.find((one) => one.key === key)?.waitsFor?.code);
    expect(waits).toEqual([undefined, undefined, undefined, 'approval']);
  });

  test('a return withdrawn after its credit was posted waits for approval and keeps its documents', async () => {
    const plain = await play(14, { name: 'quiet-day', returns: 1 });
    const [event] = plain.reckoning.report().events;
    const memo = event?.documents[0];
    const typed = plain.blueCherry.books.typeInByHand({
      type: 'CREDIT_MEMO',
      orderNo: memo?.orderNo ?? '',
      lines: (memo?.lines ?? []).map((line) => ({ orderLine: line.orderLine ?? 0, quantity: Number(line.quantity) })),
    });
    expect(typed.total).toBe(memo?.amount);
    plain.archean.event('return.withdrawn', { returnNo: event?.key });
    const after = plain.reckoning.report().events[0];
    expect(after?.waitsFor).toEqual({ code: 'approval', owner: 'finance' });
    expect(after?.documents).toEqual(event?.documents);
  });
});
