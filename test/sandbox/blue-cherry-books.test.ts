import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Invoice, SalesOrder, Transaction } from '../../clients/blue-cherry/schema.js';
import { emptyBuckets, onHand, openToSell, openToSellWithWip } from '../../sandbox/blue-cherry/index.js';
import { adjustment, HAT, memo, onHandOf, openSite, SHIRT, statesOf } from './site.js';
import type { Site } from './site.js';

let site: Site;
beforeEach(async () => {
  site = await openSite();
});
afterEach(() => site.close());

/** Net debit per account over all journals of the books, in pence. */
function balances(of: Site = site): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { account, debit, credit } of of.erp.dump().journals)
    sums[account] = (sums[account] ?? 0) + Math.round((Number(debit) - Number(credit)) * 100);
  return sums;
}

test('the stock arithmetic gives the figures of its test vector', () => {
  const buckets = {
    ...emptyBuckets(),
    ...{ SA: 100, RT: 5, R1: 400, R2: 10, IN: 300, CM: 0, RV: 20, RI: 15, PK: 40, OP: 60 },
    ...{ RS: 10, DM: 0, ST: 250, RP: 2, RO: 3 },
  };
  expect([onHand(buckets), openToSell(buckets), openToSellWithWip(buckets)]).toEqual([220, 105, 355]);
});

describe('what was sold', () => {
  test('an invoice carries discount share, tax per line and cost, and on-hand has fallen', async () => {
    const invoices = (await site.get('/invoices?orderNo=W-1')).body['invoices'] as unknown[];
    const invoice = Invoice.parse(invoices[0]);
    expect(invoice.lines[0]).toMatchObject({ net: '72.00', discount: '8.00', taxAmount: '14.40', unitCost: '8.00' });
    expect(invoice.total).toBe('86.40');
    expect(onHandOf(site.erp, SHIRT)).toBe(96);
    expect(SalesOrder.parse((await site.get('/sales-orders/W-1')).body).status).toBe('INVOICED');
    expect((await site.get('/sales-orders/W-9')).status).toBe(404);
  });

  test('an order placed is open demand and has no invoice until it is shipped', async () => {
    const order = site.erp.books.findOrder('W-1');
    if (order === undefined) throw new Error('W-1 is there');
    site.erp.books.bookShippedOrder({ ...site.erp.books.factsOf(order), orderNo: 'W-2', shippedAt: null });
    expect((await site.get('/invoices?orderNo=W-2')).body['invoices']).toEqual([]);
    expect(onHandOf(site.erp, SHIRT)).toBe(96);
    site.erp.books.shipOrder('W-2', { queued: true });
    expect((await site.get('/invoices?orderNo=W-2')).body['invoices']).toEqual([]);
    site.erp.cycles.run();
    expect((await site.get('/invoices?orderNo=W-2')).body['invoices']).toHaveLength(1);
    expect(onHandOf(site.erp, SHIRT)).toBe(92);
    const shipments = (await site.get('/shipments')).body['shipments'] as { orderNo: string }[];
    expect(shipments.map((one) => one.orderNo).sort()).toEqual(['W-1', 'W-2']);
  });

  test('where invoicing is a later run, on-hand moves a cycle after the shipment', async () => {
    const later = await openSite({ invoicing: 'later-run' });
    try {
      expect(onHandOf(later.erp, SHIRT)).toBe(100);
      later.erp.cycles.run();
      expect(onHandOf(later.erp, SHIRT)).toBe(96);
    } finally {
      await later.close();
    }
  });
});

describe('journals', () => {
  test('every journal balances, a credit falls on returns, tax and the customer', async () => {
    const charge = {
      glAccount: '4200',
      description: 'return postage',
      amount: '-2.50',
      taxCode: 'S20',
      taxRate: '0.20',
      taxAmount: '-0.50',
    };
    await site.post('/credit-memos', memo('SV-C', 1, { charges: [charge], total: '18.60' }));
    await site.post('/inventory-adjustments', adjustment('SV-A', 1));
    site.erp.cycles.run();
    const { journals, documents } = site.erp.dump();
    for (const number of new Set(journals.map((line) => line.document))) {
      const lines = journals.filter((line) => line.document === number);
      const off = lines.reduce((sum, l) => sum + Math.round((Number(l.debit) - Number(l.credit)) * 100), 0);
      expect([number, off]).toEqual([number, 0]);
    }
    const credit = documents.find((one) => one.externalRef === 'SV-C');
    const of = journals.filter((line) => line.document === credit?.number);
    expect(of.map((l) => [l.account, l.debit, l.credit, l.division, l.period])).toEqual([
      ['4100', '18.00', '0.00', 'D1', '2026-03'],
      ['2200', '3.10', '0.00', 'D1', '2026-03'],
      ['4200', '0.00', '2.50', 'D1', '2026-03'],
      ['1100', '0.00', '18.60', 'D1', '2026-03'],
    ]);
  });

  test.each(['standard', 'average', 'original'] as const)(
    'selling and returning leaves cost of sales at zero: %s cost',
    async (valuationMethod) => {
      const own = await openSite({ valuationMethod });
      try {
        own.erp.books.addStock({ sku: SHIRT, warehouse: '01', quantity: 50, unitCost: '9.10' });
        const order = own.erp.books.findOrder('W-1');
        if (order === undefined) throw new Error('W-1 is there');
        const before = balances(own)['5000'] ?? 0;
        const sold = own.erp.books.bookShippedOrder({ ...own.erp.books.factsOf(order), orderNo: 'W-2' });
        expect(balances(own)['5000']).toBeGreaterThan(before);
        const unitCost = valuationMethod === 'original' ? { unitCost: sold.lines[0]?.unitCost } : {};
        await own.post(
          '/inventory-adjustments',
          adjustment('SV-A', 4, { lines: [{ sku: SHIRT, quantity: 4, ...unitCost }] }),
        );
        own.erp.cycles.run();
        expect(balances(own)['5000']).toBe(before);
        expect(balances(own)['5900'] ?? 0).toBe(0);
      } finally {
        await own.close();
      }
    },
  );

  test('a receipt books stock against goods received at PO cost and rate, landed cost apart', async () => {
    site.erp.books.addPurchaseOrder({
      poNo: 'PO-1',
      division: 'D1',
      warehouse: '01',
      currency: 'EUR',
      rate: '0.85',
      landedPerUnit: '0.40',
      lines: [{ sku: HAT, ordered: 10, unitCost: '4.00' }],
    });
    await site.post('/po-receipts', {
      externalRef: 'SV-R',
      poNo: 'PO-1',
      warehouse: '01',
      receivedAt: '2026-03-10T09:00:00Z',
      postingDate: '2026-03-10',
      lines: [
        { poLine: 1, sku: HAT, quantity: 3, quality: 'FIRST' },
        { poLine: 1, sku: HAT, quantity: 2, quality: 'IRREGULAR' },
      ],
    });
    site.erp.cycles.run();
    expect(balances()).toMatchObject({ '2110': -1700, '2120': -200 });
    const row = site.erp.dump().stock.find((one) => one['sku'] === HAT);
    expect([row?.['R1'], row?.['R2'], row?.['qoh']]).toEqual(['3', '2', '105']);
  });

  test('a site that does not show journals leaves them out; its books keep them', async () => {
    const own = await openSite({ journalReadable: false });
    try {
      const { body } = await own.post('/credit-memos', memo('SV-C'));
      own.erp.cycles.run();
      const shown = Transaction.parse((await own.get(`/transactions/${String(body['transactionNo'])}`)).body);
      expect([shown.status, shown.journal]).toEqual(['POSTED', undefined]);
      expect(own.erp.dump().journals.some((line) => line.document === shown.transactionNo)).toBe(true);
    } finally {
      await own.close();
    }
  });

  test('a site whose credits restock counts the goods back as returned', async () => {
    const own = await openSite({ creditMemoRestocks: true });
    try {
      await own.post('/credit-memos', memo('SV-C', 2));
      own.erp.cycles.run();
      expect(onHandOf(own.erp, SHIRT)).toBe(98);
      expect(own.erp.dump().stock.find((one) => one['sku'] === SHIRT)?.['RT']).toBe('2');
    } finally {
      await own.close();
    }
  });
});

describe('reversal', () => {
  test('undoes a document once, exactly, and never twice', async () => {
    const { body } = await site.post('/inventory-adjustments', adjustment('SV-A', 5));
    const reverses = String(body['transactionNo']);
    const undo = (ref: string, quantity: number, number = reverses) =>
      site.post('/inventory-adjustments', adjustment(ref, quantity, { reverses: number }));
    expect((await undo('SV-0', -5)).body['code']).toBe('REVERSES_UNKNOWN');
    site.erp.cycles.run();
    expect((await undo('SV-1', -4)).body['code']).toBe('REVERSAL_MISMATCH');
    expect((await undo('SV-2', -5)).status).toBe(202);
    expect((await undo('SV-3', -5)).status).toBe(202);
    site.erp.cycles.run();
    const outcome = [...statesOf(site.erp, 'SV-2'), ...statesOf(site.erp, 'SV-3')].sort();
    expect(outcome).toEqual(['POSTED', 'REJECTED']);
    const lost = site.erp.dump().documents.find((one) => one.status === 'REJECTED');
    expect(lost?.errors[0]?.code).toBe('ALREADY_REVERSED');
    expect((await undo('SV-4', -5)).body['code']).toBe('ALREADY_REVERSED');
    expect(onHandOf(site.erp, SHIRT)).toBe(96);
    expect(balances()['5000']).toBe(3200);
  });

  test('a closed period and a supplier invoice refuse it', async () => {
    const { body } = await site.post('/credit-memos', memo('SV-C'));
    site.erp.cycles.run();
    site.erp.books.closePeriod('2026-03');
    const undo = memo('SV-U', -1, { reverses: body['transactionNo'] });
    expect((await site.post('/credit-memos', undo)).body['code']).toBe('PERIOD_CLOSED');
    site.erp.books.openPeriod('2026-03');
    expect((await site.post('/credit-memos', undo)).status).toBe(202);
    site.erp.books.addPurchaseOrder({
      poNo: 'PO-1',
      division: 'D1',
      warehouse: '01',
      lines: [{ sku: HAT, ordered: 10, unitCost: '4.00' }],
    });
    const receipt = (ref: string, quantity: number, more: Record<string, unknown> = {}) => ({
      externalRef: ref,
      poNo: 'PO-1',
      warehouse: '01',
      receivedAt: '2026-03-10T09:00:00Z',
      postingDate: '2026-03-10',
      lines: [{ poLine: 1, sku: HAT, quantity, quality: 'FIRST' }],
      ...more,
    });
    const made = await site.post('/po-receipts', receipt('SV-R', 3));
    site.erp.cycles.run();
    site.erp.books.edit('PO-1', { invoiced: true });
    const back = await site.post('/po-receipts', receipt('SV-B', -3, { reverses: made.body['transactionNo'] }));
    expect([back.status, back.body['code']]).toEqual([422, 'INVOICED']);
  });
});

describe('people', () => {
  test('changing a posted document moves its stamp, its author, its journal and the stock', async () => {
    const credit = await site.post('/credit-memos', memo('SV-C'));
    const restock = await site.post('/inventory-adjustments', adjustment('SV-A', 2));
    site.erp.cycles.run();
    const before = Transaction.parse((await site.get(`/transactions/${String(credit.body['transactionNo'])}`)).body);
    site.clock.advance(1000);
    site.erp.books.edit(String(credit.body['transactionNo']), { line: 1, amount: '18.01', by: 'anna' });
    const after = Transaction.parse((await site.get(`/transactions/${before.transactionNo}`)).body);
    expect([after.total, after.modifiedBy, after.modifiedAt > before.modifiedAt]).toEqual(['21.61', 'anna', true]);
    expect(after.journal?.map((line) => line.debit)).toContain('18.01');
    site.erp.books.edit(String(restock.body['transactionNo']), { quantity: 3 });
    expect(onHandOf(site.erp, SHIRT)).toBe(99);
    site.erp.books.edit(before.transactionNo, { amount: '21.62' });
    const whole = Transaction.parse((await site.get(`/transactions/${before.transactionNo}`)).body);
    expect([whole.total, whole.lines[0]?.amount, whole.taxTotal]).toEqual(['21.62', '18.02', '3.60']);
    expect(() => site.erp.books.edit('NO-SUCH', { quantity: 1 })).toThrow(/NO-SUCH/);
  });

  test('an edited sales order has a higher revision', async () => {
    site.erp.books.edit('W-1', { customer: 'C-2', by: 'anna' });
    const order = SalesOrder.parse((await site.get('/sales-orders/W-1')).body);
    expect([order.customer, order.modifiedBy]).toEqual(['C-2', 'anna']);
    expect(order.revision).toBeGreaterThan(2);
  });

  test('a memo typed in by hand bears no reference of ours and is found by its order', async () => {
    const typed = site.erp.books.typeInByHand({ orderNo: 'W-1', lines: [{ orderLine: 1, quantity: 2 }], by: 'anna' });
    expect(typed).toMatchObject({ status: 'POSTED', externalRef: '', total: '43.20', modifiedBy: 'anna' });
    const found = (await site.get('/transactions?orderNo=W-1&type=CREDIT_MEMO')).body['transactions'];
    expect(found).toMatchObject([{ transactionNo: typed.transactionNo, modifiedBy: 'anna' }]);
    expect(site.erp.references()).toEqual({});
  });
});

test('170,000 order lines are booked in seconds of one core, keep stock and cost right, and stay out of a plain dump', () => {
  const started = process.cpuUsage();
  const before = onHandOf(site.erp, HAT);
  for (let no = 0; no < 8500; no += 1)
    site.erp.books.bookShippedOrder({
      orderNo: `H-${no}`,
      division: 'D1',
      warehouse: '01',
      customer: `C-${no % 900}`,
      placedAt: '2010-12-01T08:26:00.000Z',
      shippedAt: '2010-12-01T08:26:00.000Z',
      currency: 'GBP',
      historical: true,
      lines: Array.from({ length: 20 }, (_, index) => ({
        orderLine: index + 1,
        sku: HAT,
        kind: 'GOODS' as const,
        chargeCode: null,
        quantity: 2,
        unitPrice: '2.555',
        taxCode: 'Z0',
        taxRate: '0',
        unitCost: '3.50',
      })),
    });
  expect(onHandOf(site.erp, HAT)).toBe(before - 340_000);
  expect(site.erp.dump().documents.length).toBe(0);
  expect(process.cpuUsage(started).user / 1e6).toBeLessThan(10);
  expect(site.erp.dump({ invoices: true }).documents.length).toBeGreaterThan(8500);
});
