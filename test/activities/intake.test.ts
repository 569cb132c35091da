import { describe, expect, test } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { RETURNS_FEED } from '../../activities/intake/index.js';
import { pauseFeed, readFeed, replayFeed, resumeFeed, startFeed } from '../../store/feeds.js';
import { newestEvent } from '../../store/inbox.js';
import { countEvents } from '../../store/inbox-counts.js';
import { eventually } from '../support/eventually.js';
import { intakeBench, object } from './intake-bench.js';
import { wireReturn } from './return-samples.js';

const { now, db, intake, take, start, put, told, claim } = intakeBench();

describe('a feed', () => {
  test('does nothing until it is started, and takes nothing from before its point', async () => {
    put({ returnNo: 'OLD' });
    const point = now().archean.books.sequence.last();
    put({ returnNo: 'NEW' });
    expect(await take()).toMatchObject({ read: 0, inserted: 0, paused: true });
    await startFeed(db(), RETURNS_FEED, point, 'int-1');
    expect(await take()).toMatchObject({ inserted: 1, handedOn: 1, paused: false, sleepMs: 1000 });
    expect(told()).toEqual(['NEW']);
    expect((await claim('OLD')).state).toBe('absent');
    expect(await newestEvent(db(), object('OLD'))).toBeUndefined();
  });

  test('takes every version in once, through gaps, repeats, late rows and readers at once', async () => {
    await start();
    now().archean.misbehave(0.2);
    const expected: string[] = [];
    for (let n = 1; n <= 150; n++) {
      put({ returnNo: `G-${n}` }, false);
      expected.push(`G-${n}`);
      if (n % 50 === 0) await Promise.all([take(), take(), take()]);
    }
    await eventually(
      async () => {
        await Promise.all([take(), take()]);
        return new Set(told()).size === expected.length;
      },
      { within: 15_000 },
    );
    expect([...new Set(told())].sort()).toEqual([...expected].sort());
    expect(await countEvents(db())).toEqual([{ source: 'archean', kind: 'return', state: 'started', events: 150 }]);
    const before = now().told.length;
    await take();
    expect(now().told.length).toBe(before);
  });

  test('keeps a bad row, raises it once and goes on with its neighbours', async () => {
    await start();
    put({ returnNo: 'B-1' });
    now().archean.books.addMalformed({ returnNo: 'B-BAD', version: 1, quantity: 'many' });
    now().archean.books.addReturn(
      { ...wireReturn({ returnNo: 'B-DATE' }), processedAt: '1970-01-01T00:00:00Z' },
      { prompt: true },
    );
    now().archean.books.addReturn({ ...wireReturn({ returnNo: 'B-CUR' }), currency: 'XXX' }, { prompt: true });
    put({ returnNo: 'B-2' });
    await eventually(async () => (await take()) && now().raised.length === 3, { within: 5000 });
    await take();
    expect(told().sort()).toEqual(['B-1', 'B-2']);
    expect(
      now()
        .raised.map((row) => row.number)
        .sort(),
    ).toEqual(['B-BAD', 'B-CUR', 'B-DATE']);
    expect(now().raised.find((row) => row.number === 'B-CUR')?.reason).toContain('currency "XXX" is not known');
    expect(now().raised.find((row) => row.number === 'B-DATE')?.reason).toContain('before 2000');
    const bad = (await countEvents(db())).find((row) => row.state === 'malformed');
    expect(bad?.events).toBe(3);
  });

  test('hands on in the next round what nobody took in this one, and lets its neighbours through', async () => {
    await start();
    put({ returnNo: 'H-1' });
    put({ returnNo: 'H-2' });
    now().refuse = (returnNo) => returnNo === 'H-1';
    await expect(take()).rejects.toThrow('Temporal is away');
    expect(told()).toEqual(['H-2']);
    now().refuse = () => false;
    now().faults.add({ system: 'archean', operation: 'listReturns', kind: 'status-500', times: 1 });
    await expect(take()).rejects.toThrow('status 500');
    expect(told()).toEqual(['H-2', 'H-1']);
    expect(await take()).toMatchObject({ handedOn: 0 });
  });

  test('does not call a failed reading a reading', async () => {
    await start();
    await take();
    const read = (await readFeed(db(), RETURNS_FEED))?.lastReadOkAt;
    for (const [kind, type] of [
      ['status-500', 'NoReply'],
      ['status-503', 'Busy'],
      ['malformed', 'Malformed'],
    ] as const) {
      now().faults.add({ system: 'archean', operation: 'listReturns', kind, times: 1 });
      const failure = await take().catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(ApplicationFailure);
      expect([kind, (failure as ApplicationFailure).type]).toEqual([kind, type]);
    }
    now().faults.add({ system: 'archean', operation: 'listReturns', kind: 'refuse-connection' });
    await expect(take()).rejects.toMatchObject({ type: 'Unreachable' });
    now().faults.remove();
    const feed = await readFeed(db(), RETURNS_FEED);
    expect(feed?.lastReadOkAt).toBe(read);
    expect(feed?.lastError).not.toBeNull();
    now().archean.expireTokens();
    await eventually(take, { within: 5000 });
    expect((await readFeed(db(), RETURNS_FEED))?.lastError).toBeNull();
  });

  test('paused reads nothing; replayed, it takes in what it missed and nothing twice', async () => {
    await start();
    put({ returnNo: 'P-1' });
    await take();
    await pauseFeed(db(), RETURNS_FEED, 'int-1');
    put({ returnNo: 'P-2' });
    expect(await take()).toMatchObject({ read: 0, paused: true });
    await resumeFeed(db(), RETURNS_FEED, 'int-1');
    await take();
    await replayFeed(db(), RETURNS_FEED, 0, 'int-1');
    expect(await take()).toMatchObject({ inserted: 0, handedOn: 0 });
    expect(told()).toEqual(['P-1', 'P-2']);
  });

  test('catches up with a backlog in pages', async () => {
    await start();
    for (let n = 1; n <= 130; n++) put({ returnNo: `C-${n}` });
    expect(await take()).toMatchObject({ inserted: 130, handedOn: 130 });
    expect((await readFeed(db(), RETURNS_FEED))?.position).toBe(now().archean.books.sequence.last());
  });

  test('hands versions on in order and says whether the return is finished', async () => {
    await start();
    put({ returnNo: 'V' });
    put({ returnNo: 'V', version: 2 });
    await take();
    expect(now().told.map((each) => each.version)).toEqual([1, 2]);
    await claim('V');
    await intake().finish({
      ...object('V'),
      workflowId: 'return-to-stock:archean:V',
      version: 2,
      result: 'done',
      clocks: [],
    });
    put({ returnNo: 'V', version: 3, state: 'WITHDRAWN' });
    await take();
    expect(now().told.at(-1)).toMatchObject({ version: 3, finished: true, openWorkflowId: null });
    const reversal = 'return-to-stock-reversal:archean:V:3';
    expect(await claim('V', reversal, 3)).toMatchObject({ state: 'mine', version: 3 });
    put({ returnNo: 'V', version: 4 });
    await take();
    expect(now().told.at(-1)).toMatchObject({ version: 4, finished: true, openWorkflowId: reversal });
  });
});
