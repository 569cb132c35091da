import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { BatchStatus, Transaction, TransactionPage } from '../../clients/blue-cherry/schema.js';
import { adjustment, memo, onHandOf, openSite, SHIRT, statesOf, until } from './site.js';
import type { Site } from './site.js';

let site: Site;
beforeEach(async () => {
  site = await openSite();
});
afterEach(() => site.close());

const find = async (reference: string) =>
  TransactionPage.parse((await site.get(`/transactions?externalRef=${reference}`)).body).transactions;
const status = async () => BatchStatus.parse((await site.get('/batches/current')).body);

describe('cycles', () => {
  test('what is queued is posted at the end of the next cycle, with one stamp for all', async () => {
    await site.post('/credit-memos', memo('SV-C'));
    await site.post('/inventory-adjustments', adjustment('SV-A', 2));
    expect((await find('SV-C')).map((one) => one.status)).toEqual(['QUEUED']);
    const before = onHandOf(site.erp, SHIRT);
    site.erp.cycles.run();
    const [credit] = await find('SV-C');
    const [restock] = await find('SV-A');
    expect([credit?.status, restock?.status]).toEqual(['POSTED', 'POSTED']);
    expect(credit?.modifiedAt).toBe(restock?.modifiedAt);
    expect(credit?.batchId).toBe(1);
    expect(onHandOf(site.erp, SHIRT)).toBe(before + 2);
    expect((await status()).lastFinished).toMatchObject({ cycleNo: 1, result: 'COMPLETED' });
  });

  test('an aborted cycle leaves its documents queued for the one after', async () => {
    await site.post('/credit-memos', memo('SV-C'));
    site.erp.cycles.abort();
    expect((await status()).lastFinished).toMatchObject({ cycleNo: 1, result: 'ABORTED' });
    expect(statesOf(site.erp, 'SV-C')).toEqual(['QUEUED']);
    site.erp.cycles.run();
    expect((await find('SV-C')).map((one) => [one.status, one.batchId])).toEqual([['POSTED', 2]]);
  });

  test('an abort-cycle fault aborts the next cycle and no other', async () => {
    site.faults.add({ system: 'blue-cherry', operation: 'cycle', kind: 'abort-cycle' });
    await site.post('/credit-memos', memo('SV-C'));
    site.erp.cycles.run();
    expect(statesOf(site.erp, 'SV-C')).toEqual(['QUEUED']);
    site.erp.cycles.run();
    expect(statesOf(site.erp, 'SV-C')).toEqual(['POSTED']);
  });

  test('cycles come by themselves, stand still while held, and go on when released', async () => {
    const own = await openSite({ cycleMs: 60, cycleRunMs: 10 });
    try {
      own.erp.startCycles();
      await until(() => own.erp.cycles.status().cycleNo >= 2, 'two cycles');
      own.erp.cycles.hold();
      await until(() => own.erp.cycles.status().state === 'IDLE', 'the running one ends');
      await own.post('/credit-memos', memo('SV-C'));
      const held = own.erp.cycles.status().cycleNo;
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(own.erp.cycles.status().cycleNo).toBe(held);
      expect(statesOf(own.erp, 'SV-C')).toEqual(['QUEUED']);
      own.erp.cycles.release();
      await until(() => statesOf(own.erp, 'SV-C')[0] === 'POSTED', 'posted after the release');
    } finally {
      await own.close();
    }
  });

  test('the wait for the next cycle is measured by the clock of the ERP alone', async () => {
    site.clock.advance(40 * 86_400_000);
    const { now, nextAt } = await status();
    const wait = Date.parse(nextAt) - Date.parse(now);
    expect(wait).toBeGreaterThanOrEqual(0);
    expect(wait).toBeLessThanOrEqual(3000);
  });

  test('stock figures stand still between cycles', async () => {
    site.erp.cycles.run();
    const figures = async () => (await site.get('/inventory?warehouse=01')).body;
    const before = await figures();
    site.erp.books.addWorkOrder({
      workOrderNo: 'WO-1',
      sku: SHIRT,
      quantity: 250,
      dueDate: '2026-04-01',
      shipTo: '01',
    });
    await site.post('/inventory-adjustments', adjustment('SV-A', 7));
    expect(await figures()).toEqual(before);
    site.erp.cycles.run();
    const rows = (await figures())['rows'] as { sku: string; qoh: number; ots: number; otsShipToWip: number }[];
    const row = rows.find((one) => one.sku === SHIRT);
    expect(row).toMatchObject({ qoh: 96 + 7, ots: 96 + 7, otsShipToWip: 96 + 7 + 250 });
  });
});

describe('validation a second time', () => {
  test('a period closed between acceptance and posting rejects the document', async () => {
    await site.post('/credit-memos', memo('SV-C'));
    site.erp.books.closePeriod('2026-03');
    site.erp.cycles.run();
    const [credit] = await find('SV-C');
    expect([credit?.status, credit?.errors[0]?.code]).toEqual(['REJECTED', 'PERIOD_CLOSED']);
    expect(site.erp.dump().journals.filter((line) => line.document === credit?.transactionNo)).toEqual([]);
  });

  test('credits end at what was invoiced, and a reversal gives the room back', async () => {
    await site.post('/credit-memos', memo('SV-1', 3));
    await site.post('/credit-memos', memo('SV-2', 1));
    await site.post('/credit-memos', memo('SV-3', 1));
    site.erp.cycles.run();
    const states = ['SV-1', 'SV-2', 'SV-3'].flatMap((ref) => statesOf(site.erp, ref));
    const posted = site.erp.dump().documents.filter((one) => one.kind === 'credit memo' && one.status === 'POSTED');
    expect(states.filter((one) => one === 'REJECTED').length).toBe(1);
    expect(posted.reduce((sum, one) => sum + Number(one.amount), 0)).toBeLessThanOrEqual(86.4);
    const rejected = site.erp.dump().documents.find((one) => one.status === 'REJECTED');
    expect(rejected?.errors[0]?.code).toBe('CREDIT_EXCEEDS_INVOICED');
    const undone = posted[0];
    const quantity = -Number(undone?.lines[0]?.quantity);
    await site.post('/credit-memos', memo('SV-U', quantity, { reverses: undone?.number }));
    site.erp.cycles.run();
    await site.post('/credit-memos', memo('SV-4', 1));
    site.erp.cycles.run();
    expect(statesOf(site.erp, 'SV-4')).toEqual(['POSTED']);
  });

  test('injected refusals at posting meet the document they name and no other', async () => {
    const add = (kind: 'reject-at-posting' | 'period-closed-at-posting', externalRef: string, code?: string) =>
      site.faults.add({ system: 'blue-cherry', operation: '*', kind, match: { externalRef }, code });
    add('reject-at-posting', 'SV-2', 'SKU_INACTIVE');
    add('period-closed-at-posting', 'SV-3');
    for (const ref of ['SV-1', 'SV-2', 'SV-3']) await site.post('/credit-memos', memo(ref));
    site.erp.cycles.run();
    const codes = await Promise.all(['SV-1', 'SV-2', 'SV-3'].map(async (ref) => (await find(ref))[0]?.errors[0]?.code));
    expect(codes).toEqual([undefined, 'SKU_INACTIVE', 'PERIOD_CLOSED']);
  });

  test('a receipt above what is open is refused at once, and at posting when another came first', async () => {
    site.erp.books.addPurchaseOrder({
      poNo: 'PO-1',
      division: 'D1',
      warehouse: '01',
      lines: [{ sku: SHIRT, ordered: 10, unitCost: '7.00' }],
    });
    const receipt = (ref: string, quantity: number) => ({
      externalRef: ref,
      poNo: 'PO-1',
      warehouse: '01',
      receivedAt: '2026-03-10T09:00:00Z',
      postingDate: '2026-03-10',
      lines: [{ poLine: 1, sku: SHIRT, quantity, quality: 'FIRST' }],
    });
    expect((await site.post('/po-receipts', receipt('SV-0', 11))).body['code']).toBe('QTY_EXCEEDS_OPEN');
    await site.post('/po-receipts', receipt('SV-1', 6));
    await site.post('/po-receipts', receipt('SV-2', 6));
    site.erp.cycles.run();
    const states = [...statesOf(site.erp, 'SV-1'), ...statesOf(site.erp, 'SV-2')].sort();
    expect(states).toEqual(['POSTED', 'REJECTED']);
    const order = (await site.get('/purchase-orders/PO-1')).body;
    expect(order['lines']).toMatchObject([{ ordered: 10, received: 6, open: 4 }]);
    const close = (revision: unknown) => site.post('/purchase-orders/PO-1/close-receiving', { revision });
    expect((await close(1)).body['code']).toBe('REVISION_CHANGED');
    expect((await close(order['revision'])).body['status']).toBe('CLOSED_RECEIVING');
    expect((await site.post('/po-receipts', receipt('SV-3', 1))).body['code']).toBe('PO_CLOSED');
    expect((await site.post('/purchase-orders/PO-1/reopen', { revision: 3 })).body['status']).toBe('OPEN');
  });
});

describe('lookup lag', () => {
  test('a stored write is not found until a whole cycle has ended, an aborted one does not count', async () => {
    site.faults.add({ system: 'blue-cherry', operation: 'credit-memo', kind: 'lookup-lag' });
    await site.post('/credit-memos', memo('SV-C'));
    expect(statesOf(site.erp, 'SV-C')).toEqual(['QUEUED']);
    expect(await find('SV-C')).toEqual([]);
    site.erp.cycles.abort();
    expect(await find('SV-C')).toEqual([]);
    site.erp.cycles.run();
    expect((await find('SV-C')).length).toBe(1);
  });

  test('a search that lags misses what is young and finds what is old', async () => {
    await site.post('/credit-memos', memo('SV-OLD'));
    site.erp.cycles.run();
    await site.post('/credit-memos', memo('SV-NEW'));
    site.faults.add({ system: 'blue-cherry', operation: 'transactions', kind: 'lookup-lag', times: 2 });
    expect((await find('SV-NEW')).length).toBe(0);
    expect((await find('SV-OLD')).length).toBe(1);
    expect((await find('SV-NEW')).length).toBe(1);
  });
});

describe('the listing', () => {
  test('gives 200 a page in order of modifiedAt and number, each document once', async () => {
    for (let i = 0; i < 205; i += 1) await site.post('/inventory-adjustments', adjustment(`SV-${i}`));
    site.erp.cycles.run();
    const seen: Transaction[] = [];
    let query = '?modifiedSince=2026-01-01T00:00:00Z&type=ADJUSTMENT';
    const sizes: number[] = [];
    for (let pages = 0; pages < 3; pages += 1) {
      const page = TransactionPage.parse((await site.get(`/transactions${query}`)).body);
      seen.push(...page.transactions.map((one) => Transaction.parse(one)));
      sizes.push(page.transactions.length);
      if (page.cursor === undefined) break;
      query = `?modifiedSince=2026-01-01T00:00:00Z&type=ADJUSTMENT&cursor=${page.cursor}`;
    }
    expect(sizes).toEqual([200, 5]);
    expect(new Set(seen.map((one) => one.transactionNo)).size).toBe(205);
    expect(seen.map((one) => one.transactionNo)).toEqual(seen.map((one) => one.transactionNo).sort());
  });

  test('finds by order and type', async () => {
    await site.post('/credit-memos', memo('SV-C'));
    const page = TransactionPage.parse((await site.get('/transactions?orderNo=W-1&type=CREDIT_MEMO')).body);
    expect(page.transactions.map((one) => one.externalRef)).toEqual(['SV-C']);
    const [no] = page.transactions.map((one) => one.transactionNo);
    expect((await site.get(`/transactions/${no}`)).status).toBe(200);
    expect((await site.get('/transactions/CM0')).status).toBe(404);
  });
});
