/** What becomes of one delivery's claim on its order, against PostgreSQL. */
import { describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { planReceipt } from '../../domain/receipt/plan.js';
import type { PurchaseOrder } from '../../domain/receipt/purchase-order.js';
import { claimObject, finishClaim } from '../../store/event-claims.js';
import { upsertItems } from '../../store/items.js';
import { addMapping, confirmMapping } from '../../store/mapping-changes.js';
import { A, B, order, OPEN, said } from '../unit/domain/receipts.js';
import { POLICY } from './return-samples.js';
import {
  CODES,
  claim,
  claims,
  documentOf,
  giveBack,
  held,
  line,
  made,
  minutes,
  onGround,
  sum,
  takenIn,
  wire,
  type Wire,
} from './claims-receipts-support.js';

onGround();

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
      const row = await addMapping(db, { kind, values, validFrom: '2026-01-01', why: 'new', by });
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
