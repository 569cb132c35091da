import { afterEach, describe, expect, test } from '@jest/globals';
import {
  ArcheanGoodsIn,
  ArcheanGoodsInPage,
  ArcheanLocationList,
  ArcheanMovement,
  ArcheanMovementPage,
  ArcheanReturn,
  ArcheanReturnPage,
  ArcheanStockPage,
  ArcheanToken,
} from '../../clients/archean/schema.js';
import { DEVELOPMENT_ARCHEAN } from '../../sandbox/archean/index.js';
import { LATE_WITHIN_SEQ } from '../../sandbox/archean/log.js';
import { closeSites, eventually, site } from './archean-site.js';

afterEach(closeSites);

describe('the token', () => {
  test('is needed, lives for half an hour and expires with 401', async () => {
    const { call, token, renew, archean } = await site();
    expect(ArcheanToken.parse(await (await token()).json()).expires_in).toBe(1800);
    expect((await call('GET', '/locations')).status).toBe(200);
    archean.expireTokens();
    expect(await call('GET', '/locations')).toMatchObject({ status: 401, body: { code: 'TOKEN_EXPIRED' } });
    await renew();
    expect((await call('GET', '/locations')).status).toBe(200);
  });

  test('is refused to a wrong client and another grant', async () => {
    const profile = { ...DEVELOPMENT_ARCHEAN, credentials: { clientId: 'us', clientSecret: 'secret' } };
    const { token } = await site({ profile });
    expect((await token({ client_secret: 'guess' })).status).toBe(401);
    expect((await token({ grant_type: 'password' })).status).toBe(400);
  });

  test('runs out by itself', async () => {
    const { call } = await site({ profile: { ...DEVELOPMENT_ARCHEAN, tokenLifeMs: 40 } });
    await eventually(async () => expect((await call('GET', '/locations')).status).toBe(401));
  });
});

describe('the listings', () => {
  test('give rows of the stated shape, page by page, in order of seq', async () => {
    const { call } = await site({ returns: 40 });
    const rows: ArcheanReturn[] = [];
    let afterSeq = 0;
    for (let more = true; more;) {
      const page = ArcheanReturnPage.parse((await call('GET', `/returns?afterSeq=${afterSeq}&limit=7`)).body);
      rows.push(...page.returns.map((row) => ArcheanReturn.parse(row)));
      [afterSeq, more] = [page.lastSeq, page.hasMore];
    }
    expect(rows.length).toBeGreaterThanOrEqual(42);
    expect(rows.map((row) => row.seq)).toEqual(rows.map((row) => row.seq).sort((a, b) => a - b));
    const movements = ArcheanMovementPage.parse((await call('GET', '/movements?limit=200')).body);
    expect(movements.movements.map((row) => ArcheanMovement.parse(row)).length).toBeGreaterThan(20);
    const one = await call('GET', `/returns/${rows[0]?.returnNo}`);
    expect(ArcheanReturn.parse(one.body).returnNo).toBe(rows[0]?.returnNo);
    expect((await call('GET', '/returns/none')).status).toBe(404);
    expect(await call('GET', '/returns?afterSeq=x')).toMatchObject({ status: 400, body: { code: 'INVALID' } });
  });

  test('show gaps, rows on two pages, and rows that come late but within 500 seq', async () => {
    const { call, archean } = await site({ misbehave: 0.3 });
    const recorded: number[] = [];
    const made = () => (archean.event('movement.recorded') as { movement: ArcheanMovement }).movement.seq;
    for (let n = 0; n < 300; n += 1) recorded.push(made());
    expect(recorded.at(-1)).toBeGreaterThan(recorded.length + 100);

    const seen: number[] = [];
    for (let afterSeq = 0, more = true; more;) {
      const page = ArcheanMovementPage.parse((await call('GET', `/movements?afterSeq=${afterSeq}&limit=20`)).body);
      seen.push(...page.movements.map((row) => ArcheanMovement.parse(row).seq));
      [afterSeq, more] = [page.lastSeq, page.hasMore];
    }
    const missing = recorded.filter((seq) => !seen.includes(seq));
    expect(seen.length).toBeGreaterThan(new Set(seen).size);
    expect(missing.length).toBeGreaterThan(0);

    archean.misbehave(0);
    while (made() - (recorded.at(-1) ?? 0) <= LATE_WITHIN_SEQ);
    const from = (missing[0] ?? 0) - 1;
    const again = ArcheanMovementPage.parse((await call('GET', `/movements?afterSeq=${from}&limit=200`)).body);
    const visible = again.movements.map((row) => ArcheanMovement.parse(row).seq);
    const due = missing.filter((seq) => seq <= again.lastSeq);
    expect(due.filter((seq) => !visible.includes(seq))).toEqual([]);
  });

  test('hold a malformed row beside its sound neighbours', async () => {
    const { call, archean, reckoning } = await site({ returns: 3 });
    archean.event('return.malformed', { returnNo: 'BAD-1' });
    archean.event('return.processed');
    const page = ArcheanReturnPage.parse((await call('GET', '/returns')).body);
    const sound = page.returns.map((row) => ArcheanReturn.safeParse(row).success);
    expect(sound).toEqual([true, true, true, false, true]);
    expect(reckoning.report().events.find((event) => event.key === 'BAD-1')?.waitsFor).toEqual({
      code: 'X-63',
      owner: 'integration-support',
    });
  });

  test('list every version of a return; the return itself is its newest', async () => {
    const { call, archean } = await site({ returns: 1 });
    archean.event('return.corrected', { returnNo: 'RTN-000001', customer: 'C-9' });
    archean.event('return.withdrawn', { returnNo: 'RTN-000001' });
    const { returns } = ArcheanReturnPage.parse((await call('GET', '/returns')).body);
    const rows = returns.map((row) => ArcheanReturn.parse(row));
    expect(rows.map((row) => [row.version, row.state])).toEqual([
      [1, 'PROCESSED'],
      [2, 'PROCESSED'],
      [3, 'WITHDRAWN'],
    ]);
    expect((await call('GET', '/returns/RTN-000001')).body).toEqual(rows[2]);
  });

  test('refuse calls beyond 300 a minute with 429', async () => {
    const profile = { ...DEVELOPMENT_ARCHEAN, rateLimit: { calls: 5, perMs: 60_000 } };
    const { call } = await site({ profile });
    const statuses = [];
    for (let n = 0; n < 6; n += 1) statuses.push((await call('GET', '/locations')).status);
    expect(statuses).toEqual([200, 200, 200, 200, 429, 429]);
  });

  test('stock moves with its movements, quarantined apart, and pages carry the seq they are of', async () => {
    const { call, archean } = await site();
    const all = [];
    for (let cursor = ''; ;) {
      const page = ArcheanStockPage.parse((await call('GET', `/stock?cursor=${cursor}`)).body);
      all.push(...page.rows);
      expect(page.asOfSeq).toBe(archean.books.sequence.last());
      if (page.cursor === undefined) break;
      cursor = page.cursor;
    }
    const [row] = all;
    const at = { sku: row?.sku ?? '', location: row?.location ?? '' };
    archean.event('movement.recorded', { ...at, quantity: -3 });
    archean.event('movement.recorded', { ...at, quantity: 2, type: 'RETURN_QUARANTINE' });
    const page = ArcheanStockPage.parse((await call('GET', `/stock?location=${at.location}`)).body);
    const now = page.rows.find((one) => one.sku === at.sku);
    expect(now).toEqual({ ...row, onHand: (row?.onHand ?? 0) - 3, quarantined: 2 });
    expect(page.rows.every((one) => one.location === at.location)).toBe(true);
    const { locations } = ArcheanLocationList.parse((await call('GET', '/locations')).body);
    expect(locations.map((one) => one.code)).toContain('V-MISC');
  });
});

describe('goods-in and orders', () => {
  const wanted = {
    externalRef: 'SVGIN1',
    poNo: 'PO-1',
    location: 'FC-UK-1',
    lines: [{ lineNo: 1, sku: '00123-NVY-08', expected: 5 }],
  };

  test('an expected goods-in is stored once per reference; another content is REFERENCE_CONFLICT', async () => {
    const { call } = await site();
    const first = await call('POST', '/goods-in', wanted);
    expect([first.status, ArcheanGoodsIn.parse(first.body).state]).toEqual([201, 'EXPECTED']);
    expect(await call('POST', '/goods-in', wanted)).toEqual({ status: 200, body: first.body });
    const other = await call('POST', '/goods-in', { ...wanted, poNo: 'PO-2' });
    expect(other).toMatchObject({ status: 409, body: { code: 'REFERENCE_CONFLICT' } });
    const found = ArcheanGoodsInPage.parse((await call('GET', '/goods-in?externalRef=SVGIN1')).body);
    expect(found.goodsIn).toEqual([first.body]);
    expect((await call('POST', '/goods-in', { ...wanted, lines: [] })).status).toBe(422);
  });

  test('a goods-in is completed and reversed with movements of its own', async () => {
    const { call, archean } = await site();
    const { id } = ArcheanGoodsIn.parse((await call('POST', '/goods-in', wanted)).body);
    expect(ArcheanGoodsInPage.parse((await call('GET', '/goods-in')).body).goodsIn).toEqual([]);
    archean.event('goods-in.completed', { id });
    archean.event('goods-in.reversed', { id });
    const record = ArcheanGoodsIn.parse((await call('GET', `/goods-in/${id}`)).body);
    expect([record.state, record.version, record.lines[0]?.received]).toEqual(['REVERSED', 3, 5]);
    const { movements } = ArcheanMovementPage.parse((await call('GET', '/movements')).body);
    const own = movements.map((row) => ArcheanMovement.parse(row)).filter((row) => row.documentId === id);
    expect(own.map((row) => [row.type, row.quantity])).toEqual([
      ['GOODS_IN', 5],
      ['VOID', -5],
    ]);
  });

  test('a write whose answer is lost is found again by its reference', async () => {
    const { call, faults } = await site();
    faults.add({ system: 'archean', operation: 'POST /goods-in', kind: 'drop-after' });
    await expect(call('POST', '/goods-in', wanted)).rejects.toThrow('fetch failed');
    const found = ArcheanGoodsInPage.parse((await call('GET', '/goods-in?externalRef=SVGIN1')).body);
    expect(found.goodsIn).toHaveLength(1);
  });

  test('an order can be cancelled until it is picked; an unknown article is refused', async () => {
    const { call, archean } = await site();
    const [row] = archean.books.stock.rows();
    const order = (externalRef: string, sku = row?.sku ?? '') => ({
      externalRef, customer: 'C-1', location: 'FC-UK-1', lines: [{ sku, quantity: 1 }],
    }); // prettier-ignore
    expect(await call('POST', '/orders', order('A', 'NOPE'))).toMatchObject({
      status: 422,
      body: { code: 'SKU_UNKNOWN' },
    });
    const first = (await call('POST', '/orders', order('A'))).body;
    const second = (await call('POST', '/orders', order('B'))).body;
    expect((await call('POST', `/orders/${String(first['id'])}/cancel`)).body['state']).toBe('CANCELLED');
    archean.event('order.picked', { id: second['id'] });
    expect(await call('POST', `/orders/${String(second['id'])}/cancel`)).toMatchObject({
      status: 409,
      body: { code: 'TOO_LATE' },
    });
  });
});

describe('events', () => {
  test('an unknown type and a return nobody could mean are refused with what is allowed', async () => {
    const { archean } = await site({ returns: 1 });
    expect(() => archean.event('return.lost')).toThrow('is not one of return.processed');
    expect(() => archean.event('return.withdrawn', { returnNo: 'NONE' })).toThrow('there is no return NONE');
    expect(() => archean.event('return.processed', { lines: [{ quantity: 0 }] })).toThrow('lines.0.quantity');
  });

  test('keep what the payload gives and fill in the rest as sold', async () => {
    const { archean, reckoning } = await site({ returns: 4 });
    const [first] = reckoning.returnable();
    const made = archean.event('return.processed', {
      location: 'V-MISC',
      lines: [{ orderNo: first?.order.orderNo, orderLine: first?.line.orderLine, quantity: 1 }],
    }) as { return: ArcheanReturn; movements: ArcheanMovement[] };
    const row = ArcheanReturn.parse(made.return);
    expect(row).toMatchObject({ location: 'V-MISC', customer: first?.order.customer, version: 1 });
    expect(reckoning.item(row.lines[0]?.sku ?? '')?.sku).toBe(first?.line.sku);
    expect(made.movements.map((one) => [one.type, one.documentId])).toEqual([['RETURN_RESTOCK', row.returnNo]]);
    expect(archean.dump().documents.some((one) => one.number === row.returnNo && one.kind === 'RETURN')).toBe(true);
  });
});
