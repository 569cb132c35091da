/** Who of several deliveries gets the units of a purchase order, against PostgreSQL. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createClaimsActivities } from '../../activities/claims/index.js';
import type { Claims } from '../../activities/claims/contract.js';
import { deliveryOf, goodsInEvent } from '../../activities/intake/sources/goods-in.js';
import type { ReceiptAnswer } from '../../domain/receipt/answers.js';
import type { ReceiptFacts } from '../../domain/receipt/facts.js';
import { planReceipt } from '../../domain/receipt/plan.js';
import type { PurchaseOrder } from '../../domain/receipt/purchase-order.js';
import { claimObject, finishClaim } from '../../store/event-claims.js';
import { insertEvents } from '../../store/inbox.js';
import { upsertItems } from '../../store/items.js';
import { addMapping, confirmMapping } from '../../store/mapping-changes.js';
import { seedFromCsv } from '../../store/mapping-seed.js';
import { holdingsOn } from '../../store/receipts.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';
import { A, B, C, order, OPEN, said } from '../unit/domain/receipts.js';
import { POLICY } from './return-samples.js';

const ZONE = 'Europe/London';
const NOW = new Date('2026-06-01T00:00:00Z');
const CODES = { [A]: '00123-NVY-M', [B]: '00123-NVY-L', [C]: '00417-BLK-M' } as Record<string, string>;

let made: FreshDatabase;
const claims = (): Claims => createClaimsActivities({ store: made.store });

interface Wire {
  id: string;
  seq: number;
  version: number;
  poNo: string;
  completedAt: string;
  state: string;
  lines: object[];
}
const line = (lineNo: number, received: number, over: object = {}): object => ({
  ...{ lineNo, sku: CODES[A], expected: received, received, uom: 'EA', quality: 'FIRST', damagedUnits: 0 },
  ...over,
});
const wire = (id: string, poNo: string, lines: object[], over: Partial<Wire> = {}): Wire => ({
  ...{ id, seq: 1, version: 1, poNo, state: 'COMPLETED', completedAt: '2026-03-10T10:00:00Z', lines },
  ...{ externalRef: '', location: 'FC-UK-1', completedBy: 'clerk-1', followedBy: null },
  ...over,
});

async function takenIn(...wires: Wire[]): Promise<void> {
  const events = wires.map((each) => goodsInEvent(each, ZONE, NOW));
  expect(events.map(({ reason }) => reason)).toEqual(events.map(() => null));
  await made.store.db.transaction().execute((tx) => insertEvents(tx, events));
}
const documentOf = (each: Wire) => deliveryOf({ payload: each }, ZONE);
const claim = (each: Wire, po: PurchaseOrder | null, answers: ReceiptAnswer[] = []): Promise<ReceiptFacts> =>
  claims().claimReceipt({ document: documentOf(each), order: po, answers, zone: ZONE });
const sum = (grants: readonly { units: number }[]): number => grants.reduce((units, each) => units + each.units, 0);
const giveBack = (each: Wire): Promise<unknown> =>
  claims().giveBackReceipt({ source: 'archean', goodsInNo: each.id, why: 'declined' });

/** Units that all deliveries hold on an order now. */
const held = async (poNo: string): Promise<number> =>
  sum([...(await holdingsOn(made.store.db, poNo)).values()].flatMap((each) => each.held));

const minutes = (n: number): string => new Date(Date.parse('2026-03-10T10:00:00Z') + n * 60_000).toISOString();

beforeAll(async () => {
  made = await freshDatabase({ connections: 20 });
  await seedFromCsv(made.store.db, 'mappings');
  const item = (itemKey: string) => ({ itemKey, code: CODES[itemKey] ?? '', active: true, standardCost: '4.60' });
  await upsertItems(made.store.db, [{ ...item(A), unitsPerCase: 12 }, item(B), item(C)]);
});
afterAll(() => made.drop());

describe('the units of an order', () => {
  const DELIVERIES = 8;
  /** Orders of arrival at the claim: as at the source, backwards, all at once, shuffled and at once. */
  const arrivals: [string, (wires: Wire[]) => Wire[][]][] = [
    ['in source order', (wires) => wires.map((each) => [each])],
    ['backwards', (wires) => wires.toReversed().map((each) => [each])],
    ['all at once', (wires) => [wires]],
    ['the last three at once, then the others at once', (wires) => [wires.slice(-3), wires.slice(0, -3)]],
  ];

  test.each(arrivals)('go to the deliveries as they happened, claimed %s', async (name, turns) => {
    for (let round = 0; round < 10; round++) {
      const poNo = `PO-${name}-${round}`.replaceAll(/[ ,]/g, '-').slice(0, 40);
      const po = order([{ ordered: 20 }, { ordered: 9, item: B }, { ordered: 7, cancelled: 2 }], { poNo });
      // What happened at the same instant is told apart by the seq; listed otherwise than it happened.
      const wires = Array.from({ length: DELIVERIES }, (_, n) =>
        wire(`${poNo}-${n}`, poNo, [line(1, 4), line(2, 2, { sku: CODES[B], quality: 'IRREGULAR' })], {
          ...{ seq: n + 1, completedAt: minutes(Math.floor(n / 2)) },
        }),
      );
      await takenIn(...wires.toReversed());
      const facts = new Map<string, ReceiptFacts>();
      for (const turn of turns(wires))
        await Promise.all(turn.map(async (each) => facts.set(each.id, await claim(each, po))));
      const of = (item: string): number[] =>
        wires.map(({ id }) => sum((facts.get(id)?.grants ?? []).filter((grant) => grant.item === item)));
      expect(of(A)).toEqual([4, 4, 4, 4, 4, 4, 1, 0]);
      expect(of(B)).toEqual([2, 2, 2, 2, 1, 0, 0, 0]);
      expect(await held(poNo)).toBe(34);
    }
  });

  test('are never granted twice, also of deliveries that no feed took in', async () => {
    for (let round = 0; round < 10; round++) {
      const poNo = `PO-DIRECT-${round}`;
      const wires = [1, 2, 3, 4, 5].map((n) => wire(`${poNo}-${n}`, poNo, [line(1, 3)], { seq: n }));
      const facts = await Promise.all(wires.map((each) => claim(each, order([{ ordered: 10 }], { poNo }))));
      expect(sum(facts.flatMap(({ grants }) => grants))).toBe(10);
    }
  });

  test('claimed again, by many at once too, are the same', async () => {
    const each = wire('AGAIN-1', 'PO-AGAIN', [line(1, 7)]);
    const other = wire('AGAIN-2', 'PO-AGAIN', [line(1, 7)], { seq: 2 });
    await takenIn(each, other);
    const po = order([{ ordered: 10 }], { poNo: 'PO-AGAIN' });
    const first = await claim(each, po);
    await claim(other, po);
    const again = await Promise.all(Array.from({ length: 8 }, () => claim(each, po)));
    for (const facts of again) expect(facts).toEqual(first);
    expect((await claim(other, po)).grants).toMatchObject([{ units: 3 }]);
  });

  test('that are damaged on arrival are free for another delivery, once', async () => {
    const po = order([{ ordered: 10 }], { poNo: 'PO-DAM' });
    const [one, two] = [1, 2].map((n) =>
      wire(`DAM-${n}`, 'PO-DAM', [line(1, 10, n === 1 ? { damagedUnits: 4 } : {})], { seq: n }),
    ) as [Wire, Wire];
    await takenIn(one, two);
    expect(sum((await claim(one, po)).grants)).toBe(10);
    const onArrival = [said('damaged', 'damaged-on-arrival')];
    const after = await claim(one, po, onArrival);
    expect(await claim(one, po, onArrival)).toEqual(after);
    expect(await held('PO-DAM')).toBe(6);
    expect(sum((await claim(two, po)).grants)).toBe(4);
    expect(await held('PO-DAM')).toBe(10);
  });

  test('that are too many are taken once the order was raised, and only so many, however often it is asked', async () => {
    const each = wire('TAKE-1', 'PO-TAKE', [line(1, 13)]);
    await takenIn(each);
    const po = (ordered: number): PurchaseOrder => order([{ ordered }], { poNo: 'PO-TAKE' });
    await claim(each, po(10));
    const take = [said('extra', 'take')];
    expect((await claim(each, po(10), take)).extra).toEqual([]);
    expect((await claim(each, po(12), take)).extra).toMatchObject([{ units: 2 }]);
    await Promise.all(Array.from({ length: 5 }, () => claim(each, po(20), take)));
    const facts = await claim(each, po(20), take);
    expect([facts.grants, facts.extra]).toMatchObject([[{ units: 10 }], [{ units: 3 }]]);
    expect(await held('PO-TAKE')).toBe(13);
  });

  test('received before or by hand are not granted: what the order takes is what the ERP has open', async () => {
    const [one, two] = [1, 2].map((n) => wire(`HALF-${n}`, 'PO-HALF', [line(1, 40)], { seq: n })) as [Wire, Wire];
    await takenIn(one, two);
    const before = order([{ ordered: 100, received: 50 }], { poNo: 'PO-HALF' });
    expect(sum((await claim(one, before)).grants)).toBe(40);
    const since = order([{ ordered: 100, received: 90 }], { poNo: 'PO-HALF' });
    expect(sum((await claim(two, since)).grants)).toBe(10);
    expect(sum((await claim(one, since)).grants)).toBe(40);
    const take = [said('extra', 'take')];
    expect((await claim(two, order([{ ordered: 105, received: 100 }], { poNo: 'PO-HALF' }), take)).extra).toMatchObject(
      [{ units: 5 }],
    );
  });
});

describe('a delivery', () => {
  test('of another order a person named takes its units there and leaves the first', async () => {
    const each = wire('NAMED-1', 'PO-A1', [line(1, 5)]);
    const next = wire('NAMED-2', 'PO-A1', [line(1, 5)], { seq: 2 });
    await takenIn(each, next);
    const [first, other] = ['PO-A1', 'PO-B1'].map((poNo) => order([{ ordered: 5 }], { poNo })) as [
      PurchaseOrder,
      PurchaseOrder,
    ];
    expect((await claim(each, { ...first, status: 'closed' })).grants).toEqual([]);
    const answers = [said('purchase-order', 'other-order', { poNo: 'PO-B1' })];
    expect(sum((await claim(each, other, answers)).grants)).toBe(5);
    // The first order is open again: whoever claims there serves deliveries before it, but not one that has gone elsewhere.
    expect(sum((await claim(next, first)).grants)).toBe(5);
    expect([await held('PO-A1'), await held('PO-B1')]).toEqual([5, 5]);
    const third = wire('NAMED-3', 'PO-B1', [line(1, 5)], { seq: 3 });
    expect((await claim(third, other)).grants).toEqual([]);
    expect(sum((await claim(each, other, answers)).grants)).toBe(5);
  });

  test('that was given back and has not ended yet is not served again by the next one', async () => {
    const [gone, next] = [1, 2].map((n) => wire(`BACK-${n}`, 'PO-BACK', [line(1, 5)], { seq: n })) as [Wire, Wire];
    await takenIn(gone, next);
    const po = order([{ ordered: 5 }], { poNo: 'PO-BACK' });
    await claim(gone, po);
    await giveBack(gone);
    expect(sum((await claim(next, po)).grants)).toBe(5);
    expect(await held('PO-BACK')).toBe(5);
  });

  test('that has ended, or was reversed before its saga ran, takes nothing from the next one', async () => {
    const ended = wire('END-1', 'PO-END', [line(1, 3)]);
    const reversed = wire('END-2', 'PO-END', [line(1, 3)], { seq: 2 });
    const next = wire('END-3', 'PO-END', [line(1, 5)], { seq: 9 });
    await takenIn(ended, reversed, { ...reversed, seq: 3, version: 2, state: 'REVERSED' }, next);
    const object = { source: 'archean', kind: 'goods-in', key: 'END-1', workflowId: 'po-receipt:archean:END-1' };
    await claimObject(made.store.db, { ...object, version: 1 });
    await finishClaim(made.store.db, { ...object, seen: 1, result: {}, clocks: [] });
    expect(sum((await claim(next, order([{ ordered: 5 }], { poNo: 'PO-END' }))).grants)).toBe(5);
  });

  test('that nobody can read the articles of waits; it takes what is left when they are mapped', async () => {
    const earlier = wire('MAP-1', 'PO-MAP', [line(1, 5, { sku: 'NOBODY' })]);
    const later = wire('MAP-2', 'PO-MAP', [line(1, 4)], { seq: 2 });
    await takenIn(earlier, later);
    const po = order([{ ordered: 6 }], { poNo: 'PO-MAP' });
    const unmapped = await claim(earlier, po);
    expect(unmapped).toMatchObject({ lines: [{ problem: 'unknown-sku' }], grants: [] });
    expect(sum((await claim(later, po)).grants)).toBe(4);
    const { db } = made.store;
    const values = { source: 'archean', sku: 'NOBODY', item_code: CODES[A] ?? '' };
    const added = await addMapping(db, { kind: 'sku-alias', values, validFrom: '2026-01-01', why: 'new', by: 'ops-1' });
    await confirmMapping(db, { kind: 'sku-alias', id: added.id, by: 'ops-2' });
    const facts = await claim(earlier, po);
    expect([sum(facts.grants), facts.mappedBy]).toEqual([2, ['ops-1', 'seed']]);
  });

  test('in its second and third version takes the place of the one before, and never both', async () => {
    const v1 = wire('VER-1', 'PO-VER', [line(1, 10)]);
    const v2 = { ...v1, version: 2, seq: 5, lines: [line(1, 4)] };
    const v3 = { ...v1, version: 3, seq: 6, lines: [line(1, 8)] };
    const other = wire('VER-2', 'PO-VER', [line(1, 5)], { seq: 2, completedAt: minutes(1) });
    const po = order([{ ordered: 10 }], { poNo: 'PO-VER' });
    await takenIn(v1, other);
    expect(sum((await claim(v1, po)).grants)).toBe(10);
    await takenIn(v2);
    // Its second version is known, its saga has not seen it yet: what the first was granted stands until then.
    expect(sum((await claim(other, po)).grants)).toBe(0);
    expect(sum((await claim(v2, po)).grants)).toBe(4);
    await takenIn(v3);
    expect(sum((await claim(v3, po)).grants)).toBe(8);
    expect(sum((await claim(v3, po)).grants)).toBe(8);
    expect(await held('PO-VER')).toBe(8);
  });

  test('gives nothing up any more once it was corrected, given back, or goes to another order', async () => {
    const poNo = 'PO-UP';
    const po = order([{ ordered: 30 }, { ordered: 5, item: B }], { poNo });
    const v1 = wire('UP-1', poNo, [line(1, 6, { expected: 12 }), line(2, 0, { sku: CODES[B], expected: 5 })]);
    const never = [said('short', 'never-arrived')];
    const givesUp = async (each: Wire): Promise<void> => {
      const facts = await claim(each, po, never);
      const plan = planReceipt({
        ...{ document: documentOf(each), order: po, periods: OPEN, facts, answers: never, policy: POLICY },
      });
      const what = { document: documentOf(each), poNo, lines: plan.givenUp, by: 'wh-1', why: 'lost' };
      await claims().giveUp(what);
      await claims().giveUp(what);
    };
    const givenUp = async () => (await claims().givenUp({ poNo })).givenUp;
    await givesUp(v1);
    expect(await givenUp()).toEqual([
      { poLine: 1, units: 6 },
      { poLine: 2, units: 5 },
    ]);
    const v2 = { ...v1, version: 2, seq: 2, lines: [line(1, 9, { expected: 12 })] };
    await claim(v2, po);
    expect(await givenUp()).toEqual([]);
    await givesUp(v2);
    expect(await givenUp()).toEqual([{ poLine: 1, units: 3 }]);
    await giveBack(v2);
    expect(await givenUp()).toEqual([]);
  });

  test('that brings after all what was given up makes the order wait for what is ordered since', async () => {
    const poNo = 'PO-LATE';
    const first = wire('LATE-1', poNo, [line(1, 8, { expected: 12 })]);
    const late = wire('LATE-2', poNo, [line(1, 3)], { seq: 2, completedAt: minutes(5) });
    await claim(first, order([{ ordered: 12 }], { poNo }));
    const lines = [{ poLine: 1, units: 4 }];
    await claims().giveUp({ document: documentOf(first), poNo, lines, by: 'wh-1', why: 'lost' });
    await claim(late, order([{ ordered: 12, received: 8 }], { poNo }));
    expect((await claims().givenUp({ poNo })).givenUp).toEqual([{ poLine: 1, units: 1 }]);
    await claim(late, order([{ ordered: 12, received: 8 }], { poNo }));
    expect((await claims().givenUp({ poNo })).givenUp).toEqual([{ poLine: 1, units: 1 }]);
  });

  test('names everybody whose mapping it rests on: of its prepacks, of the sizes in them, of the reason', async () => {
    const { db } = made.store;
    const add = async (kind: 'prepack' | 'sku-alias', values: Record<string, unknown>, by: string): Promise<void> => {
      const row = await addMapping(db, { kind, values, validFrom: '2026-01-01', why: 'new', by } as never);
      await confirmMapping(db, { kind, id: row.id, by: 'ops-2' });
    };
    await add('sku-alias', { source: 'archean', sku: 'SIZE-M', item_code: CODES[A] }, 'eco-1');
    const contents = [`SIZE-M=2`, `${CODES[B]}=1`];
    await add('prepack', { source: 'archean', prepack: 'PACK-1', contents }, 'wh-3');
    const each = wire('PACK-1', 'PO-PACK', [line(1, 3, { sku: 'pack-1', uom: 'PPK' })]);
    const facts = await claim(each, order([{ ordered: 10 }, { ordered: 10, item: B }], { poNo: 'PO-PACK' }));
    expect(facts.grants).toMatchObject([
      { item: A, units: 6 },
      { item: B, units: 3 },
    ]);
    expect(facts.mappedBy).toEqual(['eco-1', 'seed', 'wh-3']);
    // The reason is used by a write-off alone.
    await sql`update reason_mapping set added_by = 'fin-3' where reason = 'WRITE_OFF'`.execute(db);
    const po = order([{ ordered: 10 }, { ordered: 10, item: B }], { poNo: 'PO-PACK' });
    expect((await claim(each, po)).mappedBy).not.toContain('fin-3');
    expect((await claim(each, po, [said('damaged', 'damaged-by-us')])).mappedBy).toContain('fin-3');
  });

  test('of a prepack that states one article under two codes counts it once', async () => {
    const { db } = made.store;
    const values = { source: 'archean', prepack: 'TWICE', contents: [`${CODES[A]}=2`, '00123NVYM=3'] };
    const row = await addMapping(db, { kind: 'prepack', values, validFrom: '2026-01-01', why: 'new', by: 'wh-3' });
    await confirmMapping(db, { kind: 'prepack', id: row.id, by: 'wh-2' });
    const each = wire('TWICE-1', 'PO-TWICE', [line(1, 2, { sku: 'TWICE', uom: 'PPK' })]);
    const facts = await claim(each, order([{ ordered: 50 }], { poNo: 'PO-TWICE' }));
    expect(facts.lines[0]?.contents).toEqual([{ item: A, division: 'WOM', units: 5 }]);
    expect(facts.grants).toMatchObject([{ item: A, units: 10 }]);
  });

  test('of 2,000 lines, each over two lines of the order and with one given up, is claimed in one go', async () => {
    const MANY = 2_000;
    const codes = Array.from({ length: MANY }, (_, n) => `M${n}`);
    await upsertItems(
      made.store.db,
      codes.map((code) => ({ itemKey: `WOM|${code}|X|||1`, code, active: true, standardCost: '1' })),
    );
    const lines = codes.map((sku, at) => line(at + 1, 30, { sku, expected: 31, damagedUnits: 1 }));
    const each = wire('MANY-1', 'PO-MANY', lines);
    const ordered = codes.flatMap((code) => [1, 2, 3, 4].map(() => ({ ordered: 8, item: `WOM|${code}|X|||1` })));
    const po = order(ordered, { poNo: 'PO-MANY' });
    const facts = await claim(each, po, [said('damaged', 'damaged-on-arrival')]);
    expect(facts.grants).toHaveLength(4 * MANY);
    expect(sum(facts.grants)).toBe(30 * MANY);
    expect(await held('PO-MANY')).toBe(29 * MANY);
    const given = po.lines.map(({ poLine }) => ({ poLine, units: 1 }));
    await claims().giveUp({ document: documentOf(each), poNo: 'PO-MANY', lines: given, by: 'wh-1', why: 'lost' });
    const { rows } = await sql<{ units: string }>`select sum(units) as units from receipt_given_up
      where po_no = 'PO-MANY'`.execute(made.store.db);
    expect(Number(rows[0]?.units)).toBe(4 * MANY);
  });
});
