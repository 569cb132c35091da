import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import type { Db } from '../../store/database.js';
import { escalateCase } from '../../store/desk-cases.js';
import {
  heldWorkflows,
  joinCauseCase,
  leaveCauseCase,
  markWoken,
  solveCauseCase,
  type IsSolved,
} from '../../store/desk-causes.js';
import { acknowledgeCase } from '../../store/desk-acknowledge.js';
import { clearCase, raiseCase } from '../../store/desk-raised.js';
import { countOpenCases, listCases, readCase } from '../../store/desk-read.js';
import { confirmPersonChange, proposePersonChange, findPerson, personOfKey } from '../../store/desk-people.js';
import { recordClocks } from '../../store/desk-sweeps.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';
import { aWorkflow, keyOf, noDue, open, seedDesk } from './desk-support.js';

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase({ connections: 20 });
  await seedDesk(fresh.store.db);
});
afterAll(async () => {
  await fresh.drop();
});
const db = (): Db => fresh.store.db;

/** Mapping rows of the test: a cause and the first business date it covers. */
const covers = new Map<string, string>();
const isSolved: IsSolved = (_q, { cause, businessDate }) =>
  Promise.resolve((covers.get(cause) ?? '9999') <= businessDate);

const join = (cause: string, workflowId = aWorkflow(), businessDate = '2026-03-02') =>
  joinCauseCase(
    db(),
    {
      workflowId,
      businessKey: workflowId,
      code: 'X-03',
      cause,
      title: `${cause} is not mapped`,
      businessDate,
      amount: { minor: '1000', currency: 'GBP' },
      units: 1,
    },
    isSolved,
    noDue,
  );

describe('a cause', () => {
  test('holds ten sagas as one case; solving it answers all ten in order of business date', async () => {
    const cause = 'location V-TEN';
    const ids = Array.from({ length: 10 }, () => aWorkflow());
    const joined = await Promise.all(ids.map((id, n) => join(cause, id, `2026-03-${String(20 - n).padStart(2, '0')}`)));
    expect(new Set(joined.map((j) => j.caseId)).size).toBe(1);
    const id = joined[0]?.caseId ?? '';
    expect((await readCase(db(), id))?.holds).toHaveLength(10);
    covers.set(cause, '2026-01-01');
    expect(await solveCauseCase(db(), { code: 'X-03', cause }, isSolved, 'wh-3')).toEqual([...ids].reverse());
    expect(await readCase(db(), id)).toMatchObject({ state: 'auto-resolved', outcome: 'condition gone' });
  });

  test('a row that starts later frees only what it covers', async () => {
    const cause = 'location V-LATER';
    const [early, late] = [aWorkflow(), aWorkflow()];
    const { caseId } = await join(cause, early, '2026-03-01');
    await join(cause, late, '2026-03-09');
    covers.set(cause, '2026-03-05');
    expect(await solveCauseCase(db(), { code: 'X-03', cause }, isSolved)).toEqual([late]);
    expect((await readCase(db(), caseId))?.state).toBe('open');
    expect(await heldWorkflows(db(), { code: 'X-03', cause })).toEqual([early]);
  });

  test('those not woken yet are answered again, those woken are not', async () => {
    const cause = 'location V-AGAIN';
    const ids = [aWorkflow(), aWorkflow()];
    for (const id of ids) await join(cause, id);
    covers.set(cause, '2026-01-01');
    const key = { code: 'X-03' as const, cause };
    expect(await solveCauseCase(db(), key, isSolved)).toEqual(ids);
    await markWoken(db(), { ...key, workflowId: ids[0] ?? '' });
    expect(await solveCauseCase(db(), key, isSolved)).toEqual([ids[1]]);
  });

  test('whoever comes when it has just gone need not wait', async () => {
    covers.set('location V-GONE', '2026-01-01');
    expect(await join('location V-GONE')).toEqual({ caseId: '', solved: true });
  });

  test('nobody is left behind who joins while it is solved', async () => {
    const cause = 'location V-RACE';
    const ids = Array.from({ length: 30 }, () => aWorkflow());
    const joins = ids.map((id) => join(cause, id));
    const solving = sql`select pg_sleep(0.005)`.execute(db()).then(() => {
      covers.set(cause, '2026-01-01');
      return solveCauseCase(db(), { code: 'X-03', cause }, isSolved);
    });
    const [joined, woken] = [await Promise.all(joins), await solving];
    const free = ids.filter((_id, n) => joined[n]?.solved === true);
    expect([...woken, ...free].sort()).toEqual([...ids].sort());
    expect(await heldWorkflows(db(), { code: 'X-03', cause })).toEqual([]);
  });

  test('closes by itself when the last saga leaves', async () => {
    const [one, two] = [aWorkflow(), aWorkflow()];
    const { caseId } = await join('location V-LEAVE', one);
    await join('location V-LEAVE', two);
    const leave = (workflowId: string) => leaveCauseCase(db(), { code: 'X-03', cause: 'location V-LEAVE', workflowId });
    await leave(one);
    expect((await readCase(db(), caseId))?.state).toBe('open');
    await leave(two);
    expect((await readCase(db(), caseId))?.state).toBe('auto-resolved');
  });

  test('comes back as a new case when it comes back', async () => {
    const cause = 'location V-BACK';
    const first = await join(cause);
    covers.set(cause, '2026-01-01');
    await solveCauseCase(db(), { code: 'X-03', cause }, isSolved);
    covers.delete(cause);
    const second = await join(cause);
    expect(second).toMatchObject({ solved: false });
    expect(second.caseId).not.toBe(first.caseId);
  });
});

describe('a raised case', () => {
  const raised = (workflowId: string, title: string) => ({
    workflowId,
    process: 'return-to-stock',
    businessKey: workflowId,
    code: 'X-10' as const,
    title,
    expected: 'both halves',
    actual: 'the credit alone',
    amount: { minor: '8000', currency: 'GBP' },
    units: 2,
  });

  test('is one per workflow and code, brought up to date, and closes when its condition has gone', async () => {
    const workflowId = aWorkflow();
    const all = await Promise.all(
      ['one', 'two', 'three'].map((title) => raiseCase(db(), raised(workflowId, title), noDue)),
    );
    expect(new Set(all.map((c) => c.caseId)).size).toBe(1);
    const id = all[0]?.caseId ?? '';
    await raiseCase(db(), raised(workflowId, 'four'), noDue);
    expect(await readCase(db(), id)).toMatchObject({
      title: 'four',
      sentence: 'Only one half of the return is posted',
      severity: 'high',
    });
    await clearCase(db(), { workflowId, code: 'X-10', note: 'the restock is posted' });
    expect(await readCase(db(), id)).toMatchObject({ state: 'auto-resolved', note: 'the restock is posted' });
  });
});

describe('a raised case that becomes critical', () => {
  test('waits anew for whoever had taken it up, and its owner and deputy are told at once', async () => {
    const workflowId = aWorkflow();
    const about = { workflowId, process: 'return-to-stock', businessKey: 'RTN-9', code: 'X-61' as const };
    const facts = { subject: 'refund', expected: '', actual: '', amount: null, units: 0 };
    const { caseId } = await raiseCase(db(), { ...about, ...facts, title: 'due soon' }, noDue);
    const person = await findPerson(db(), 'fin-1');
    if (person === undefined) throw new Error('fin-1 is seeded');
    await acknowledgeCase(db(), caseId, person);
    const before = await readCase(db(), caseId);
    const graver = { ...about, ...facts, title: 'overdue', severity: 'critical' as const };
    const twice = [await raiseCase(db(), graver, noDue), await raiseCase(db(), graver, noDue)];
    expect(twice).toEqual([{ caseId }, { caseId }]);
    const after = await readCase(db(), caseId);
    expect([before?.severity, before?.state, after?.severity, after?.state]).toEqual([
      'high',
      'acknowledged',
      'critical',
      'open',
    ]);
    expect(after?.events.map(({ kind }) => kind)).toEqual(['opened', 'acknowledged', 'changed', 'opened']);
    const told = await db().selectFrom('notice').selectAll().where('severity', '=', 'critical').execute();
    expect(told.filter(({ code }) => code === 'X-61').map(({ roles }) => roles)).toEqual([['finance', 'ecommerce']]);
  });
});

describe('what people read', () => {
  test('cases are found by what they are about, with a sentence beside each code', async () => {
    const row = await open(db(), { customer: 'CUST-READ', businessDate: '2026-04-01' });
    const found = await listCases(db(), {
      customer: 'CUST-READ',
      code: 'X-12',
      owner: 'finance',
      from: '2026-04-01',
      to: '2026-04-01',
    });
    expect(found.map((c) => c.id)).toEqual([row.id]);
    const counted = await countOpenCases(db());
    expect(counted.find((c) => c.code === 'X-12')).toMatchObject({
      owner: 'finance',
      sentence: 'Refund differs from what was sold',
    });
  });

  test('a clock that rings is told once when due, and decides nothing', async () => {
    const row = await open(db());
    for (const level of ['warning', 'due', 'due'] as const)
      await escalateCase(db(), { caseId: row.id, level, timer: 'T-36', note: level });
    const read = await readCase(db(), row.id);
    expect(read).toMatchObject({ state: 'open', escalation: 'due', decidedAt: null });
    expect(read?.events.map((e) => e.kind)).toEqual(['opened', 'warning T-36', 'due T-36']);
  });

  test('a reminder told by a call that died before it answered is not told again', async () => {
    const row = await open(db());
    const ring = { caseId: row.id, level: 'warning' as const, timer: 'T-30', note: 'due soon' };
    for (const requestKey of ['run/1', 'run/1', 'run/2']) await escalateCase(db(), { ...ring, requestKey });
    expect((await readCase(db(), row.id))?.events.map((e) => e.kind)).toEqual([
      'opened',
      'warning T-30',
      'warning T-30',
    ]);
  });

  test('how clocks ended is kept once', async () => {
    const workflowId = aWorkflow();
    const clock = {
      timer: 'T-30',
      startedAt: '2026-03-02T10:00:00.000Z',
      dueAt: null,
      endedAt: '2026-03-02T11:00:00.000Z',
    };
    await recordClocks(db(), workflowId, [{ ...clock, end: 'met' }]);
    await recordClocks(db(), workflowId, [{ ...clock, end: 'missed' }]);
    const rows = await db().selectFrom('clock').selectAll().where('workflow_id', '=', workflowId).execute();
    expect(rows.map((r) => r.end)).toEqual(['met']);
  });
});

describe('people', () => {
  test('a key finds its person and nobody else', async () => {
    expect(await personOfKey(db(), keyOf('wh-3'))).toMatchObject({ id: 'wh-3' });
    expect(await personOfKey(db(), 'dev-key-nobody')).toBeUndefined();
  });

  test('seeding again changes nobody', async () => {
    expect(await seedDesk(db())).toEqual([]);
  });

  test('a change needs a second person, who is not the one it is about, and is audited', async () => {
    const propose = { personId: 'ops-1', change: { limitDocument: '5' }, why: 'new role', by: 'fin-1' };
    const { changeId } = await proposePersonChange(db(), propose);
    await expect(confirmPersonChange(db(), { changeId, by: 'fin-1' })).rejects.toThrow(/a second person must confirm/);
    await expect(confirmPersonChange(db(), { changeId, by: 'ops-1' })).rejects.toThrow(/somebody else must confirm/);
    expect((await findPerson(db(), 'ops-1'))?.limit_document).toBe('200000');
    await confirmPersonChange(db(), { changeId, by: 'fin-2' });
    expect((await findPerson(db(), 'ops-1'))?.limit_document).toBe('5');
    await expect(confirmPersonChange(db(), { changeId, by: 'fin-3' })).rejects.toThrow(/already confirmed/);
    const audited = await db()
      .selectFrom('audit')
      .select(['action', 'actor'])
      .where('subject', '=', 'person/ops-1')
      .orderBy('id')
      .execute();
    expect(audited.slice(-2)).toEqual([
      { action: 'propose-person-change', actor: 'fin-1' },
      { action: 'confirm-person-change', actor: 'fin-2' },
    ]);
  });

  test('a change of something unknown is refused', async () => {
    await expect(
      proposePersonChange(db(), { personId: 'ops-1', change: { salary: 1 }, why: '', by: 'fin-1' }),
    ).rejects.toThrow(/salary/);
  });
});
