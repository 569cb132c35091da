/** RP-04: each return whose halves do not stand together is named with its money; what is whole is not. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Db } from '../../store/database.js';
import { upsertItems } from '../../store/items.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';
import { adjustment, claimed, finished, ITEM, memo, postedFor, returnIn, sagaOf } from './rows.js';
import { partNamed, readReport } from './support.js';

let fresh: FreshDatabase;
const db = (): Db => fresh.store.db;
const NOW = new Date('2026-03-04T10:00:00Z');
const post = async (returnNo: string, ...documents: Parameters<typeof postedFor>[3][]): Promise<void> => {
  for (const document of documents)
    await postedFor(db(), sagaOf(returnNo), document.kind === 'credit-memo' ? 'credit-memo' : 'restock', document);
};

beforeAll(async () => {
  fresh = await freshDatabase();
  await upsertItems(db(), [{ itemKey: ITEM, code: '1-NVY-08', active: true, standardCost: '7.505' }]);
  for (const returnNo of ['WHOLE', 'CREDITED', 'RESTOCKED', 'REFUSED', 'PERIODS', 'KEPT'])
    await returnIn(db(), returnNo);
  await returnIn(db(), 'AWAITED', { restockState: 'PENDING' });
  await returnIn(db(), 'WITHDRAWN', { state: 'WITHDRAWN' });
  const charge = { lineNo: 1, orderNo: 'SO-1', orderLine: 1, sku: 'POST', quantity: 1, refundUnitPrice: '4.00' };
  await returnIn(db(), 'CHARGE', { lines: [{ ...charge, disposition: 'NONE', kind: 'CHARGE' }], restockState: 'NONE' });
  await returnIn(db(), 'NOTHING');

  await post('WHOLE', memo('2026-03-02'), adjustment('2026-03-02'));
  await finished(db(), 'WHOLE');
  await post('CREDITED', memo('2026-03-02'));
  await claimed(db(), 'CREDITED');
  await post('RESTOCKED', adjustment('2026-03-02'));
  await claimed(db(), 'RESTOCKED');
  // The credit stands, the restock was refused by the ERP and waits for a person.
  await post('REFUSED', memo('2026-03-02', '1000', '200'));
  await postedFor(db(), sagaOf('REFUSED'), 'restock', adjustment('2026-03-02', 3), 'rejected');
  await claimed(db(), 'REFUSED');
  await post('PERIODS', memo('2026-02-28'), adjustment('2026-03-01'));
  await finished(db(), 'PERIODS');
  await post('AWAITED', memo('2026-03-02'), adjustment('2026-03-02'));
  await finished(db(), 'AWAITED');
  await post('CHARGE', memo('2026-03-02', '400', '80'));
  await claimed(db(), 'CHARGE');
  await finished(db(), 'KEPT', { outcome: 'kept' });
});
afterAll(() => fresh.drop());

test('names each return by what is missing, with revenue, tax, cost, age and owner', async () => {
  const part = partNamed(await readReport(db(), 'RP-04', { now: NOW }), 'returns');
  const figures = part.rows.map((row) => [
    row['return'],
    row['finding'],
    row['sentence'],
    row['revenue'],
    row['tax'],
    row['cost'],
    row['owner'],
  ]);
  const gbp = (minor: string) => ({ minor, currency: 'GBP' });
  const credited = [gbp('4000'), gbp('800'), gbp('1501')];
  expect(figures).toEqual([
    ['CREDITED', 'half-posted', 'Credit posted, goods not yet back in stock', ...credited, 'finance'],
    [
      'REFUSED',
      'half-posted',
      'Credit posted, goods not yet back in stock',
      gbp('1000'),
      gbp('200'),
      gbp('2252'),
      'finance',
    ],
    ['RESTOCKED', 'half-posted', 'Goods back in stock, no credit posted', null, null, gbp('1501'), 'finance'],
    ['NOTHING', 'not-posted', 'Completed in the warehouse, nothing posted', null, null, gbp('1501'), 'finance'],
    ['AWAITED', 'refunded-without-goods', 'Refunded, goods not received', ...credited, 'warehouse'],
    ['PERIODS', 'two-periods', 'Credit and goods are in two periods', ...credited, 'finance'],
  ]);
  expect(part.rows[0]).toMatchObject({ age: 2 * 24 * 3_600_000, creditDate: '2026-03-02', goods: '' });
  expect(part.rows.at(-1)).toMatchObject({ creditDate: '2026-02-28', goodsDate: '2026-03-01' });
});

test('adds each finding up', async () => {
  const part = partNamed(await readReport(db(), 'RP-04', { now: NOW }), 'by-finding');
  expect(part.rows.map(({ finding, returns, revenue }) => [finding, returns, revenue])).toEqual([
    ['half-posted', 3, { minor: '5000', currency: 'GBP' }],
    ['not-posted', 1, null],
    ['refunded-without-goods', 1, { minor: '4000', currency: 'GBP' }],
    ['two-periods', 1, { minor: '4000', currency: 'GBP' }],
  ]);
});

test('asks for one owner, one return, or other days', async () => {
  const names = async (change: object): Promise<unknown[]> =>
    partNamed(await readReport(db(), 'RP-04', { now: NOW, ...change }), 'returns').rows.map((row) => row['return']);
  expect(await names({ owner: 'warehouse' })).toEqual(['AWAITED']);
  expect(await names({ about: 'RESTOCKED' })).toEqual(['RESTOCKED']);
  expect(await names({ from: '2026-03-03' })).not.toContain('PERIODS');
});
