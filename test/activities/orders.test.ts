/** What an exchange and a cancelled order ask of the ERP, and what was sold: each verb against what its replies may do. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ReplacementOrder } from '../../domain/documents.js';
import { holdTenant, releaseTenant } from '../../store/call-tenants.js';
import { revisionsOf } from '../../store/postings.js';
import { eventually } from '../support/eventually.js';
import { detailsOf, failureOf, retried, settling, stockAsk, documentsOf, TODAY } from './posting-support/asks.js';
import { createRig, item, orderNo, TENANT, type Rig } from './posting-support/rig.js';

let rig: Rig;
let settle: { stop(): Promise<void> };
beforeEach(async () => {
  rig = await createRig();
  settle = settling(rig);
});
afterEach(async () => {
  await settle.stop();
  await rig.close();
});

const gbp = (minor: number) => ({ minor: String(minor), currency: 'GBP' });
const replacement = (n: number, quantity = 1): ReplacementOrder => ({
  kind: 'sales-order',
  division: 'D1',
  warehouse: '01',
  customer: 'C1',
  businessDate: TODAY,
  lines: [{ item: item(n), quantity, unitPrice: '20.00', tax: gbp(400 * quantity) }],
  total: gbp(2400 * quantity),
  memo: `Exchange for return RTN-${n}`,
});
const orderAsk = (n: number, quantity = 1) => ({
  reference: `return-to-stock:archean:RTN-${n}/replacement-order`,
  document: replacement(n, quantity),
  seq: n,
  links: [{ system: 'archean', kind: 'return', number: `RTN-${n}` }],
});
const ordersOf = (n: number): string[] =>
  rig.erp
    .dump()
    .documents.filter((one) => one.kind === 'sales order' && one.memo === `Exchange for return RTN-${n}`)
    .map((one) => `${one.status} ${one.amount ?? ''}`);
const create = (n: number, quantity = 1) => retried(() => rig.blueCherry.createReplacementOrder(orderAsk(n, quantity)));
const undoOf = (n: number) => ({ reference: orderAsk(n).reference, businessDate: TODAY, reason: 'reversed' });
const writes = (operation: string): number =>
  rig.calls.of('blue-cherry').filter((call) => call.operation === operation).length;

describe('a replacement order', () => {
  test('is there at once, without a batch cycle, under a number of its own', async () => {
    rig.cycles.hold();
    const result = await create(1, 2);
    expect(result).toMatchObject({ state: 'posted', documents: [{ journal: 'none' }] });
    expect(ordersOf(1)).toEqual(['OPEN 48.00']);
  });

  test.each(['drop-after', 'drop-before', 'late-landing', 'status-500', 'malformed'] as const)(
    'is there once when its reply is lost (%s)',
    async (kind) => {
      rig.fault({ operation: 'sales-order', kind, times: 1 });
      expect(await create(2)).toMatchObject({ state: 'posted' });
      expect(ordersOf(2)).toEqual(['OPEN 24.00']);
      expect((await revisionsOf(rig.db, orderAsk(2).reference)).map((row) => row.state)).toEqual(['posted']);
    },
    60_000,
  );

  test('that the ERP holds already under its reference is taken as its own, not made twice', async () => {
    const first = await create(3);
    // A store put back to before the reply: the same reference is sent again and the ERP says it is a duplicate.
    await rig.db
      .updateTable('posting')
      .set({ state: 'intended', number: null, settled_at: null })
      .where('reference', '=', orderAsk(3).reference)
      .execute();
    expect(await create(3)).toMatchObject({ documents: [{ number: first.documents[0]?.number }] });
    expect(ordersOf(3)).toEqual(['OPEN 24.00']);
    expect(writes('sales-order')).toBe(2);
  });

  test('refused by the ERP is its owner’s question, and retried after it was mended', async () => {
    rig.fault({ operation: 'sales-order', kind: 'refuse', code: 'TOTAL_MISMATCH', times: 1 });
    const failure = await failureOf(create(4));
    expect(detailsOf(failure)).toMatchObject({ code: 'X-12', reference: orderAsk(4).reference });
    expect(ordersOf(4)).toEqual([]);
    const retry = { reference: orderAsk(4).reference, revision: 1, choice: 'retry' as const, by: 'fin-1' };
    expect(await rig.postings.decide(retry)).toMatchObject({ done: true, revision: 2 });
    await create(4);
    expect(ordersOf(4)).toEqual(['OPEN 24.00']);
  });

  test.each(['none', 'drop-after', 'drop-before'] as const)(
    'is cancelled once when the return is reversed (reply: %s)',
    async (kind) => {
      await create(5);
      if (kind !== 'none') rig.fault({ operation: 'cancel-sales-order', kind, times: 1 });
      const undone = await Promise.all(
        [1, 2].map(() => retried(() => rig.blueCherry.cancelReplacementOrder(undoOf(5)), 30_000)),
      );
      expect(undone[0]).toEqual(undone[1]);
      expect(undone[0]?.state).toBe('reversed');
      expect(ordersOf(5)).toEqual(['CANCELLED 24.00']);
      expect((await revisionsOf(rig.db, orderAsk(5).reference))[0]?.state).toBe('reversed');
    },
    60_000,
  );

  test('that has left the house is not cancelled: a refused undo, for a person', async () => {
    const { documents } = await create(6);
    rig.books.shipOrder(documents[0]?.number ?? '', {});
    const failure = await failureOf(retried(() => rig.blueCherry.cancelReplacementOrder(undoOf(6))));
    expect(detailsOf(failure).message).toContain('left the house');
    expect((await revisionsOf(rig.db, orderAsk(6).reference))[0]?.state).toBe('posted');
  });

  test('never sent is forbidden by its undo, and a late first attempt makes none', async () => {
    expect(await retried(() => rig.blueCherry.cancelReplacementOrder(undoOf(7)))).toMatchObject({ state: 'forbidden' });
    expect(await rig.blueCherry.createReplacementOrder(orderAsk(7))).toMatchObject({ state: 'forbidden' });
    expect(ordersOf(7)).toEqual([]);
  });
});

describe('cancelling an order instead of a return', () => {
  const place = (no: string): void =>
    void rig.books.bookShippedOrder({
      ...{ orderNo: no, division: 'D1', warehouse: '01', customer: 'C1', currency: 'GBP', shippedAt: null },
      placedAt: '2026-11-01T10:00:00.000Z',
      lines: [
        {
          ...{ orderLine: 1, sku: item(1), kind: 'GOODS' as const, chargeCode: null, quantity: 1 },
          ...{ unitPrice: '20.00', taxCode: 'S20', taxRate: '0.20', unitCost: '4.00' },
        },
      ],
    });
  const cancel = (no: string) =>
    retried(() =>
      rig.blueCherry.cancelSalesOrder({ reference: `return-to-stock:archean:R/cancel-${no}`, orderNo: no }),
    );
  const statusOf = (no: string): string | undefined => rig.books.findOrder(no)?.status;

  test.each(['none', 'drop-after', 'drop-before', 'status-500', 'status-429', 'table-lock'] as const)(
    'cancels it once (reply: %s), and again is the same',
    async (kind) => {
      place('OPEN-1');
      if (kind !== 'none') rig.fault({ operation: 'cancel-sales-order', kind, times: 1 });
      expect(await cancel('OPEN-1')).toEqual({ status: 'cancelled' });
      expect(await cancel('OPEN-1')).toEqual({ status: 'cancelled' });
      expect(statusOf('OPEN-1')).toBe('CANCELLED');
    },
    30_000,
  );

  test('says so when it has left the house, whether it was seen before or in that very moment', async () => {
    expect(await cancel(orderNo(1))).toEqual({ status: 'already-shipped' });
    expect(writes('cancel-sales-order')).toBe(0);
    place('OPEN-2');
    rig.fault({ operation: 'cancel-sales-order', kind: 'refuse', code: 'ALREADY_SHIPPED', times: 1 });
    expect(await cancel('OPEN-2')).toEqual({ status: 'already-shipped' });
    expect(statusOf('OPEN-2')).toBe('OPEN');
  });

  test('is refused for an order that is not there, and waits while writes are held', async () => {
    expect(detailsOf(await failureOf(cancel('NO-SUCH'))).message).toContain('no order NO-SUCH');
    place('OPEN-3');
    await holdTenant(rig.db, TENANT, 'ops-1', 'stock take');
    const held = await failureOf(rig.blueCherry.cancelSalesOrder({ reference: 'r', orderNo: 'OPEN-3' }));
    expect([held.type, statusOf('OPEN-3')]).toEqual(['Held', 'OPEN']);
    await releaseTenant(rig.db, TENANT);
    expect(await cancel('OPEN-3')).toEqual({ status: 'cancelled' });
  });
});

describe('what was sold', () => {
  test('is orders, invoices and the two periods a return may be posted into; what is not there is left out', async () => {
    rig.books.closePeriod('2026-11');
    const found = await retried(() =>
      rig.blueCherry.findSold({
        orderNos: [orderNo(1), orderNo(2), orderNo(1), 'NO-SUCH', ''],
        businessDate: '2026-11-10',
      }),
    );
    expect(found.orders.map((order) => [order.orderNo, order.status])).toEqual([
      [orderNo(1), 'invoiced'],
      [orderNo(2), 'invoiced'],
    ]);
    expect(found.invoices[0]).toMatchObject({
      orderNo: orderNo(1),
      customer: 'C1',
      lines: [{ orderLine: 1, item: item(1), quantity: 10, unitPrice: '20.00', taxRate: '0.20', tax: gbp(4000) }],
    });
    expect(found.periods.map((period) => [period.code, period.state])).toEqual([
      ['2026-11', 'closed'],
      ['2026-12', 'open'],
    ]);
  });

  test('shows an order that was not dispatched, without invoice', async () => {
    rig.books.bookShippedOrder({
      ...{ orderNo: 'OPEN-9', division: 'D1', warehouse: '01', customer: 'C1', currency: 'GBP', shippedAt: null },
      placedAt: '2026-11-01T10:00:00.000Z',
      lines: [],
    });
    const found = await retried(() => rig.blueCherry.findSold({ orderNos: ['OPEN-9'] }));
    expect(found).toMatchObject({ orders: [{ status: 'open', shippedAt: null }], invoices: [] });
  });

  test.each([
    'status-429',
    'status-500',
    'status-503',
    'drop-before',
    'malformed',
    'refuse-connection',
    'unauthorised',
  ])(
    'is trouble and tried again when it cannot be read (%s), never an empty sale',
    async (kind) => {
      rig.fault({ operation: 'read', kind: kind as 'status-429', times: 1 });
      const first = await failureOf(rig.blueCherry.findSold({ orderNos: [orderNo(1)] }));
      expect([first.nonRetryable, first.nextRetryDelay === undefined]).toEqual([false, false]);
      const found = await retried(() => rig.blueCherry.findSold({ orderNos: [orderNo(1)] }));
      expect(found.invoices).toHaveLength(1);
    },
    30_000,
  );
});

describe('lines the ERP refuses', () => {
  test('are known although the reply was lost: the good ones stand, the others wait for a person', async () => {
    const request = stockAsk(20, [1, 2, 3]);
    rig.fault({ operation: 'inventory-adjustment', kind: 'partial', times: 1, lines: [2], code: 'SKU_INACTIVE' });
    rig.fault({ operation: 'inventory-adjustment', kind: 'drop-after', times: 1 });
    const failure = await failureOf(retried(() => rig.blueCherry.postStockAdjustment(request), 30_000));
    expect(detailsOf(failure)).toMatchObject({ type: 'LinesRefused', revision: 2, lines: [{ line: 2 }] });
    const posted = await eventually(
      () => {
        const [one, ...more] = documentsOf(rig, request.reference);
        return one?.status === 'POSTED' && more.length === 0 ? one : undefined;
      },
      { within: 10_000 },
    );
    expect(posted.lines.map((line) => line.sku)).toEqual([item(1), item(3)]);
    const retry = { reference: request.reference, revision: 2, choice: 'retry' as const, by: 'ops-1' };
    expect(await rig.postings.decide(retry)).toMatchObject({ done: true, revision: 3 });
    const result = await retried(() => rig.blueCherry.postStockAdjustment(request), 30_000);
    expect(result.documents.map(({ revision }) => revision)).toEqual([1, 3]);
    const lines = documentsOf(rig, request.reference).flatMap((one) => one.lines.map((line) => line.sku));
    expect(lines.sort()).toEqual([item(1), item(2), item(3)].sort());
  }, 60_000);
});
