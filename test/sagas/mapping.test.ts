/** An unmapped location holds many returns as one case; a confirmed row releases them all, and nobody is left behind. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { releaseCause } from '../../activities/desk/causes.js';
import { wouldFree } from '../../views/held-by-mapping.js';
import { addMapping, confirmMapping } from '../../store/mapping-changes.js';
import { causeIsGone, causeLock } from '../../store/mapping-causes.js';
import type { MappingRow } from '../../store/mappings.js';
import { sagaDoor } from '../../workers/sagas.js';
import { eventually } from '../support/eventually.js';
import { startRig, type Rig } from '../support/rig.js';
import { ARTICLES, article, bothHalves, comeBack, figuresOf, heldOf, LONG_MS, sell, type Returned } from './support.js';

let rig: Rig;
const DAY = 86_400_000;
const ago = (days: number): string => new Date(Date.now() - days * DAY).toISOString();
const cause = (location: string) => ({ code: 'X-03', cause: `location ${location}` });

async function atLocation(location: string, index: number, days: number): Promise<Returned> {
  const { orderNo } = await sell(rig, [{ sku: article(index).sku, quantity: 1, unitPrice: '20.00' }]);
  return comeBack(rig, { location, processedAt: ago(days), lines: [{ orderNo, orderLine: 1, quantity: 1 }] });
}

interface CauseCase {
  id: string;
  state: string;
  holds: number;
  owner: string;
}
async function causesOf(location: string): Promise<CauseCase[]> {
  const { rows } = await sql<CauseCase>`
    select c.id, c.state, c.owner, count(h.workflow_id) filter (where h.released_at is null)::int as holds
    from "case" c left join case_hold h on h.case_id = c.id
    where c.kind = 'cause' and c.cause = ${`location ${location}`} group by c.id order by c.id`.execute(rig.store.db);
  return rows;
}
const holding = (location: string, holds: number): Promise<unknown> =>
  eventually(async () => expect((await causesOf(location)).map((one) => one.holds)).toEqual([holds]) ?? true, {
    within: LONG_MS,
    every: 100,
  });

const propose = (location: string, validFrom: string): Promise<MappingRow> =>
  addMapping(rig.store.db, {
    kind: 'location',
    values: { source: 'archean', location, warehouse: '01', non_sellable_warehouse: '09', divisions: ['WOM'] },
    validFrom,
    why: 'pop-up shop, ticket 4711',
    by: 'wh-1',
  });

/** What `selvedge mapping confirm` does: confirms as another person and wakes what was held. */
async function confirm(row: MappingRow, by = 'wh-2'): Promise<string[]> {
  const { solved } = await confirmMapping(rig.store.db, { kind: 'location', id: row.id, by });
  const deps = { db: rig.store.db, isSolved: causeIsGone, sagas: sagaDoor(rig.client) };
  const woken = await Promise.all(solved.map((each) => releaseCause(deps, each, by)));
  return woken.flat();
}

const waiters = async (): Promise<number> => {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from pg_locks
    where locktype = 'advisory' and not granted
      and database = (select oid from pg_database where datname = current_database())`.execute(rig.store.db);
  return rows[0]?.n ?? 0;
};

describe('an unmapped location', () => {
  beforeAll(async () => {
    rig = await startRig({ reset: { scenario: 'trading-day', returns: 0, seed: 13, misbehave: 0 } });
  }, 90_000);
  afterAll(() => rig.close(), 60_000);

  test('holds ten returns as one case; a second person’s confirm releases all, and those that come in that moment', async () => {
    const days = [3, 1, 2, 0, 4, 3, 2, 1, 0, 4];
    const made = await Promise.all(days.map((back, index) => atLocation('V-TEN', index, back)));
    await holding('V-TEN', 10);
    expect((await causesOf('V-TEN'))[0]).toMatchObject({ state: 'open', owner: 'warehouse' });
    for (const one of made)
      expect((await heldOf(rig, one.returnNo)).every((each) => each.kind === 'credit memo')).toBe(true);

    const late = await propose('V-TEN', ago(2).slice(0, 10));
    const shown = await wouldFree(rig.store.db, late);
    expect(shown.map((each) => [each.sagas, each.covered])).toEqual([
      [2, false],
      [2, false],
      [2, true],
      [2, true],
      [2, true],
    ]);
    await expect(confirmMapping(rig.store.db, { kind: 'location', id: late.id, by: 'wh-1' })).rejects.toThrow(
      /wh-1 proposed this change .* another person must confirm it/,
    );
    expect((await causesOf('V-TEN'))[0]?.holds).toBe(10);

    const row = await propose('V-TEN', ago(5).slice(0, 10));
    expect((await wouldFree(rig.store.db, row)).every((each) => each.covered)).toBe(true);
    // The eleventh and the twelfth join in the moment the row is confirmed: all wait for the lock of the cause at once.
    const { woken, eleventh, twelfth } = await rig.store.db.transaction().execute(async (tx) => {
      await causeLock(tx, cause('V-TEN'));
      const eleventhMade = await atLocation('V-TEN', 10, 0);
      await eventually(async () => (await waiters()) >= 1, { within: LONG_MS });
      const confirmed = confirm(row);
      await eventually(async () => (await waiters()) >= 2, { within: LONG_MS });
      const twelfthMade = await atLocation('V-TEN', 11, 0);
      await eventually(async () => (await waiters()) >= 3, { within: LONG_MS });
      return { woken: confirmed, eleventh: eleventhMade, twelfth: twelfthMade };
    });
    await woken;
    for (const one of [...made, eleventh, twelfth]) {
      await rig.started(one.workflowId);
      expect(await rig.ended(one.workflowId)).toMatchObject({ outcome: 'posted', restockUnits: 1 });
      expect(await figuresOf(rig, one.returnNo)).toEqual(bothHalves('24.00', 1));
    }
    expect(await causesOf('V-TEN')).toEqual([expect.objectContaining({ state: 'auto-resolved', holds: 0 })]);
    // Whoever told them, the confirm or a sweep of the same moment: oldest business date first, so lanes are taken in order.
    const { rows: told } = await sql<{ day: string }>`select h.business_date::text as day from case_hold h
      join "case" c on c.id = h.case_id where c.cause = 'location V-TEN' order by h.woken_at`.execute(rig.store.db);
    const woke = told.map((one) => one.day);
    expect(woke.length).toBeGreaterThanOrEqual(10);
    expect(woke).toEqual([...woke].sort());
  }, 300_000);

  test('released together on one lane, they are sent oldest business date first, whoever came first', async () => {
    // Somebody's adjustment of that article is on its way and its outcome unknown: its lane is taken meanwhile.
    const mine = ARTICLES[12] ?? { sku: '', code: '' };
    const back = async (location: string | undefined, days: number): Promise<Returned> => {
      const { orderNo } = await sell(rig, [{ sku: mine.sku, quantity: 1, unitPrice: '20.00' }]);
      const lines = [{ orderNo, orderLine: 1, quantity: 1 }];
      return comeBack(rig, { lines, processedAt: ago(days), ...(location === undefined ? {} : { location }) });
    };
    const days = [1, 3, 0, 4, 2, 1, 3, 0, 4, 2];
    const made: Returned[] = [];
    for (const each of days) made.push(await back('V-LANE', each));
    await holding('V-LANE', 10);
    await rig.fault({ system: 'blue-cherry', operation: 'inventory-adjustment', kind: 'drop-before', times: 1 });
    const blocker = await back(undefined, 0);
    const lane = async (table: 'lane' | 'lane_wait'): Promise<number> => {
      const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}
        where lane like 'WOM/10230-NVY/%'`.execute(rig.store.db);
      return rows[0]?.n ?? 0;
    };
    await rig.started(blocker.workflowId);
    await eventually(async () => (await lane('lane')) === 1, { within: LONG_MS, every: 20 });
    await confirm(await propose('V-LANE', ago(5).slice(0, 10)));
    await eventually(async () => (await lane('lane_wait')) === 10, { within: LONG_MS, every: 20 });
    expect(await lane('lane')).toBe(1);
    for (const one of made) expect(await rig.ended(one.workflowId)).toMatchObject({ outcome: 'posted' });
    const sent = await Promise.all(
      made.map(async (one, index) => ({
        index,
        day: days[index] ?? 0,
        number: (await heldOf(rig, one.returnNo)).find((each) => each.kind === 'inventory adjustment')?.number ?? '',
      })),
    );
    const inOrder = [...sent].sort((a, b) => b.day - a.day || a.index - b.index).map(({ index }) => index);
    expect([...sent].sort((a, b) => (a.number < b.number ? -1 : 1)).map(({ index }) => index)).toEqual(inOrder);
  }, 300_000);

  test('mapped only from a later day releases what that day covers and goes on holding the rest', async () => {
    const [early, today] = [await atLocation('V-LATE', 0, 4), await atLocation('V-LATE', 1, 0)];
    await holding('V-LATE', 2);
    expect(await confirm(await propose('V-LATE', ago(1).slice(0, 10)))).toEqual([today.workflowId]);
    expect(await rig.ended(today.workflowId)).toMatchObject({ outcome: 'posted' });
    expect((await causesOf('V-LATE'))[0]).toMatchObject({ state: 'open', holds: 1 });
    expect((await figuresOf(rig, early.returnNo)).filter((one) => one.startsWith('inventory'))).toEqual([]);
  }, 200_000);

  const queuedOf = async ({ workflowId }: Returned): Promise<boolean> => {
    const { rows } = await sql`select 1 from posting
      where workflow_id = ${workflowId} and kind = 'stock-adjustment'`.execute(rig.store.db);
    return rows.length > 0;
  };

  test('a return of 45 lines is not starved by small ones on its lanes', async () => {
    const styles = ['00123', '00417', '01002', '04055', '10230', '20881'];
    const colours = ['NVY', 'BLK', '007', 'RED'];
    const skus = styles
      .flatMap((style, index) => colours.slice(0, 2 + (index % 3)).map((colour) => `WOM|${style}|${colour}`))
      .flatMap((styleColour) => ['08', '10', '12'].map((size) => `${styleColour}|||${size}`))
      .slice(0, 45);
    const { orderNo } = await sell(
      rig,
      skus.map((sku) => ({ sku, quantity: 1, unitPrice: '5.00' })),
    );
    const small = async (index: number): Promise<Returned> => {
      const sold = await sell(rig, [
        { sku: ARTICLES[index % ARTICLES.length]?.sku ?? '', quantity: 1, unitPrice: '20.00' },
      ]);
      return comeBack(rig, { lines: [{ orderNo: sold.orderNo, orderLine: 1, quantity: 1 }] });
    };
    // A slow ERP: every write holds its lanes for a while, so that there is always somebody on them.
    await rig.fault({ system: 'blue-cherry', operation: 'write', kind: 'delay', delayMs: 250, times: 400 });
    const before = await Promise.all(Array.from({ length: 20 }, (_, index) => small(index)));
    const lines = skus.map((_, index) => ({ orderNo, orderLine: index + 1, quantity: 1 }));
    const large = await comeBack(rig, { lines });
    // It stands in the queue before the others come: how long it takes to be planned is not what is asked here.
    await eventually(() => queuedOf(large), { within: LONG_MS });
    const after = await Promise.all(Array.from({ length: 40 }, (_, index) => small(index)));
    for (const one of [...before, large, ...after]) {
      await rig.started(one.workflowId);
      expect(await rig.ended(one.workflowId)).toMatchObject({ outcome: 'posted' });
    }
    expect(await figuresOf(rig, large.returnNo)).toEqual(bothHalves('270.00', 45));
    const numberOf = async (one: Returned): Promise<string> =>
      (await heldOf(rig, one.returnNo)).find((each) => each.kind === 'inventory adjustment')?.number ?? '';
    const mine = await numberOf(large);
    const overtook = (await Promise.all(after.map(numberOf))).filter((number) => number < mine);
    expect(overtook.length).toBeLessThan(after.length / 2);
  }, 400_000);
});
