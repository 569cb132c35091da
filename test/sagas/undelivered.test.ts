/** A parcel that came back undelivered: back into stock at once, then sent again or credited by decision. */
import { afterEach, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { eventually } from '../support/eventually.js';
import { startRig, type Rig } from '../support/rig.js';
import {
  answer,
  article,
  askedOf,
  bothHalves,
  comeBack,
  configWith,
  figuresOf,
  LONG_MS,
  sell,
  type Returned,
  type Sale,
} from './support.js';

let rig: Rig;
const WITHIN = 240_000;
const RESET = { scenario: 'trading-day', returns: 0, seed: 23, misbehave: 0 };
afterEach(() => rig.close(), 60_000);

const parcel = ({ orderNo }: Sale, quantity = 2): Promise<Returned> =>
  comeBack(rig, { state: 'UNDELIVERED', lines: [{ orderNo, orderLine: 1, quantity }] });
const soldTwo = (index: number): Promise<Sale> =>
  sell(rig, [{ sku: article(index).sku, quantity: 2, unitPrice: '20.00' }]);
const onHand = async (index: number): Promise<number> => {
  const { stock } = (await rig.books()) as unknown as { stock: { sku: string; warehouse: string; qoh: string }[] };
  const row = stock.find((each) => each.sku === article(index).sku && each.warehouse === '01');
  return Number(row?.qoh);
};

test(
  'goes back into stock without waiting for anybody, and finance has two weeks to credit it or send it again',
  async () => {
    // T-38 is out of reach: the restock of a parcel does not wait for it.
    const slow = configWith({ 'policy.yaml': (text) => text.replace('T-38: { due: 3 s }', 'T-38: { due: 1 h }') });
    rig = await startRig({ reset: RESET, env: { SELVEDGE_CONFIG: slow } });
    const [first, second] = [await soldTwo(0), await soldTwo(1)];
    const before = [await onHand(0), await onHand(1)];
    const [credited, again] = [await parcel(first), await parcel(second)];
    const open = await askedOf(rig, credited.workflowId, 'undelivered');
    expect(await figuresOf(rig, credited.returnNo)).toEqual(['inventory adjustment POSTED 2']);
    expect([open.code, open.owner, open.choices]).toEqual(['X-61', 'finance', ['credit', 'redispatch']]);
    expect(Math.round((Date.parse(open.dueAt ?? '') - Date.now()) / 86_400_000)).toBe(14);
    const { rows } = await sql<{ due: string }>`select due_at as due from "case"
      where workflow_id = ${credited.workflowId}`.execute(rig.store.db);
    expect(Math.round((Date.parse(rows[0]?.due ?? '') - Date.now()) / 86_400_000)).toBe(14);
    expect((await rig.progress(credited.workflowId)).attention).toBe('half-posted');

    expect((await answer(rig, credited.workflowId, 'undelivered', 'credit')).body).toMatchObject({ state: 'decided' });
    expect(await rig.ended(credited.workflowId)).toMatchObject({ outcome: 'posted', restockUnits: 2 });
    expect(await figuresOf(rig, credited.returnNo)).toEqual(bothHalves('48.00', 2));

    await answer(rig, again.workflowId, 'undelivered', 'redispatch');
    expect(await rig.ended(again.workflowId)).toMatchObject({
      outcome: 'sent-again',
      creditMemos: [],
      adjustments: [],
    });
    expect(await figuresOf(rig, again.returnNo)).toEqual([
      'inventory adjustment POSTED -2',
      'inventory adjustment POSTED 2',
    ]);
    expect([await onHand(0), await onHand(1)]).toEqual([(before[0] ?? 0) + 2, before[1]]);
    // Its units are the customer's again: they can come back once more.
    const { orderNo } = second;
    const later = await comeBack(rig, { lines: [{ orderNo, orderLine: 1, quantity: 2 }] });
    await rig.started(later.workflowId);
    expect(await rig.ended(later.workflowId)).toMatchObject({ outcome: 'posted' });
  },
  WITHIN,
);

test(
  'withdrawn while finance is asked: the adjustment is reversed by decision; refused restock: nobody is asked about a credit',
  async () => {
    rig = await startRig({ reset: RESET });
    const withdrawn = await parcel(await soldTwo(2));
    await askedOf(rig, withdrawn.workflowId, 'undelivered');
    await comeBack(rig, { returnNo: withdrawn.returnNo }, 'return.withdrawn');
    await answer(rig, withdrawn.workflowId, 'changed-after-posting', 'reverse');
    expect(await rig.ended(withdrawn.workflowId)).toMatchObject({ outcome: 'declined' });
    expect(await figuresOf(rig, withdrawn.returnNo)).toEqual([
      'inventory adjustment POSTED -2',
      'inventory adjustment POSTED 2',
    ]);

    await rig.fault({ system: 'blue-cherry', operation: 'inventory-adjustment', kind: 'refuse', times: 1 });
    const refused = await parcel(await soldTwo(3));
    await rig.started(refused.workflowId);
    await eventually(
      async () =>
        (await rig.progress(refused.workflowId)).questions.map((q) => q.question).join() === 'restock-refused',
      { within: LONG_MS, every: 50 },
    );
    const { owner } = await askedOf(rig, refused.workflowId, 'restock-refused');
    const person = owner === 'finance' ? 'fin-2' : owner === 'operations' ? 'ops-1' : 'wh-1';
    expect((await answer(rig, refused.workflowId, 'restock-refused', 'reject', person)).body).toMatchObject({
      state: 'decided',
    });
    expect(await rig.ended(refused.workflowId)).toMatchObject({ outcome: 'declined' });
    expect(await figuresOf(rig, refused.returnNo)).toEqual([]);
  },
  WITHIN,
);

test(
  'where credits restock, a credited parcel is in stock once',
  async () => {
    const site = { creditMemoRestocks: true };
    const says = configWith({
      'blue-cherry.yaml': (text) => text.replace('creditMemoRestocks: false', 'creditMemoRestocks: true'),
    });
    rig = await startRig({ reset: { ...RESET, profile: site }, env: { SELVEDGE_CONFIG: says } });
    const order = await soldTwo(4);
    const before = await onHand(4);
    const back = await parcel(order);
    await askedOf(rig, back.workflowId, 'undelivered');
    expect(await onHand(4)).toBe(before + 2);
    await answer(rig, back.workflowId, 'undelivered', 'credit');
    expect(await rig.ended(back.workflowId)).toMatchObject({ outcome: 'posted' });
    expect(await figuresOf(rig, back.returnNo)).toEqual([
      'credit memo POSTED 48.00',
      'inventory adjustment POSTED -2',
      'inventory adjustment POSTED 2',
    ]);
    expect(await onHand(4)).toBe(before + 2);
  },
  WITHIN,
);
