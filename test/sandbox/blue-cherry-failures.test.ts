import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { HAT, memo, adjustment, ODD, OLD, onHandOf, openSite, SHIRT, statesOf, until } from './site.js';
import type { Site } from './site.js';

let site: Site;
beforeEach(async () => {
  site = await openSite();
});
afterEach(() => site.close());

const order = (more: Record<string, unknown> = {}) => ({
  externalRef: 'SV-ORDER',
  division: 'D1',
  warehouse: '01',
  customer: 'C-1',
  orderDate: '2026-03-10',
  startDate: '2026-03-10',
  cancelDate: '2026-04-10',
  currency: 'GBP',
  lines: [{ sku: SHIRT, quantity: 2, unitPrice: '10.00', tax: '4.00' }],
  total: '24.00',
  ...more,
});

describe('what is refused at acceptance stores nothing and says why', () => {
  const bad = memo('SV-BAD');
  const line = bad.lines[0];
  const table: [string, string, unknown, number, string][] = [
    ['no division', '/credit-memos', { ...bad, division: '' }, 422, 'DIVISION_REQUIRED'],
    ['unknown division', '/credit-memos', { ...bad, division: 'XX' }, 422, 'DIVISION_UNKNOWN'],
    ['no warehouse', '/inventory-adjustments', adjustment('SV-BAD', 1, { warehouse: '' }), 422, 'WAREHOUSE_REQUIRED'],
    ['unknown warehouse', '/inventory-adjustments', adjustment('SV-BAD', 1, { warehouse: '77' }), 422, 'WAREHOUSE_UNKNOWN'],
    ['warehouse of another division', '/inventory-adjustments', adjustment('SV-BAD', 1, { warehouse: '02' }), 422, 'WAREHOUSE_NOT_IN_DIVISION'],
    ['unknown item', '/inventory-adjustments', adjustment('SV-BAD', 1, { lines: [{ sku: 'D1|NO||||', quantity: 1 }] }), 422, 'SKU_UNKNOWN'],
    ['inactive item', '/inventory-adjustments', adjustment('SV-BAD', 1, { lines: [{ sku: OLD, quantity: 1 }] }), 422, 'SKU_INACTIVE'],
    ['unknown unit', '/inventory-adjustments', adjustment('SV-BAD', 1, { lines: [{ sku: ODD, quantity: 1 }] }), 422, 'UOM_UNKNOWN'],
    ['unknown reason', '/inventory-adjustments', adjustment('SV-BAD', 1, { reasonCode: 'NOPE' }), 422, 'REASON_UNKNOWN'],
    ['zero quantity', '/inventory-adjustments', adjustment('SV-BAD', 0), 422, 'QUANTITY_INVALID'],
    ['101 lines', '/inventory-adjustments', adjustment('SV-BAD', 1, { lines: Array.from({ length: 101 }, () => ({ sku: SHIRT, quantity: 1 })) }), 422, 'TOO_MANY_LINES'],
    ['totals that differ', '/credit-memos', { ...bad, total: '21.61' }, 422, 'TOTAL_MISMATCH'],
    ['an unknown account', '/credit-memos', { ...bad, charges: [{ glAccount: '9', description: '', amount: '0.00', taxCode: 'Z0', taxRate: '0', taxAmount: '0.00' }] }, 422, 'GL_ACCOUNT_UNKNOWN'],
    ['an unknown order', '/credit-memos', { ...bad, originalOrderNo: 'W-9' }, 422, 'ORDER_UNKNOWN'],
    ['an unknown invoice', '/credit-memos', { ...bad, originalInvoiceNo: 'IV-9' }, 422, 'INVOICE_UNKNOWN'],
    ['a line of another item', '/credit-memos', { ...bad, lines: [{ ...line, sku: HAT }] }, 422, 'ORDER_LINE_UNKNOWN'],
    ['a date before the calendar', '/credit-memos', { ...bad, postingDate: '1970-01-01' }, 422, 'PERIOD_CLOSED'],
    ['a date after the calendar', '/credit-memos', { ...bad, postingDate: '2099-01-01' }, 422, 'PERIOD_CLOSED'],
    ['a number for a text', '/credit-memos', { ...bad, total: 21.6 }, 400, 'BAD_REQUEST'],
    ['a reversal of the wrong sign', '/credit-memos', { ...bad, reverses: 'CM9' }, 422, 'QUANTITY_INVALID'],
    ['a receipt of an unknown order', '/po-receipts', { externalRef: 'SV-BAD', poNo: 'PO-9', warehouse: '01', receivedAt: '2026-03-10T09:00:00Z', postingDate: '2026-03-10', lines: [{ poLine: 1, sku: SHIRT, quantity: 1, quality: 'FIRST' }] }, 422, 'PO_UNKNOWN'],
    ['an order whose total differs', '/sales-orders', order({ externalRef: 'SV-BAD', total: '25.00' }), 422, 'TOTAL_MISMATCH'],
  ]; // prettier-ignore
  test.each(table)('%s', async (_name, path, body, status, code) => {
    const answer = await site.post(path, body);
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
    expect(String(answer.body['message']).length).toBeGreaterThan(5);
    expect(statesOf(site.erp, 'SV-BAD')).toEqual([]);
    expect(site.calls.of('blue-cherry').filter((one) => one.stored)).toEqual([]);
  });

  test('a wrong key is refused before anything else', async () => {
    const answer = await site.post('/credit-memos', memo('SV-1'), { 'x-api-key': 'wrong' });
    expect(answer.status).toBe(401);
    expect(statesOf(site.erp, 'SV-1')).toEqual([]);
  });

  test('every answer bears the request id it was asked with', async () => {
    const answer = await site.get('/batches/current', { 'x-request-id': 'abc-1' });
    expect(answer.headers.get('x-request-id')).toBe('abc-1');
  });

  test('a closed period refuses at acceptance', async () => {
    site.erp.books.closePeriod('2026-03');
    const answer = await site.post('/credit-memos', memo('SV-1'));
    expect([answer.status, answer.body['code']]).toEqual([422, 'PERIOD_CLOSED']);
  });

  test('the close window refuses writes and lets reads through', async () => {
    site.erp.books.setCloseWindow(true);
    const answer = await site.post('/credit-memos', memo('SV-1'));
    expect([answer.status, answer.body['code']]).toEqual([503, 'BATCH_WINDOW']);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect((await site.get('/batches/current')).status).toBe(200);
  });
});

describe('duplicate checks are uneven', () => {
  test('a sales order is stored once; the repeat names the first', async () => {
    const first = await site.post('/sales-orders', order());
    const second = await site.post('/sales-orders', order());
    expect(first.status).toBe(201);
    expect([second.status, second.body['code'], second.body['resource']]).toEqual([
      409,
      'DUPLICATE_REF',
      first.body['orderNo'],
    ]);
  });

  test('a journal reference is stored once in a year', async () => {
    const journal = {
      externalRef: 'SV-J',
      journalRef: 'J-1',
      postingDate: '2026-03-10',
      division: 'D1',
      currency: 'GBP',
      lines: [
        { account: '4200', debit: '5.00' },
        { account: '5900', credit: '5.00' },
      ],
    };
    expect((await site.post('/gl-journals', journal)).status).toBe(202);
    expect((await site.post('/gl-journals', journal)).body['code']).toBe('DUPLICATE_REF');
    const off = { ...journal, journalRef: 'J-2', lines: [journal.lines[0], { account: '5900', credit: '4.99' }] };
    expect((await site.post('/gl-journals', off)).body['code']).toBe('JOURNAL_UNBALANCED');
  });

  test('credit memos, adjustments and partial receipts double silently', async () => {
    site.erp.books.addPurchaseOrder({
      poNo: 'PO-1',
      division: 'D1',
      warehouse: '01',
      lines: [{ sku: SHIRT, ordered: 10, unitCost: '7.00' }],
    });
    const receipt = {
      externalRef: 'SV-R',
      poNo: 'PO-1',
      warehouse: '01',
      receivedAt: '2026-03-10T09:00:00Z',
      postingDate: '2026-03-10',
      lines: [{ poLine: 1, sku: SHIRT, quantity: 4, quality: 'FIRST' }],
    };
    for (const [path, body] of [
      ['/credit-memos', memo('SV-C')],
      ['/inventory-adjustments', adjustment('SV-A')],
      ['/po-receipts', receipt],
    ] as const)
      for (let time = 0; time < 2; time += 1) expect((await site.post(path, body)).status).toBe(202);
    const before = onHandOf(site.erp, SHIRT);
    site.erp.cycles.run();
    expect(site.erp.references()).toEqual({ 'SV-C': 2, 'SV-A': 2, 'SV-R': 2 });
    expect(onHandOf(site.erp, SHIRT)).toBe(before + 2 + 8);
  });

  test('an order that left the house cannot be cancelled, an open one can, once', async () => {
    const gone = await site.post('/sales-orders/W-1/cancel', {});
    expect([gone.status, gone.body['code']]).toEqual([409, 'ALREADY_SHIPPED']);
    const made = await site.post('/sales-orders', order());
    const no = String(made.body['orderNo']);
    expect((await site.post(`/sales-orders/${no}/cancel`, {})).body['status']).toBe('CANCELLED');
    expect((await site.post(`/sales-orders/${no}/cancel`, {})).body['revision']).toBe(2);
    const other = await site.post('/sales-orders', order({ externalRef: 'SV-2' }));
    site.erp.books.edit(String(other.body['orderNo']), { status: 'PICKED', by: 'anna' });
    const picked = await site.post(`/sales-orders/${String(other.body['orderNo'])}/cancel`, {});
    expect([picked.status, picked.body['code']]).toEqual([409, 'ORDER_PICKED']);
  });
});

describe('transport faults', () => {
  test('a request dropped before is not stored, one dropped after is', async () => {
    site.faults.add({ system: 'blue-cherry', operation: 'credit-memo', kind: 'drop-before' });
    expect((await site.post('/credit-memos', memo('SV-1'))).status).toBe(0);
    expect(statesOf(site.erp, 'SV-1')).toEqual([]);
    site.faults.add({ system: 'blue-cherry', operation: 'POST /credit-memos', kind: 'drop-after' });
    expect((await site.post('/credit-memos', memo('SV-2'))).status).toBe(0);
    expect(statesOf(site.erp, 'SV-2')).toEqual(['QUEUED']);
    const log = site.calls.of('blue-cherry').map((one) => [one.externalRef, one.status, one.stored, one.fault]);
    expect(log).toEqual([
      ['SV-1', 0, false, 'drop-before'],
      ['SV-2', 0, true, 'drop-after'],
    ]);
  });

  test('a late write lands after its caller has given up, within the life of a request', async () => {
    site.faults.add({ system: 'blue-cherry', operation: 'write', kind: 'late-landing', delayMs: 1800 });
    expect((await site.post('/credit-memos', memo('SV-1'))).status).toBe(0);
    expect(statesOf(site.erp, 'SV-1')).toEqual([]);
    await until(() => statesOf(site.erp, 'SV-1').length === 1, 'the late write is stored', 3000);
    expect(site.calls.of('blue-cherry')[0]).toMatchObject({ status: 0, stored: true, fault: 'late-landing' });
  });

  test('a rate refusal comes with either form of Retry-After or none, and stores nothing', async () => {
    for (const retryAfter of ['seconds', 'date', 'none'] as const)
      site.faults.add({ system: 'blue-cherry', operation: '*', kind: 'status-429', retryAfter });
    const forms: (string | null)[] = [];
    for (let time = 0; time < 3; time += 1) {
      const answer = await site.post('/credit-memos', memo('SV-1'));
      expect(answer.status).toBe(429);
      forms.push(answer.headers.get('retry-after'));
    }
    expect(forms[0]).toBe('1');
    expect(Number.isNaN(Date.parse(String(forms[1])))).toBe(false);
    expect(forms[2]).toBeNull();
    expect(statesOf(site.erp, 'SV-1')).toEqual([]);
  });

  test('a table lock has two faces, holds one style-colour and lets others through', async () => {
    const styleColour = 'D1|SHIRT|BLUE';
    const match = { styleColour };
    site.faults.add({ system: 'blue-cherry', operation: 'write', kind: 'table-lock', form: '409', match, forMs: 400 });
    const locked = await site.post('/inventory-adjustments', adjustment('SV-1'));
    expect(locked.body).toMatchObject({ code: 'TABLE_LOCK', resource: 'ITEM_MASTER', styleColour });
    const hat = adjustment('SV-2', 1, { lines: [{ sku: HAT, quantity: 1 }] });
    expect((await site.post('/inventory-adjustments', hat)).status).toBe(202);
    let status = 409;
    const end = performance.now() + 3000;
    while (status === 409 && performance.now() < end)
      status = (await site.post('/inventory-adjustments', adjustment('SV-1'))).status;
    expect(status).toBe(202);
    site.faults.add({ system: 'blue-cherry', operation: 'write', kind: 'table-lock', form: '500' });
    const plain = await site.post('/inventory-adjustments', adjustment('SV-3'));
    expect([plain.status, /table lock/i.test(plain.text)]).toEqual([500, true]);
    expect(statesOf(site.erp, 'SV-3')).toEqual([]);
  });

  test('refused, unauthorised, malformed, unavailable and plain faults have their own forms', async () => {
    const add = (kind: 'refuse' | 'unauthorised' | 'malformed' | 'status-503' | 'status-500', code?: string) =>
      site.faults.add({ system: 'blue-cherry', operation: 'credit-memo', kind, code });
    add('refuse', 'WAREHOUSE_UNKNOWN');
    expect((await site.post('/credit-memos', memo('SV-1'))).body['code']).toBe('WAREHOUSE_UNKNOWN');
    add('unauthorised');
    expect((await site.post('/credit-memos', memo('SV-1'))).status).toBe(401);
    add('status-503');
    expect((await site.post('/credit-memos', memo('SV-1'))).body['code']).toBe('BATCH_WINDOW');
    add('status-500');
    expect((await site.post('/credit-memos', memo('SV-1'))).status).toBe(500);
    expect(statesOf(site.erp, 'SV-1')).toEqual([]);
    add('malformed');
    const rubbish = await site.post('/credit-memos', memo('SV-1'));
    expect(rubbish.status).toBe(200);
    expect(() => JSON.parse(rubbish.text) as unknown).toThrow();
    expect(statesOf(site.erp, 'SV-1')).toEqual(['QUEUED']);
  });

  test('a refused connection ends when its fault does, on the same address', async () => {
    const id = site.faults.add({ system: 'blue-cherry', operation: '*', kind: 'refuse-connection', forMs: 60_000 });
    expect((await site.get('/batches/current')).status).toBe(0);
    expect(site.calls.of('blue-cherry')).toEqual([]);
    site.faults.remove(id);
    let status = 0;
    const end = performance.now() + 3000;
    while (status !== 200 && performance.now() < end) status = (await site.get('/batches/current')).status;
    expect(status).toBe(200);
  });

  test('an unknown operation or system is refused with what is allowed', () => {
    const add = (system: string, operation: string) => () => site.faults.add({ system, operation, kind: 'delay' });
    expect(add('blue-cherry', 'no-such')).toThrow(/credit-memo/);
    expect(add('nobody', '*')).toThrow(/blue-cherry/);
  });
});

describe('limits', () => {
  test('more calls than the allowance are refused, and none of them is stored', async () => {
    const tight = await openSite({ rate: { calls: 5, perMs: 60_000 } });
    try {
      const statuses: number[] = [];
      for (let i = 0; i < 8; i += 1)
        statuses.push((await tight.post('/inventory-adjustments', adjustment(`SV-${i}`))).status);
      expect(statuses).toEqual([202, 202, 202, 202, 202, 429, 429, 429]);
      expect(tight.erp.dump().documents.length).toBe(5);
    } finally {
      await tight.close();
    }
  });

  test('a fifth call at once is refused', async () => {
    const four = await openSite({ concurrent: 4 });
    try {
      four.faults.add({ system: 'blue-cherry', operation: '*', kind: 'delay', delayMs: 400, times: 4 });
      const answers = await Promise.all([1, 2, 3, 4, 5].map(() => four.get('/divisions')));
      expect(answers.map((one) => one.status).sort()).toEqual([200, 200, 200, 200, 429]);
    } finally {
      await four.close();
    }
  });
});

test('some lines refused: the good ones are kept under their own numbers', async () => {
  const lines = [
    { sku: SHIRT, quantity: 1 },
    { sku: OLD, quantity: 2 },
    { sku: HAT, quantity: 3 },
  ];
  const answer = await site.post('/inventory-adjustments', adjustment('SV-1', 1, { lines }));
  expect(answer.status).toBe(202);
  expect(answer.body['lineResults']).toMatchObject([
    { line: 1, accepted: true },
    { line: 2, accepted: false, error: { code: 'SKU_INACTIVE' } },
    { line: 3, accepted: true },
  ]);
  const stored = site.erp.dump().documents.find((one) => one.externalRef === 'SV-1');
  expect(stored?.lines.map((line) => [line.line, line.quantity])).toEqual([
    [1, '1'],
    [3, '3'],
  ]);
  site.faults.add({ system: 'blue-cherry', operation: 'inventory-adjustment', kind: 'partial', lines: [1] });
  const both = adjustment('SV-2', 1, { lines: [lines[0], lines[2]] });
  const injected = await site.post('/inventory-adjustments', both);
  expect(injected.body['lineResults']).toMatchObject([{ accepted: false }, { accepted: true }]);
});
