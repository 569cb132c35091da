/** Who of several deliveries gets the open units of an order's lines, and what a delivery brings. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { broughtBy, differencesOf, inEaches } from '../../../domain/receipt/brought.js';
import { refusedOf, splitGrants } from '../../../domain/receipt/documents.js';
import { grantInOrder, type Queued, type ReceiptGrant } from '../../../domain/receipt/grants.js';
import { A, B, C, delivery, factsOf, lineOf, mappedOf, order, said } from './receipts.js';

const items = fc.constantFrom(A, B, C);
const quality = fc.constantFrom('first' as const, 'irregular' as const);
const orders = fc
  .array(
    fc.record({
      item: items,
      ordered: fc.integer({ min: 0, max: 40 }),
      cancelled: fc.integer({ min: 0, max: 45 }),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((lines) => order(lines));
const brought = fc.array(fc.record({ item: items, quality, units: fc.integer({ min: 1, max: 30 }) }), { maxLength: 5 });
const queues = fc.array(brought, { minLength: 1, maxLength: 6 }).map((all) =>
  all.map((lines, at): Queued => ({
    goodsInNo: `G${at}`,
    brought: lines.map((line, index) => ({ lineNo: index + 1, ...line })),
    granted: null,
  })),
);

const sumOf = (grants: readonly { units: number }[]): number => grants.reduce((sum, { units }) => sum + units, 0);
const all = (granted: Map<string, ReceiptGrant[]>): ReceiptGrant[] => [...granted.values()].flat();

describe('grants of an order', () => {
  test('are never more than a line has ordered and not cancelled, never of another item, never more than came', () => {
    fc.assert(
      fc.property(orders, queues, (po, queue) => {
        const granted = grantInOrder(po, queue);
        for (const line of po.lines) {
          const mine = all(granted).filter(({ poLine }) => poLine === line.poLine);
          expect(sumOf(mine)).toBeLessThanOrEqual(Math.max(0, line.ordered - line.cancelled));
          expect(mine.every(({ item }) => item === line.item)).toBe(true);
        }
        for (const { goodsInNo, brought: lines } of queue)
          for (const { lineNo, units } of lines)
            expect(sumOf((granted.get(goodsInNo) ?? []).filter((g) => g.lineNo === lineNo))).toBeLessThanOrEqual(units);
      }),
    );
  });

  test('leave nothing open that anybody brought', () => {
    fc.assert(
      fc.property(orders, queues, (po, queue) => {
        const granted = all(grantInOrder(po, queue));
        for (const item of [A, B, C]) {
          const room = po.lines
            .filter((line) => line.item === item)
            .reduce((sum, line) => sum + Math.max(0, line.ordered - line.cancelled), 0);
          const came = sumOf(queue.flatMap((each) => each.brought).filter((each) => each.item === item));
          expect(sumOf(granted.filter((grant) => grant.item === item))).toBe(Math.min(room, came));
        }
      }),
    );
  });

  test('of one delivery do not depend on those behind it', () => {
    fc.assert(
      fc.property(orders, queues, fc.nat(5), (po, queue, at) => {
        const some = queue.slice(0, at + 1);
        const [few, many] = [grantInOrder(po, some), grantInOrder(po, queue)];
        for (const { goodsInNo } of some) expect(few.get(goodsInNo)).toEqual(many.get(goodsInNo));
      }),
    );
  });

  test('never change once given, however the queue is served afterwards and whatever is raised', () => {
    fc.assert(
      fc.property(orders, queues, fc.nat(30), (po, queue, more) => {
        const first = grantInOrder(po, queue);
        const raised = { ...po, lines: po.lines.map((line) => ({ ...line, ordered: line.ordered + more })) };
        const held = queue.map((each) => ({ ...each, granted: first.get(each.goodsInNo) ?? [] })).reverse();
        expect(grantInOrder(raised, held)).toEqual(new Map([...first].reverse()));
      }),
    );
  });

  test('given one by one, each with the earlier ones held, are those of the whole queue', () => {
    fc.assert(
      fc.property(orders, queues, (po, queue) => {
        const whole = grantInOrder(po, queue);
        const held: Queued[] = [];
        for (const each of queue) {
          const granted = grantInOrder(po, [...held, each]).get(each.goodsInNo) ?? [];
          expect(granted).toEqual(whole.get(each.goodsInNo));
          held.push({ ...each, brought: [], granted });
        }
      }),
    );
  });

  test('fill the lines of one item in their order, first quality and irregular alike', () => {
    const po = order([{ ordered: 5 }, { ordered: 9, item: B }, { ordered: 10, cancelled: 4 }]);
    const queue: Queued[] = [
      {
        goodsInNo: 'G',
        granted: null,
        brought: [
          { lineNo: 1, item: A, quality: 'irregular', units: 3 },
          { lineNo: 2, item: A, quality: 'first', units: 20 },
        ],
      },
    ];
    expect(grantInOrder(po, queue).get('G')).toEqual([
      { lineNo: 1, poLine: 1, item: A, quality: 'irregular', units: 3 },
      { lineNo: 2, poLine: 1, item: A, quality: 'first', units: 2 },
      { lineNo: 2, poLine: 3, item: A, quality: 'first', units: 6 },
    ]);
  });
});

const PREPACK = [
  { item: A, division: 'WOM', units: 2 },
  { item: B, division: 'WOM', units: 1 },
];

describe('a delivery in eaches', () => {
  test('counts cartons by what one holds and prepacks by size, damage in the order of the sizes', () => {
    const document = delivery([
      lineOf(1, 3, { uom: 'CTN', expected: 4, damagedUnits: 5 }),
      lineOf(2, 10, { sku: 'PACK', uom: 'PPK', damagedUnits: 23, quality: 'irregular' }),
    ]);
    const lines = mappedOf(document, { 1: [{ item: A, division: 'WOM', units: 12 }], 2: PREPACK });
    expect(inEaches(document, lines)).toEqual([
      { lineNo: 1, item: A, sku: A, quality: 'first', expected: 48, received: 36, damaged: 5 },
      { lineNo: 2, item: A, sku: 'PACK', quality: 'irregular', expected: 20, received: 20, damaged: 20 },
      { lineNo: 2, item: B, sku: 'PACK', quality: 'irregular', expected: 10, received: 10, damaged: 3 },
    ]);
  });

  test('never has more damaged than came, and brings nothing where nothing came', () => {
    const document = delivery([lineOf(1, 4, { damagedUnits: 9 }), lineOf(2, 0, { expected: 6, damagedUnits: 3 })]);
    const lines = mappedOf(document);
    expect(inEaches(document, lines).map(({ damaged }) => damaged)).toEqual([4, 0]);
    expect(broughtBy(document, lines)).toEqual([{ lineNo: 1, item: A, quality: 'first', units: 4 }]);
  });

  test('is cut into sound and damaged so that nothing is lost, and damaged units are the last to be taken', () => {
    const line = fc.record({
      received: fc.integer({ min: 0, max: 30 }),
      damaged: fc.integer({ min: 0, max: 35 }),
      item: items,
    });
    fc.assert(
      fc.property(orders, fc.array(line, { minLength: 1, maxLength: 4 }), (po, given) => {
        const document = delivery(
          given.map(({ received, damaged, item }, at) =>
            lineOf(at + 1, received, { sku: item, damagedUnits: damaged }),
          ),
        );
        const facts = factsOf(document, po);
        const { sound, damaged } = splitGrants({ document, facts });
        expect(sumOf(sound) + sumOf(damaged)).toBe(sumOf(facts.grants));
        const { extra } = differencesOf(document, po, facts);
        for (const { lineNo, received, damaged: ruined } of inEaches(document, facts.lines)) {
          const of = (grants: readonly { lineNo: number; units: number }[]): number =>
            sumOf(grants.filter((grant) => grant.lineNo === lineNo));
          expect(of(sound)).toBeLessThanOrEqual(received - ruined);
          expect(of(damaged)).toBeLessThanOrEqual(ruined);
          if (of(damaged) > 0) expect(of(extra)).toBe(0);
        }
        const onArrival = [said('damaged', 'damaged-on-arrival')];
        expect(refusedOf({ document, facts }, onArrival)).toEqual(damaged);
        expect(refusedOf({ document, facts }, [said('damaged', 'damaged-by-us')])).toEqual([]);
      }),
    );
  });
});

describe('what differs', () => {
  const po = order([{ ordered: 10 }, { ordered: 10, item: B }]);

  test('is told by reason: not ordered, too many, damaged, missing', () => {
    const document = delivery([
      lineOf(1, 13, { expected: 10, damagedUnits: 1 }),
      lineOf(2, 6, { sku: B, expected: 10 }),
      lineOf(3, 4, { sku: C, expected: 0 }),
    ]);
    expect(differencesOf(document, po, factsOf(document, po))).toEqual({
      notOnOrder: [{ lineNo: 3, item: C, sku: C, units: 4 }],
      extra: [{ lineNo: 1, item: A, sku: A, units: 2 }],
      damaged: [{ lineNo: 1, item: A, sku: A, units: 1 }],
      short: [{ lineNo: 2, item: B, sku: B, units: 4 }],
    });
  });

  test('is nothing short while more is to come', () => {
    const document = delivery([lineOf(1, 2, { expected: 10 })], { moreToCome: true });
    expect(differencesOf(document, po, factsOf(document, po)).short).toEqual([]);
  });
});
