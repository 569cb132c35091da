/** RP-13: every clock counted once, under its process, partner and owner. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import type { Db } from '../../store/database.js';
import { startCaseClock } from '../../store/case-clocks.js';
import { raiseCase } from '../../store/desk-raised.js';
import { recordClocks } from '../../store/desk-sweeps.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';
import { noDue, open, seedDesk } from '../store/desk-support.js';
import { partNamed, readReport } from './support.js';

let fresh: FreshDatabase;
const db = (): Db => fresh.store.db;
const NOW = new Date();
const ago = (minutes: number): string => new Date(NOW.getTime() - minutes * 60_000).toISOString();

beforeAll(async () => {
  fresh = await freshDatabase();
  await seedDesk(db());
  const ended = (timer: string, due: number, end: 'met' | 'missed' | 'cancelled', at: number) => ({
    ...{ timer, startedAt: ago(600), dueAt: ago(due), endedAt: ago(at), end },
  });
  await recordClocks(db(), 'return-to-stock:archean:RTN-1', [
    ended('T-04', 60, 'met', 70),
    ended('T-05', 60, 'missed', 15),
  ]);
  await recordClocks(db(), 'return-to-stock:archean:RTN-2', [
    ended('T-04', 60, 'missed', 50),
    ended('T-05', 60, 'cancelled', 50),
  ]);
  await recordClocks(db(), 'po-receipt:archean:GI-1', [ended('T-08', 60, 'met', 70)]);
  await recordClocks(db(), 'po-receipt:archean:GI-OLD', [
    { ...ended('T-08', 60, 'missed', 50), endedAt: ago(60 * 24 * 90) },
  ]);
  const risky = await open(db());
  await startCaseClock(
    db(),
    { caseId: risky.id, timer: 'T-35', severity: 'high', startedAt: risky.clock_from },
    { warnAt: [ago(10)], dueAt: ago(-30) },
  );
  await sql`update "case" set warn_at = ${JSON.stringify([ago(90)])}::jsonb, due_at = ${ago(20)} where id = ${risky.id}`.execute(
    db(),
  );
  await raiseCase(
    db(),
    {
      ...{
        workflowId: 'return-to-stock:archean:RTN-3',
        process: 'return-to-stock',
        businessKey: 'RTN-3',
        code: 'X-10',
      },
      ...{ title: 'half', expected: '', actual: '', amount: null, units: 1 },
    },
    noDue,
  );
  await sql`update "case" set opened_at = ${ago(5)} where business_key = 'RTN-3'`.execute(db());
});
afterAll(() => fresh.drop());

test('counts by timer, process, partner and owner, with the sentence of a breach', async () => {
  const part = partNamed(await readReport(db(), 'RP-13', { now: NOW }), 'clocks');
  const figures = part.rows.map((row) => [
    ...[row['timer'], row['process'], row['partner'], row['owner'], row['met'], row['missed'], row['cancelled']],
    ...[row['running'], row['atRisk'], row['overdue'], row['share']],
  ]);
  expect(figures).toEqual([
    ['T-04', 'return-to-stock', 'archean', 'finance', 1, 1, 0, 0, 0, 0, '50 %'],
    ['T-05', 'return-to-stock', 'archean', 'finance', 0, 1, 1, 1, 0, 1, '0 %'],
    ['T-08', 'po-receipt', 'archean', 'finance', 1, 0, 0, 0, 0, 0, '100 %'],
    ['T-35', 'return-to-stock', 'archean', 'finance', 0, 0, 0, 1, 1, 0, ''],
    ['T-36', 'return-to-stock', 'archean', 'finance', 0, 0, 0, 1, 0, 1, ''],
  ]);
  expect(part.rows[0]).toMatchObject({ sentence: 'The return is not credited in the ERP', worst: 10 * 60_000 });
});

test('names what is overdue and what was missed, with how late it was', async () => {
  const part = partNamed(await readReport(db(), 'RP-13', { now: NOW }), 'late');
  expect(part.rows.map(({ timer, state, late }) => [timer, state, Math.round(Number(late) / 60_000)])).toEqual([
    ['T-36', 'overdue', 20],
    ['T-05', 'overdue', 5],
    ['T-04', 'missed', 10],
    ['T-05', 'missed', 45],
  ]);
  expect(part.rows.at(-1)).toMatchObject({ about: 'RTN-1' });
});

test('another owner has none of these', async () => {
  const part = partNamed(await readReport(db(), 'RP-13', { now: NOW, owner: 'warehouse' }), 'clocks');
  expect(part.rows).toEqual([]);
});
