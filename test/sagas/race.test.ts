/** Several returns against one order line: the earlier by source time is credited, whichever saga starts first. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { startReturn } from '../../clients/temporal/index.js';
import { pauseFeed, resumeFeed } from '../../store/feeds.js';
import { eventually } from '../support/eventually.js';
import { startRig, type Rig } from '../support/rig.js';
import {
  answer,
  article,
  askedOf,
  bothHalves,
  comeBack,
  figuresByReturn,
  figuresOf,
  LONG_MS,
  sell,
  type Returned,
} from './support.js';

/** Races in one run, all at once; SELVEDGE_RACES asks for fewer or more. */
const RACES = Number(process.env['SELVEDGE_RACES'] ?? 100);
const MINUTE = 60_000;

let rig: Rig;
const input = ({ returnNo }: Returned) => ({ source: 'archean' as const, returnNo });

/** Two returns of the one unit of an order line; `later` is listed first by the source in every other race. */
async function pair(race: number): Promise<{ earlier: Returned; later: Returned }> {
  const { orderNo } = await sell(rig, [{ sku: article(race).sku, quantity: 1, unitPrice: '20.00' }]);
  const back = (processedAt: number): Promise<Returned> =>
    comeBack(rig, {
      processedAt: new Date(processedAt).toISOString(),
      lines: [{ orderNo, orderLine: 1, quantity: 1 }],
    });
  const now = Date.now();
  if (race % 2 === 0) return { earlier: await back(now - 2 * MINUTE), later: await back(now - MINUTE) };
  const later = await back(now - MINUTE);
  return { earlier: await back(now - 2 * MINUTE), later };
}

interface XEleven {
  title: string;
  actual: string;
  code: string;
}
const caseOf = async ({ workflowId }: Returned): Promise<XEleven | undefined> => {
  const { rows } = await sql<XEleven>`select title, actual, code from "case"
    where workflow_id = ${workflowId} and question = 'quantity'`.execute(rig.store.db);
  return rows[0];
};

describe('returns that race for the last unit of an order line', () => {
  beforeAll(async () => {
    rig = await startRig({ reset: { scenario: 'trading-day', returns: 0, seed: 9, misbehave: 0 } });
  }, 90_000);
  afterAll(() => rig.close(), 60_000);

  test(
    `the earlier by source time is credited each of ${RACES} times; the other is X-11 and names its sibling`,
    async () => {
      await pauseFeed(rig.store.db, 'archean.returns', 'ops-1');
      const races = await Promise.all(Array.from({ length: RACES }, (_, race) => pair(race)));
      await resumeFeed(rig.store.db, 'archean.returns', 'ops-1');
      // In every second pair the later one's saga is started first, by hand, before the feed has read either.
      await Promise.all(
        races.map(async ({ earlier, later }, race) => {
          const [first, second] = race % 4 < 2 ? [later, earlier] : [earlier, later];
          await startReturn(rig.client, input(first));
          await startReturn(rig.client, input(second));
        }),
      );
      for (const { earlier, later } of races) {
        expect(await rig.ended(earlier.workflowId)).toMatchObject({ outcome: 'posted', restockUnits: 1 });
        const held = await eventually(() => caseOf(later), { within: LONG_MS, every: 100 });
        expect(held.code).toBe('X-11');
        expect(held.title).toContain(earlier.returnNo);
        expect(await caseOf(earlier)).toBeUndefined();
      }
      const books = await figuresByReturn(rig);
      expect(races.map(({ earlier }) => books.get(earlier.returnNo))).toEqual(races.map(() => bothHalves('24.00', 1)));
      expect(races.flatMap(({ later }) => books.get(later.returnNo) ?? [])).toEqual([]);
    },
    60_000 + RACES * 6_000,
  );

  test('units of a return that is rejected go to the next one; units that are kept do not', async () => {
    const { orderNo } = await sell(rig, [{ sku: article(1).sku, quantity: 2, unitPrice: '20.00' }]);
    const back = (quantity: number): Promise<Returned> =>
      comeBack(rig, { lines: [{ orderNo, orderLine: 1, quantity }] });
    const first = await back(2);
    await rig.started(first.workflowId);
    await rig.ended(first.workflowId);
    // A correction to one unit is kept off the books: both units stay credited, so none is left for the next return.
    await comeBack(
      rig,
      { returnNo: first.returnNo, lines: [{ orderNo, orderLine: 1, quantity: 1 }] },
      'return.corrected',
    );
    await answer(rig, `return-to-stock-reversal:archean:${first.returnNo}:2`, 'changed-after-posting', 'keep');
    await rig.ended(`return-to-stock-reversal:archean:${first.returnNo}:2`);
    const next = await back(1);
    const open = await askedOf(rig, next.workflowId, 'quantity');
    expect(open.code).toBe('X-11');
    expect(open.title).toContain(first.returnNo);
    expect(await figuresOf(rig, next.returnNo)).toEqual([]);
  }, 200_000);

  test('a withdrawn return that is kept keeps its units', async () => {
    const { orderNo } = await sell(rig, [{ sku: article(2).sku, quantity: 1, unitPrice: '20.00' }]);
    const back = (): Promise<Returned> => comeBack(rig, { lines: [{ orderNo, orderLine: 1, quantity: 1 }] });
    const first = await back();
    await rig.started(first.workflowId);
    await rig.ended(first.workflowId);
    await comeBack(rig, { returnNo: first.returnNo }, 'return.withdrawn');
    const reversal = `return-to-stock-reversal:archean:${first.returnNo}:2`;
    await answer(rig, reversal, 'changed-after-posting', 'keep');
    await rig.ended(reversal);
    const next = await back();
    expect(await askedOf(rig, next.workflowId, 'quantity')).toMatchObject({ code: 'X-11' });
  }, 200_000);
});
