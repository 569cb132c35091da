/** RP-23: everything received stands in exactly one way, the sheet adds up and says so, or names what does not. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import type { Db } from '../../store/database.js';
import { raiseCase } from '../../store/desk-raised.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';
import { noDue } from '../store/desk-support.js';
import { adjustment, claimed, finished, memo, postedFor, returnIn, rowIn, sagaOf } from './rows.js';
import { partNamed, readReport } from './support.js';

let fresh: FreshDatabase;
const db = (): Db => fresh.store.db;
/** Rows come in as the test runs, be it over a midnight. */
const ALWAYS = { from: '2000-01-01', to: '2100-01-01' };
const whole = async (returnNo: string, net = '4000', adopted = false): Promise<void> => {
  await returnIn(db(), returnNo);
  await postedFor(db(), sagaOf(returnNo), 'credit-memo', memo('2026-03-02', net), 'posted', { adopted });
  await postedFor(db(), sagaOf(returnNo), 'restock', adjustment('2026-03-02'));
  await finished(db(), returnNo);
};

beforeEach(async () => {
  fresh = await freshDatabase();
  await whole('POSTED');
  await whole('ADOPTED', '4000', true);
  await returnIn(db(), 'HELD');
  await claimed(db(), 'HELD');
  await raiseCase(
    db(),
    {
      ...{ workflowId: sagaOf('HELD'), process: 'return-to-stock', businessKey: 'HELD', code: 'X-10' },
      ...{ title: 'half', expected: '', actual: '', amount: null, units: 2 },
    },
    noDue,
  );
  await returnIn(db(), 'RUNNING');
  await claimed(db(), 'RUNNING');
  await returnIn(db(), 'NEW', {}, { state: 'new' });
  await sql`update event set state = 'new', saga_id = null where source_id = 'NEW'`.execute(db());
  await returnIn(db(), 'KEPT');
  await finished(db(), 'KEPT', { outcome: 'kept' });
  await rowIn(db(), 'return', 'unreadable:1', { state: 'malformed', reason: 'lines: none' });
  await rowIn(db(), 'movement', 'MV-1', {
    payload: { quantity: 2, type: 'RETURN_RESTOCK' },
    documentId: 'RETURN/POSTED',
  });
  await sql`update event set state = 'started' where kind = 'movement'`.execute(db());
});
afterEach(() => fresh.drop());

const rowsOf = async (flow: string): Promise<unknown[]> =>
  partNamed(await readReport(db(), 'RP-23', ALWAYS), 'sheet')
    .rows.filter((row) => row['flow'] === flow)
    .map((row) => [row['what'], row['count'], row['units'], row['money']]);

test('each return is in one way, in count, units and money, and the sheet says that it adds up', async () => {
  const gbp = (minor: string) => ({ minor, currency: 'GBP' });
  expect(await rowsOf('returns of Archean')).toEqual([
    ['received', 7, 12, gbp('24000')],
    ['posted', 1, 2, gbp('4000')],
    ['held', 1, 2, gbp('4000')],
    ['waiting', 3, 4, gbp('8000')],
    ['no effect', 1, 2, gbp('4000')],
    ['adopted', 1, 2, gbp('4000')],
    ['difference', 0, 0, gbp('0')],
  ]);
  const report = await readReport(db(), 'RP-23', ALWAYS);
  expect([report.addsUp, report.notes[0]]).toEqual([true, expect.stringContaining('adds up: received = posted')]);
  expect(await rowsOf('movements of Archean')).toContainEqual(['no effect', 1, 2, null]);
});

test('what is held or waits is named with who is asked', async () => {
  const part = partNamed(await readReport(db(), 'RP-23', ALWAYS), 'open');
  expect(part.rows.map(({ about, what, asked }) => [about, what, asked])).toEqual([
    ['HELD', 'held', expect.stringMatching(/^C-\d+ finance$/)],
    ['NEW', 'waiting', 'its saga'],
    ['RUNNING', 'waiting', 'its saga'],
    ['unreadable:1', 'waiting', 'its saga'],
  ]);
});

test('a credit of a pound less than was refunded, decided by nobody, is named and the sheet does not add up', async () => {
  await whole('SHORT', '3900');
  const report = await readReport(db(), 'RP-23', ALWAYS);
  expect(report.addsUp).toBe(false);
  expect(report.notes[0]).toContain(
    'does NOT add up. Posted otherwise than received, with no decision that explains it: SHORT',
  );
  expect(partNamed(report, 'differences').rows).toMatchObject([
    { about: 'SHORT', what: 'money differs', received: 'GBP 40.00', posted: 'GBP 39.00', explained: '' },
  ]);
  await sql`insert into decision (id, workflow_id, question, asking, door, identity, "by", choice, why, shown, data, raw, state, recorded_at)
    values ('D-1', ${sagaOf('SHORT')}, 'refund', 1, 'desk', 'proven', 'fin-1', 'approve', 'w', '', '{}', '{}', 'accepted', now())`.execute(
    db(),
  );
  const decided = await readReport(db(), 'RP-23', ALWAYS);
  expect([decided.addsUp, decided.notes[0]]).toEqual([
    true,
    expect.stringContaining('1 difference explained by decisions'),
  ]);
});

test('a return that says it is posted and has no document is named', async () => {
  await returnIn(db(), 'LOST');
  await finished(db(), 'LOST');
  const report = await readReport(db(), 'RP-23', ALWAYS);
  expect([report.addsUp, report.notes[0]]).toEqual([false, expect.stringContaining('LOST')]);
});

test('a version that a later one replaced has no effect of its own; another day has its own sheet', async () => {
  await returnIn(db(), 'TWICE');
  await rowIn(db(), 'return', 'TWICE', { version: 2, payload: { lines: [], deductions: [], currency: 'GBP' } });
  await claimed(db(), 'TWICE');
  expect(await rowsOf('returns of Archean')).toContainEqual(['no effect', 2, 4, { minor: '8000', currency: 'GBP' }]);
  const earlier = await readReport(db(), 'RP-23', { from: '2026-01-01', to: '2026-01-01' });
  expect(partNamed(earlier, 'sheet').rows).toEqual([]);
  expect(earlier.addsUp).toBe(true);
});
