import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createDeskActivities, type DeskActivities, type UnfinishedClaim } from '../../activities/desk/index.js';
import { storeDecision } from '../../store/desk-decision-rows.js';
import { DecisionInput } from '../../store/desk-input.js';
import { readCase } from '../../store/desk-read.js';
import { decisionState } from '../../store/desk-sweeps.js';
import { eventually } from '../support/eventually.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';
import { asked, aWorkflow, claimOf, rules, seedDesk } from '../store/desk-support.js';

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
  await seedDesk(fresh.store.db);
});
afterAll(() => fresh.drop());

/** Sagas as the desk sees them. */
const sagas = {
  ended: new Set<string>(),
  /** Sagas that finish their claim and close while the sweep looks. */
  finishing: new Set<string>(),
  /** Signals to them fail though they run. */
  deaf: new Set<string>(),
  woken: [] as string[],
  decisions: [] as string[],
};
let claims: UnfinishedClaim[] = [];
let mapped = false;
let desk: DeskActivities;

beforeEach(() => {
  Object.assign(sagas, { ended: new Set(), finishing: new Set(), deaf: new Set(), woken: [], decisions: [] });
  claims = [];
  mapped = false;
  const reach = (workflowId: string): void => {
    if (sagas.ended.has(workflowId) || sagas.deaf.has(workflowId)) throw new Error(`${workflowId} took no signal`);
  };
  desk = createDeskActivities({
    db: fresh.store.db,
    rules: rules(),
    due: (timer) => ({ warnAt: [], dueAt: timer === 'T-30' ? '2026-03-04T09:00:00.000Z' : '2026-03-03T09:00:00.000Z' }),
    isSolved: () => Promise.resolve(mapped),
    unfinishedClaims: () => Promise.resolve(claims),
    sweepMs: 0,
    sagas: {
      describe: (id) => {
        if (sagas.finishing.has(id)) claims = [];
        return Promise.resolve(sagas.ended.has(id) ? 'closed' : 'running');
      },
      signalCauseSolved: (id) =>
        Promise.resolve(id).then(() => {
          reach(id);
          sagas.woken.push(id);
        }),
      sendDecision: async (id, { decisionId }) => {
        reach(id);
        sagas.decisions.push(decisionId);
        await desk.recordDecision({ workflowId: id, door: 'desk', raw: null, decisionId });
      },
    },
  });
});

async function stored(workflowId: string): Promise<{ caseId: string; decisionId: string }> {
  const opened = await desk.openQuestion(asked(workflowId));
  const row = await fresh.store.db
    .selectFrom('case')
    .selectAll()
    .where('id', '=', opened.caseId)
    .executeTakeFirstOrThrow();
  const input = DecisionInput.parse(claimOf(row, 'fin-1'));
  const decisionId = await storeDecision(fresh.store.db, {
    workflowId,
    caseId: row.id,
    by: 'fin-1',
    input,
    raw: input,
  });
  return { caseId: row.id, decisionId };
}
const stateOf = async (caseId: string) => (await readCase(fresh.store.db, caseId))?.state;
const hold = (workflowId: string, cause: string) =>
  desk.joinCause({
    workflowId,
    businessKey: workflowId,
    code: 'X-03',
    cause,
    title: `${cause} is not mapped`,
    businessDate: '2026-03-02',
    amount: null,
    units: 1,
  });

describe('the sweep', () => {
  test('a decision stored by a desk door that died before sending arrives', async () => {
    const { caseId, decisionId } = await stored(aWorkflow());
    await eventually(async () => (await desk.sweep()).note.includes('1 decisions sent again'), { within: 2_000 });
    expect(sagas.decisions).toEqual([decisionId]);
    expect(await stateOf(caseId)).toBe('resolved');
    await desk.sweep();
    expect(sagas.decisions).toEqual([decisionId]);
  });

  test('a decision stored for a saga that has ended is refused, readable on its case', async () => {
    const workflowId = aWorkflow();
    const { caseId, decisionId } = await stored(workflowId);
    sagas.ended.add(workflowId);
    await eventually(
      async () => {
        await desk.sweep();
        return (await decisionState(fresh.store.db, decisionId))?.state === 'refused';
      },
      { within: 2_000 },
    );
    const read = await readCase(fresh.store.db, caseId);
    expect(read?.events.map((e) => e.kind)).toContain('decision-refused');
  });

  test('cases of an ended saga close and say so; those of a running one stay', async () => {
    const [gone, runs] = [aWorkflow(), aWorkflow()];
    const one = await desk.openQuestion(asked(gone));
    const two = await desk.openQuestion(asked(runs));
    sagas.ended.add(gone);
    await desk.sweep();
    expect(await readCase(fresh.store.db, one.caseId)).toMatchObject({
      state: 'auto-resolved',
      note: expect.stringMatching(/its saga has ended/),
    });
    expect(await stateOf(two.caseId)).toBe('open');
  });

  test('an unfinished claim of an ended saga has a case with an owner, until the saga runs again', async () => {
    const workflowId = aWorkflow();
    const question = await desk.openQuestion(asked(workflowId));
    claims = [{ workflowId, process: 'return-to-stock', businessKey: 'RTN-000871' }];
    sagas.ended.add(workflowId);
    await desk.sweep();
    const orphan = () =>
      fresh.store.db
        .selectFrom('case')
        .selectAll()
        .where('workflow_id', '=', workflowId)
        .where('kind', '=', 'orphan')
        .executeTakeFirst();
    expect(await orphan()).toMatchObject({
      state: 'open',
      owner: 'finance',
      title: expect.stringMatching(/^RTN-000871 was taken up/),
    });
    expect(await stateOf(question.caseId)).toBe('auto-resolved');
    await desk.sweep();
    expect((await orphan())?.state).toBe('open');
    sagas.ended.delete(workflowId);
    await desk.sweep();
    expect((await orphan())?.state).toBe('auto-resolved');
  });

  test('a saga that finishes while the sweep looks is no orphan', async () => {
    const workflowId = aWorkflow();
    claims = [{ workflowId, process: 'return-to-stock', businessKey: 'RTN-000873' }];
    sagas.ended.add(workflowId);
    sagas.finishing.add(workflowId);
    await desk.sweep();
    const rows = await fresh.store.db.selectFrom('case').select('id').where('workflow_id', '=', workflowId).execute();
    expect(rows).toEqual([]);
  });

  test('that case also closes when the saga ran and finished between two sweeps', async () => {
    const workflowId = aWorkflow();
    claims = [{ workflowId, process: 'return-to-stock', businessKey: 'RTN-000872' }];
    sagas.ended.add(workflowId);
    await desk.sweep();
    claims = [];
    await desk.sweep();
    const row = await fresh.store.db
      .selectFrom('case')
      .select('note')
      .where('workflow_id', '=', workflowId)
      .executeTakeFirst();
    expect(row?.note).toBe('the saga has finished');
  });

  test('holds whose cause has gone without a signal are woken, those of ended sagas dropped', async () => {
    const [deaf, ended, waits] = [aWorkflow(), aWorkflow(), aWorkflow()];
    for (const id of [deaf, ended]) await hold(id, 'location V-SWEEP');
    const other = await hold(waits, 'location V-ENDS');
    sagas.ended.add(waits);
    await desk.sweep();
    expect(await stateOf(other.caseId)).toBe('auto-resolved');
    mapped = true;
    sagas.ended.add(ended);
    sagas.deaf.add(deaf);
    expect((await desk.sweep()).note).toMatch(/1 could not be reached/);
    expect(sagas.woken).toEqual([]);
    sagas.deaf.clear();
    await desk.sweep();
    expect(sagas.woken).toEqual([deaf]);
    await desk.sweep();
    expect(sagas.woken).toEqual([deaf]);
  });
});

describe('the verbs', () => {
  test('a solved cause wakes all it held', async () => {
    const ids = [aWorkflow(), aWorkflow(), aWorkflow()];
    for (const id of ids) await hold(id, 'location V-VERB');
    mapped = true;
    expect(await desk.solveCause({ code: 'X-03', cause: 'location V-VERB', by: 'wh-3' })).toEqual({ woken: ids });
  });

  test('one saga that takes no signal does not keep the others held, and is told of', async () => {
    const [deaf, other] = [aWorkflow(), aWorkflow()];
    for (const id of [deaf, other]) await hold(id, 'location V-DEAF');
    mapped = true;
    sagas.deaf.add(deaf);
    const cause = { code: 'X-03', cause: 'location V-DEAF' };
    await expect(desk.solveCause(cause)).rejects.toThrow(/1 held by location V-DEAF could not be woken/);
    expect(sagas.woken).toEqual([other]);
    sagas.deaf.clear();
    expect(await desk.solveCause(cause)).toEqual({ woken: [deaf] });
  });

  test('an approval is due by T-30, an exception by T-36', async () => {
    const approval = await desk.openQuestion(asked(aWorkflow(), { code: 'approval' }));
    const exception = await desk.openQuestion(asked(aWorkflow()));
    expect([approval.dueAt, exception.dueAt]).toEqual(['2026-03-04T09:00:00.000Z', '2026-03-03T09:00:00.000Z']);
  });

  test('a question without choices is refused before anybody sees it', async () => {
    await expect(desk.openQuestion(asked(aWorkflow(), { choices: [] }))).rejects.toThrow(/offers no choice/);
  });
});
