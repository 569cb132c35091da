import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startSandbox } from '../../sandbox/main.js';
import type { Sandbox } from '../../sandbox/main.js';
import { until } from './site.js';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({});
});
afterAll(() => sandbox.close());

async function control(method: string, path: string, body?: unknown) {
  const response = await fetch(`${sandbox.url}/_sandbox/${path}`, {
    method,
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe('the control surface', () => {
  test('a reset gives fresh books of the scenario on the same addresses', async () => {
    const before = (await control('GET', 'systems')).body;
    const wanted = { seed: 7, scenario: 'trading-day', misbehave: 0, returns: 8, spreadMs: 50 };
    expect((await control('POST', 'reset', wanted)).status).toBe(200);
    expect((await control('GET', 'systems')).body).toEqual(before);
    const divisions = await fetch(`${String(before['blue-cherry'])}/divisions`, {
      headers: { 'x-api-key': 'blue-cherry-development-key' },
    });
    expect(((await divisions.json()) as { divisions: unknown[] }).divisions.length).toBeGreaterThan(0);
    await until(() => sandbox.world().play?.state().state === 'played', 'the day is played');
    expect((await control('GET', 'reckoning')).body['events']).not.toEqual([]);
  });

  test('the same seed gives the same stock and the same reckoning', async () => {
    const seen: string[] = [];
    for (let time = 0; time < 2; time += 1) {
      await control('POST', 'reset', { seed: 3, scenario: 'trading-day', returns: 6, spreadMs: 20 });
      await until(() => sandbox.world().play?.state().state === 'played', 'the day is played');
      const { stock } = (await control('GET', 'books/blue-cherry')).body;
      const { totals } = (await control('GET', 'reckoning')).body;
      seen.push(JSON.stringify([stock, totals]));
    }
    expect(seen[0]).toBe(seen[1]);
  });

  test.each([
    'order.placed',
    'order.shipped',
    'purchase-order.raised',
    'work-order.opened',
    'item.added',
    'document.typed-in',
  ])('an empty payload makes a valid event: %s', async (type) => {
    await control('POST', 'reset', { seed: 2, scenario: 'empty' });
    const first = await control('POST', 'events', { system: 'blue-cherry', type, payload: {} });
    expect([type, first.status]).toEqual([type, 200]);
    expect((await control('POST', 'events', { system: 'blue-cherry', type })).status).toBe(200);
  });

  test('a purchase order is raised, edited, delivered, billed and taken back; the reckoning knows of each', async () => {
    await control('POST', 'reset', { seed: 2, scenario: 'empty' });
    await control('POST', 'blue-cherry/cycle', { do: 'hold' });
    const happen = (system: string, type: string, payload: object = {}) =>
      control('POST', 'events', { system, type, payload });
    const status = async () =>
      ((await control('GET', 'reckoning')).body['purchaseOrders'] as { poNo: string; status: string }[]).map(
        (order) => `${order.poNo} ${order.status}`,
      );
    await happen('blue-cherry', 'item.added', { sku: 'WOM|COAT|RED|||M', code: 'COAT-RED-M', unitsPerCase: 6 });
    const lines = [{ sku: 'WOM|COAT|RED|||M', ordered: 12, unitCost: '8.00' }];
    await happen('blue-cherry', 'purchase-order.raised', { poNo: 'PO-1', lines });
    await happen('blue-cherry', 'purchase-order.raised', { poNo: 'PO-2', lines });
    await control('POST', 'blue-cherry/edit', { document: 'PO-2', set: { status: 'CLOSED_RECEIVING' } });
    expect(await status()).toEqual(['PO-1 OPEN', 'PO-2 CLOSED_RECEIVING']);
    const cartons = [{ sku: 'coat.red.m', uom: 'CTN', expected: 2, received: 2 }];
    const made = await happen('archean', 'goods-in.completed', { poNo: 'PO-1', lines: cartons });
    expect([made.status, await status()]).toEqual([200, ['PO-1 CLOSED_RECEIVING', 'PO-2 CLOSED_RECEIVING']]);
    const events = (await control('GET', 'reckoning')).body['events'];
    expect(events).toMatchObject([{ documents: [{ kind: 'PO receipt', poNo: 'PO-1', amount: '96.00' }] }]);
    const early = await happen('blue-cherry', 'supplier-invoice.received', { poNo: 'PO-1' });
    expect([early.status, early.body['message']]).toEqual([
      400,
      expect.stringContaining('nothing of "PO-1" is received'),
    ]);
    expect((await happen('archean', 'goods-in.reversed')).status).toBe(200);
    expect(await status()).toEqual(['PO-1 OPEN', 'PO-2 CLOSED_RECEIVING']);
    const wrong = await happen('archean', 'goods-in.completed', { lines: [{ lineNo: 1, recieved: 2 }] });
    expect([wrong.status, wrong.body['message']]).toEqual([400, expect.stringContaining('recieved')]);
  });

  test.each(['completed', 'corrected', 'reversed', 'malformed'])(
    'goods-in.%s needs no payload once goods have come',
    async (what) => {
      await control('POST', 'reset', { seed: 2, scenario: 'empty' });
      const happen = (type: string) => control('POST', 'events', { system: 'archean', type: `goods-in.${type}` });
      expect((await happen('completed')).status).toBe(200);
      expect([what, (await happen(what)).status]).toEqual([what, 200]);
    },
  );

  test('faults are put up, listed and taken down', async () => {
    const { body } = await control('POST', 'faults', { operation: 'write', kind: 'drop-after', times: 3 });
    expect((await control('GET', 'faults')).body['faults']).toMatchObject([{ id: body['id'], kind: 'drop-after' }]);
    expect((await control('DELETE', `faults/${String(body['id'])}`)).status).toBe(200);
    expect((await control('DELETE', `faults/${String(body['id'])}`)).status).toBe(404);
  });

  test('cycles, periods, edits and the clock do what a person or an operator would', async () => {
    await control('POST', 'blue-cherry/cycle', { do: 'hold' });
    const { cycleNo } = (await control('GET', 'blue-cherry/cycle')).body;
    const run = await control('POST', 'blue-cherry/cycle', { do: 'run' });
    expect(run.body['cycleNo']).toBe(Number(cycleNo) + 1);
    await control('POST', 'blue-cherry/period', { period: '2026-03', state: 'closed' });
    await control('POST', 'events', { system: 'blue-cherry', type: 'order.shipped', payload: {} });
    const typed = await control('POST', 'events', { system: 'blue-cherry', type: 'document.typed-in' });
    const document = (typed.body['document'] as { transactionNo: string; total: string }) ?? {};
    const amount = (Number(document.total) + 0.01).toFixed(2);
    const edited = await control('POST', 'blue-cherry/edit', { document: document.transactionNo, set: { amount } });
    expect(edited.body['document']).toMatchObject({ total: amount, modifiedBy: 'erp-user' });
    const before = (await control('GET', 'clock')).body['businessDate'];
    const after = (await control('POST', 'clock', { advanceMs: 86_400_000 })).body['businessDate'];
    expect(String(after) > String(before)).toBe(true);
  });

  test('mail is kept for tests to read', async () => {
    await control('POST', 'mailbox', { to: ['fin@example.test'], subject: 'Two returns wait', text: 'See case 1.' });
    expect((await control('GET', 'mailbox')).body['mails']).toMatchObject([{ subject: 'Two returns wait' }]);
  });

  test.each([
    ['reset', { seed: -1 }, /seed/],
    ['reset', { scenario: 'no-such' }, /trading-day/],
    ['reset', { unknown: 1 }, /unknown/],
    ['reset', { history: { dir: '/no/such/folder' } }, /cannot be read/],
    ['faults', { kind: 'explode' }, /late-landing/],
    ['faults', { kind: 'delay', operation: 'no-such' }, /credit-memo/],
    ['events', { system: 'nobody', type: 'x' }, /blue-cherry, archean/],
    ['events', { system: 'blue-cherry', type: 'x' }, /order\.placed/],
    ['blue-cherry/cycle', { do: 'jump' }, /abort/],
    ['blue-cherry/period', { period: '2026-13', state: 'open' }, /yyyy-mm/],
    ['clock', { advanceMs: -1 }, /advanceMs/],
    ['mailbox', {}, /subject/],
  ])('bad input to %s is refused in words: %j', async (path, body, words) => {
    const answer = await control('POST', path, body);
    expect(answer.status).toBe(400);
    expect(String(answer.body['message'])).toMatch(words);
    expect(String(answer.body['message'])).not.toMatch(/\n\s+at /);
  });

  test('what is not there is 404', async () => {
    const edit = { document: 'CM0', set: { quantity: 1 } };
    expect((await control('POST', 'blue-cherry/edit', edit)).status).toBe(404);
    expect((await control('GET', 'nothing')).status).toBe(404);
  });
});
