import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { PurchaseOrder, Transaction } from '../../clients/blue-cherry/schema.js';
import { openSite, SHIRT, type Site } from './site.js';

const JACKET = 'D1|JACKET|BLK|||M';
let site: Site;
beforeEach(async () => {
  site = await openSite();
  const { books } = site.erp;
  books.addItem({ sku: JACKET, code: 'JACKET-BLK-M', unitsPerCase: 12 });
  books.addReasonCode({ code: 'RTV', name: 'Sent back to the supplier', glAccount: '2170' });
  books.addPurchaseOrder({
    ...{ poNo: 'PO-B2', division: 'D1', warehouse: '01', currency: 'USD', rate: '0.80' },
    lines: [{ sku: JACKET, ordered: 720, unitCost: '8.00' }],
  });
  const lines = [{ poLine: 1, sku: JACKET, quantity: 480, quality: 'FIRST' }];
  const dates = { receivedAt: '2026-01-31T16:00:00.000Z', postingDate: '2026-01-31' };
  await site.post('/po-receipts', { externalRef: 'SV-1', poNo: 'PO-B2', warehouse: '01', ...dates, lines });
  site.erp.cycles.run();
  books.bookSupplierInvoice({ poNo: 'PO-B2' });
});
afterEach(() => site.close());
const orderOf = async () => PurchaseOrder.parse((await site.get('/purchase-orders/PO-B2')).body);

test('what is billed goes back by an adjustment that names the order: it counts as returned, and the order stays as it is', async () => {
  const back = (externalRef: string, quantity: number, more: object = {}) =>
    site.post('/inventory-adjustments', {
      ...{
        externalRef,
        division: 'D1',
        warehouse: '01',
        postingDate: '2026-02-12',
        reasonCode: 'RTV',
        poNo: 'PO-B2',
      },
      ...{ lines: [{ sku: JACKET, poLine: 1, quantity, unitCost: '7.50' }], ...more },
    });
  const code = async (reply: ReturnType<typeof back>): Promise<unknown> => (await reply).body['code'];
  expect(await code(back('SV-2', -10, { poNo: 'PO-GONE' }))).toBe('PO_UNKNOWN');
  expect(await code(back('SV-2', -10, { lines: [{ sku: SHIRT, poLine: 1, quantity: -1 }] }))).toBe('PO_LINE_UNKNOWN');
  expect(await code(back('SV-2', -481))).toBe('QTY_EXCEEDS_RECEIVED');
  const { body } = await back('SV-2', -400);
  // Two at once are each no more than came; the second is refused when it is posted.
  await back('SV-3', -100);
  site.erp.cycles.run();
  const states = site.erp.dump().documents.filter((one) => /SV-[23]/.test(one.externalRef));
  expect(states.map(({ status, errors }) => `${status} ${errors[0]?.code ?? ''}`)).toEqual([
    'POSTED ',
    'REJECTED QTY_EXCEEDS_RECEIVED',
  ]);
  const { status, revision, lines } = await orderOf();
  expect([status, lines[0]]).toMatchObject(['OPEN', { received: 480, returned: 400, invoiced: 480, open: 240 }]);
  expect(Transaction.parse((await site.get(`/transactions/${String(body['transactionNo'])}`)).body).poNo).toBe('PO-B2');
  await back('SV-4', 400, { reverses: body['transactionNo'] });
  site.erp.cycles.run();
  expect((await orderOf()).lines[0]).toMatchObject({ returned: 0 });
  expect((await orderOf()).revision).toBeGreaterThan(revision);
});
