/**
 * Where several things are wrong at once, or several returns meet, the sagas do what the sandbox's own reckoning says,
 * document by document and case by case: it is written from the requirements without any code of the product.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { balance } from '../../bin/day/balance.js';
import { sandboxControl } from '../../bin/day/control.js';
import { gather } from '../../bin/day/evidence.js';
import { pauseFeed, resumeFeed } from '../../store/feeds.js';
import { eventually } from '../support/eventually.js';
import { startRig, type Rig } from '../support/rig.js';
import { article, comeBack, LONG_MS, sell, type Sale } from './support.js';

let rig: Rig;
const MINUTE = 60_000;
const ago = (minutes: number): string => new Date(Date.now() - minutes * MINUTE).toISOString();

const sold = (index: number, quantity: number, unitPrice: string, more: object = {}): Promise<Sale> =>
  sell(rig, [{ sku: article(index).sku, quantity, unitPrice, ...more }]);
const of = ({ orderNo }: Sale, quantity = 1, more: object = {}): object => ({
  orderNo,
  orderLine: 1,
  quantity,
  ...more,
});
const loose = (index: number): object => ({
  orderNo: '',
  orderLine: null,
  sku: article(index).code,
  quantity: 1,
  refundUnitPrice: '20.00',
});
const back = (lines: object[], more: object = {}): Promise<unknown> => comeBack(rig, { lines, ...more });
/** An order that has not left the house. */
const placed = async (index: number): Promise<Sale> => {
  const made = (await rig.emit('blue-cherry', 'order.placed', {
    lines: [{ sku: article(index).sku, quantity: 1, unitPrice: '20.00' }],
  })) as unknown as { order: Sale };
  return made.order;
};

/** Each asks one question, though several things are wrong; what holds the whole comes first. */
async function severalThingsWrong(): Promise<void> {
  await back([of(await sold(0, 2, '20.00'), 3), loose(1)]);
  await back([of(await placed(2)), loose(3)]);
  await back([{ ...of(await sold(4, 1, '20.00')), orderLine: 9, sku: article(4).code }]);
  await back([of(await sold(5, 1, '20.00'), 1, { sku: article(6).code, refundUnitPrice: '20.00' })]);
  await back([of(await sold(7, 1, '20.00'), 2, { refundUnitPrice: '35.00' })]);
}

/** Goods above their limit at cost: alone, with a refund that differs, with no order, undelivered. */
async function dearGoods(): Promise<void> {
  const cheap = (index: number): Promise<Sale> => sold(index, 150, '2.00', { unitCost: '17.05' });
  await back([of(await cheap(0), 150)]);
  await back([of(await cheap(1), 150, { refundUnitPrice: '2.50' })]);
  await back([of(await cheap(2), 150), loose(3)]);
  await back([of(await cheap(3), 150)], { state: 'UNDELIVERED' });
}

async function parcels(): Promise<void> {
  await back([of(await sold(4, 2, '20.00'), 2)], { state: 'UNDELIVERED', restockState: 'RESTOCKED' });
  await back([of(await sold(5, 1, '20.00'), 2)], { state: 'UNDELIVERED' });
  await back([loose(6)], { state: 'UNDELIVERED' });
}

/** A fee larger than what the first of two orders is credited, and goods of two divisions in exchange. */
async function overOrdersAndDivisions(): Promise<void> {
  const [small, large] = [await sold(7, 1, '2.00'), await sold(8, 1, '60.00')];
  await back([of(small), of(large)], { deductions: [{ code: 'RESTOCK-FEE', amount: '4.95' }] });
  await back([of(large), of(small)], { deductions: [{ code: 'RETURN-POSTAGE', amount: '1.00' }] });
  const exchange = {
    lines: [
      { sku: article(1).code, quantity: 1, unitPrice: '12.00', taxAmount: '2.40' },
      { sku: 'M00123-NVY-M', quantity: 1, unitPrice: '9.00', taxAmount: '1.80' },
    ],
  };
  await back([of(await sold(9, 1, '30.00'))], { exchange });
}

/** One customer's four credits of 400 and one unit twice over, the later ones listed first by the source. */
async function meetings(): Promise<void> {
  const customer = 'C-FOUR';
  for (const minutes of [1, 2, 3, 4]) {
    const { orderNo } = await sell(rig, [{ sku: article(minutes).sku, quantity: 20, unitPrice: '16.67' }], customer);
    await back([{ orderNo, orderLine: 1, quantity: 20 }], { customer, processedAt: ago(minutes) });
  }
  const last = await sold(10, 1, '20.00');
  await back([of(last)], { processedAt: ago(1) });
  await back([of(last)], { processedAt: ago(2) });
}

beforeAll(async () => {
  rig = await startRig({ reset: { scenario: 'trading-day', returns: 0, seed: 17, misbehave: 0 } });
}, 90_000);
afterAll(() => rig.close(), 60_000);

test('returns with several things wrong, and returns that meet, come out as reckoned', async () => {
  await pauseFeed(rig.store.db, 'archean.returns', 'ops-1');
  for (const some of [severalThingsWrong, dearGoods, parcels, overOrdersAndDivisions, meetings]) await some();
  await resumeFeed(rig.store.db, 'archean.returns', 'ops-1');
  const sandbox = sandboxControl(rig.sandbox.url);
  const look = async () => balance(await gather(rig.store.db, sandbox));
  let steady = 0;
  await eventually(
    async () => {
      const { differences, events } = await look();
      steady = differences.length === 0 ? steady + 1 : 0;
      expect({ events, differences: differences.map(({ words, key }) => `${key}: ${words}`) }).toEqual({
        events: 21,
        differences: [],
      });
      // What a T-38 release or a late look would still post wrongly comes within three seconds.
      return steady > 12;
    },
    { within: 2 * LONG_MS, every: 500 },
  );
}, 300_000);
