import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  PurchaseOrder,
  PurchaseOrderPage,
  SupplierInvoiceList,
  Transaction,
} from '../../clients/blue-cherry/schema.js';
import { blueCherryEvent } from '../../sandbox/blue-cherry/index.js';
import { createRandom } from '../../sandbox/core/index.js';
import { createReckoning } from '../../sandbox/reckoning/index.js';
import { adjustment, HAT, ODD, OLD, openSite, SHIRT, type Site } from './site.js';

let site: Site;
beforeEach(async () => {
  site = await openSite();
});
afterEach(() => site.close());

/** The order of issue line B2: 60 cartons of 12 at $8.00, rate 0.80, duty 0.768 and freight 0.332 a unit. */
const JACKET = 'D1|JACKET|BLK|||M';
const B2 = {
  poNo: 'PO-B2',
  supplier: 'SUP-7',
  division: 'D1',
  warehouse: '01',
  currency: 'USD',
  rate: '0.80',
  landed: [
    { element: 'DUTY', perUnit: '0.768' },
    { element: 'FREIGHT', perUnit: '0.332' },
  ],
  lines: [{ sku: JACKET, ordered: 720, unitCost: '8.00' }],
};
const raise = (given: object = B2, at = site) => {
  at.erp.books.addItem({ sku: JACKET, code: 'JACKET-BLK-M', unitsPerCase: 12 });
  return at.erp.books.addPurchaseOrder(given as typeof B2);
};
const receipt = (externalRef: string, quantity: number, more: object = {}) => ({
  externalRef,
  poNo: 'PO-B2',
  warehouse: '01',
  receivedAt: '2026-01-31T16:00:00.000Z',
  postingDate: '2026-01-31',
  lines: [{ poLine: 1, sku: JACKET, quantity, quality: 'FIRST' }],
  ...more,
});
/** Posts a receipt and answers it as the interface shows it. */
async function receive(externalRef: string, quantity: number, more: object = {}, at = site): Promise<Transaction> {
  const { body } = await at.post('/po-receipts', receipt(externalRef, quantity, more));
  at.erp.cycles.run();
  return Transaction.parse((await at.get(`/transactions/${String(body['transactionNo'])}`)).body);
}
const orderOf = async (poNo = 'PO-B2', at = site) =>
  PurchaseOrder.parse((await at.get(`/purchase-orders/${poNo}`)).body);
/** Debit less credit of every account since the site was opened with its one shipped order, in pence. */
function balances(at = site): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { document, account, debit, credit } of at.erp.dump().journals)
    if (!/^(SH|IN)1/.test(document))
      sums[account] = (sums[account] ?? 0) + Math.round((Number(debit) - Number(credit)) * 100);
  return sums;
}
const event = (type: string, payload: Record<string, unknown> = {}, reckoning = createReckoning()) =>
  blueCherryEvent(
    {
      books: site.erp.books,
      clock: site.clock,
      random: createRandom(3),
      onOrder: () => undefined,
      onItem: () => undefined,
      onPurchaseOrder: (order, options) => reckoning.notePurchaseOrder(order, options),
    },
    type,
    payload,
  ) as { purchaseOrder: PurchaseOrder; supplierInvoice: { total: string } };

describe('receipts', () => {
  test('put stock, goods received not invoiced and each element of landed cost on accounts of their own', async () => {
    raise();
    const { journal } = await receive('SV-1', 480);
    expect(journal?.map(({ account, debit, credit }) => [account, debit, credit])).toEqual([
      ['1200', '3600.00', '0.00'],
      ['2110', '0.00', '3072.00'],
      ['2121', '0.00', '368.64'],
      ['2122', '0.00', '159.36'],
    ]);
    const dumped = site.erp.dump().documents.find((one) => one.externalRef === 'SV-1');
    expect([dumped?.amount, dumped?.currency, dumped?.poNo, dumped?.lines[0]?.quality]).toEqual([
      '3600.00',
      'GBP',
      'PO-B2',
      'FIRST',
    ]);
    expect((await orderOf()).lines).toMatchObject([
      { ordered: 720, received: 480, open: 240, returned: 0, invoiced: 0 },
    ]);
  });

  test.each(['standard', 'average', 'original'] as const)(
    'five of a fresh item ruined come out at what they came in with: %s cost',
    async (valuationMethod) => {
      const own = await openSite({ valuationMethod });
      try {
        raise(B2, own);
        await receive('SV-1', 480, {}, own);
        await receive('SV-2', 228, {}, own);
        const lines = [{ sku: JACKET, quantity: -5 }];
        await own.post('/inventory-adjustments', adjustment('SV-3', 0, { reasonCode: 'COUNT', lines }));
        own.erp.cycles.run();
        expect(balances(own)).toEqual({ '1200': 531_000 - 3_750, '2110': -453_120, '2121': -54_374, '2122': -23_506, '5900': 3_750 }); // prettier-ignore
        const row = own.erp.dump().stock.find((one) => one['sku'] === JACKET);
        expect(row?.['qoh']).toBe('703');
      } finally {
        await own.close();
      }
    },
  );

  test('a contra receipt takes out what came in though the order was amended; what is open follows, the status does not', async () => {
    raise();
    const made = await receive('SV-1', 720, {
      lines: [
        { poLine: 1, sku: JACKET, quantity: 700, quality: 'FIRST' },
        { poLine: 1, sku: JACKET, quantity: 20, quality: 'IRREGULAR' },
      ],
    });
    const { revision } = await orderOf();
    await site.post('/purchase-orders/PO-B2/close-receiving', { revision });
    const landed = [{ element: 'DUTY', perUnit: '0.9' }];
    event('purchase-order.amended', { poNo: 'PO-B2', rate: '0.81', landed, lines: [{ poLine: 1, unitCost: '9.00' }] });
    await receive('SV-2', 0, {
      reverses: made.transactionNo,
      lines: [
        { poLine: 1, sku: JACKET, quantity: -700, quality: 'FIRST' },
        { poLine: 1, sku: JACKET, quantity: -20, quality: 'IRREGULAR' },
      ],
    });
    expect(Object.values(balances()).every((side) => side === 0)).toBe(true);
    const order = await orderOf();
    expect([order.status, order.lines[0]?.received, order.lines[0]?.open]).toEqual(['CLOSED_RECEIVING', 0, 720]);
    const row = site.erp.dump().stock.find((one) => one['sku'] === JACKET);
    expect([row?.['R1'], row?.['R2'], row?.['qoh']]).toEqual(['0', '0', '0']);
    const reopened = await site.post('/purchase-orders/PO-B2/reopen', { revision: order.revision });
    expect(reopened.body).toMatchObject({ status: 'OPEN' });
  });

  test('what is billed stays: INVOICED at acceptance, or at posting when the bill came between', async () => {
    raise();
    const [first, second] = [await receive('SV-1', 480), await receive('SV-2', 228)];
    const back = (ref: string, of: Transaction, quantity: number) =>
      site.post('/po-receipts', receipt(ref, quantity, { reverses: of.transactionNo }));
    event('supplier-invoice.received', { poNo: 'PO-B2', lines: [{ poLine: 1, quantity: 480 }] });
    expect((await back('SV-3', first, -480)).body['code']).toBe('INVOICED');
    expect((await back('SV-4', second, -228)).status).toBe(202);
    event('supplier-invoice.received', { poNo: 'PO-B2' });
    site.erp.cycles.run();
    const rejected = site.erp.dump().documents.find((one) => one.externalRef === 'SV-4');
    expect([rejected?.status, rejected?.errors[0]?.code]).toEqual(['REJECTED', 'INVOICED']);
    expect((await orderOf()).lines[0]).toMatchObject({ received: 708, invoiced: 708, open: 12 });
  });
});

describe('supplier invoices', () => {
  test('are listed by order with their total, and clear what was received and not invoiced', async () => {
    raise();
    await receive('SV-1', 708);
    const bill = { poNo: 'PO-B2', invoiceNo: 'F-2026-17', invoiceDate: '2026-02-10' };
    event('supplier-invoice.received', { ...bill, lines: [{ poLine: 1, quantity: 720 }] });
    const { supplierInvoices } = SupplierInvoiceList.parse((await site.get('/supplier-invoices?poNo=PO-B2')).body);
    expect(supplierInvoices).toEqual([
      { ...bill, supplier: 'SUP-7', currency: 'USD', lines: [{ poLine: 1, quantity: 720, unitPrice: '8.00' }], total: '5760.00' },
    ]); // prettier-ignore
    expect((await orderOf()).lines[0]).toMatchObject({ received: 708, invoiced: 720 });
    // 708 received less 720 billed, at 8.00 and 0.80: twelve units that never came.
    expect(balances()).toMatchObject({ '2110': 12 * 640, '2100': -720 * 640 });
    expect((await site.get('/supplier-invoices?poNo=PO-OTHER')).body).toEqual({ supplierInvoices: [] });
    expect((await site.get('/supplier-invoices')).status).toBe(400);
    expect(() => event('supplier-invoice.received', bill)).toThrow('booked already');
    expect(() => event('supplier-invoice.received', { poNo: 'PO-B2' })).toThrow('nothing of "PO-B2" is received');
  });

  test('at another price put the difference apart; an unknown line bills nothing', async () => {
    raise();
    await receive('SV-1', 100);
    event('supplier-invoice.received', { poNo: 'PO-B2', lines: [{ poLine: 1, quantity: 100, unitPrice: '8.25' }] });
    expect(balances()).toMatchObject({ '2110': 0, '5950': 2_000, '2100': -66_000 });
    const lines = [{ poLine: 1, quantity: 1 }, { poLine: 9, quantity: 1 }]; // prettier-ignore
    expect(() => event('supplier-invoice.received', { poNo: 'PO-B2', lines })).toThrow('no line 9; it has 1');
    expect((await orderOf()).lines[0]?.invoiced).toBe(100);
  });
});

describe('purchase orders', () => {
  test('are listed in order of change and number over pages, by status and since an instant', async () => {
    for (let index = 0; index < 410; index += 1) {
      if (index % 100 === 0) site.clock.advance(1_000);
      raise({ ...B2, poNo: `PO-${String((index * 37) % 410).padStart(4, '0')}` });
    }
    const { modifiedAt } = await orderOf('PO-0000');
    const cancelled = event('purchase-order.cancelled', { poNo: 'PO-0000' }).purchaseOrder;
    expect([cancelled.status, cancelled.modifiedAt >= modifiedAt]).toEqual(['CANCELLED', true]);
    const walk = async (query: string): Promise<PurchaseOrder[]> => {
      const rows: PurchaseOrder[] = [];
      for (let cursor: string | undefined = ''; cursor !== undefined;) {
        const page = PurchaseOrderPage.parse((await site.get(`/purchase-orders?${query}${cursor}`)).body);
        expect(page.purchaseOrders.length).toBeLessThanOrEqual(200);
        rows.push(...page.purchaseOrders);
        cursor = page.cursor === undefined ? undefined : `&cursor=${page.cursor}`;
      }
      return rows;
    };
    const all = await walk('');
    expect(all).toHaveLength(410);
    const keys = all.map((row) => `${row.modifiedAt} ${row.poNo}`);
    expect(keys).toEqual([...new Set(keys)].sort());
    expect(all.at(-1)?.poNo).toBe('PO-0000');
    expect(await walk('status=open')).toHaveLength(409);
    expect((await walk('status=CANCELLED')).map((row) => row.poNo)).toEqual(['PO-0000']);
    const since = all[300]?.modifiedAt ?? '';
    expect((await walk(`modifiedSince=${since}`)).every((row) => row.modifiedAt >= since)).toBe(true);
  });

  test('are amended line by line, the revision rises and what is open follows', async () => {
    raise();
    await receive('SV-1', 480);
    const before = await orderOf();
    const payload = { poNo: 'PO-B2', lines: [{ poLine: 1, ordered: 600 }], add: [{ sku: SHIRT, ordered: 24, unitCost: '4.10' }] }; // prettier-ignore
    event('purchase-order.amended', payload);
    const after = await orderOf();
    expect([after.revision, after.orderedAt]).toEqual([before.revision + 1, before.orderedAt]);
    expect(after.lines.map(({ poLine, ordered, open, unitCost }) => [poLine, ordered, open, unitCost])).toEqual([
      [1, 600, 120, '8.00'],
      [2, 24, 24, '4.10'],
    ]);
    expect(() =>
      event('purchase-order.amended', { poNo: 'PO-B2', lines: [{ poLine: 1, ordered: 1 }, { poLine: 3 }] }),
    ).toThrow('no line 3; it has 1, 2');
    expect(await orderOf()).toEqual(after);
    site.erp.books.edit('PO-B2', { line: 1, quantity: 500, returned: 3, unitCost: '7.90' });
    expect((await orderOf()).lines[0]).toMatchObject({ ordered: 500, open: 20, returned: 3, unitCost: '7.90' });
  });

  test('closed for receiving are opened by more to come, not by another price', async () => {
    raise();
    await receive('SV-1', 700);
    await site.post('/purchase-orders/PO-B2/close-receiving', { revision: (await orderOf()).revision });
    const amend = (line: object) =>
      event('purchase-order.amended', { poNo: 'PO-B2', lines: [{ poLine: 1, ...line }] }).purchaseOrder.status;
    expect(amend({ unitCost: '8.10' })).toBe('CLOSED_RECEIVING');
    expect(amend({ ordered: 710 })).toBe('CLOSED_RECEIVING');
    expect(amend({ ordered: 730 })).toBe('OPEN');
  });

  test('cancelled ones keep what came and receive nothing more, whoever asks', async () => {
    raise();
    raise({ ...B2, poNo: 'PO-2' });
    await receive('SV-1', 480);
    expect(event('purchase-order.cancelled', { poNo: 'PO-B2' }).purchaseOrder.status).toBe('CLOSED_RECEIVING');
    expect((await orderOf()).lines[0]).toMatchObject({ ordered: 720, received: 480, cancelled: 240, open: 0 });
    site.erp.books.edit('PO-2', { status: 'CANCELLED' });
    const gone = await orderOf('PO-2');
    expect([gone.status, gone.lines[0]?.cancelled]).toEqual(['CANCELLED', 720]);
    const refused = await site.post('/po-receipts', receipt('SV-2', 1, { poNo: 'PO-2' }));
    expect([refused.status, refused.body['code']]).toEqual([422, 'PO_CLOSED']);
    const reopened = await site.post('/purchase-orders/PO-2/reopen', { revision: gone.revision });
    expect([reopened.status, reopened.body['code']]).toEqual([409, 'PO_CLOSED']);
    expect(() => event('purchase-order.amended', { poNo: 'PO-2' })).toThrow('PO-2" is CANCELLED');
  });

  test('an empty event makes a plausible one, and the next ones find it', async () => {
    expect(() => event('purchase-order.amended')).toThrow('send purchase-order.raised');
    for (const sku of [OLD, ODD]) site.erp.books.addItem({ sku, code: sku, active: false });
    const { purchaseOrder } = event('purchase-order.raised');
    const wire = await orderOf(purchaseOrder.poNo);
    expect([wire.status, wire.landed.map(({ element }) => element)]).toEqual(['OPEN', ['DUTY', 'FREIGHT']]);
    expect(event('purchase-order.amended').purchaseOrder.lines[0]?.ordered).toBe((wire.lines[0]?.ordered ?? 0) + 12);
    expect(() => event('supplier-invoice.received')).toThrow('has anything received and not invoiced');
    const [line] = wire.lines;
    await site.post('/po-receipts', {
      ...receipt('SV-1', 0, { poNo: wire.poNo, warehouse: wire.warehouse }),
      lines: [{ poLine: line?.poLine, sku: line?.sku, quantity: 5, quality: 'FIRST' }],
    });
    site.erp.cycles.run();
    const { supplierInvoice } = event('supplier-invoice.received');
    expect(Number(supplierInvoice.total)).toBeCloseTo(5 * Number(line?.unitCost), 2);
    expect(event('purchase-order.cancelled').purchaseOrder.status).toBe('CLOSED_RECEIVING');
  });

  test('landed cost that is not split is accrued with the other elements', async () => {
    raise({ ...B2, landed: undefined, landedPerUnit: '0.40', lines: [{ sku: HAT, ordered: 10, unitCost: '4.00' }] });
    await receive('SV-1', 0, { lines: [{ poLine: 1, sku: HAT, quantity: 10, quality: 'FIRST' }] });
    expect(balances()).toEqual({ '1200': 3_600, '2110': -3_200, '2120': -400 });
  });
});
