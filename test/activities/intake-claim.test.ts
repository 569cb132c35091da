import { describe, expect, test } from '@jest/globals';
import { MOVEMENTS_FEED } from '../../activities/intake/index.js';
import { newestEvent } from '../../store/inbox.js';
import { countEvents } from '../../store/inbox-counts.js';
import { intakeBench, object } from './intake-bench.js';
import { wireMovement } from './return-samples.js';

const { now, db, intake, take, start, put, told, claim } = intakeBench();

describe('movements', () => {
  test('of a return prove its goods, of a delivery go to its saga; others are kept and counted, and strange ones raised', async () => {
    await start(MOVEMENTS_FEED);
    await start();
    put({ returnNo: 'M-1', restockState: 'PENDING' });
    await take();
    expect(await claim('M-1')).toMatchObject({ state: 'mine', document: { restocked: false } });
    const move = (over: Parameters<typeof wireMovement>[0]) =>
      now().archean.books.addMovement(wireMovement(over), { prompt: true });
    move({ id: 'MV-1', documentId: 'M-1' });
    move({ id: 'MV-2', documentType: 'NONE', documentId: '', type: 'COUNT' });
    move({ id: 'MV-3', documentType: 'GOODS_IN', documentId: 'GIN-1', type: 'GOODS_IN' });
    move({ id: 'MV-4', type: 'MIRACLE' });
    expect(await take(MOVEMENTS_FEED)).toMatchObject({ inserted: 4, handedOn: 2, malformed: 1 });
    expect([...now().moved].sort()).toEqual(['MV-1 of M-1', 'MV-3 of GIN-1']);
    expect(now().raised.map((row) => row.reason)).toEqual(['type: "MIRACLE" is not known']);
    expect(await claim('M-1')).toMatchObject({ state: 'mine', document: { restocked: true } });
    const ignored = (await countEvents(db())).find((row) => row.state === 'ignored');
    expect(ignored?.events).toBe(1);
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
    now().archean.books.addMovement(wireMovement({ id: 'MV-9', documentId: 'MF' }), { prompt: true });
    expect(await take(MOVEMENTS_FEED)).toMatchObject({ handedOn: 1 });
    expect(now().moved).toEqual([]);
  });
});

describe('a claim', () => {
  test('of a return the feed has not read takes in the earlier ones first', async () => {
    await start();
    put({ returnNo: 'E-1', lines: [{ orderNo: 'E' }] });
    put({ returnNo: 'E-2', lines: [{ orderNo: 'E' }] });
    expect(await claim('E-2')).toMatchObject({ state: 'mine', version: 1, document: { returnNo: 'E-2' } });
    expect(await newestEvent(db(), object('E-1'))).toMatchObject({ version: 1 });
    await take();
    expect(told()).toEqual(['E-1']);
  });

  test('reads a return from its source when no feed runs, and says when there is none', async () => {
    expect(await claim('NONE')).toMatchObject({ state: 'absent' });
    put({ returnNo: 'DIRECT' });
    expect(await claim('DIRECT')).toMatchObject({ state: 'mine', document: { businessDate: '2026-03-10' } });
    await start();
    await take();
    expect(told()).toEqual([]);
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
      {
        timer: 'T-04',
        startedAt: '2026-03-10T10:00:00Z',
        dueAt: null,
        endedAt: '2026-03-10T10:00:01Z',
        end: 'met' as const,
      },
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
    now().faults.add({ system: 'archean', operation: 'getReturn', kind: 'status-503', times: 1 });
    put({ returnNo: 'T' });
    await expect(claim('T')).rejects.toMatchObject({ type: 'Busy', nonRetryable: false });
    expect((await claim('T')).state).toBe('mine');
    await expect(
      intake().claim({ source: 'x', kind: 'return', key: 'T', workflowId: 'w', version: 1 }),
    ).rejects.toMatchObject({
      type: 'InvalidInput',
    });
    await expect(intake().newest(object('NOBODY'))).rejects.toMatchObject({ type: 'InvalidInput' });
    await expect(take('archean.nothing')).rejects.toThrow(/the feeds are archean\.returns, .*archean\.movements/);
  });
});
