import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { returnEvent } from '../../activities/intake/sources/returns.js';
import { claimObject, finishClaim, holderOf, openClaims, orphanClaims } from '../../store/event-claims.js';
import {
  FeedRefused,
  noteFeedError,
  pauseFeed,
  readFeed,
  registerFeed,
  replayFeed,
  resumeFeed,
  silentFeeds,
  startFeed,
  takePage,
} from '../../store/feeds.js';
import { readEpoch, renewEpoch } from '../../store/epoch.js';
import { insertEvents, newestEvent, type NewEvent } from '../../store/inbox.js';
import { countEvents } from '../../store/inbox-counts.js';
import { wireReturn } from '../activities/return-samples.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';

const NOW = new Date('2026-03-11T00:00:00Z');
const event = (over: Parameters<typeof wireReturn>[0]): NewEvent => returnEvent(wireReturn(over), 'Europe/London', NOW);

describe('the inbox', () => {
  let made: FreshDatabase;
  beforeAll(async () => {
    made = await freshDatabase({ connections: 20 });
  });
  afterAll(() => made.drop());
  const db = () => made.store.db;
  const feed = async (name: string, from = 0): Promise<string> => {
    await registerFeed(db(), name, { rhythmMs: 1000, silentAfterMs: 30_000 });
    await startFeed(db(), name, from, 'int-1');
    return name;
  };
  const rowsOf = async (returnNo: string): Promise<number> => {
    const { rows } = await sql<{ n: string }>`
      select count(*) as n from event where source_id = ${returnNo}`.execute(db());
    return Number(rows[0]?.n);
  };

  test('holds one row however many readers insert it at once, and lets one of them move the cursor', async () => {
    const name = await feed('f.race');
    const rows = [event({ returnNo: 'RACE-1', seq: 1 }), event({ returnNo: 'RACE-2', seq: 2 })];
    const taken = await Promise.all(
      Array.from({ length: 20 }, () => takePage(db(), name, { expected: 0, position: 2, rows })),
    );
    expect(taken.filter((page) => page.moved)).toHaveLength(1);
    expect(taken.flatMap((page) => page.inserted)).toHaveLength(2);
    expect(await rowsOf('RACE-1')).toBe(1);
    expect((await readFeed(db(), name))?.position).toBe(2);
    const { rows: wishes } = await sql<{ n: string }>`
      select count(*) as n from wish where return_no in ('RACE-1', 'RACE-2')`.execute(db());
    expect(wishes[0]?.n).toBe('2');
  });

  test('keeps nothing of a page whose cursor another reader moved', async () => {
    const name = await feed('f.cas');
    await takePage(db(), name, { expected: 0, position: 5, rows: [event({ returnNo: 'CAS-1', seq: 5 })] });
    const late = await takePage(db(), name, {
      expected: 0,
      position: 9,
      rows: [event({ returnNo: 'CAS-2', seq: 9 })],
    });
    expect(late).toEqual({ moved: false, inserted: [] });
    expect(await rowsOf('CAS-2')).toBe(0);
    expect((await readFeed(db(), name))?.position).toBe(5);
  });

  test('never moves a cursor back when it reads its overlap again', async () => {
    const name = await feed('f.overlap');
    await takePage(db(), name, { expected: 0, position: 700, rows: [] });
    await takePage(db(), name, { expected: 700, position: 210, rows: [event({ returnNo: 'OV-1', seq: 205 })] });
    expect((await readFeed(db(), name))?.position).toBe(700);
    expect(await rowsOf('OV-1')).toBe(1);
  });

  test('does not trust a version that comes again with other content', async () => {
    const name = await feed('f.contradiction');
    const first = event({ returnNo: 'TWICE-1', seq: 1 });
    await takePage(db(), name, { expected: 0, position: 1, rows: [first] });
    const other = event({ returnNo: 'TWICE-1', seq: 1, customer: 'SOMEBODY-ELSE' });
    const { inserted } = await takePage(db(), name, { expected: 1, position: 1, rows: [other] });
    expect(inserted.map((row) => [row.state, row.reason])).toEqual([
      ['malformed', 'return TWICE-1 version 1 was read before with other content; the first stands'],
    ]);
    const kept = await newestEvent(db(), { source: 'archean', kind: 'return', key: 'TWICE-1' });
    expect(kept?.payload).toMatchObject({ customer: 'CUST-1' });
  });

  test('starts a feed from a stated point once, and pauses, resumes and replays it within what it has read', async () => {
    await registerFeed(db(), 'f.ops', { rhythmMs: 1000, silentAfterMs: 30_000 });
    await expect(pauseFeed(db(), 'f.ops', 'int-1')).rejects.toThrow('is not-started');
    await expect(replayFeed(db(), 'f.ops', 1, 'int-1')).rejects.toThrow('never started');
    await expect(startFeed(db(), 'f.ops', 1.5, 'int-1')).rejects.toBeInstanceOf(FeedRefused);
    expect(await startFeed(db(), 'f.ops', 100, 'int-1')).toMatchObject({ state: 'running', position: 100 });
    await expect(startFeed(db(), 'f.ops', 0, 'int-1')).rejects.toThrow('was started from 100');
    await takePage(db(), 'f.ops', { expected: 100, position: 300, rows: [] });
    expect(await pauseFeed(db(), 'f.ops', 'int-1', 'proven')).toMatchObject({ state: 'paused' });
    expect((await takePage(db(), 'f.ops', { expected: 300, position: 400, rows: [] })).moved).toBe(false);
    expect(await resumeFeed(db(), 'f.ops', 'int-1')).toMatchObject({ state: 'running' });
    await expect(replayFeed(db(), 'f.ops', 99, 'int-1')).rejects.toThrow('from 100');
    await expect(replayFeed(db(), 'f.ops', 301, 'int-1')).rejects.toThrow('to 300');
    expect(await replayFeed(db(), 'f.ops', 150, 'int-1')).toMatchObject({ position: 150 });
    const audited = await db()
      .selectFrom('audit')
      .select(['action', 'actor', 'identity'])
      .where('subject', '=', 'feed/f.ops')
      .where('action', 'in', ['start-feed', 'pause-feed'])
      .orderBy('id')
      .execute();
    expect(audited).toEqual([
      { action: 'start-feed', actor: 'int-1', identity: 'system' },
      { action: 'pause-feed', actor: 'int-1', identity: 'proven' },
    ]);
    await expect(startFeed(db(), 'f.none', 0, 'int-1')).rejects.toThrow('there is no feed "f.none"');
  });

  test('calls a feed silent when it could not be read, not when there was nothing new', async () => {
    const name = await feed('f.silent');
    await takePage(db(), name, { expected: 0, position: 0, rows: [] });
    const readAt = Date.parse((await readFeed(db(), name))?.lastReadOkAt ?? '');
    const silent = async (at: number): Promise<string[]> =>
      (await silentFeeds(db(), new Date(at))).map((each) => each.feed);
    expect(await silent(readAt + 30_000)).not.toContain(name);
    expect(await silent(readAt + 30_001)).toContain(name);
    await noteFeedError(db(), name, 'connection refused');
    expect(await silent(readAt + 30_001)).toContain(name);
    expect((await readFeed(db(), name))?.lastError).toBe('connection refused');
  });

  test('a claim is its workflow’s until it is finished, and finished for everybody afterwards', async () => {
    const key = { source: 'archean', kind: 'return', key: 'CLM-1', version: 1 };
    const claims = await Promise.all(
      Array.from({ length: 12 }, (_, index) => claimObject(db(), { ...key, workflowId: `w${index % 3}` })),
    );
    expect(claims.filter((claim) => claim.state === 'mine')).toHaveLength(4);
    const { openWorkflowId } = await holderOf(db(), key);
    const owner = openWorkflowId ?? '';
    const result = { outcome: 'posted' };
    const end = { ...key, workflowId: owner, seen: 1, result, clocks: [] };
    expect(await finishClaim(db(), end)).toEqual({ done: true });
    expect(await finishClaim(db(), { ...end, result: 'another' })).toEqual({ done: true });
    for (const workflowId of [owner, 'w-late'])
      expect(await claimObject(db(), { ...key, workflowId })).toEqual({
        state: 'finished',
        workflowId: owner,
        result,
        clocks: [],
      });
    await expect(finishClaim(db(), { ...end, workflowId: 'w-late' })).rejects.toThrow('holds no claim');
  });

  test('no version falls between the last look and the end, whichever comes first', async () => {
    for (let round = 0; round < 30; round++) {
      const returnNo = `GAP-${round}`;
      const name = await feed(`f.gap.${round}`);
      const key = { source: 'archean', kind: 'return', key: returnNo, version: 1 };
      await takePage(db(), name, { expected: 0, position: 1, rows: [event({ returnNo, seq: 1 })] });
      await claimObject(db(), { ...key, workflowId: returnNo });
      const [ended] = await Promise.all([
        finishClaim(db(), { ...key, workflowId: returnNo, seen: 1, result: null, clocks: [] }),
        takePage(db(), name, {
          expected: 1,
          position: 2,
          rows: [event({ returnNo, seq: 2, version: 2 })],
        }),
      ]);
      const { finished } = await holderOf(db(), key);
      expect(finished).toBe(ended.done);
      if (!ended.done) expect(ended.newer).toBe(2);
    }
  });

  test('an end waits for a version that is just being written, and then sees it', async () => {
    const key = { source: 'archean', kind: 'return', key: 'WAIT-1', version: 1 };
    await claimObject(db(), { ...key, workflowId: 'WAIT-1' });
    let ending: Promise<unknown> = Promise.resolve();
    await db()
      .transaction()
      .execute(async (tx) => {
        await insertEvents(tx, [event({ returnNo: 'WAIT-1', seq: 2, version: 2 })]);
        ending = finishClaim(db(), { ...key, workflowId: 'WAIT-1', seen: 1, result: null, clocks: [] });
        await eventually(
          async () => {
            const { rows } = await sql`
              select 1 from pg_locks where locktype = 'advisory' and not granted
                and database = (select oid from pg_database where datname = current_database())`.execute(db());
            return rows.length > 0;
          },
          { within: 5000 },
        );
      });
    expect(await ending).toEqual({ done: false, newer: 2 });
  });

  test('names the claims whose workflow was closed before it finished', async () => {
    const key = { source: 'archean', kind: 'return', version: 1 };
    await claimObject(db(), { ...key, key: 'ORPHAN-1', workflowId: 'orphan-closed' });
    await claimObject(db(), { ...key, key: 'ORPHAN-2', workflowId: 'orphan-running' });
    const options = { olderThanMs: 0, limit: 1000 };
    const orphans = await orphanClaims(db(), (id) => Promise.resolve(id === 'orphan-closed'), options);
    expect(orphans.map((claim) => claim.key)).toEqual(['ORPHAN-1']);
    expect(await openClaims(db(), { ...options, olderThanMs: 60_000 })).toEqual([]);
  });

  test('counts rows by state and changes its epoch only when it is told to', async () => {
    const counts = await countEvents(db());
    expect(counts.find((row) => row.kind === 'return' && row.state === 'malformed')?.events).toBe(1);
    const epoch = await readEpoch(db());
    expect(await readEpoch(db())).toBe(epoch);
    expect(await renewEpoch(db())).not.toBe(epoch);
  });
});
