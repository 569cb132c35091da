import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { startGuardian, type Guardian } from '../../bin/supervisor/guardian.js';
import { listBuilds, makeCurrent, ramp } from '../../bin/supervisor/versions.js';
import { QUEUES } from '../../workers/queues.js';
import { article, askedOf, bothHalves, closed, comeBack, figuresOf, LONG_MS, sell } from '../sagas/support.js';
import { eventually } from '../support/eventually.js';
import { startRig, type Rig } from '../support/rig.js';
import { launchWorker, terminate, type WorkerProcess } from './support/workers.js';

/** What a drain may take (design.md 14), and a little for the machine. */
const DRAIN_MS = 30_000;
const BOUND_MS = 240_000;

let rig: Rig;
let guardian: Guardian;
let dir = '';
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'selvedge-rolling-'));
  guardian = startGuardian();
  rig = await startRig({ worker: false });
}, 60_000);
afterEach(async () => {
  await guardian.finish();
  await rig.close();
  rmSync(dir, { recursive: true, force: true });
}, 60_000);

const launch = (name: string, build?: string): Promise<WorkerProcess> => launchWorker(rig, guardian, dir, name, build);

let made = 0;
/** A return of so many units at 20.00 net, 24.00 with tax: thirty are above what a clerk may credit. */
async function returned(units: number) {
  const { orderNo } = await sell(rig, [{ sku: article(made++).sku, quantity: units, unitPrice: '20.00' }]);
  return comeBack(rig, { processedBy: 'clerk-1', lines: [{ orderNo, orderLine: 1, quantity: units }] });
}

/** Which builds, or which processes, did the steps of a saga: read from its history. */
async function doneBy(workflowId: string): Promise<{ builds: string[]; identities: string[] }> {
  const { events } = await rig.client.workflow.getHandle(workflowId).fetchHistory();
  const tasks = (events ?? []).map((event) => event.workflowTaskCompletedEventAttributes).filter((one) => !!one);
  const steps = (events ?? []).map((event) => event.activityTaskStartedEventAttributes).filter((one) => !!one);
  const distinct = (found: (string | null | undefined)[]): string[] => [...new Set(found.map((one) => one ?? ''))];
  return {
    builds: distinct(tasks.map((task) => task.deploymentVersion?.buildId)),
    identities: distinct([...tasks, ...steps].map((one) => one.identity)),
  };
}

const pidOf = (worker: WorkerProcess): RegExp => new RegExp(`^${worker.child.pid}@`);

describe('a worker that is asked to stop', () => {
  test(
    'takes no new work, ends what it has begun, and is gone within half a minute; another one does the rest',
    async () => {
      const first = await launch('first');
      expect(await first.health()).toMatchObject({
        status: 200,
        said: { ok: true, temporal: true, store: true, build: null, queues: QUEUES.map((queue) => ({ queue })) },
      });
      await rig.fault({ system: 'blue-cherry', operation: 'credit-memo', kind: 'delay', delayMs: 1_500, times: 1 });
      const begun = await returned(2);
      const sent = sql<{ n: string }>`select count(*) as n from posting where state = 'sent' and step = 'credit-memo'`;
      await eventually(async () => (await sent.execute(rig.store.db)).rows[0]?.n === '1', { within: LONG_MS });

      const ending = terminate(first, DRAIN_MS);
      await eventually(async () => (await first.health())?.status === 503, { within: 5_000 });
      const late = await returned(1);
      const { how } = await ending;
      expect(how).toBe('exit code 0');
      // What it had sent it has also written down: the other worker finds it accepted and does not look for it.
      expect((await sent.execute(rig.store.db)).rows[0]?.n).toBe('0');
      const taken = await sql<{
        n: string;
      }>`select count(*) as n from event where source_id = ${late.returnNo}`.execute(rig.store.db);
      expect(taken.rows[0]?.n).toBe('0');

      const second = await launch('second');
      for (const { workflowId } of [begun, late]) {
        await rig.started(workflowId);
        expect(await closed(rig, workflowId)).toBe('COMPLETED');
      }
      expect(await figuresOf(rig, begun.returnNo)).toEqual(bothHalves('48.00', 2));
      expect(await figuresOf(rig, late.returnNo)).toEqual(bothHalves('24.00', 1));
      const { identities } = await doneBy(late.workflowId);
      expect(identities.every((one) => pidOf(second).test(one))).toBe(true);
      expect((await terminate(second, DRAIN_MS)).how).toBe('exit code 0');
    },
    BOUND_MS,
  );
});

describe('builds that take turns', () => {
  test(
    'sagas that wait for people go on with the build that is current when they are answered',
    async () => {
      const { temporal } = rig;
      const a = await launch('a', '2026.1');
      await eventually(async () => (await listBuilds(temporal)).builds.length === 1, { within: LONG_MS });
      await makeCurrent(temporal, '2026.1', 'test');
      const waiting = [await returned(30), await returned(31), await returned(32)];
      const questions = [];
      for (const { workflowId } of waiting) {
        await rig.started(workflowId);
        questions.push(await askedOf(rig, workflowId, 'credit-limit'));
      }

      const b = await launch('b', '2026.2');
      await eventually(async () => (await listBuilds(temporal)).builds.length === 2, { within: LONG_MS });
      const meanwhile = await returned(1);
      await rig.started(meanwhile.workflowId);
      expect(await closed(rig, meanwhile.workflowId)).toBe('COMPLETED');
      const done = await doneBy(meanwhile.workflowId);
      expect(done.builds).toEqual(['2026.1']);
      expect(done.identities.every((one) => pidOf(a).test(one))).toBe(true);
      expect((await b.health())?.said.queues.map(({ sagasInMemory }) => sagasInMemory)).not.toContain(1);

      await ramp(temporal, '2026.2', 25, 'test');
      const ramping = await listBuilds(temporal);
      expect(ramping).toMatchObject({ current: '2026.1' });
      expect(ramping.builds).toContainEqual(
        expect.objectContaining({ build: '2026.2', state: 'ramping', percent: 25 }),
      );

      await makeCurrent(temporal, '2026.2', 'test');
      expect((await terminate(a, DRAIN_MS)).how).toBe('exit code 0');
      for (const [index, { workflowId }] of waiting.entries()) {
        const open = questions[index];
        const decision = { question: 'credit-limit', asking: open?.asking, choice: 'approve', shown: open?.shown };
        const { status } = await rig.decide('fin-2', {
          workflow: workflowId,
          ...decision,
          why: 'goodwill, ticket 8812',
        });
        expect(status).toBe(200);
      }
      for (const { workflowId } of waiting) expect(await closed(rig, workflowId)).toBe('COMPLETED');
      expect(await figuresOf(rig, waiting[0]?.returnNo ?? '')).toEqual(bothHalves('720.00', 30));
      expect(await figuresOf(rig, waiting[2]?.returnNo ?? '')).toEqual(bothHalves('768.00', 32));
      expect((await doneBy(waiting[0]?.workflowId ?? '')).builds).toEqual(['2026.1', '2026.2']);

      // The intake and the standing rounds went over too: what comes now is found, taken up and ends.
      const after = await returned(3);
      await rig.started(after.workflowId);
      expect(await closed(rig, after.workflowId)).toBe('COMPLETED');
      expect((await doneBy(after.workflowId)).builds).toEqual(['2026.2']);
      const { current } = await listBuilds(temporal);
      expect(current).toBe('2026.2');
      expect((await terminate(b, DRAIN_MS)).how).toBe('exit code 0');
    },
    BOUND_MS,
  );

  test('a build that never came cannot be made current, and the words say what to do', async () => {
    await expect(makeCurrent(rig.temporal, '2026.9', 'test')).rejects.toThrow(
      /No worker of build 2026\.9 has come yet: start one with SELVEDGE_BUILD_ID=2026\.9 first/,
    );
    expect(await listBuilds(rig.temporal)).toEqual({ current: null, builds: [] });
  });
});
