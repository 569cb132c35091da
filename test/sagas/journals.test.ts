/**
 * What a return leaves in the ledger, end to end (R-804, R-805, R-803): sold once and returned once, cost of sales and
 * shrinkage are where they were, whatever the site values stock by, however its credits and journals behave.
 */
import { afterEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { eventually } from '../support/eventually.js';
import { startRig, type Rig } from '../support/rig.js';
import { answer, askedOf, comeBack, configWith, figuresOf, heldOf, LONG_MS, sell, type Returned } from './support.js';

const WITHIN = 240_000;
const SKU = 'WOM|00123|NVY|||08';
const [COST_OF_SALES, SHRINKAGE, STOCK, TAX] = ['5000', '5900', '1400', '2200'];
let rig: Rig | undefined;

interface Site {
  valuationMethod: 'standard' | 'average' | 'original';
  creditMemoRestocks?: boolean;
  journalReadable?: boolean;
  lookupBounded?: boolean;
}

/** One site: the stand-in behaves by its profile, and our configuration says the same of it. */
async function openSite({ lookupBounded = true, ...profile }: Site): Promise<Rig> {
  const says = { creditMemoRestocks: false, journalReadable: true, ...profile, lookupBounded };
  const sitesConfig = configWith({
    'blue-cherry.yaml': (text) =>
      `${Object.entries(says).reduce((all, [key, value]) => all.replace(new RegExp(`^  ${key}: .*$`, 'm'), `  ${key}: ${String(value)}`), text)}# this site\n`,
  });
  const opened = await startRig({
    reset: { scenario: 'trading-day', returns: 0, seed: 21, misbehave: 0, profile },
    env: { SELVEDGE_CONFIG: sitesConfig },
  });
  rig = opened;
  return opened;
}

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
      const at = await openSite(site);
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
      const at = await openSite({ valuationMethod: 'standard', lookupBounded: false });
      const before = await balances(at);
      const { orderNo } = await sell(at, [{ sku: SKU, quantity: 1, unitPrice: '20.00' }]);
      await at.fault({ system: 'blue-cherry', operation: 'credit-memo', kind: 'drop-before', times: 1 });
      const back = await comeBack(at, { lines: [{ orderNo, orderLine: 1, quantity: 1 }] });
      await at.started(back.workflowId);
      const open = await askedOf(at, back.workflowId, 'credit-memo-refused');
      expect([open.code, open.title]).toEqual(['X-62', expect.stringContaining('cannot be proved on this site')]);
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
      const at = await openSite({ valuationMethod: 'standard' });
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

/** The month that a posting date falls into, and the first day of the next. */
const periodOf = (date: string): string => date.slice(0, 7);
const nextPeriod = (period: string): string => {
  const [year = 0, month = 0] = period.split('-').map(Number);
  return month === 12 ? `${year + 1}-01-01` : `${year}-${String(month + 1).padStart(2, '0')}-01`;
};
const close = (at: Rig, period: string): Promise<unknown> =>
  at.control('POST', '/_sandbox/blue-cherry/period', { period, state: 'closed' });
const cycle = (at: Rig, what: 'hold' | 'release' | 'run'): Promise<unknown> =>
  at.control('POST', '/_sandbox/blue-cherry/cycle', { do: what });
const stateOf = async (at: Rig, { workflowId }: Returned, step: string): Promise<string | undefined> => {
  const { rows } = await sql<{ state: string }>`select state from posting
    where reference = ${`${workflowId}/${step}`} order by revision desc limit 1`.execute(at.store.db);
  return rows[0]?.state;
};
const inState = (at: Rig, back: Returned, step: string, state: string): Promise<unknown> =>
  eventually(async () => (await stateOf(at, back, step)) === state, { within: LONG_MS, every: 50 });

describe('a period closed before posting', () => {
  afterEach(async () => {
    await rig?.close();
    rig = undefined;
  }, 60_000);

  const returned = async (at: Rig): Promise<Returned> => {
    const { orderNo } = await sell(at, [{ sku: SKU, quantity: 1, unitPrice: '20.00' }]);
    return comeBack(at, { lines: [{ orderNo, orderLine: 1, quantity: 1 }] });
  };
  const datesOf = async (at: Rig, { returnNo }: Returned): Promise<string[]> =>
    (await heldOf(at, returnNo))
      .filter((one) => one.status === 'POSTED')
      .map((one) => `${one.kind} ${one.postingDate}`)
      .sort();
  const todayOf = async (at: Rig, back: Returned): Promise<string> => {
    const { rows } = await sql<{ day: string }>`select business_date::text as day from posting
      where workflow_id = ${back.workflowId} limit 1`.execute(at.store.db);
    return rows[0]?.day ?? '';
  };

  test(
    'between acceptance and posting: neither half is re-dated before its approval, and then both bear one date',
    async () => {
      const at = await openSite({ valuationMethod: 'standard' });
      await cycle(at, 'hold');
      const back = await returned(at);
      await at.started(back.workflowId);
      await inState(at, back, 'credit-memo', 'accepted');
      const day = await todayOf(at, back);
      await close(at, periodOf(day));
      await cycle(at, 'release');
      const credit = await askedOf(at, back.workflowId, 'credit-memo-refused');
      const restock = await askedOf(at, back.workflowId, 'restock-refused');
      expect([credit.code, restock.code]).toEqual(['X-24', 'X-24']);
      await cycle(at, 'run');
      expect(await datesOf(at, back)).toEqual([]);
      const refused = await answer(at, back.workflowId, 'credit-memo-refused', 'open-period', 'wh-1');
      expect(refused.body).toMatchObject({ state: 'refused' });
      await answer(at, back.workflowId, 'credit-memo-refused', 'open-period');
      await inState(at, back, 'credit-memo', 'posted');
      const next = nextPeriod(periodOf(day));
      expect(await datesOf(at, back)).toEqual([`credit memo ${next}`]);
      await answer(at, back.workflowId, 'restock-refused', 'open-period');
      expect(await finished(at, back)).toMatchObject({ outcome: 'posted' });
      expect(await datesOf(at, back)).toEqual([`credit memo ${next}`, `inventory adjustment ${next}`]);
      for (const one of await heldOf(at, back.returnNo))
        if (one.status === 'POSTED') expect(one.memo).toContain(`true date ${day}`);
    },
    WITHIN,
  );

  test(
    'between the halves: the approval of the second shows the date of the first',
    async () => {
      const at = await openSite({ valuationMethod: 'standard' });
      await at.fault({
        system: 'blue-cherry',
        operation: 'inventory-adjustment',
        kind: 'period-closed-at-posting',
        times: 1,
      });
      const back = await returned(at);
      await at.started(back.workflowId);
      const open = await askedOf(at, back.workflowId, 'restock-refused');
      expect(open.code).toBe('X-24');
      const day = await todayOf(at, back);
      await close(at, periodOf(day));
      const { rows } = await sql<{ actual: string; shown: unknown }>`select actual, shown from "case"
        where workflow_id = ${back.workflowId} and question = 'restock-refused'`.execute(at.store.db);
      const memo = (await heldOf(at, back.returnNo)).find((one) => one.kind === 'credit memo')?.number ?? '?';
      expect(rows[0]?.actual).toContain(`${memo} is posted on ${day}`);
      expect(JSON.stringify(rows[0]?.shown)).toContain(memo);
      expect(await datesOf(at, back)).toEqual([`credit memo ${day}`]);
      await answer(at, back.workflowId, 'restock-refused', 'open-period');
      expect(await finished(at, back)).toMatchObject({ outcome: 'posted' });
      expect(await datesOf(at, back)).toEqual([
        `credit memo ${day}`,
        `inventory adjustment ${nextPeriod(periodOf(day))}`,
      ]);
    },
    WITHIN,
  );
});
