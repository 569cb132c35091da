import { describe, expect, test } from '@jest/globals';
import { purchaseOrderEvent, purchaseOrders } from '../../activities/intake/sources/purchase-orders.js';
import type { PurchaseOrderReads } from '../../activities/intake/sources/index.js';
import type { ExpectedOrder } from '../../domain/expected/order.js';
import { planExpected, type Announced, type Places } from '../../domain/expected/plan.js';

const NOW = new Date('2026-03-11T00:00:00Z');
const ITEM = 'WOM|00123|NVY|||08';
const wire = (over: object = {}): object => ({
  ...{ poNo: 'PO-1', supplier: 'SUP-7', division: 'WOM', warehouse: '01', currency: 'USD', rate: '0.80', landed: [] },
  ...{ status: 'OPEN', revision: 3, orderedAt: '2026-03-01T09:00:00.000Z', modifiedAt: '2026-03-10T23:30:00.000Z' },
  lines: [lineOf()],
  ...over,
});
const lineOf = (over: object = {}): object => ({
  ...{ poLine: 1, sku: ITEM, ordered: 60, received: 0, open: 60, cancelled: 0, returned: 0, invoiced: 0 },
  ...{ unitCost: '8.00', ...over },
});

describe('a purchase order of the feed', () => {
  const judged = (over: object) => purchaseOrderEvent(wire(over), 'Europe/London', NOW);

  test('is a version by its revision, at the instant it changed', () => {
    expect(judged({})).toMatchObject({
      ...{ source: 'blue-cherry', kind: 'purchase-order', sourceId: 'PO-1', version: 3, state: 'new' },
      seq: Date.parse('2026-03-10T23:30:00.000Z'),
    });
  });

  test.each([
    ['a number no saga can bear', { poNo: 'PO:1' }, 'poNo'],
    ['two lines with one number', { lines: [lineOf(), lineOf()] }, 'line number'],
    ['a date before there were books', { modifiedAt: '1970-01-01T00:00:00.000Z' }, 'before 2000'],
    ['a revision below one', { revision: 0 }, 'version'],
    ['no lines at all', { lines: 'see sheet' }, 'lines'],
  ])('with %s is malformed and says why', (_name, over, reason) => {
    expect(judged(over)).toMatchObject({ state: 'malformed', reason: expect.stringContaining(reason) });
  });
});

describe('the listing of purchase orders', () => {
  const at = (ms: number): object => wire({ poNo: `PO-${ms}`, modifiedAt: new Date(ms).toISOString() });
  /** Pages of two, as the ERP gives them: from an instant on, that instant included. */
  const erp = (instants: readonly number[]): { reads: PurchaseOrderReads; asked: string[] } => {
    const asked: string[] = [];
    return {
      asked,
      reads: {
        find: () => Promise.resolve(undefined),
        invoices: () => Promise.resolve([]),
        list: ({ modifiedSince, cursor }) => {
          asked.push(`${Date.parse(modifiedSince)}/${cursor ?? ''}`);
          const rows = instants.filter((ms) => ms >= Date.parse(modifiedSince));
          const from = Number(cursor ?? 0);
          return Promise.resolve({
            rows: rows.slice(from, from + 2).map(at),
            cursor: from + 2 < rows.length ? String(from + 2) : undefined,
          });
        },
      },
    };
  };
  const pageOf = (reads: PurchaseOrderReads, after: number, limit: number) =>
    purchaseOrders.page({ blueCherry: reads, archean: undefined as never }, after, limit);

  test('goes on where a page ended, its last instant read again, until nothing is left', async () => {
    const { reads } = erp([10, 20, 30, 40, 50]);
    expect(await pageOf(reads, 0, 2)).toMatchObject({ lastSeq: 19, hasMore: true });
    expect(await pageOf(reads, 19, 2)).toMatchObject({ lastSeq: 29, hasMore: true });
    const last = await pageOf(reads, 39, 2);
    expect([last.rows.length, last.lastSeq, last.hasMore]).toEqual([2, 50, false]);
  });

  test('reads on past one instant that fills many pages', async () => {
    const { reads, asked } = erp([10, 10, 10, 10, 10, 20, 30]);
    const first = await pageOf(reads, 9, 2);
    expect([first.rows.length, first.lastSeq, first.hasMore]).toEqual([6, 19, true]);
    expect(asked).toEqual(['9/', '9/2', '9/4']);
  });

  test('one that does not end is a fault, not a loop', async () => {
    const list = () => Promise.resolve({ rows: [at(10)], cursor: 'again' });
    await expect(
      pageOf({ list, find: () => Promise.resolve(undefined), invoices: () => Promise.resolve([]) }, 9, 200),
    ).rejects.toThrow('100 pages');
  });
});

describe('what a warehouse is told of an order', () => {
  const order = (over: Partial<ExpectedOrder> = {}): ExpectedOrder => ({
    ...{ source: 'blue-cherry', poNo: 'PO-1', version: 1, state: 'open', warehouse: '01', businessDate: '2026-03-10' },
    lines: [{ poLine: 1, item: ITEM, units: 60, received: 0 }],
    ...over,
  });
  const units = (of: number, received = 0): Partial<ExpectedOrder> => ({
    lines: [{ poLine: 1, item: ITEM, units: of, received }],
  });
  const places: Places = { locations: ['FC-UK-1'], codes: [{ item: ITEM, code: '00123-NVY-08' }] };
  const line = (expected: number) => ({ lineNo: 1, code: '00123-NVY-08', expected });
  const record = (over: Partial<Announced> = {}): Announced => ({
    ...{ goodsInNo: 'GIN-1', state: 'expected', location: 'FC-UK-1', lines: [line(60)], arrived: [] },
    ...over,
  });

  test('all that is to come is announced at the one location of its warehouse', () => {
    const plan = planExpected(order(), places, []);
    expect(plan).toMatchObject({ announce: { location: 'FC-UK-1', lines: [line(60)] }, amend: null, units: 60 });
  });

  test('what has come already is not announced, by the higher of both counts', () => {
    expect(planExpected(order(units(60, 20)), places, []).announce?.lines).toEqual([line(40)]);
    const part = record({ arrived: [{ lineNo: 1, units: 25 }], lines: [line(40)] });
    expect(planExpected(order(units(60, 20)), places, [part]).amend?.lines).toEqual([line(35)]);
  });

  test('what stands already is left as it is', () => {
    expect(planExpected(order(), places, [record()])).toMatchObject({ announce: null, amend: null, cancel: [] });
  });

  test('another warehouse takes the announcement back and makes a new one', () => {
    const plan = planExpected(order(), places, [record({ location: 'FC-IE-1' })]);
    expect(plan).toMatchObject({ announce: { location: 'FC-UK-1' }, cancel: ['GIN-1'], amend: null });
  });

  test('a cancelled order needs no mapping to be taken back', () => {
    const plan = planExpected(order({ state: 'cancelled' }), { locations: [], codes: [] }, [record()]);
    expect(plan).toMatchObject({ causes: [], cancel: ['GIN-1'], tooLate: false });
  });

  test('goods that were counted in are too late to tell; in packs nobody knows what is left', () => {
    const arrived = record({ state: 'arrived', arrived: [{ lineNo: 1, units: 60 }] });
    expect(planExpected(order(), places, [arrived])).toMatchObject({ tooLate: true, announce: null });
    const packs = record({ state: 'arrived', arrived: null });
    expect(planExpected(order(units(72)), places, [packs])).toMatchObject({ tooLate: true, announce: null });
  });

  test('more ordered after all had come is announced anew', () => {
    const arrived = record({ state: 'arrived', arrived: [{ lineNo: 1, units: 60 }] });
    expect(planExpected(order(units(72)), places, [arrived])).toMatchObject({ announce: { lines: [line(12)] } });
  });

  test.each([
    ['no location', [], 'No location stands for warehouse 01 on 2026-03-10'],
    ['several', ['FC-A', 'FC-B'], '2 locations stand for warehouse 01 on 2026-03-10 (FC-A, FC-B)'],
  ])('%s for its warehouse holds it: nobody picks one', (_name, locations, title) => {
    const plan = planExpected(order(), { ...places, locations }, []);
    expect(plan.causes).toEqual([{ code: 'X-03', cause: 'warehouse 01', title: expect.stringContaining(title) }]);
    expect(plan.announce).toBeNull();
  });

  test('an item the item master does not hold holds it', () => {
    const plan = planExpected(order(), { ...places, codes: [{ item: ITEM, code: null }] }, []);
    expect(plan.causes.map(({ code, cause }) => [code, cause])).toEqual([['X-02', `item ${ITEM}`]]);
  });
});
