import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { settleRound } from '../../activities/settle/round.js';
import { externalRefOf } from '../../activities/posting/reference.js';
import { adjustmentWrite } from '../../activities/blue-cherry/map.js';
import { insertRevision } from '../../store/posting-moves.js';
import { openFlags, postingByRef } from '../../store/postings.js';
import { takenLanes } from '../../store/lanes.js';
import { adjustment, documentsOf, failureOf, stockAsk } from './posting-support/asks.js';
import { createRig, TENANT, type Rig } from './posting-support/rig.js';

let rig: Rig;
async function start(config: { timeoutMs?: number } = {}): Promise<void> {
  rig = await createRig({ cycles: false, config });
  // One status read before anything is sent, as a running installation has had.
  rig.cycles.run();
}
afterEach(() => rig.close());

/** A bound of time is the subject here: what may still land must be given the time in which it may. */
const passed = (ms: number) => new Promise((done) => setTimeout(done, ms));
/** Send deadline, client time-out and longest request life, and a little. */
const bound = () => rig.config.sendDeadlineMs + rig.config.timeoutMs + rig.config.maxRequestLifeMs + 60;
const request = stockAsk(1, [1, 2]);
const stateNow = async () => {
  const row = await postingByRef(rig.db, externalRefOf(request.reference, 1));
  if (row === undefined) throw new Error('no posting');
  return row;
};

/** A send that was never answered; `stored` says whether the ERP has it. */
async function lost(kind: 'drop-before' | 'drop-after'): Promise<void> {
  rig.fault({ operation: 'inventory-adjustment', kind, times: 1 });
  expect((await failureOf(rig.blueCherry.postStockAdjustment(request))).type).toBe('NotYetKnown');
}

describe('a send without an answer', () => {
  beforeEach(() => start());

  test('is not believed absent before everything sent has had time to land, however many cycles end', async () => {
    await lost('drop-before');
    await passed(rig.config.timeoutMs + 20);
    const patient = rig.worker({ config: { ...rig.config, maxRequestLifeMs: 60_000 } });
    for (let n = 0; n < 3; n += 1) {
      expect((await patient.settle.round()).searches).toBe(1);
      rig.cycles.run();
    }
    expect((await stateNow()).state).toBe('sent');
    expect(await takenLanes(rig.db, TENANT)).toHaveLength(2);
  });

  test('is not believed absent by the cycle that was the highest when the bound had passed', async () => {
    await lost('drop-before');
    await passed(bound());
    // A cycle runs in this moment: it began before everything sent had landed and may have passed the document over.
    const clock = async () => ({ ...(await rig.deps.erp.clock()), running: true, cycleNo: 2 });
    await settleRound({ ...rig.deps, erp: { ...rig.deps.erp, clock } });
    expect((await stateNow()).noted_cycle).toBe(2);
    expect(rig.cycles.run().lastFinished).toMatchObject({ cycleNo: 2, result: 'COMPLETED' });
    expect((await rig.settle.round()).searches).toBe(1);
    expect((await stateNow()).state).toBe('sent');
    rig.cycles.run();
    await rig.settle.round();
    expect((await stateNow()).state).toBe('intended');
  });

  test('is not believed absent after an aborted cycle, and is after a completed one', async () => {
    await lost('drop-before');
    await passed(bound());
    await rig.settle.round();
    rig.cycles.abort();
    await rig.settle.round();
    expect((await stateNow()).state).toBe('sent');
    rig.cycles.run();
    await rig.settle.round();
    expect(await stateNow()).toMatchObject({ state: 'intended', fence: 2 });
    expect(await takenLanes(rig.db, TENANT)).toEqual([]);
  });

  test('is not noted by a status that was asked for before the bound had passed', async () => {
    await lost('drop-before');
    const slow = {
      ...rig.deps,
      erp: {
        ...rig.deps.erp,
        clock: async () => {
          const clock = await rig.deps.erp.clock();
          await passed(bound());
          return clock;
        },
      },
    };
    await settleRound(slow);
    expect((await stateNow()).noted_cycle).toBeNull();
  });

  test('that was stored is found, whatever cycles do, and posted', async () => {
    await lost('drop-after');
    await passed(rig.config.timeoutMs);
    await rig.settle.round();
    expect((await stateNow()).state).toBe('accepted');
    expect(await takenLanes(rig.db, TENANT)).toEqual([]);
    rig.cycles.run();
    await rig.settle.round();
    expect(await stateNow()).toMatchObject({ state: 'posted', journal: 'verified' });
  });

  test('sent again since the rows were read is left alone by a round that was stopped in between', async () => {
    await lost('drop-before');
    await passed(bound());
    await rig.settle.round();
    rig.cycles.run();
    let resume: () => void = () => undefined;
    let reached: () => void = () => undefined;
    const stopped = new Promise<void>((done) => (resume = done));
    const there = new Promise<void>((done) => (reached = done));
    const zombie = rig.worker({
      pause: (point) => {
        if (point !== 'between-search-and-move') return Promise.resolve();
        reached();
        return stopped;
      },
    });
    const round = zombie.settle.round();
    await there;
    await rig.settle.round();
    expect((await stateNow()).state).toBe('intended');
    rig.fault({ operation: 'inventory-adjustment', kind: 'drop-after', times: 1 });
    await failureOf(rig.blueCherry.postStockAdjustment(request));
    expect((await stateNow()).state).toBe('sent');
    resume();
    await round;
    expect((await stateNow()).state).toBe('sent');
    expect(documentsOf(rig, request.reference)).toHaveLength(1);
  });
});

describe('what settle reads', () => {
  // Thousands of writes on a busy machine: none of these tests is about silence.
  beforeEach(() => start({ timeoutMs: 10_000 }));

  /** Postings the ERP has accepted, as many as asked, without their sagas. */
  async function accepted(count: number, from = 0): Promise<void> {
    const document = adjustment([1]);
    const one = async (n: number): Promise<void> => {
      const reference = `return-to-stock:archean:BULK-${n}/restock`;
      const externalRef = externalRefOf(reference, 1);
      const reply = await rig.deps.erp.prepare({ operation: 'create', undoes: null, document }, externalRef)();
      if (reply.outcome !== 'accepted') throw new Error(JSON.stringify(reply));
      await insertRevision(rig.db, {
        externalRef,
        reference,
        revision: 1,
        tenant: TENANT,
        kind: document.kind,
        operation: 'create',
        askedDigest: 'x',
        content: { operation: 'create', undoes: null, document },
        lanes: [],
        businessDate: document.businessDate,
        seq: n,
        links: [],
        state: 'accepted',
        lineCount: 1,
        number: reply.number,
      });
    };
    for (let n = from; n < from + count; n += 8) {
      await Promise.all(Array.from({ length: Math.min(8, from + count - n) }, (_, i) => one(n + i)));
    }
  }

  test('two thousand waiting documents cost pages of two hundred and nothing else', async () => {
    await accepted(2_000);
    await rig.settle.round();
    rig.calls.clear();
    rig.cycles.run();
    const round = await rig.settle.round();
    const calls = rig.calls.of('blue-cherry').map((call) => call.operation);
    expect(round.open.accepted).toBe(0);
    expect(round.moved).toBe(2_000);
    expect(calls.filter((operation) => operation === 'transactions').length).toBeLessThanOrEqual(11);
    expect(calls.filter((operation) => operation !== 'transactions')).toEqual(['batch-status']);
    expect((await rig.settle.round()).listingPages).toBe(0);
  }, 240_000);

  test('nothing open costs the ERP nothing', async () => {
    rig.calls.clear();
    await rig.settle.round();
    expect(rig.calls.of('blue-cherry')).toEqual([]);
  });

  test('a second document of one reference is raised once as X-62 and named by the single-bearer check', async () => {
    await accepted(1);
    const reference = 'return-to-stock:archean:BULK-0/restock';
    const externalRef = externalRefOf(reference, 1);
    await rig
      .worker()
      .deps.erp.prepare({ operation: 'create', undoes: null, document: adjustment([1]) }, externalRef)();
    rig.cycles.run();
    await rig.settle.round();
    rig.cycles.run();
    await rig.settle.round();
    expect(await openFlags(rig.db, TENANT)).toMatchObject([{ code: 'X-62', reference }]);
    expect(rig.raised).toHaveLength(1);
    const day = new Date().toISOString().slice(0, 10);
    const report = await rig.settle.singleBearer({ day });
    expect(report.doubled).toMatchObject([{ externalRef, reference }]);
    expect(report.stray).toEqual([]);
  });

  test('a document with a reference of our making that no posting has is a stray', async () => {
    const write = adjustmentWrite(adjustment([3]), externalRefOf('nobody/restock', 1), null);
    await rig.deps.erp.prepare({ operation: 'create', undoes: null, document: adjustment([3]) }, write.externalRef)();
    const report = await rig.settle.singleBearer({ day: new Date().toISOString().slice(0, 10) });
    expect(report.stray).toMatchObject([{ externalRef: write.externalRef, state: 'unknown' }]);
  });

  test('a document that two completed cycles passed over is read by number before X-05 is raised', async () => {
    await accepted(1);
    const row = await postingByRef(rig.db, externalRefOf('return-to-stock:archean:BULK-0/restock', 1));
    rig.fault({ operation: 'transactions', kind: 'lookup-lag', probability: 1 });
    await sql`update posting set number = 'IA-NOWHERE'`.execute(rig.db);
    rig.calls.clear();
    for (let n = 0; n < 4; n += 1) {
      await rig.settle.round();
      rig.cycles.run();
    }
    await rig.settle.round();
    expect(row).toBeDefined();
    expect(rig.calls.of('blue-cherry').filter((c) => c.operation === 'read-transaction').length).toBeGreaterThan(0);
    expect((await openFlags(rig.db, TENANT)).map((flag) => flag.code)).toContain('X-05');
  });

  test('a person editing a posted document is noticed', async () => {
    await accepted(1);
    rig.cycles.run();
    await rig.settle.round();
    const row = await postingByRef(rig.db, externalRefOf('return-to-stock:archean:BULK-0/restock', 1));
    rig.books.edit(row?.number ?? '', { line: 1, quantity: 2 });
    await accepted(1, 1);
    rig.cycles.run();
    await rig.settle.round();
    expect((await openFlags(rig.db, TENANT)).map((flag) => flag.code)).toEqual(['X-01']);
  });
});
