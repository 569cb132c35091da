/** RP-18: what waits, counted once however much it holds, with its money by currency. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { tableOf } from '../../reports/formats/table.js';
import { joinCauseCase } from '../../store/desk-causes.js';
import { endCase } from '../../store/desk-cases.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';
import { aWorkflow, noDue, open, seedDesk } from '../store/desk-support.js';
import { partNamed, readReport } from './support.js';

let fresh: FreshDatabase;
const NOW = new Date();
const ago = (hours: number): string => new Date(NOW.getTime() - hours * 3_600_000).toISOString();

const hold = (minor: string, currency: string): Promise<unknown> =>
  joinCauseCase(
    fresh.store.db,
    {
      ...{ workflowId: aWorkflow(), businessKey: 'RTN-H', code: 'X-03', cause: 'location V-1', units: 3 },
      ...{ title: 'not mapped', businessDate: '2026-03-02', amount: { minor, currency } },
    },
    () => Promise.resolve(false),
    noDue,
  );

beforeAll(async () => {
  fresh = await freshDatabase();
  const { db } = fresh.store;
  await seedDesk(db);
  const early = await open(db, { amount: { minor: '-8000', currency: 'GBP' } });
  const named = { customer: 'Ann Smith', title: 'Ann Smith (ann@example.com) was refunded too much' };
  const old = await open(db, { ...named, amount: { minor: '2500', currency: 'EUR' } });
  const done = await open(db);
  await endCase(db, done, 'closed', 'settled', 'done');
  await sql`update "case" set opened_at = ${ago(30)}, due_at = ${ago(1)} where id = ${early.id}`.execute(db);
  await sql`update "case" set opened_at = ${ago(24 * 9)} where id = ${old.id}`.execute(db);
  await hold('1000', 'GBP');
  await hold('2000', 'GBP');
  await hold('500', 'USD');
});
afterAll(() => fresh.drop());

test('counts each open case once, in its band of age, and adds the money of all it holds by currency', async () => {
  const part = partNamed(await readReport(fresh.store.db, 'RP-18', { now: NOW }), 'by-type');
  const figures = part.rows.map(({ code, age, cases, held, overdue, money }) => ({
    code,
    age,
    cases,
    held,
    overdue,
    money,
  }));
  expect(figures).toEqual([
    { code: 'X-03', age: 'under 1 day', cases: 1, held: 2, overdue: 0, money: { minor: '3000', currency: 'GBP' } },
    { code: 'X-03', age: 'under 1 day', cases: 0, held: 1, overdue: 0, money: { minor: '500', currency: 'USD' } },
    { code: 'X-12', age: 'over 7 days', cases: 1, held: 0, overdue: 0, money: { minor: '2500', currency: 'EUR' } },
    { code: 'X-12', age: '1 to 3 days', cases: 1, held: 0, overdue: 1, money: { minor: '-8000', currency: 'GBP' } },
  ]);
  expect(part.totals.map(({ cases, money }) => ({ cases, money }))).toEqual([
    { cases: 3, money: { minor: '2500', currency: 'EUR' } },
    { cases: null, money: { minor: '-5000', currency: 'GBP' } },
    { cases: null, money: { minor: '500', currency: 'USD' } },
  ]);
});

test('says the sentence beside every code, and what is late', async () => {
  const report = await readReport(fresh.store.db, 'RP-18', { now: NOW });
  const [first] = partNamed(report, 'cases').rows;
  expect(first).toMatchObject({ code: 'X-12', sentence: 'Refund differs from what was sold', late: 'overdue' });
  expect(tableOf(report)).toContain('Location has no warehouse and division');
});

test('masks whom a case is about', async () => {
  const part = partNamed(await readReport(fresh.store.db, 'RP-18', { now: NOW }), 'cases');
  expect(part.rows.map(({ title }) => title)).toContain('A••• (a•••@e•••) was refunded too much');
});

test('is read for one owner alone, and says when there is more than its limit', async () => {
  const warehouse = await readReport(fresh.store.db, 'RP-18', { now: NOW, owner: 'warehouse' });
  expect(new Set(partNamed(warehouse, 'cases').rows.map(({ owner }) => owner))).toEqual(new Set(['warehouse']));
  const short = await readReport(fresh.store.db, 'RP-18', { now: NOW, limit: 2 });
  expect(partNamed(short, 'cases').rows).toHaveLength(2);
  expect(short.notes.join(' ')).toContain('has more than 2 rows: the first 2 are shown');
});
