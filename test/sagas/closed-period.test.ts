/** A period that closes before a document is posted: nothing is re-dated without its approval (X-24, R-807). */
import { afterEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { eventually } from '../support/eventually.js';
import type { Rig } from '../support/rig.js';
import { openSite, SKU, type Site } from './site-support.js';
import { answer, askedOf, comeBack, heldOf, LONG_MS, sell, type Returned } from './support.js';

const WITHIN = 240_000;
let rig: Rig | undefined;
const open = async (site: Site): Promise<Rig> => (rig = await openSite(site));
const finished = async (at: Rig, { workflowId }: Returned): Promise<Record<string, unknown>> => {
  await at.started(workflowId);
  return at.ended(workflowId);
};

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
      const at = await open({ valuationMethod: 'standard' });
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
      const at = await open({ valuationMethod: 'standard' });
      await at.fault({
        system: 'blue-cherry',
        operation: 'inventory-adjustment',
        kind: 'period-closed-at-posting',
        times: 1,
      });
      const back = await returned(at);
      await at.started(back.workflowId);
      const asked = await askedOf(at, back.workflowId, 'restock-refused');
      expect(asked.code).toBe('X-24');
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
