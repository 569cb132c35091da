/**
 * What a return leaves in the ledger, end to end: sold once and returned once, cost of sales and
 * shrinkage are where they were, whatever the site values stock by, however its credits and journals behave.
 */
import { afterEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import type { Rig } from '../support/rig.js';
import { openSite, SKU, type Site } from './site-support.js';
import { answer, askedOf, comeBack, figuresOf, heldOf, sell, type Returned } from './support.js';

const WITHIN = 240_000;
const [COST_OF_SALES, SHRINKAGE, STOCK, TAX] = ['5000', '5900', '1400', '2200'];
let rig: Rig | undefined;
const open = async (site: Site): Promise<Rig> => (rig = await openSite(site));

interface JournalLine {
  document: string;
  account: string;
  debit: string;
  credit: string;
  period: string;
}
const pence = (text: string): number => Math.round(Number(text) * 100);

/** Debit less credit of every account in pence; of some documents only when they are named. */
async function balances(at: Rig, documents?: readonly string[]): Promise<Record<string, number>> {
  const { journals } = (await at.books()) as unknown as { journals: JournalLine[] };
  const sums: Record<string, number> = {};
  for (const { document, account, debit, credit } of journals) {
    if (documents !== undefined && !documents.includes(document)) continue;
    sums[account] = (sums[account] ?? 0) + pence(debit) - pence(credit);
  }
  return sums;
}

/** Goods come in at a cost of their own, so that average, standard and original cost are three figures. */
async function receive(at: Rig, unitCost: string): Promise<void> {
  const made = (await at.emit('blue-cherry', 'purchase-order.raised', {
    lines: [{ sku: SKU, ordered: 100, unitCost }],
    warehouse: '01',
    currency: 'GBP',
    rate: '1',
    landedPerUnit: '0',
  })) as unknown as { purchaseOrder: { poNo: string } };
  const { poNo } = made.purchaseOrder;
  const now = new Date().toISOString();
  const response = await fetch(new URL('/po-receipts', at.sandbox.systems['blue-cherry']), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': 'rig-key' },
    body: JSON.stringify({
      ...{ externalRef: `GIN-${poNo}`, poNo, warehouse: '01', receivedAt: now, postingDate: now.slice(0, 10) },
      lines: [{ poLine: 1, sku: SKU, quantity: 100, quality: 'FIRST' }],
    }),
  });
  if (response.status !== 202) throw new Error(`${response.status} ${await response.text()}`);
  await at.control('POST', '/_sandbox/blue-cherry/cycle', { do: 'run' });
}

const finished = async (at: Rig, { workflowId }: Returned): Promise<Record<string, unknown>> => {
  await at.started(workflowId);
  return at.ended(workflowId);
};
const journalsOf = async (at: Rig, { workflowId }: Returned): Promise<string[]> => {
  const { rows } = await sql<{ journal: string }>`select journal from posting
    where workflow_id = ${workflowId} order by reference`.execute(at.store.db);
  return rows.map((row) => row.journal);
};

const SITES: [string, Site, { stock: boolean; journal: string }][] = [
  ['standard cost', { valuationMethod: 'standard' }, { stock: true, journal: 'verified' }],
  ['average cost', { valuationMethod: 'average' }, { stock: true, journal: 'verified' }],
  [
    'original cost, journals that the interface does not show',
    { valuationMethod: 'original', journalReadable: false },
    { stock: true, journal: 'unverified' },
  ],
  [
    'average cost, credits that restock',
    { valuationMethod: 'average', creditMemoRestocks: true },
    { stock: false, journal: 'verified' },
  ],
];

describe('one sold and one returned', () => {
  afterEach(async () => {
    await rig?.close();
    rig = undefined;
  }, 60_000);

  test.each(SITES)(
    'leaves cost of sales and shrinkage at zero: %s',
    async (_, site, { stock, journal }) => {
      const at = await open(site);
      // The shelf is worth something else than the item's standard cost when the unit leaves, and again when it is back.
      await receive(at, '3.17');
      const before = await balances(at);
      const { orderNo } = await sell(at, [{ sku: SKU, quantity: 1, unitPrice: '20.00' }]);
      const sold = await balances(at);
      expect((sold[COST_OF_SALES] ?? 0) - (before[COST_OF_SALES] ?? 0)).toBeGreaterThan(0);
      await receive(at, '31.90');
      const between = (await balances(at))[STOCK] ?? 0;

      const back = await comeBack(at, { lines: [{ orderNo, orderLine: 1, quantity: 1 }] });
      expect(await finished(at, back)).toMatchObject({ outcome: 'posted' });
      expect(await figuresOf(at, back.returnNo)).toEqual([
        'credit memo POSTED 24.00',
        ...(stock ? ['inventory adjustment POSTED 1'] : []),
      ]);
      const after = await balances(at);
      const moved = (account: string): number => (after[account] ?? 0) - (before[account] ?? 0);
      expect({ costOfSales: moved(COST_OF_SALES), shrinkage: moved(SHRINKAGE) }).toEqual({
        costOfSales: 0,
        shrinkage: 0,
      });
      expect((after[STOCK] ?? 0) - between).toBe((sold[COST_OF_SALES] ?? 0) - (before[COST_OF_SALES] ?? 0));
      expect(new Set(await journalsOf(at, back))).toEqual(new Set([journal]));
    },
    WITHIN,
  );

  test(
    'a site that cannot say whether an unanswered credit is stored asks a person, and books it once',
    async () => {
      const at = await open({ valuationMethod: 'standard', lookupBounded: false });
      const before = await balances(at);
      const { orderNo } = await sell(at, [{ sku: SKU, quantity: 1, unitPrice: '20.00' }]);
      await at.fault({ system: 'blue-cherry', operation: 'credit-memo', kind: 'drop-before', times: 1 });
      const back = await comeBack(at, { lines: [{ orderNo, orderLine: 1, quantity: 1 }] });
      await at.started(back.workflowId);
      const asked = await askedOf(at, back.workflowId, 'credit-memo-refused');
      expect([asked.code, asked.title]).toEqual(['X-62', expect.stringContaining('cannot be proved on this site')]);
      expect((await figuresOf(at, back.returnNo)).filter((one) => one.startsWith('credit'))).toEqual([]);
      expect((await answer(at, back.workflowId, 'credit-memo-refused', 'retry', 'fin-2')).body).toMatchObject({
        state: 'decided',
      });
      expect(await finished(at, back)).toMatchObject({ outcome: 'posted' });
      expect(await figuresOf(at, back.returnNo)).toEqual(['credit memo POSTED 24.00', 'inventory adjustment POSTED 1']);
      const after = await balances(at);
      expect([COST_OF_SALES, SHRINKAGE].map((one) => (after[one] ?? 0) - (before[one] ?? 0))).toEqual([0, 0]);
    },
    WITHIN,
  );

  test(
    'on 4 January 2011 VAT went from 17.5 % to 20 %: each credit carries the rate its order was invoiced with',
    async () => {
      const at = await open({ valuationMethod: 'standard' });
      const customer = 'C-VAT';
      const invoiced = async (placedAt: string, taxCode: string, taxRate: string): Promise<string> => {
        const shippedAt = new Date(Date.parse(placedAt) + 6 * 3_600_000).toISOString();
        const lines = [{ sku: SKU, quantity: 3, unitPrice: '20.00', taxCode, taxRate }];
        const made = (await at.emit('blue-cherry', 'order.shipped', {
          ...{ placedAt, shippedAt, customer, currency: 'GBP', lines },
        })) as unknown as { order: { orderNo: string } };
        return made.order.orderNo;
      };
      const earlier = await invoiced('2011-01-03T09:00:00.000Z', 'S175', '0.175');
      const later = await invoiced('2011-01-04T09:00:00.000Z', 'S20', '0.20');
      const on = (processedAt: string, orders: readonly string[]): Promise<Returned> =>
        comeBack(at, { processedAt, lines: orders.map((orderNo) => ({ orderNo, orderLine: 1, quantity: 1 })) });
      const [before, both] = [
        await on('2011-01-03T16:00:00.000Z', [earlier]),
        await on('2011-01-20T12:00:00.000Z', [earlier, later]),
      ];
      const taxOf = async (back: Returned): Promise<unknown[]> => {
        expect(await finished(at, back)).toMatchObject({ outcome: 'posted' });
        const memos = (await heldOf(at, back.returnNo)).filter((one) => one.kind === 'credit memo');
        return Promise.all(
          memos.map(async (one) => ({
            order: one.orderNo,
            on: one.postingDate,
            total: one.amount,
            code: (one.lines[0] as unknown as { taxCode: string }).taxCode,
            vat: (await balances(at, [one.number]))[TAX],
          })),
        );
      };
      const old = { order: earlier, total: '23.50', code: 'S175', vat: 350 };
      expect(await taxOf(before)).toEqual([{ ...old, on: '2011-01-03' }]);
      expect(await taxOf(both)).toEqual(
        expect.arrayContaining([
          { ...old, on: '2011-01-20' },
          { order: later, on: '2011-01-20', total: '24.00', code: 'S20', vat: 400 },
        ]),
      );
    },
    WITHIN,
  );
});
