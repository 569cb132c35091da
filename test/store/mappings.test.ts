import { mkdtemp, readFile, rm, writeFile, cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { returnEvent } from '../../activities/intake/sources/returns.js';
import { createItemRefresher, createMappingsActivities } from '../../activities/mappings/index.js';
import { auditOf } from '../../store/audit.js';
import { insertEvents } from '../../store/inbox.js';
import { upsertItems } from '../../store/items.js';
import { causeIsGone, causeLock } from '../../store/mapping-causes.js';
import { addMapping, confirmMapping, endMapping } from '../../store/mapping-changes.js';
import { coverage } from '../../store/mapping-coverage.js';
import { lookupAccounts, lookupItems, lookupLocation, lookupReason } from '../../store/mapping-lookups.js';
import { readSeed, seedFromCsv } from '../../store/mapping-seed.js';
import { MappingRefused } from '../../store/mappings.js';
import { ITEM, wireReturn } from '../activities/return-samples.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';

let made: FreshDatabase;
beforeAll(async () => {
  made = await freshDatabase({ connections: 20 });
});
afterAll(() => made.drop());
const db = () => made.store.db;

const location = (over: Record<string, unknown> = {}) => ({
  source: 'archean',
  location: 'FC-T-1',
  warehouse: '01',
  non_sellable_warehouse: '09',
  divisions: ['WOM'],
  ...over,
});
const add = (values: Record<string, unknown>, validFrom = '2026-01-01', by = 'wh-1') =>
  addMapping(db(), { kind: 'location', values, validFrom, why: 'new place', by });
const confirmed = async (values: Record<string, unknown>, validFrom = '2026-01-01') => {
  const row = await add(values, validFrom);
  return confirmMapping(db(), { kind: 'location', id: row.id, by: 'wh-2' });
};

describe('mapping rows', () => {
  test('map nothing until a second person confirms them, and the audit names both', async () => {
    const row = await add(location());
    expect(await lookupLocation(db(), 'archean', 'FC-T-1', '2026-03-10')).toBeNull();
    const own = confirmMapping(db(), { kind: 'location', id: row.id, by: 'wh-1' });
    await expect(own).rejects.toThrow('wh-1 proposed this change of location archean FC-T-1');
    expect(await lookupLocation(db(), 'archean', 'FC-T-1', '2026-03-10')).toBeNull();
    const { solved } = await confirmMapping(db(), { kind: 'location', id: row.id, by: 'wh-2' });
    expect(solved).toEqual([
      { code: 'X-03', cause: 'location FC-T-1' },
      { code: 'X-03', cause: 'warehouse 01' },
      { code: 'X-03', cause: 'division WOM at FC-T-1' },
    ]);
    expect(await lookupLocation(db(), 'archean', 'FC-T-1', '2026-03-10')).toEqual({
      warehouse: '01',
      nonSellable: '09',
      divisions: ['WOM'],
    });
    const audit = await auditOf(db(), `location_mapping/${row.id}`);
    expect(audit.map((each) => [each.action, each.actor])).toEqual([
      ['propose-mapping', 'wh-1'],
      ['confirm-mapping', 'wh-2'],
    ]);
  });

  test('hold from their first day to their last, and a later row ends the open one before it', async () => {
    await confirmed(location({ location: 'FC-T-2', warehouse: '01' }), '2026-01-01');
    await confirmed(location({ location: 'FC-T-2', warehouse: '02' }), '2026-04-01');
    const on = async (day: string) => (await lookupLocation(db(), 'archean', 'FC-T-2', day))?.warehouse;
    expect(await on('2025-12-31')).toBeUndefined();
    expect(await on('2026-01-01')).toBe('01');
    expect(await on('2026-03-31')).toBe('01');
    expect(await on('2026-04-01')).toBe('02');
    const early = await add(location({ location: 'FC-T-2', warehouse: '03' }), '2026-02-01');
    await expect(confirmMapping(db(), { kind: 'location', id: early.id, by: 'wh-2' })).rejects.toThrow(
      'end that row first or choose other dates',
    );
  });

  test('end only when a second person agrees', async () => {
    const { row } = await confirmed(location({ location: 'FC-T-3' }));
    const end = { kind: 'location' as const, id: row.id };
    await endMapping(db(), { ...end, lastDay: '2026-06-30', by: 'wh-1', why: 'closed' });
    expect(await lookupLocation(db(), 'archean', 'FC-T-3', '2026-07-01')).not.toBeNull();
    await expect(confirmMapping(db(), { ...end, by: 'wh-1' })).rejects.toThrow('another person must confirm');
    await confirmMapping(db(), { ...end, by: 'wh-3' });
    expect(await lookupLocation(db(), 'archean', 'FC-T-3', '2026-06-30')).not.toBeNull();
    expect(await lookupLocation(db(), 'archean', 'FC-T-3', '2026-07-01')).toBeNull();
    await expect(confirmMapping(db(), { ...end, by: 'wh-2' })).rejects.toThrow('no end is proposed');
  });

  test('confirmed by two people in one moment hold once', async () => {
    const rows = await Promise.all([
      add(location({ location: 'FC-T-4', warehouse: '01' })),
      add(location({ location: 'FC-T-4', warehouse: '02' })),
    ]);
    const outcomes = await Promise.allSettled(
      rows.map((row) => confirmMapping(db(), { kind: 'location', id: row.id, by: 'wh-2' })),
    );
    expect(outcomes.map((each) => each.status).sort()).toEqual(['fulfilled', 'rejected']);
    const { rows: held } = await sql`
      select 1 from location_mapping where location = 'FC-T-4' and state = 'confirmed'`.execute(db());
    expect(held).toHaveLength(1);
  });

  for (const [what, values, from, says] of [
    ['a wildcard division', location({ divisions: ['*'] }), '2026-01-01', 'there is no wildcard'],
    ['no division', location({ divisions: [] }), '2026-01-01', 'at least one division'],
    ['an unknown column', location({ region: 'UK' }), '2026-01-01', 'it takes source, location, warehouse'],
    ['no warehouse', location({ warehouse: ' ' }), '2026-01-01', 'warehouse'],
    ['a day that is none', location(), '2026-02-30', 'valid from is a date as yyyy-mm-dd, not "2026-02-30"'],
    ['words for a date', location(), 'tomorrow', 'valid from is a date'],
  ] as const)
    test(`with ${what} are refused in words`, async () => {
      const adding = add(values, from);
      await expect(adding).rejects.toBeInstanceOf(MappingRefused);
      await expect(adding).rejects.toThrow(says);
    });

  test('wait for whoever is joining the case of their cause, so that nobody is left behind', async () => {
    const cause = { code: 'X-03', cause: 'location FC-T-5' };
    const row = await add(location({ location: 'FC-T-5' }));
    let confirming: Promise<unknown> = Promise.resolve();
    let done = false;
    await db()
      .transaction()
      .execute(async (tx) => {
        await causeLock(tx, cause);
        confirming = confirmMapping(db(), { kind: 'location', id: row.id, by: 'wh-2' }).then(() => {
          done = true;
        });
        await eventually(
          async () => {
            const { rows } = await sql`
              select 1 from pg_locks where locktype = 'advisory' and not granted
                and database = (select oid from pg_database where datname = current_database())`.execute(db());
            return rows.length > 0;
          },
          { within: 5000 },
        );
        expect(await causeIsGone(tx, { ...cause, businessDate: '2026-03-10' })).toBe(false);
        expect(done).toBe(false);
      });
    await confirming;
    expect(await causeIsGone(db(), { ...cause, businessDate: '2026-03-10' })).toBe(true);
    expect(await causeIsGone(db(), { ...cause, businessDate: '2025-03-10' })).toBe(false);
    const division = (name: string) => ({ code: 'X-03', cause: `division ${name} at FC-T-5` });
    expect(await causeIsGone(db(), { ...division('WOM'), businessDate: '2026-03-10' })).toBe(true);
    expect(await causeIsGone(db(), { ...division('MEN'), businessDate: '2026-03-10' })).toBe(false);
  });
});

describe('article codes', () => {
  beforeAll(async () => {
    const item = (itemKey: string, code: string) => ({ itemKey, code, active: true, standardCost: '4.5' });
    await upsertItems(db(), [
      item(ITEM, '00123-NVY-M'),
      item('WOM|00123|NVY|||L', '00123-NVY-L'),
      item('ACC|77|X|||OS', 'A-77'),
      item('ACC|77|Y|||OS', 'A.77'),
    ]);
  });
  const resolve = async (code: string, day = '2026-03-10') =>
    (await lookupItems(db(), 'archean', [code], day)).get(code);

  test('are found in any spelling, leading zeros counting', async () => {
    for (const spelling of ['00123-NVY-M', '00123-nvy-m', '00123 nvy m', '00123/NVY/M', '00123NVYM'])
      expect(await resolve(spelling)).toMatchObject({ state: 'found', item: ITEM, standardCost: '4.500000' });
    expect(await resolve('123-NVY-M')).toMatchObject({ state: 'unknown' });
  });

  test('that fit two items are ambiguous until an alias of that day names one', async () => {
    expect(await resolve('a77')).toMatchObject({ state: 'ambiguous' });
    const values = { source: 'archean', sku: 'a77', item_code: 'A.77' };
    const row = await addMapping(db(), {
      kind: 'sku-alias',
      values,
      validFrom: '2026-03-01',
      why: 'asked',
      by: 'ops-1',
    });
    const { solved } = await confirmMapping(db(), { kind: 'sku-alias', id: row.id, by: 'ops-2' });
    expect(solved).toContainEqual({ code: 'X-08', cause: 'sku a77' });
    expect(await resolve('a77')).toMatchObject({ state: 'found', item: 'ACC|77|Y|||OS' });
    expect(await resolve('a77', '2026-02-28')).toMatchObject({ state: 'ambiguous' });
    expect(await causeIsGone(db(), { code: 'X-08', cause: 'sku a77', businessDate: '2026-03-10' })).toBe(true);
    expect(await causeIsGone(db(), { code: 'X-02', cause: 'sku b-99', businessDate: '2026-03-10' })).toBe(false);
  });

  test('are read page by page, and once for many who ask at the same time', async () => {
    let calls = 0;
    const readItems = (cursor: string | undefined) => {
      calls += 1;
      const items = [
        { itemKey: `WOM|${cursor ?? 'a'}|1|||1`, code: `P-${cursor ?? 'a'}`, active: true, standardCost: '1' },
      ];
      return Promise.resolve(cursor === undefined ? { items, cursor: 'b' } : { items });
    };
    const deps = { store: made.store, readItems };
    const refresh = createItemRefresher(deps);
    await Promise.all([refresh(), refresh(), refresh()]);
    await refresh();
    expect(calls).toBe(2);
    expect(await createMappingsActivities(deps).refreshItems()).toEqual({ items: 2, changed: 0 });
    expect(await resolve('p.b')).toMatchObject({ state: 'found', item: 'WOM|b|1|||1' });
  });
});

describe('the seed', () => {
  const seed = join(process.cwd(), 'mappings');

  test('is loaded once, and what people changed stands', async () => {
    const first = await seedFromCsv(db(), seed);
    expect(first.inserted).toBe((await readSeed(seed)).length);
    expect(await seedFromCsv(db(), seed)).toEqual({ inserted: 0, kept: first.inserted, differing: [] });
    await sql`update location_mapping set warehouse = '77' where location = 'FC-ROW-1'`.execute(db());
    const third = await seedFromCsv(db(), seed);
    expect(third.differing).toEqual(['location archean FC-ROW-1 from 2000-01-01']);
    expect((await lookupLocation(db(), 'archean', 'FC-ROW-1', '2026-03-10'))?.warehouse).toBe('77');
    expect(await lookupLocation(db(), 'archean', 'V-MISC', '2026-03-10')).toBeNull();
  });

  test('knows the accounts of charges and deductions in any capitals', async () => {
    expect(await lookupAccounts(db(), 'charge', ['m', 'POSTAGE', 'NOBODY'], '2026-03-10')).toEqual({
      m: { account: '4240', taxCode: 'Z0', taxRate: '0' },
      POSTAGE: { account: '4200', taxCode: 'S20', taxRate: '0.2' },
    });
    expect(await lookupAccounts(db(), 'deduction', ['RESTOCK-FEE'], '2026-03-10')).toHaveProperty('RESTOCK-FEE');
    expect(await lookupReason(db(), 'archean', 'WRITE_OFF', '2026-03-10')).toBe('DAMAGE');
    expect(await lookupReason(db(), 'archean', 'NOBODY', '2026-03-10')).toBeNull();
    expect(await causeIsGone(db(), { code: 'X-02', cause: 'charge DOT', businessDate: '2026-03-10' })).toBe(true);
  });

  test('with faults is refused whole, each fault named with its file and row', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'selvedge-seed-'));
    try {
      await cp(seed, dir, { recursive: true });
      await writeFile(join(dir, 'charge.csv'), 'code,account\nPOST,4200\n');
      const good = await readFile(join(seed, 'location.csv'), 'utf8');
      await writeFile(join(dir, 'location.csv'), `${good}archean,FC-X,01,,*,2026-13-01,,broken\n`);
      const reading = readSeed(dir);
      await expect(reading).rejects.toThrow(
        'charge.csv: its columns are code, account; they must be code, account, tax_code',
      );
      await expect(readSeed(dir)).rejects.toThrow(/location\.csv, row 5: .*there is no wildcard/);
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });
});

describe('coverage', () => {
  test('names what was used and is not mapped, with the dates a proposed row would cover', async () => {
    const event = (returnNo: string, processedAt: string) =>
      returnEvent(
        wireReturn({
          returnNo,
          processedAt,
          location: 'V-MISC',
          deductions: [{ code: 'NEW-FEE', amount: '1.00' }],
          lines: [{ sku: '00123-NVY-M' }, { sku: 'NO-SUCH' }, { sku: 'ODD', kind: 'CHARGE' }],
        }),
        'Europe/London',
        new Date('2026-04-01T00:00:00Z'),
      );
    await db()
      .transaction()
      .execute((tx) =>
        insertEvents(tx, [
          event('COV-1', '2026-03-09T10:00:00Z'),
          event('COV-2', '2026-03-10T10:00:00Z'),
          event('COV-3', '2026-03-10T11:00:00Z'),
        ]),
      );
    const row = await add(location({ location: 'V-MISC' }), '2026-03-10');
    const gaps = (await coverage(db())).map((gap) => [gap.kind, gap.code, gap.events]);
    expect(gaps).toEqual([
      ['charge', 'ODD', 3],
      ['deduction', 'NEW-FEE', 3],
      ['location', 'V-MISC', 3],
      ['sku', 'NO-SUCH', 3],
    ]);
    const place = (await coverage(db())).find((gap) => gap.code === 'V-MISC');
    expect(place?.dates).toEqual(['2026-03-09', '2026-03-10']);
    expect(place?.proposals).toEqual([{ id: row.id, addedBy: 'wh-1', covers: ['2026-03-10'] }]);
    await confirmMapping(db(), { kind: 'location', id: row.id, by: 'wh-2' });
    expect((await coverage(db())).find((gap) => gap.code === 'V-MISC')?.dates).toEqual(['2026-03-09']);
  });
});
