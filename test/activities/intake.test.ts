import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import {
  createIntakeActivities,
  MOVEMENTS_FEED,
  RETURNS_FEED,
  type IntakeDeps,
  type ReturnToHandOn,
  type Unreadable,
} from '../../activities/intake/index.js';
import { createArcheanClient } from '../../clients/archean/client.js';
import { createHttp } from '../../clients/http/index.js';
import { createArchean, type Archean } from '../../sandbox/archean/index.js';
import { createCallLog, createClock, createFaultBoard, createRandom } from '../../sandbox/core/index.js';
import { pauseFeed, readFeed, replayFeed, resumeFeed, startFeed } from '../../store/feeds.js';
import { countEvents, newestEvent } from '../../store/inbox.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { POLICY, wireMovement, wireReturn } from './return-samples.js';

const FEEDS = {
  [RETURNS_FEED]: { rhythmMs: 1000, silentAfterMs: 30_000, overlapSeq: 500, pageSize: 20 },
  [MOVEMENTS_FEED]: { rhythmMs: 1000, silentAfterMs: 30_000, overlapSeq: 500, pageSize: 20 },
};

let made: FreshDatabase;
let archean: Archean;
let faults: ReturnType<typeof createFaultBoard>;
let deps: IntakeDeps;
let told: ReturnToHandOn[];
let moved: string[];
let raised: Unreadable[];
let refuse: (returnNo: string) => boolean;

beforeEach(async () => {
  made = await freshDatabase();
  const random = createRandom(7);
  faults = createFaultBoard(random.fork('faults'));
  archean = createArchean({ clock: createClock(), random, faults, calls: createCallLog() });
  const url = await archean.listen();
  told = [];
  moved = [];
  raised = [];
  refuse = () => false;
  deps = {
    store: made.store,
    archean: createArcheanClient(createHttp({ baseUrl: url, timeoutMs: 1000 }), {
      clientId: 'selvedge',
      clientSecret: 'secret',
    }),
    starter: {
      handOnReturn: (version) => {
        if (refuse(version.returnNo)) return Promise.reject(new Error('Temporal is away'));
        told.push(version);
        return Promise.resolve(`return-to-stock:archean:${version.returnNo}`);
      },
      handOnMovement: ({ movementId, returnNo }) => {
        moved.push(`${movementId} of ${returnNo}`);
        return Promise.resolve();
      },
    },
    raise: (row) => {
      raised.push(row);
      return Promise.resolve();
    },
    feeds: FEEDS,
    policy: POLICY,
  };
});
afterEach(async () => {
  await archean.close();
  await made.drop();
});

const intake = () => createIntakeActivities(deps);
const take = (feed = RETURNS_FEED) => intake().takeIn({ feed });
const start = async (feed = RETURNS_FEED, from = 0): Promise<void> => {
  await take(feed);
  await startFeed(made.store.db, feed, from, 'int-1');
};
const put = (over: Parameters<typeof wireReturn>[0], prompt = true) =>
  archean.books.addReturn(wireReturn(over), { prompt });
const toldOf = (returnNo: string): number[] =>
  told.filter((each) => each.returnNo === returnNo).map((each) => each.version);
const object = (key: string) => ({ source: 'archean', kind: 'return', key });
const claim = (key: string, workflowId = `return-to-stock:archean:${key}`, version = 1) =>
  intake().claim({ ...object(key), workflowId, version });

describe('a feed', () => {
  test('does nothing until it is started, and takes nothing from before its point', async () => {
    put({ returnNo: 'OLD' });
    const point = archean.books.sequence.last();
    put({ returnNo: 'NEW' });
    expect(await take()).toMatchObject({ read: 0, inserted: 0, paused: true });
    await startFeed(made.store.db, RETURNS_FEED, point, 'int-1');
    expect(await take()).toMatchObject({ inserted: 1, handedOn: 1, paused: false, sleepMs: 1000 });
    expect(told.map((each) => each.returnNo)).toEqual(['NEW']);
    expect((await claim('OLD')).state).toBe('absent');
    expect(await newestEvent(made.store.db, object('OLD'))).toBeUndefined();
  });

  test('takes every version in once, through gaps, repeats, late rows and readers at once', async () => {
    await start();
    archean.misbehave(0.2);
    const expected: string[] = [];
    for (let n = 1; n <= 150; n++) {
      put({ returnNo: `G-${n}` }, false);
      expected.push(`G-${n}`);
      if (n % 50 === 0) await Promise.all([take(), take(), take()]);
    }
    await eventually(
      async () => {
        await Promise.all([take(), take()]);
        return new Set(told.map((each) => each.returnNo)).size === expected.length;
      },
      { within: 15_000 },
    );
    expect([...new Set(told.map((each) => each.returnNo))].sort()).toEqual([...expected].sort());
    expect(await countEvents(made.store.db)).toEqual([
      { source: 'archean', kind: 'return', state: 'started', events: 150 },
    ]);
    const before = told.length;
    await take();
    expect(told.length).toBe(before);
  });

  test('keeps a bad row, raises it once and goes on with its neighbours', async () => {
    await start();
    put({ returnNo: 'B-1' });
    archean.books.addMalformed({ returnNo: 'B-BAD', version: 1, quantity: 'many' });
    archean.books.addReturn({ ...wireReturn({ returnNo: 'B-DATE' }), processedAt: '1970-01-01T00:00:00Z' }, { prompt: true });
    archean.books.addReturn({ ...wireReturn({ returnNo: 'B-CUR' }), currency: 'XXX' }, { prompt: true });
    put({ returnNo: 'B-2' });
    await eventually(async () => (await take()) && raised.length === 3, { within: 5000 });
    await take();
    expect(told.map((each) => each.returnNo).sort()).toEqual(['B-1', 'B-2']);
    expect(raised.map((row) => row.number).sort()).toEqual(['B-BAD', 'B-CUR', 'B-DATE']);
    expect(raised.find((row) => row.number === 'B-CUR')?.reason).toContain('currency "XXX" is not known');
    expect(raised.find((row) => row.number === 'B-DATE')?.reason).toContain('before 2000');
    const bad = (await countEvents(made.store.db)).find((row) => row.state === 'malformed');
    expect(bad?.events).toBe(3);
  });

  test('hands on in the next round what nobody took in this one, and lets its neighbours through', async () => {
    await start();
    put({ returnNo: 'H-1' });
    put({ returnNo: 'H-2' });
    refuse = (returnNo) => returnNo === 'H-1';
    await expect(take()).rejects.toThrow('Temporal is away');
    expect(told.map((each) => each.returnNo)).toEqual(['H-2']);
    refuse = () => false;
    faults.add({ system: 'archean', operation: 'listReturns', kind: 'status-500', times: 1 });
    await expect(take()).rejects.toThrow('status 500');
    expect(told.map((each) => each.returnNo)).toEqual(['H-2', 'H-1']);
    expect(await take()).toMatchObject({ handedOn: 0 });
  });

  test('does not call a failed reading a reading', async () => {
    await start();
    await take();
    const read = (await readFeed(made.store.db, RETURNS_FEED))?.lastReadOkAt;
    for (const [kind, type] of [
      ['status-500', 'NoReply'],
      ['status-503', 'Busy'],
      ['malformed', 'Malformed'],
      ['refuse-connection', 'Unreachable'],
    ] as const) {
      faults.add({ system: 'archean', operation: 'listReturns', kind, times: 1 });
      const failure = await take().catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(ApplicationFailure);
      expect([kind, (failure as ApplicationFailure).type]).toEqual([kind, type]);
    }
    const feed = await readFeed(made.store.db, RETURNS_FEED);
    expect(feed?.lastReadOkAt).toBe(read);
    expect(feed?.lastError).not.toBeNull();
    archean.expireTokens();
    await eventually(take, { within: 5000 });
    expect((await readFeed(made.store.db, RETURNS_FEED))?.lastError).toBeNull();
  });

  test('paused reads nothing; replayed, it takes in what it missed and nothing twice', async () => {
    await start();
    put({ returnNo: 'P-1' });
    await take();
    await pauseFeed(made.store.db, RETURNS_FEED, 'int-1');
    put({ returnNo: 'P-2' });
    expect(await take()).toMatchObject({ read: 0, paused: true });
    await resumeFeed(made.store.db, RETURNS_FEED, 'int-1');
    await take();
    await replayFeed(made.store.db, RETURNS_FEED, 0, 'int-1');
    expect(await take()).toMatchObject({ inserted: 0, handedOn: 0 });
    expect(told.map((each) => each.returnNo)).toEqual(['P-1', 'P-2']);
  });

  test('catches up with a backlog in pages', async () => {
    await start();
    for (let n = 1; n <= 130; n++) put({ returnNo: `C-${n}` });
    expect(await take()).toMatchObject({ inserted: 130, handedOn: 130 });
    expect((await readFeed(made.store.db, RETURNS_FEED))?.position).toBe(archean.books.sequence.last());
  });

  test('hands versions on in order and says whether the return is finished', async () => {
    await start();
    put({ returnNo: 'V' });
    put({ returnNo: 'V', version: 2 });
    await take();
    expect(toldOf('V')).toEqual([1, 2]);
    await claim('V');
    await intake().finish({ ...object('V'), workflowId: 'return-to-stock:archean:V', version: 2, result: 'done', clocks: [] });
    put({ returnNo: 'V', version: 3, state: 'WITHDRAWN' });
    await take();
    expect(told.at(-1)).toMatchObject({ version: 3, state: 'withdrawn', finished: true, openWorkflowId: null });
    const reversal = 'return-to-stock-reversal:archean:V:3';
    expect(await claim('V', reversal, 3)).toMatchObject({ state: 'mine', version: 3 });
    put({ returnNo: 'V', version: 4 });
    await take();
    expect(told.at(-1)).toMatchObject({ version: 4, finished: true, openWorkflowId: reversal });
  });
});

describe('movements', () => {
  test('of a return prove its goods; others are kept and counted, and strange ones raised', async () => {
    await start(MOVEMENTS_FEED);
    await start();
    put({ returnNo: 'M-1', restockState: 'PENDING' });
    await take();
    expect(await claim('M-1')).toMatchObject({ state: 'mine', document: { restocked: false } });
    const move = (over: Parameters<typeof wireMovement>[0]) =>
      archean.books.addMovement(wireMovement(over), { prompt: true });
    move({ id: 'MV-1', documentId: 'M-1' });
    move({ id: 'MV-2', documentType: 'NONE', documentId: '', type: 'COUNT' });
    move({ id: 'MV-3', documentType: 'GOODS_IN', documentId: 'GIN-1', type: 'GOODS_IN' });
    move({ id: 'MV-4', type: 'MIRACLE' });
    expect(await take(MOVEMENTS_FEED)).toMatchObject({ inserted: 4, handedOn: 1, malformed: 1 });
    expect(moved).toEqual(['MV-1 of M-1']);
    expect(raised.map((row) => row.reason)).toEqual(['type: "MIRACLE" is not known']);
    expect(await claim('M-1')).toMatchObject({ state: 'mine', document: { restocked: true } });
    const ignored = (await countEvents(made.store.db)).find((row) => row.state === 'ignored');
    expect(ignored?.events).toBe(2);
    move({ id: 'MV-5', documentId: 'M-1', type: 'VOID', quantity: -1 });
    await take(MOVEMENTS_FEED);
    expect(await intake().newest(object('M-1'))).toMatchObject({ document: { restocked: false } });
  });

  test('that come after their return is finished wake nobody', async () => {
    await start(MOVEMENTS_FEED);
    put({ returnNo: 'MF' });
    await claim('MF');
    const end = { ...object('MF'), workflowId: 'return-to-stock:archean:MF', version: 1, result: null, clocks: [] };
    expect(await intake().finish(end)).toEqual({ done: true });
    archean.books.addMovement(wireMovement({ id: 'MV-9', documentId: 'MF' }), { prompt: true });
    expect(await take(MOVEMENTS_FEED)).toMatchObject({ handedOn: 1 });
    expect(moved).toEqual([]);
  });
});

describe('a claim', () => {
  test('of a return the feed has not read takes in the earlier ones first', async () => {
    await start();
    put({ returnNo: 'E-1', lines: [{ orderNo: 'E' }] });
    put({ returnNo: 'E-2', lines: [{ orderNo: 'E' }] });
    expect(await claim('E-2')).toMatchObject({ state: 'mine', version: 1, document: { returnNo: 'E-2' } });
    expect(await newestEvent(made.store.db, object('E-1'))).toMatchObject({ version: 1 });
    await take();
    expect(told.map((each) => each.returnNo)).toEqual(['E-1']);
  });

  test('reads a return from its source when no feed runs, and says when there is none', async () => {
    expect(await claim('NONE')).toMatchObject({ state: 'absent' });
    put({ returnNo: 'DIRECT' });
    expect(await claim('DIRECT')).toMatchObject({ state: 'mine', document: { businessDate: '2026-03-10' } });
    await start();
    await take();
    expect(told).toEqual([]);
  });

  test('is one workflow’s, and for everybody finished with one result once it has ended', async () => {
    await start();
    put({ returnNo: 'ONE' });
    await take();
    const first = await claim('ONE');
    expect(await claim('ONE')).toEqual(first);
    expect(await claim('ONE', 'somebody-else')).toEqual({
      state: 'other',
      workflowId: 'return-to-stock:archean:ONE',
    });
    const end = { ...object('ONE'), workflowId: 'return-to-stock:archean:ONE', result: { outcome: 'posted' } };
    const clocks = [
      { timer: 'T-04', startedAt: '2026-03-10T10:00:00Z', dueAt: null, endedAt: '2026-03-10T10:00:01Z', end: 'met' as const },
    ];
    put({ returnNo: 'ONE', version: 2 });
    await take();
    expect(await intake().finish({ ...end, version: 1, clocks })).toEqual({ done: false, newer: 2 });
    expect(await intake().newest(object('ONE'))).toMatchObject({ version: 2 });
    expect(await intake().finish({ ...end, version: 2, clocks })).toEqual({ done: true });
    for (const workflowId of ['return-to-stock:archean:ONE', 'somebody-else'])
      expect(await claim('ONE', workflowId)).toEqual({
        state: 'finished',
        workflowId: 'return-to-stock:archean:ONE',
        result: { outcome: 'posted' },
        clocks,
      });
  });

  test('fails as trouble, to be tried again, while the source cannot be read', async () => {
    faults.add({ system: 'archean', operation: 'getReturn', kind: 'status-503', times: 1 });
    put({ returnNo: 'T' });
    await expect(claim('T')).rejects.toMatchObject({ type: 'Busy', nonRetryable: false });
    expect((await claim('T')).state).toBe('mine');
    await expect(intake().claim({ source: 'x', kind: 'return', key: 'T', workflowId: 'w', version: 1 })).rejects.toMatchObject({
      type: 'InvalidInput',
    });
    await expect(intake().newest(object('NOBODY'))).rejects.toMatchObject({ type: 'InvalidInput' });
    await expect(take('archean.nothing')).rejects.toThrow('the feeds are archean.returns, archean.movements');
  });
});
