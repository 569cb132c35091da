import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { releaseTenant } from '../../store/call-tenants.js';
import { sql } from 'kysely';
import { attemptsOf, countPostings, openFlags } from '../../store/postings.js';
import { takenLanes } from '../../store/lanes.js';
import { externalRefOf } from '../../activities/posting/reference.js';
import { eventually } from '../support/eventually.js';
import {
  ask,
  creditMemo,
  detailsOf,
  documentsOf,
  failureOf,
  memoAsk,
  retried,
  settling,
  stockAsk,
} from './posting-support/asks.js';
import { createRig, item, TENANT, type Rig } from './posting-support/rig.js';

let rig: Rig;
let settle: { stop(): Promise<void> } | null = null;
async function start(options: Parameters<typeof createRig>[0] = {}): Promise<void> {
  rig = await createRig(options);
  settle = settling(rig);
}
afterEach(async () => {
  await settle?.stop();
  settle = null;
  await rig.close();
});

describe('a document posted once', () => {
  beforeEach(() => start());

  test('is posted with its journal verified, and asked again gives the same without a call', async () => {
    const result = await retried(() => rig.blueCherry.postCreditMemo(memoAsk(1)));
    expect(result).toMatchObject({ state: 'posted', documents: [{ revision: 1, journal: 'verified' }] });
    const before = rig.calls.of('blue-cherry').filter((call) => call.method === 'POST').length;
    expect(await rig.blueCherry.postCreditMemo(memoAsk(1))).toEqual(result);
    expect(rig.calls.of('blue-cherry').filter((call) => call.method === 'POST')).toHaveLength(before);
    expect(documentsOf(rig, memoAsk(1).reference)).toHaveLength(1);
    expect(await takenLanes(rig.db, TENANT)).toEqual([]);
  });

  test('waits for the next cycle by reading the store alone', async () => {
    rig.cycles.hold();
    const failure = await failureOf(rig.blueCherry.postStockAdjustment(stockAsk(2, [1, 2])));
    expect(failure).toMatchObject({ type: 'NotPosted', category: 'BENIGN' });
    await settle?.stop();
    const before = rig.calls.of('blue-cherry').length;
    for (let n = 0; n < 5; n += 1) await failureOf(rig.blueCherry.postStockAdjustment(stockAsk(2, [1, 2])));
    expect(rig.calls.of('blue-cherry')).toHaveLength(before);
  });

  test('asked with other content under one reference is refused, unless nothing can have been stored', async () => {
    await retried(() => rig.blueCherry.postCreditMemo(memoAsk(3)));
    const other = ask('RTN-3', 'credit-memo', creditMemo(3, 2), 3);
    expect((await failureOf(rig.blueCherry.postCreditMemo(other))).type).toBe('ReferenceReused');
    rig.fault({ operation: 'credit-memo', kind: 'status-429', times: 1, retryAfter: 'none' });
    expect((await failureOf(rig.blueCherry.postCreditMemo(memoAsk(4)))).type).toBe('Busy');
    const changed = ask('RTN-4', 'credit-memo', creditMemo(4, 2), 4);
    await retried(() => rig.blueCherry.postCreditMemo(changed));
    expect(documentsOf(rig, changed.reference)).toMatchObject([{ amount: '48.00' }]);
  });

  test('goes on without refused lines, and a retry sends just those', async () => {
    rig.fault({ operation: 'inventory-adjustment', kind: 'partial', times: 1, lines: [2], code: 'SKU_INACTIVE' });
    const request = stockAsk(5, [1, 2, 3]);
    const failure = await failureOf(retried(() => rig.blueCherry.postStockAdjustment(request)));
    expect(failure.type).toBe('LinesRefused');
    expect(detailsOf(failure)).toMatchObject({ code: 'X-06', revision: 2, lines: [{ line: 2, code: 'SKU_INACTIVE' }] });
    const decided = await rig.postings.decide({
      reference: request.reference,
      revision: 2,
      choice: 'retry',
      by: 'ops-1',
    });
    expect(decided).toMatchObject({ done: true, revision: 3, state: 'intended' });
    const result = await retried(() => rig.blueCherry.postStockAdjustment(request));
    expect(result.documents.map((d) => d.revision)).toEqual([1, 3]);
    const lines = documentsOf(rig, request.reference).flatMap((d) => d.lines.map((l) => l.sku));
    expect(lines.sort()).toEqual([item(1), item(2), item(3)]);
  });

  test('is rejected by type when the ERP says no, at once or at posting', async () => {
    rig.fault({ operation: 'credit-memo', kind: 'refuse', times: 1, code: 'WAREHOUSE_UNKNOWN' });
    const refused = await failureOf(retried(() => rig.blueCherry.postCreditMemo(memoAsk(6))));
    expect(detailsOf(refused)).toMatchObject({ type: 'UnmappedLocation', code: 'X-03', revision: 1 });
    rig.fault({ operation: 'credit-memo', kind: 'period-closed-at-posting', times: 1 });
    const closed = await failureOf(retried(() => rig.blueCherry.postCreditMemo(memoAsk(7))));
    expect(detailsOf(closed)).toMatchObject({ type: 'PeriodClosed', code: 'X-24' });
    expect(await takenLanes(rig.db, TENANT)).toEqual([]);
  });
});

describe('what the machinery does to it', () => {
  beforeEach(() => start());
  const faults = [
    { kind: 'drop-after', times: 2 },
    { kind: 'drop-before', times: 2 },
    { kind: 'late-landing', times: 2, delayMs: 280 },
    { kind: 'status-429', times: 2, retryAfter: 'seconds' },
    { kind: 'status-429', times: 2, retryAfter: 'date' },
    { kind: 'status-500', times: 2 },
    { kind: 'status-503', times: 1 },
    { kind: 'table-lock', times: 2, form: '409' },
    { kind: 'table-lock', times: 2, form: '500' },
    { kind: 'malformed', times: 2 },
    { kind: 'refuse-connection', forMs: 300 },
    { kind: 'unauthorised', times: 1 },
  ] as const;
  test.each(faults.map((fault) => [JSON.stringify(fault), fault] as const))(
    '%s: one document, no lane kept, nobody asked',
    async (_name, fault) => {
      rig.fault({ operation: fault.kind === 'refuse-connection' ? '*' : 'credit-memo', ...fault });
      const result = await retried(() => rig.blueCherry.postCreditMemo(memoAsk(1)), 30_000);
      expect(result).toMatchObject({ state: 'posted', documents: [{ revision: 1 }] });
      expect(documentsOf(rig, memoAsk(1).reference)).toHaveLength(1);
      expect(await takenLanes(rig.db, TENANT)).toEqual([]);
      expect(await openFlags(rig.db, TENANT)).toEqual([]);
    },
  );

  test('a stored document that no search shows yet is not sent again', async () => {
    rig.fault({ operation: 'credit-memo', kind: 'drop-after', times: 1 });
    rig.fault({ operation: 'transactions', kind: 'lookup-lag', probability: 1 });
    await retried(() => rig.blueCherry.postCreditMemo(memoAsk(2)), 30_000);
    expect(documentsOf(rig, memoAsk(2).reference)).toHaveLength(1);
  });

  test('aborted cycles only cost time', async () => {
    rig.fault({ operation: 'cycle', kind: 'abort-cycle', times: 4 });
    rig.fault({ operation: 'inventory-adjustment', kind: 'drop-before', times: 1 });
    await retried(() => rig.blueCherry.postStockAdjustment(stockAsk(3, [4, 5])), 30_000);
    expect(documentsOf(rig, stockAsk(3, [4, 5]).reference)).toHaveLength(1);
  });

  test('a key refused twice in a row holds every write until a person releases it', async () => {
    rig.fault({ operation: 'write', kind: 'unauthorised', times: 2 });
    expect((await failureOf(rig.blueCherry.postCreditMemo(memoAsk(4)))).type).toBe('Unauthorised');
    await eventually(async () => (await failureOf(rig.blueCherry.postCreditMemo(memoAsk(4)))).type === 'Held', {
      within: 10_000,
      every: 100,
    });
    expect(rig.raised).toHaveLength(1);
    expect(documentsOf(rig, memoAsk(4).reference)).toEqual([]);
    await releaseTenant(rig.db, TENANT);
    await retried(() => rig.blueCherry.postCreditMemo(memoAsk(4)));
  });
});

describe('stopped machines and attempts side by side', () => {
  beforeEach(() => start());

  test('an attempt stopped between reserve and check for longer than its deadline sends nothing', async () => {
    await settle?.stop();
    settle = null;
    let stops = 0;
    const slow = rig.worker({
      pause: async (point) => {
        if (point !== 'between-reserve-and-check') return;
        stops += 1;
        if (stops > 1) throw new Error('killed');
        // The stop itself: longer than the deadline, by the clock that the deadline runs by.
        await new Promise((done) => setTimeout(done, rig.config.sendDeadlineMs + 100));
      },
    });
    await expect(slow.blueCherry.postCreditMemo(memoAsk(1))).rejects.toThrow('killed');
    expect(rig.calls.of('blue-cherry').filter((call) => call.operation === 'credit-memo')).toEqual([]);
    const attempts = await attemptsOf(rig.db, externalRefOf(memoAsk(1).reference, 1));
    expect(attempts.map((attempt) => attempt.outcome)).toEqual(['too-late']);
  });

  test('what an attempt killed after its reservation left behind is sent by the next one, once', async () => {
    const killed = rig.worker({
      pause: (point) =>
        point === 'between-reserve-and-check' ? Promise.reject(new Error('killed')) : Promise.resolve(),
    });
    await expect(killed.blueCherry.postCreditMemo(memoAsk(1))).rejects.toThrow('killed');
    expect(await takenLanes(rig.db, TENANT)).toHaveLength(1);
    await retried(() => rig.blueCherry.postCreditMemo(memoAsk(1)), 30_000);
    expect(documentsOf(rig, memoAsk(1).reference)).toHaveLength(1);
  });

  test('an attempt whose fence was raised meanwhile sends nothing, even within its deadline', async () => {
    const slow = rig.worker({
      pause: async (point) => {
        if (point !== 'between-reserve-and-check') return;
        await sql`update posting set fence = fence + 1`.execute(rig.db);
      },
      config: { ...rig.config, sendDeadlineMs: 30_000 },
    });
    expect((await failureOf(slow.blueCherry.postCreditMemo(memoAsk(2)))).type).toBe('NotYetKnown');
    expect(rig.calls.of('blue-cherry').filter((call) => call.operation === 'credit-memo')).toEqual([]);
  });

  test('an attempt stopped between send and record finds its document settled by others', async () => {
    let resume: () => void = () => undefined;
    let reached: () => void = () => undefined;
    const stopped = new Promise<void>((done) => (resume = done));
    const there = new Promise<void>((done) => (reached = done));
    const slow = rig.worker({
      pause: (point) => {
        if (point !== 'between-send-and-record') return Promise.resolve();
        reached();
        return stopped;
      },
    });
    const late = slow.blueCherry.postCreditMemo(memoAsk(3));
    await there;
    const result = await retried(() => rig.blueCherry.postCreditMemo(memoAsk(3)), 30_000);
    resume();
    expect(await late).toEqual(result);
    expect(await openFlags(rig.db, TENANT)).toEqual([]);
  });

  test('a document that waits for a lane asks the ERP nothing, however long it waits', async () => {
    await settle?.stop();
    rig.fault({ operation: 'inventory-adjustment', kind: 'drop-after', times: 1 });
    await failureOf(rig.blueCherry.postStockAdjustment(stockAsk(6, [1])));
    expect(await takenLanes(rig.db, TENANT)).toHaveLength(1);
    const before = rig.calls.of('blue-cherry').length;
    // It waits in place for some seconds: many cycles, after which a document is looked for that people entered.
    expect((await failureOf(rig.blueCherry.postStockAdjustment(stockAsk(7, [1])))).type).toBe('NotYet');
    expect(rig.calls.of('blue-cherry')).toHaveLength(before);
    settle = settling(rig);
    await retried(() => rig.blueCherry.postStockAdjustment(stockAsk(7, [1])), 30_000);
  });

  test('twenty attempts at once send one document', async () => {
    const request = stockAsk(4, [1, 2, 3]);
    const results = await Promise.all(
      Array.from({ length: 20 }, () => retried(() => rig.blueCherry.postStockAdjustment(request))),
    );
    expect(new Set(results.map((r) => r.documents[0]?.number)).size).toBe(1);
    expect(documentsOf(rig, request.reference)).toHaveLength(1);
  });

  test('a terminated saga leaves no lane taken: settle owns its posting', async () => {
    rig.fault({ operation: 'inventory-adjustment', kind: 'drop-after', times: 1 });
    await failureOf(rig.blueCherry.postStockAdjustment(stockAsk(5, [1])));
    await eventually(async () => (await countPostings(rig.db, TENANT)).posted === 1, { within: 20_000 });
    expect(await takenLanes(rig.db, TENANT)).toEqual([]);
  });
});
