import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { ArcheanReturn } from '../../clients/archean/schema.js';
import { loadHistory, readBusiness } from '../../sandbox/history/index.js';
import { localTimes } from '../../sandbox/history/local-time.js';
import { readRows } from '../../sandbox/history/rows.js';
import { HISTORY_RULES, type ReckonedEvent } from '../../sandbox/reckoning/index.js';
import { createSystems } from './scenario-systems.js';

const REAL = resolve('../shared/data/online-retail');
const present = existsSync(REAL);
if (!present) process.stdout.write(`the real history is not at ${REAL}: its tests are skipped\n`);
const onReal = present ? test : test.skip;

/** The sandbox with the history at hand, played at once: what it took. */
const LOADS = `
  const { startSandbox } = await import(${JSON.stringify(pathToFileURL(resolve('dist/sandbox/main.js')).href)});
  const sandbox = await startSandbox();
  const reset = { history: { dir: process.argv[1], compressTo: 0 } };
  const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(reset) };
  const answer = await fetch(new URL('/_sandbox/reset', sandbox.url), post);
  if (!answer.ok) throw new Error(await answer.text());
  let state;
  do state = (await (await fetch(new URL('/_sandbox/reckoning', sandbox.url))).json()).play;
  while (state.emitted < state.planned);
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  await sandbox.close();
  console.log(JSON.stringify({ state, seconds: (userCPUTime + systemCPUTime) / 1e6, bytes: maxRSS * 1024 }));
`;

/** The outcome in the words of the history's README, from a reckoned event under a rehearsal's rules. */
function outcomeOf(event: ReckonedEvent, row: ArcheanReturn): string {
  const charge = row.lines.every((line) => line.kind === 'CHARGE') ? 'charge-' : '';
  const above = (): boolean => row.lines.some((line) => Number(line.refundUnitPrice) > priceOf(line));
  const names: Record<string, string> = {
    'X-03': 'unmapped-location',
    'X-09': 'no-original',
    'X-11': 'exceeds',
    'X-12': above() ? 'refund-above-sold' : 'refund-below-sold',
  };
  return charge + (event.waitsFor === null ? 'plain' : (names[event.waitsFor.code] ?? event.waitsFor.code));
}
let priceOf: (line: ArcheanReturn['lines'][number]) => number = () => 0;

describe('the real history', () => {
  const systems = createSystems();
  const kept = systems.reckoning;

  onReal('loads 167,790 order lines', async () => {
    const history = await loadHistory({ ...systems, dir: REAL, compressTo: 0 });
    await history.done;
    expect(history.faults).toEqual([]);
    expect(history.state()).toMatchObject({ orderLines: 167_790, returns: 1_651, movements: 1_047, emitted: 2_698 });
    expect(systems.blueCherry.dump().stock.every((row) => row['qoh'] === '0')).toBe(true);
  });

  // In a process of its own: what the tests before it left behind must not count.
  onReal('is loaded by the sandbox in under 20 s of computing and under 1 GB', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', LOADS, REAL]);
    const { state, seconds, bytes } = JSON.parse(stdout) as { state: object; seconds: number; bytes: number };
    process.stdout.write(`loaded in ${seconds.toFixed(1)} s of computing, ${Math.round(bytes / 1e6)} MB\n`);
    expect(state).toMatchObject({ planned: 2_698, emitted: 2_698 });
    expect(seconds).toBeLessThan(20);
    expect(bytes).toBeLessThan(1_000_000_000);
  });

  onReal('is reckoned, under no limits, as the expected files say: every return, to the penny', async () => {
    kept.setRules(HISTORY_RULES.open);
    priceOf = (line) =>
      Number(
        systems.reckoning.order(line.orderNo)?.lines.find((one) => one.orderLine === line.orderLine)?.unitPrice ?? NaN,
      );
    const events = new Map(systems.reckoning.report().events.map((event) => [event.key, event]));
    const misfits: unknown[] = [];
    let rows = 0;
    await readExpected((row) => {
      rows += 1;
      const event = events.get(row.returnNo);
      const emitted = systems.archean.books.latestReturn(row.returnNo);
      if (event === undefined || emitted === undefined) return void misfits.push([row.returnNo, 'missing']);
      const outcome = outcomeOf(event, emitted);
      const credit = event.documents.flatMap((one) => (one.kind === 'credit memo' ? [one.amount ?? ''] : []));
      const units = event.documents
        .filter((one) => one.kind === 'inventory adjustment')
        .flatMap((one) => one.lines.map((line) => Number(line.quantity)))
        .reduce((sum, quantity) => sum + quantity, 0);
      const due = row.credit === '' ? [] : [(Number(row.credit) / 100).toFixed(2)];
      const dueUnits = Number(row.units || '0');
      if (outcome !== row.outcome || credit.join() !== due.join() || units !== dueUnits)
        misfits.push([row, outcome, credit, units]);
    });
    expect(rows).toBe(1_651);
    expect(misfits).toEqual([]);
  });

  onReal(
    'is reckoned for a careful house: 962 plain post, 76 ask about cancellation, 12 and a charge wait',
    async () => {
      kept.setRules(HISTORY_RULES.house);
      const events = new Map(systems.reckoning.report().events.map((event) => [event.key, event]));
      const counts: Record<string, number> = {};
      await readExpected(({ returnNo, outcome }) => {
        if (!outcome.endsWith('plain')) return;
        const key = `${outcome} ${events.get(returnNo)?.waitsFor?.code ?? 'posts'}`;
        counts[key] = (counts[key] ?? 0) + 1;
      });
      expect(counts).toEqual({
        'plain posts': 962,
        'plain X-64': 76,
        'plain approval': 12,
        'charge-plain posts': 15,
        'charge-plain approval': 1,
      });
    },
  );

  onReal('can be cut to a span: its returns only, but every earlier order', async () => {
    const business = await readBusiness(REAL, { from: '2011-01-04', days: 7 });
    expect(business.returns.length).toBeGreaterThan(10);
    expect(business.returns[0]?.processedAt.slice(0, 10)).toBe('2011-01-04');
    expect(business.returns.at(-1)?.processedAt.slice(0, 10) ?? '').toMatch(/^2011-01-(04|05|06|07|08|09|10)$/);
    expect(business.orders[0]?.orderNo).toBe('536365');
    expect(business.orders.every((order) => order.placedAt < '2011-01-11')).toBe(true);
  });
});

/** Rows of the expected files, by the sandbox's own reader of another kind of file. */
async function readExpected(
  take: (row: { returnNo: string; outcome: string; credit: string; units: string }) => void,
): Promise<void> {
  const faults: unknown[] = [];
  await readRows(
    REAL,
    'expected' as 'orders',
    (row) =>
      take({
        returnNo: row.text('return_no'),
        outcome: row.text('outcome'),
        credit: row.text('credit_minor', { empty: true }),
        units: row.text('restock_units', { empty: true }),
      }),
    faults as never,
  );
  expect(faults).toEqual([]);
}

describe('a folder of CSV files', () => {
  let dir = '';
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'history-'));
  });
  afterEach(() => rm(dir, { recursive: true }));

  const ORDERS = 'order_no,placed_at,customer,location,currency,line_no,sku,quantity,unit_price,kind';
  const RETURNS =
    'return_no,returned_at,customer,location,currency,line_no,order_no,order_line,sku,quantity,refund_unit_price,disposition,kind';

  test('names each bad row by file and line, skips it and goes on', async () => {
    await writeFile(
      join(dir, 'orders-2011-01.csv'),
      [
        ORDERS,
        '1,2011-01-05T10:00:00,C1,FC-UK-1,GBP,1,85123a,6,2.55,goods',
        '1,2011-01-05T10:00:00,C1,FC-UK-1,GBP,2,85123A,-6,2.55,goods',
        '1,2011-01-05T10:00:00,C1,FC-UK-1,GBP,3,71053,2,1.10,goods',
        '2,yesterday,C1,FC-UK-1,GBP,1,71053,2,1.10,goods',
      ].join('\n'),
    );
    await writeFile(
      join(dir, 'returns-2011-01.csv.gz'),
      await promisify(gzip)(
        [
          RETURNS,
          'R1,2011-01-06T09:00:00,C1,FC-UK-1,GBP,1,1,1,85123a,2,2.55,sellable,goods',
          'R1,2011-01-06T09:00:00,C1,FC-UK-1,GBP,2,1,3,71053,1,1.10,sellable,goods',
          'R2,2011-01-06T09:30:00,C1,FC-UK-1,GBP,1,1,1,85123A,1,2.55,burnt,goods',
        ].join('\n'),
      ),
    );
    const business = await readBusiness(dir);
    expect(business.faults).toEqual([
      { file: 'orders-2011-01.csv', line: 3, why: expect.stringContaining('found "-6"') },
      { file: 'orders-2011-01.csv', line: 5, why: expect.stringContaining('"yesterday" is no local time') },
      { file: 'returns-2011-01.csv.gz', line: 4, why: expect.stringContaining('sellable or none; found "burnt"') },
    ]);
    expect(business.items.map((item) => item.code)).toEqual(['85123A', '71053']);
    expect(business.returns.map((row) => [row.returnNo, row.lines.length])).toEqual([['R1', 2]]);
  });

  test('with a broken archive gives what could be read and says where it ended', async () => {
    const rows = Array.from(
      { length: 3_000 },
      (_, n) => `${n},2011-01-05T10:00:00,C1,FC-UK-1,GBP,1,S${n * 7919},6,2.55,goods`,
    );
    const packed = await promisify(gzip)([ORDERS, ...rows].join('\n'));
    await writeFile(join(dir, 'orders-2011-01.csv.gz'), packed.subarray(0, packed.length >> 1));
    await writeFile(
      join(dir, 'orders-2011-02.csv'),
      `${ORDERS}\nlast,2011-02-05T10:00:00,C1,FC-UK-1,GBP,1,S1,6,2.55,goods\n`,
    );
    const business = await readBusiness(dir);
    expect(business.faults).toEqual([
      {
        file: 'orders-2011-01.csv.gz',
        line: expect.any(Number),
        why: expect.stringContaining('cannot be read further'),
      },
    ]);
    expect(business.orders.at(-1)?.orderNo).toBe('last');
  });

  test('appears in Archean in the order of its times, each row of the stated shape', async () => {
    await writeFile(
      join(dir, 'orders-2011-01.csv'),
      `${ORDERS}\n1,2011-01-05T10:00:00,,FC-UK-1,GBP,1,85123A,6,2.555,goods\n1,2011-01-05T10:00:00,,FC-UK-1,GBP,2,POST,1,5.00,charge\n`,
    );
    await writeFile(
      join(dir, 'returns-2011-01.csv'),
      [
        RETURNS,
        'R2,2011-01-07T09:00:00,,FC-UK-1,GBP,1,1,2,POST,1,5.00,none,charge',
        'R1,2011-01-06T09:00:00,,FC-UK-1,GBP,1,1,1,85123a,2,2.555,sellable,goods',
      ].join('\n'),
    );
    const systems = createSystems();
    const history = await loadHistory({ ...systems, dir, compressTo: 50 });
    await history.done;
    const rows = systems.archean.books.returns.page(0, 10).rows.map((row) => ArcheanReturn.parse(row));
    expect(rows.map((row) => [row.returnNo, row.processedAt])).toEqual([
      ['R1', '2011-01-06T09:00:00.000Z'],
      ['R2', '2011-01-07T09:00:00.000Z'],
    ]);
    const { events } = systems.reckoning.report();
    expect(events[0]?.documents.map((one) => [one.kind, one.warehouse, one.amount, one.postingDate])).toEqual([
      ['credit memo', null, '5.11', '2011-01-06'],
      ['inventory adjustment', '01', null, '2011-01-06'],
    ]);
    expect(events[1]?.documents.map((one) => one.charges)).toEqual([
      [{ glAccount: '4200', amount: '5.00', taxCode: 'Z0', taxAmount: '0.00' }],
    ]);
  });

  test('that holds no orders, or is not there, is refused with what to do', async () => {
    await expect(readBusiness(dir)).rejects.toThrow('holds no orders-yyyy-mm.csv');
    await expect(readBusiness(join(dir, 'nowhere'))).rejects.toThrow('cannot be read (ENOENT)');
    await expect(readBusiness(dir, { from: '1/2/2011' })).rejects.toThrow('found "1/2/2011"');
    await expect(readBusiness(dir, { days: 0 })).rejects.toThrow('found 0');
  });
});

describe('local times of a shop', () => {
  const london = localTimes('Europe/London');
  test.each([
    ['2010-12-01T09:41:00', '2010-12-01T09:41:00.000Z'],
    ['2011-04-01T09:41', '2011-04-01T08:41:00.000Z'],
    ['2011-03-27T00:59:59', '2011-03-27T00:59:59.000Z'],
    ['2011-03-27T02:00:00', '2011-03-27T01:00:00.000Z'],
    ['2011-03-27T01:30:00', '2011-03-27T01:30:00.000Z'],
    ['2010-10-31T01:30:00', '2010-10-31T00:30:00.000Z'],
  ])('%s is %s', (local, instant) => expect(london(local)).toBe(instant));

  test.each(['', '2011-13-01T00:00:00', '2011-01-01', '01/02/2011 10:00'])('"%s" is refused', (text) =>
    expect(() => london(text)).toThrow('is no local time'),
  );
});
