import { beforeEach, describe, expect, test } from '@jest/globals';
import type { ArcheanGoodsIn } from '../../clients/archean/schema.js';
import { blueCherryEvent } from '../../sandbox/blue-cherry/index.js';
import { playScenario } from '../../sandbox/scenarios/index.js';
import { createSystems } from './scenario-systems.js';

/** Articles of the business that `empty` loads, and one of our own in cartons of 12. */
const JACKET = { sku: 'WOM|JACKET|BLK|||M', code: 'JACKET-BLK-M', unitsPerCase: 12 };
const SCARF = { sku: 'WOM|SCARF|RED|||OS', code: 'SCARF-RED-OS', unitsPerCase: 0 };
const B2 = {
  poNo: 'PO-B2',
  division: 'WOM',
  warehouse: '01',
  currency: 'USD',
  rate: '0.80',
  landed: [
    { element: 'DUTY', perUnit: '0.768' },
    { element: 'FREIGHT', perUnit: '0.332' },
  ],
  lines: [{ sku: JACKET.sku, ordered: 720, unitCost: '8.00' }],
};

let at: ReturnType<typeof createSystems>;
beforeEach(async () => {
  at = createSystems(3);
  await playScenario({ name: 'empty', seed: 3, misbehave: 0, ...at }).done;
  for (const item of [JACKET, SCARF]) erp('item.added', item);
});

const erp = (type: string, payload: Record<string, unknown>) =>
  blueCherryEvent(
    {
      books: at.blueCherry.books,
      clock: at.clock,
      random: at.random,
      onOrder: () => undefined,
      onItem: (item) => at.reckoning.noteItem({ ...item, division: 'WOM' }),
      onPurchaseOrder: (order, options) => at.reckoning.notePurchaseOrder(order, options),
    },
    type,
    payload,
  );
const deliver = (payload: Record<string, unknown> = {}): ArcheanGoodsIn =>
  (at.archean.event('goods-in.completed', { poNo: 'PO-B2', ...payload }) as { goodsIn: ArcheanGoodsIn }).goodsIn;
const pieces = (received: number, more: object = {}) => ({
  lines: [{ sku: JACKET.code, expected: received, received, ...more }],
});
const reckoned = (key: string) => at.reckoning.report().events.find((event) => event.key === key);
/** What must come of a delivery: lines posted, worth, question. */
const outcome = ({ id }: ArcheanGoodsIn) => {
  const event = reckoned(id);
  const [receipt] = event?.documents ?? [];
  const lines = (receipt?.lines ?? []).map(
    ({ orderLine, quantity, quality }) => `${orderLine}: ${quantity} ${quality}`,
  );
  return { lines, amount: receipt?.amount ?? null, asks: event?.waitsFor?.code ?? null, owner: event?.waitsFor?.owner };
};
const statusOf = (poNo = 'PO-B2') =>
  at.reckoning.report().purchaseOrders.find((order) => order.poNo === poNo)?.status ?? 'unsaid';

describe('the order of issue line B2', () => {
  beforeEach(() => {
    erp('purchase-order.raised', B2);
    at.archean.books.saveGoodsIn({
      ...{ id: 'GIN-1', version: 1, externalRef: 'SV1', poNo: 'PO-B2', location: 'FC-UK-1', state: 'EXPECTED' },
      ...{ completedAt: null, completedBy: '', followedBy: null },
      lines: [
        { lineNo: 1, sku: JACKET.code, expected: 720, received: 0, uom: 'EA', quality: 'FIRST', damagedUnits: 0 },
      ],
    });
  });

  test('40 cartons, then 19 with five units ruined, one never comes', () => {
    const january = deliver({
      id: 'GIN-1',
      more: true,
      completedAt: '2026-01-31T16:20:00.000Z',
      lines: [{ lineNo: 1, uom: 'CTN', received: 40 }],
    });
    expect(reckoned(january.id)).toEqual({
      source: 'archean',
      key: 'GIN-1',
      version: 2,
      class: 'event',
      documents: [
        {
          kind: 'PO receipt',
          number: null,
          externalRef: null,
          status: 'POSTED',
          postingDate: '2026-01-31',
          division: 'WOM',
          warehouse: '01',
          orderNo: null,
          poNo: 'PO-B2',
          customer: null,
          lines: [
            {
              ...{ sku: JACKET.sku, orderLine: 1, quantity: '480', quality: 'FIRST' },
              ...{ amount: null, taxCode: null, taxAmount: null },
            },
          ],
          charges: [],
          amount: '3600.00',
          taxAmount: null,
          currency: 'GBP',
          reverses: null,
        },
      ],
      waitsFor: null,
    });
    const february = deliver({
      completedAt: '2026-02-02T09:00:00.000Z',
      lines: [{ lineNo: 1, received: 19, damagedUnits: 5 }],
    });
    expect(february.lines).toMatchObject([{ uom: 'CTN', expected: 20, received: 19 }]);
    // 223 × 6.40 = 1427.20, × 0.768 = 171.26, × 0.332 = 74.04.
    expect(outcome(february)).toEqual({ lines: ['1: 223 FIRST'], amount: '1672.50', asks: 'X-16', owner: 'warehouse' });
    expect(statusOf()).toBe('OPEN');
    expect(at.reckoning.report().totals.received).toEqual({ units: '703', value: '5272.50' });
  });

  test('whole, it is closed for receiving; taken back, it is open again and nothing stands', () => {
    const made = deliver();
    expect([outcome(made), statusOf()]).toEqual([
      { lines: ['1: 720 FIRST'], amount: '5400.00', asks: null, owner: undefined },
      'CLOSED_RECEIVING',
    ]);
    at.archean.event('goods-in.reversed', { id: made.id });
    expect([reckoned(made.id)?.documents, reckoned(made.id)?.waitsFor, statusOf()]).toEqual([[], null, 'OPEN']);
    expect(outcome(deliver(pieces(720))).lines).toEqual(['1: 720 FIRST']);
    expect(statusOf()).toBe('CLOSED_RECEIVING');
  });

  test('taken back after the supplier billed it, its receipt stands and finance is asked to send it back', () => {
    const [first, second] = [
      deliver({ announced: false, ...pieces(100) }),
      deliver({ announced: false, ...pieces(620) }),
    ];
    erp('supplier-invoice.received', { poNo: 'PO-B2', lines: [{ poLine: 1, quantity: 700 }] });
    // 720 came and 700 are billed: neither can be taken back, not even the smaller one.
    for (const { id } of [first, second]) at.archean.event('goods-in.reversed', { id });
    const stands = (units: number, amount: string) => ({
      ...{ lines: [`1: ${units} FIRST`], amount, asks: 'approval', owner: 'finance' },
    });
    expect([outcome(first), outcome(second)]).toEqual([stands(100, '750.00'), stands(620, '4650.00')]);
    expect(statusOf()).toBe('CLOSED_RECEIVING');
  });

  test('taken back with enough of it left for what the supplier billed, nothing of it stands', () => {
    const [first] = [deliver({ announced: false, ...pieces(100) }), deliver({ announced: false, ...pieces(500) })];
    erp('supplier-invoice.received', { poNo: 'PO-B2', lines: [{ poLine: 1, quantity: 500 }] });
    at.archean.event('goods-in.reversed', { id: first.id });
    expect([outcome(first), statusOf()]).toEqual([{ lines: [], amount: null, asks: null, owner: undefined }, 'OPEN']);
  });

  test('counted again, it is left out with its order', () => {
    erp('purchase-order.raised', { ...B2, poNo: 'PO-2' });
    const second = deliver({ poNo: 'PO-2', ...pieces(100) });
    expect(outcome(second).lines).toEqual(['1: 100 FIRST']);
    at.archean.event('goods-in.corrected', { id: second.id });
    expect([reckoned(second.id), statusOf('PO-2')]).toEqual([undefined, 'unsaid']);
  });
});

describe('what is asked', () => {
  const [asks, warehouse] = [null, 'warehouse'] as const;
  test.each([
    ['an order nobody knows', { poNo: 'PO-NONE' }, [], 'X-18', 'finance'],
    ['a location without a warehouse', { location: 'V-MISC' }, [], 'X-03', warehouse],
    ['an article nobody knows', { lines: [{ sku: 'GONE-1', received: 1 }, { sku: JACKET.code, received: 2 }] }, [], 'X-02', 'operations'],
    ['cartons of nobody knows how many', { lines: [{ sku: SCARF.code, uom: 'CTN', received: 2 }] }, [], 'X-45', 'buying'],
    ['a prepack nobody knows', { lines: [{ sku: 'PPK-WHAT', uom: 'PPK', received: 2 }] }, [], 'X-45', 'buying'],
    ['a unit nobody knows', { lines: [{ sku: JACKET.code, uom: 'PALLET', received: 2 }] }, [], 'X-45', 'buying'],
    ['an article that is not on the order', { lines: [{ sku: SCARF.code, received: 2 }, { sku: JACKET.code, received: 3 }] }, ['1: 3 FIRST'], 'X-17', warehouse],
    ['more than is open', pieces(75), ['1: 50 FIRST', '2: 20 FIRST'], 'X-16', warehouse],
    ['all of both lines, in their order', pieces(70), ['1: 50 FIRST', '2: 20 FIRST'], asks, undefined],
    ['damaged units', pieces(30, { damagedUnits: 4 }), ['1: 26 FIRST'], 'X-16', warehouse],
    ['less than was expected', pieces(30, { expected: 31 }), ['1: 30 FIRST'], 'X-16', warehouse],
    ['irregular goods', pieces(30, { quality: 'IRREGULAR' }), ['1: 30 IRREGULAR'], asks, undefined],
    ['nothing but damage', pieces(30, { damagedUnits: 30 }), [], 'X-16', warehouse],
    ['lines of which nothing came', { lines: [{ sku: 'GONE-1', expected: 0, received: 0 }, { sku: JACKET.code, received: 2 }] }, ['1: 2 FIRST'], asks, undefined],
  ])('%s', (_, payload, lines, code, owner) => {
    // Two lines of the same article: the first is filled before the second.
    erp('purchase-order.raised', {
      ...B2,
      lines: [
        { poLine: 1, sku: JACKET.sku, ordered: 60, cancelled: 10, unitCost: '8.00' },
        { poLine: 2, sku: JACKET.sku, ordered: 20, unitCost: '8.50' },
      ],
    });
    expect(outcome(deliver(payload))).toMatchObject({ lines, asks: code, owner });
  }); // prettier-ignore

  test('of a prepack the site knows, each size is its own', () => {
    at.reckoning.notePrepack('PPK-9', [{ sku: JACKET.sku, units: 2 }, { sku: SCARF.sku, units: 3 }]); // prettier-ignore
    const line = (poLine: number, sku: string) => ({ poLine, sku, ordered: 30, unitCost: '1.00' });
    erp('purchase-order.raised', { ...B2, lines: [line(1, JACKET.sku), line(2, SCARF.sku)] });
    const made = deliver({ lines: [{ sku: 'ppk.9', uom: 'PPK', expected: 5, received: 5 }] });
    expect(outcome(made)).toMatchObject({ lines: ['1: 10 FIRST', '2: 15 FIRST'], asks: null });
  });

  test('of closed and cancelled orders: nothing is posted, also when an earlier delivery closed it', () => {
    for (const poNo of ['PO-1', 'PO-2', 'PO-3']) erp('purchase-order.raised', { ...B2, poNo });
    at.reckoning.notePurchaseOrder(at.blueCherry.books.edit('PO-1', { status: 'CLOSED' }) as never, {
      statusSet: true,
    });
    erp('purchase-order.cancelled', { poNo: 'PO-2' });
    deliver({ poNo: 'PO-3', ...pieces(720) });
    for (const poNo of ['PO-1', 'PO-2', 'PO-3'])
      expect(outcome(deliver({ poNo, ...pieces(5) }))).toMatchObject({ lines: [], asks: 'X-18' });
    expect(['PO-1', 'PO-2', 'PO-3'].map(statusOf)).toEqual(['CLOSED', 'CANCELLED', 'CLOSED_RECEIVING']);
  });
});

describe('several deliveries', () => {
  beforeEach(() => void erp('purchase-order.raised', B2));

  test('claim in the order of their source, whichever was told of first; a date is of the company', () => {
    const late = deliver({ ...pieces(700), completedAt: '2026-06-30T23:30:00.000Z' });
    const early = deliver({ ...pieces(100), completedAt: '2026-06-29T10:00:00.000Z' });
    expect(outcome(early)).toMatchObject({ lines: ['1: 100 FIRST'], asks: null });
    expect(outcome(late)).toMatchObject({ lines: ['1: 620 FIRST'], asks: 'X-16' });
    expect(reckoned(late.id)?.documents[0]?.postingDate).toBe('2026-07-01');
    expect(statusOf()).toBe('CLOSED_RECEIVING');
  });

  test('an amendment counts for what comes after it, and for whether the order is complete', () => {
    deliver(pieces(720));
    expect(statusOf()).toBe('CLOSED_RECEIVING');
    erp('purchase-order.amended', { poNo: 'PO-B2', lines: [{ poLine: 1, ordered: 730, unitCost: '9.00' }] });
    expect(statusOf()).toBe('OPEN');
    // Ten at 9.00 × 0.80, with 7.68 duty and 3.32 freight.
    expect(outcome(deliver(pieces(10)))).toMatchObject({ lines: ['1: 10 FIRST'], amount: '83.00', asks: null });
    expect(statusOf()).toBe('CLOSED_RECEIVING');
  });

  test('an event without a payload delivers what is still to come of an open order', () => {
    deliver(pieces(600));
    const { goodsIn } = at.archean.event('goods-in.completed') as { goodsIn: ArcheanGoodsIn };
    expect([goodsIn.poNo, outcome(goodsIn).lines, statusOf()]).toEqual(['PO-B2', ['1: 120 FIRST'], 'CLOSED_RECEIVING']);
    const { goodsIn: unknown } = at.archean.event('goods-in.completed') as { goodsIn: ArcheanGoodsIn };
    expect(outcome(unknown)).toMatchObject({ lines: [], asks: 'X-18' });
  });

  test('what is known goes on after the books were kept and taken up again', () => {
    deliver(pieces(700));
    const report = at.reckoning.report();
    const other = createSystems(4);
    other.reckoning.resume(structuredClone(at.reckoning.held()));
    expect(other.reckoning.report()).toEqual(report);
    expect(other.reckoning.receivable().map(({ lines }) => lines[0]?.ordered)).toEqual([20]);
  });
});
