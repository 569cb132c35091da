/** The clocks of cases: every open case of any code is reminded of and escalated, each moment once. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createDeskActivities, type DeskActivities } from '../../activities/desk/index.js';
import { EXCEPTIONS, type ExceptionCode } from '../../domain/failures.js';
import { clockFor } from '../../domain/timers.js';
import { acknowledgeCase } from '../../store/desk-acknowledge.js';
import { findPerson, seedPeople } from '../../store/desk-people.js';
import { raiseCase } from '../../store/desk-raised.js';
import { readCase } from '../../store/desk-read.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';
import { shippedPolicy } from '../support/returns.js';
import { asked, aWorkflow, noDue, PEOPLE, rules, send } from '../store/desk-support.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Each of the days below lacks its last minute, so that a limit may be a minute longer for every midnight it spans. */
const SLACK = 3 * MINUTE;
/** Business time in these tests runs like the wall: what is counted is the policy's durations. */
const alwaysOpen = { businessHours: { from: '00:00', to: '23:59' }, weekend: [], holidays: [] };
const policy = shippedPolicy({ calendar: { zone: 'UTC', ...alwaysOpen } });

let fresh: FreshDatabase;
let desk: DeskActivities;
beforeEach(async () => {
  fresh = await freshDatabase();
  await seedPeople(fresh.store.db, PEOPLE);
  desk = createDeskActivities({
    db: fresh.store.db,
    rules: rules(),
    due: (timer, at) => clockFor(policy, timer, at),
    isSolved: () => Promise.resolve(false),
    unfinishedClaims: () => Promise.resolve([]),
    sweepMs: 0,
    sagas: {
      describe: () => Promise.resolve('running'),
      signalCauseSolved: () => Promise.resolve(),
      sendDecision: () => Promise.resolve(),
    },
  });
});
afterEach(() => fresh.drop());
const db = () => fresh.store.db;

const raised = async (code: ExceptionCode): Promise<string> => {
  const about = { process: 'return-to-stock', businessKey: 'RTN-1', code, title: `About ${code}` };
  const facts = { expected: '', actual: '', amount: null, units: 0, endsWithWorkflow: false };
  return (await raiseCase(db(), { workflowId: aWorkflow(), ...about, ...facts }, noDue)).caseId;
};
/** The case has been waiting for this much longer. */
async function later(caseId: string, ms: number): Promise<void> {
  const by = sql`${ms} * interval '1 millisecond'`;
  await sql`update "case" set clock_from = clock_from - ${by}, acknowledged_at = acknowledged_at - ${by}
    where id = ${caseId}`.execute(db());
  await sql`update case_clock set started_at = started_at - ${by}, warn_at = warn_at - ${by}, due_at = due_at - ${by}
    where case_id = ${caseId}`.execute(db());
}
const eventsOf = async (caseId: string): Promise<string[]> =>
  ((await readCase(db(), caseId))?.events ?? []).map(({ kind }) => kind).filter((kind) => /T-3/.test(kind));
const noticesOf = async (caseId: string): Promise<{ kind: string; roles: string[] }[]> => {
  const { rows } = await sql<{ kind: string; roles: string[] }>`
    select n.kind, n.roles from notice n join notice_case c on c.notice_id = n.id
    where c.case_id = ${caseId} and n.kind <> 'opened' order by n.created_at`.execute(db());
  return rows;
};
const clocksOf = async (caseId: string): Promise<string[]> => {
  const { rows } = await sql<{ timer: string; end: string }>`
    select timer, "end" from clock where workflow_id = ${`case/${caseId}`} order by ended_at, timer`.execute(db());
  return rows.map((row) => `${row.timer} ${row.end}`);
};
const acknowledge = async (caseId: string, by: string): Promise<string | null> => {
  const person = await findPerson(db(), by);
  if (person === undefined) throw new Error(`nobody is ${by}`);
  return acknowledgeCase(db(), caseId, person);
};

describe('a case that nobody has taken up (T-35)', () => {
  test.each<[ExceptionCode, number]>([
    ['X-62', 15 * MINUTE],
    ['X-01', HOUR],
    ['X-63', 8.5 * HOUR],
  ])('%s is reminded of at half its limit and escalated at the limit, once each', async (code, limit) => {
    const id = await raised(code);
    const { owner, deputy, escalation } = EXCEPTIONS[code];
    await desk.remind();
    await later(id, limit / 2 - SLACK);
    await desk.remind();
    expect(await eventsOf(id)).toEqual([]);
    await later(id, 2 * SLACK);
    await Promise.all([desk.remind(), desk.remind()]);
    await desk.remind();
    expect(await eventsOf(id)).toEqual(['warning T-35']);
    await later(id, limit / 2);
    await Promise.all([desk.remind(), desk.remind()]);
    await desk.remind();
    expect(await eventsOf(id)).toEqual(['warning T-35', 'due T-35']);
    expect(await noticesOf(id)).toEqual([
      { kind: 'take-up', roles: [owner] },
      { kind: 'not-taken-up', roles: [...new Set([owner, deputy, escalation])] },
    ]);
    expect(await readCase(db(), id)).toMatchObject({ state: 'open', decidedAt: null });
  });

  test('is told of for a mapping that holds sagas and for a question too; an approval has its own clock', async () => {
    const join = { businessKey: 'RTN-1', cause: 'location V', title: 'V is not mapped', businessDate: '2026-03-02' };
    const cause = await desk.joinCause({ workflowId: aWorkflow(), code: 'X-03', ...join, amount: null, units: 1 });
    const question = await desk.openQuestion(asked(aWorkflow()));
    const approval = await desk.openQuestion(asked(aWorkflow(), { code: 'approval' }));
    await desk.remind();
    for (const { caseId } of [cause, question, approval]) await later(caseId, 2 * HOUR);
    await desk.remind();
    expect(await eventsOf(cause.caseId)).toEqual(['due T-35']);
    expect(await eventsOf(question.caseId)).toEqual(['due T-35']);
    expect(await eventsOf(approval.caseId)).toEqual([]);
    // The asking's own clock still tells of its due time.
    await desk.escalate({ caseId: question.caseId, level: 'due', timer: 'T-36', note: 'past due' });
    expect(await eventsOf(question.caseId)).toEqual(['due T-35', 'due T-36']);
  });

  test('an outage of the round tells of the due moment alone, not of the reminder it overtook', async () => {
    const id = await raised('X-01');
    await desk.remind();
    await later(id, 2 * HOUR);
    await desk.remind();
    expect(await eventsOf(id)).toEqual(['due T-35']);
  });

  test('taken up or decided in time is met, and nobody is told', async () => {
    const [seen, decided] = [await raised('X-01'), await desk.openQuestion(asked(aWorkflow()))];
    await desk.remind();
    expect(await acknowledge(seen, 'fin-1')).toBeNull();
    const row = await db().selectFrom('case').selectAll().where('id', '=', decided.caseId).executeTakeFirstOrThrow();
    await send(db(), 'desk', { ...row, workflow_id: row.workflow_id ?? '' }, 'fin-1');
    await desk.remind();
    await later(seen, HOUR);
    await desk.remind();
    expect(await clocksOf(seen)).toEqual(['T-35 met']);
    expect(await clocksOf(decided.caseId)).toEqual(['T-35 met']);
    expect((await eventsOf(seen)).filter((kind) => kind.endsWith('T-35'))).toEqual([]);
  });
});

describe('a case that nobody has resolved (T-36)', () => {
  test.each<[ExceptionCode, string, number]>([
    ['X-62', 'fin-1', 4 * HOUR],
    ['X-04', 'int-1', 8.5 * HOUR],
    ['X-63', 'int-1', 25.5 * HOUR],
  ])('%s, from when %s took it up: a reminder at half, the escalation at the limit', async (code, person, limit) => {
    const id = await raised(code);
    await desk.remind();
    await acknowledge(id, person);
    await desk.remind();
    await later(id, limit / 2 - SLACK);
    await desk.remind();
    expect(await eventsOf(id)).toEqual([]);
    await later(id, 2 * SLACK);
    await desk.remind();
    expect(await eventsOf(id)).toEqual(['warning T-36']);
    await later(id, limit / 2);
    await desk.remind();
    await desk.remind();
    expect(await eventsOf(id)).toEqual(['warning T-36', 'due T-36']);
    const { owner, deputy, escalation } = EXCEPTIONS[code];
    expect((await noticesOf(id)).at(-1)).toEqual({ kind: 'due', roles: [...new Set([owner, deputy, escalation])] });
    expect(await readCase(db(), id)).toMatchObject({ state: 'acknowledged', escalation: 'due' });
  });

  test('runs from the moment it should have been taken up when nobody did', async () => {
    const id = await raised('X-62');
    await desk.remind();
    await later(id, 15 * MINUTE + MINUTE);
    await desk.remind();
    await desk.remind();
    await later(id, 4 * HOUR);
    await desk.remind();
    expect(await eventsOf(id)).toEqual(['due T-35', 'due T-36']);
  });

  test('of a question is its saga’s to tell', async () => {
    const { caseId } = await desk.openQuestion(asked(aWorkflow()));
    await desk.remind();
    await acknowledge(caseId, 'fin-1');
    await later(caseId, 100 * HOUR);
    await desk.remind();
    expect(await eventsOf(caseId)).toEqual([]);
  });

  test('ends met or missed with its case, once', async () => {
    const id = await raised('X-62');
    await desk.remind();
    await later(id, 20 * MINUTE);
    await desk.remind();
    await acknowledge(id, 'fin-1');
    await sql`update "case" set state = 'closed', closed_at = clock_timestamp() where id = ${id}`.execute(db());
    await desk.remind();
    await desk.remind();
    expect(await clocksOf(id)).toEqual(['T-35 missed', 'T-36 met']);
  });
});
