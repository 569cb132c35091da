/** What a receipt is worth is the ERP's to amend: asked again it is the same document, checked against its own values. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { PoReceipt, StockAdjustment } from '../../domain/documents.js';
import type { PostingRequest } from '../../activities/posting/contract.js';
import { adjustment, documentsOf, failureOf, retried, settling, TODAY } from './posting-support/asks.js';
import { createRig, item, type Rig } from './posting-support/rig.js';

let rig: Rig;
let settle: { stop(): Promise<void> };
beforeEach(async () => {
  rig = await createRig();
  rig.books.addPurchaseOrder({
    ...{ poNo: 'PO-1', division: 'D1', warehouse: '01', currency: 'GBP', rate: '1.00' },
    lines: [{ sku: item(1), ordered: 100, unitCost: '4.00' }],
    landed: [{ element: 'DUTY', perUnit: '1.00' }],
  });
  settle = settling(rig);
});
afterEach(async () => {
  await settle.stop();
  await rig.close();
});

const gbp = (minor: number) => ({ minor: String(minor), currency: 'GBP' });
const receipt = (quantity: number, cost: number, landed: number): PoReceipt => ({
  ...{ kind: 'po-receipt', poNo: 'PO-1', division: 'D1', warehouse: '01', businessDate: TODAY },
  receivedAt: `${TODAY}T10:00:00.000Z`,
  lines: [
    {
      poLine: 1,
      item: item(1),
      quantity,
      quality: 'first',
      goods: gbp(quantity * cost),
      landed: gbp(quantity * landed),
    },
  ],
  memo: 'Goods-in GIN-1',
});
const ask = <D extends PoReceipt | StockAdjustment>(step: string, document: D): PostingRequest<D> => ({
  ...{ reference: `po-receipt:archean:GIN-1/${step}`, document, seq: 1 },
  links: [{ system: 'archean', kind: 'goods-in', number: 'GIN-1' }],
});
const writes = (): number => rig.calls.of('blue-cherry').filter((call) => call.method === 'POST').length;

test('a receipt asked again after its order’s cost was amended is the first one, with what that came in at', async () => {
  const first = await retried(() => rig.blueCherry.postReceipt(ask('receipt', receipt(10, 400, 100))));
  expect(first.documents).toMatchObject([
    { journal: 'verified', received: { units: 10, goods: gbp(4_000), landed: gbp(1_000) } },
  ]);
  const before = writes();
  expect(await rig.blueCherry.postReceipt(ask('receipt', receipt(10, 450, 120)))).toEqual(first);
  expect(writes()).toBe(before);
  expect(documentsOf(rig, 'po-receipt:archean:GIN-1/receipt')).toHaveLength(1);
  expect((await failureOf(rig.blueCherry.postReceipt(ask('receipt', receipt(11, 400, 100))))).type).toBe(
    'ReferenceReused',
  );
});

test('one that has not left yet is checked against the amended cost, not against the one it was first asked with', async () => {
  rig.fault({ operation: 'po-receipt', kind: 'status-429', times: 1, retryAfter: 'none' });
  expect((await failureOf(rig.blueCherry.postReceipt(ask('receipt', receipt(10, 400, 100))))).type).toBe('Busy');
  rig.books.amendPurchaseOrder('PO-1', { lines: [{ poLine: 1, unitCost: '4.50' }] });
  const { documents } = await retried(() => rig.blueCherry.postReceipt(ask('receipt', receipt(10, 450, 100))));
  expect(documents).toMatchObject([{ journal: 'verified', received: { goods: gbp(4_500) } }]);
});

test('one whose value in the ledger is not what was asked is still shown to a person', async () => {
  const failure = await failureOf(retried(() => rig.blueCherry.postReceipt(ask('receipt', receipt(10, 350, 100)))));
  expect(failure.type).toBe('JournalDiffers');
});

test('a write-off asked again at another cost is the first one', async () => {
  const off = (unitCost: string): StockAdjustment => ({
    ...adjustment([1], -2),
    lines: [{ item: item(1), quantity: -2, unitCost }],
  });
  const first = await retried(() => rig.blueCherry.postStockAdjustment(ask('write-off', off('5.00'))));
  expect(await rig.blueCherry.postStockAdjustment(ask('write-off', off('5.50')))).toEqual(first);
});
