/** Who of several deliveries gets the units of a purchase order, against PostgreSQL. */
import { describe, expect, test } from '@jest/globals';
import type { ReceiptFacts } from '../../domain/receipt/facts.js';
import type { PurchaseOrder } from '../../domain/receipt/purchase-order.js';
import { A, B, order, said } from '../unit/domain/receipts.js';
import {
  CODES,
  claim,
  held,
  line,
  minutes,
  onGround,
  sum,
  takenIn,
  wire,
  type Wire,
} from './claims-receipts-support.js';

onGround();

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
