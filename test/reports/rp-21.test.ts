/** RP-21: who decided what for how much, and what still waits. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import type { Db } from '../../store/database.js';
import { openQuestionCase } from '../../store/desk-decisions.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';
import { asked, aWorkflow, noDue, open, rules, seedDesk, send } from '../store/desk-support.js';
import { partNamed, readReport } from './support.js';

let fresh: FreshDatabase;
const db = (): Db => fresh.store.db;
const NAMES: Record<string, string> = {};

beforeAll(async () => {
  fresh = await freshDatabase();
  await seedDesk(db());
  const yes = await open(db());
  await send(db(), 'desk', yes, 'fin-1');
  const no = await open(db(), {
    amount: { minor: '2500', currency: 'EUR' },
    baseAmount: { minor: '2150', currency: 'GBP' },
  });
  await send(db(), 'desk', no, 'fin-1', { choice: 'reject', why: 'no reason given' });
  const late = await open(db(), { code: 'approval' });
  await sql`update "case" set due_at = now() - interval '1 hour' where id = ${late.id}`.execute(db());
  const two = await open(db(), { twoPeople: true });
  await send(db(), 'desk', two, 'fin-2');
  const old = await open(db());
  await send(db(), 'desk', old, 'fin-3');
  await sql`update "case" set decided_at = now() - interval '60 days' where id = ${old.id}`.execute(db());
  await sql`update decision set recorded_at = now() - interval '60 days' where case_id = ${old.id}`.execute(db());
  // Asks nothing that moves money: no approval.
  const choices = [{ choice: 'retry', label: 'Looks again', proof: false }];
  await openQuestionCase(db(), asked(aWorkflow(), { choices }), noDue, rules());
  Object.assign(NAMES, { [yes.id]: 'yes', [no.id]: 'no', [late.id]: 'late', [two.id]: 'two', [old.id]: 'old' });
});
afterAll(() => fresh.drop());

test('what waits comes first, and each decision says who, with which identity, what and why', async () => {
  const part = partNamed(await readReport(db(), 'RP-21'), 'approvals');
  const figures = part.rows.map((row) => [
    NAMES[String(row['case'] as string)],
    row['state'],
    row['by'],
    row['choice'],
    row['first'],
  ]);
  expect(figures).toEqual([
    ['late', 'overdue', '', '', ''],
    ['two', 'pending, one of two agreed', '', '', 'fin-2'],
    ['yes', 'decided', 'fin-1', 'approve', ''],
    ['no', 'decided', 'fin-1', 'reject', ''],
  ]);
  expect(part.rows[2]).toMatchObject({
    identity: 'proven',
    why: 'goodwill, ticket 8812',
    amount: { minor: '8000', currency: 'GBP' },
  });
  expect(part.rows[0]).toMatchObject({ sentence: 'A person must agree before it is posted' });
});

test('by person: how many and how much by currency; a first of two moves nothing yet', async () => {
  const part = partNamed(await readReport(db(), 'RP-21'), 'by-person');
  expect(
    part.rows.map(({ person, choice, decisions, firsts, amount }) => [person, choice, decisions, firsts, amount]),
  ).toEqual([
    ['fin-1', 'approve', 1, 0, { minor: '8000', currency: 'GBP' }],
    ['fin-1', 'reject', 1, 0, { minor: '2500', currency: 'EUR' }],
    ['fin-2', 'approve', 0, 1, null],
  ]);
});

test('days further back are there when asked for', async () => {
  const part = partNamed(await readReport(db(), 'RP-21', { from: '2000-01-01' }), 'approvals');
  expect(part.rows.map((row) => NAMES[row['case'] as string])).toContain('old');
});
