import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startSandbox } from '../../sandbox/main.js';
import type { Sandbox, SandboxOptions } from '../../sandbox/main.js';
import { until } from './site.js';

const KEY = { 'x-api-key': 'blue-cherry-development-key', 'content-type': 'application/json' };
/** Cycles that run when told to. */
const STILL = { seed: 4, scenario: 'empty', profile: { cycleMs: 600_000 } } as const;

let dir = '';
let running: Sandbox[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'selvedge-sandbox-file-'));
});
afterEach(async () => {
  for (const sandbox of running) await sandbox.close();
  running = [];
  rmSync(dir, { recursive: true, force: true });
});

async function start(options: SandboxOptions): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  running.push(sandbox);
  return sandbox;
}
async function end(sandbox: Sandbox): Promise<void> {
  running = running.filter((one) => one !== sandbox);
  await sandbox.close();
}

async function control(sandbox: Sandbox, method: string, path: string, body?: unknown) {
  const response = await fetch(`${sandbox.url}/_sandbox/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  return (await response.json()) as Record<string, unknown>;
}

/** A credit memo typed in and left queued; answers its number. */
async function typeIn(sandbox: Sandbox): Promise<string> {
  const event = { system: 'blue-cherry', type: 'document.typed-in', payload: { post: false } };
  const made = await control(sandbox, 'POST', 'events', event);
  return (made['document'] as { transactionNo: string } | undefined)?.transactionNo ?? JSON.stringify(made);
}

const documents = async (sandbox: Sandbox): Promise<Record<string, unknown>[]> =>
  (await control(sandbox, 'GET', 'books/blue-cherry'))['documents'] as Record<string, unknown>[];
const numbers = async (sandbox: Sandbox): Promise<unknown[]> => (await documents(sandbox)).map((one) => one['number']);

async function returnsOf(sandbox: Sandbox): Promise<{ seq: number; returnNo: string; version: number }[]> {
  const token = await fetch(`${sandbox.systems.archean}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', client_id: 'a', client_secret: 'b' }),
  });
  const { access_token } = (await token.json()) as { access_token: string };
  const page = await fetch(`${sandbox.systems.archean}/returns?afterSeq=0&limit=500`, {
    headers: { authorization: `Bearer ${access_token}` },
  });
  return ((await page.json()) as { returns: { seq: number; returnNo: string; version: number }[] }).returns;
}

describe("the sandbox's file", () => {
  test('holds what an answer showed at the moment the answer arrives, as a kill -9 would leave it', async () => {
    const file = join(dir, 'books');
    const first = await start({ file, reset: STILL });
    expect(first.resumed).toBe(false);
    const told: { number: string; copy: string }[] = [];
    for (let turn = 0; turn < 6; turn += 1) {
      const number = await typeIn(first);
      const copy = join(dir, `copy-${turn}`);
      copyFileSync(file, copy);
      told.push({ number, copy });
    }
    for (const [index, { copy }] of told.entries()) {
      const again = await start({ file: copy });
      expect(again.resumed).toBe(true);
      expect(await numbers(again)).toEqual(expect.arrayContaining(told.slice(0, index + 1).map((one) => one.number)));
      expect(await numbers(again)).not.toContain(told[index + 1]?.number);
      await end(again);
    }
  });

  test('a row of the feed that was shown has the same seq and content ever after', async () => {
    const file = join(dir, 'books');
    const first = await start({ file, reset: { seed: 5, scenario: 'trading-day', returns: 12, spreadMs: 1500 } });
    await until(() => (first.world().play?.state().emitted ?? 0) >= 4, 'four returns have come');
    const shown = await returnsOf(first);
    copyFileSync(file, join(dir, 'copy'));
    await until(() => first.world().play?.state().state === 'played', 'the day is played');
    const again = await start({ file: join(dir, 'copy') });
    await until(() => again.world().play?.state().state === 'played', 'the rest of the day is played');
    const rows = await returnsOf(again);
    expect(rows.slice(0, shown.length)).toEqual(shown);
    expect(rows.length).toBeGreaterThan(shown.length);
    const seqs = rows.map((row) => row.seq);
    expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
    const versions = rows.map((row) => `${row.returnNo}/${row.version}`);
    expect(new Set(versions).size).toBe(versions.length);
  });

  test('a day cut in its middle ends like one that was not cut, each return and goods-in once', async () => {
    const day = { seed: 9, scenario: 'trading-day', returns: 20, receipts: 3, spreadMs: 1200 } as const;
    const told = async (sandbox: Sandbox) => {
      const { stock } = await control(sandbox, 'GET', 'books/archean');
      const { totals } = await control(sandbox, 'GET', 'reckoning');
      return { stock, totals, play: sandbox.world().play?.state() };
    };
    const whole = await start({ reset: day });
    await until(() => whole.world().play?.state().state === 'played', 'the day is played');
    const expected = await told(whole);
    let cut = await start({ file: join(dir, 'books'), reset: day });
    for (const emitted of [3, 9, 15]) {
      await until(() => (cut.world().play?.state().emitted ?? 0) >= emitted, `${emitted} events have come`);
      await end(cut);
      cut = await start({ file: join(dir, 'books'), reset: { seed: 1 } });
    }
    await until(() => cut.world().play?.state().state === 'played', 'the rest of the day is played');
    expect(await told(cut)).toEqual(expected);
  });

  test('queued documents, cycle numbers, periods, faults, clock and mails go on', async () => {
    const file = join(dir, 'books');
    const first = await start({ file, reset: STILL });
    await control(first, 'POST', 'blue-cherry/cycle', { do: 'run' });
    await control(first, 'POST', 'events', { system: 'blue-cherry', type: 'order.placed' });
    const queued = await typeIn(first);
    await control(first, 'POST', 'blue-cherry/cycle', { do: 'hold' });
    await control(first, 'POST', 'blue-cherry/period', { period: '2020-02', state: 'closed' });
    await control(first, 'POST', 'faults', { operation: 'read', kind: 'status-503', times: 2 });
    await control(first, 'POST', 'clock', { advanceMs: 90 * 86_400_000 });
    await control(first, 'POST', 'mailbox', { to: 'fin-1@example.com', subject: 'kept', text: 'yes' });
    const before = {
      cycle: await control(first, 'GET', 'blue-cherry/cycle'),
      documents: await documents(first),
      faults: await control(first, 'GET', 'faults'),
      mails: await control(first, 'GET', 'mailbox'),
      date: (await control(first, 'GET', 'clock'))['businessDate'],
    };
    await end(first);

    const again = await start({ file });
    expect({
      cycle: { ...(await control(again, 'GET', 'blue-cherry/cycle')), now: 0, nextAt: 0 },
      documents: await documents(again),
      faults: await control(again, 'GET', 'faults'),
      mails: await control(again, 'GET', 'mailbox'),
      date: (await control(again, 'GET', 'clock'))['businessDate'],
    }).toEqual({ ...before, cycle: { ...before.cycle, now: 0, nextAt: 0 } });
    const periods = await fetch(`${again.systems['blue-cherry']}/periods`, { headers: KEY });
    expect(periods.status).toBe(503);
    await control(again, 'DELETE', 'faults');
    const seen = await fetch(`${again.systems['blue-cherry']}/periods`, { headers: KEY });
    expect(await seen.text()).toContain(
      '"code":"2020-02","firstDay":"2020-02-01","lastDay":"2020-02-29","state":"closed"',
    );
    const { cycleNo } = (await control(again, 'POST', 'blue-cherry/cycle', { do: 'run' })) as { cycleNo: number };
    expect(cycleNo).toBe(Number(before.cycle['cycleNo']) + 1);
    const posted = (await documents(again)).find((one) => one['number'] === queued);
    expect(posted).toMatchObject({ status: 'POSTED', batchId: cycleNo });
    expect(await typeIn(again)).not.toBe(queued);
  });

  test('a document is one and the same by its number and by its reference after a new start', async () => {
    const file = join(dir, 'books');
    const first = await start({ file, reset: { ...STILL, scenario: 'trading-day', returns: 4, spreadMs: 10 } });
    const open = (await documents(first)).length;
    const shipped = [...first.world().reckoning.returnable()][0];
    const body = {
      externalRef: 'REF-1',
      postingDate: first.world().clock.businessDate(),
      warehouse: '01',
      division: shipped?.order.division,
      reasonCode: 'RETURN',
      lines: [{ sku: shipped?.line.sku, quantity: 1 }],
    };
    const reply = await fetch(`${first.systems['blue-cherry']}/inventory-adjustments`, {
      method: 'POST',
      headers: KEY,
      body: JSON.stringify(body),
    });
    expect([reply.status, reply.ok ? '' : await reply.text()]).toEqual([202, '']);
    await end(first);
    const again = await start({ file });
    expect((await documents(again)).length).toBe(open + 1);
    expect((await control(again, 'GET', 'blue-cherry/references'))['references']).toEqual({ 'REF-1': 0 });
    await control(again, 'POST', 'blue-cherry/cycle', { do: 'run' });
    expect((await control(again, 'GET', 'blue-cherry/references'))['references']).toEqual({ 'REF-1': 1 });
  });

  test('a reset replaces what the file holds', async () => {
    const file = join(dir, 'books');
    const first = await start({ file, reset: STILL });
    const number = await typeIn(first);
    await control(first, 'POST', 'reset', { ...STILL, seed: 8 });
    copyFileSync(file, join(dir, 'copy'));
    const again = await start({ file: join(dir, 'copy') });
    expect(await numbers(again)).not.toContain(number);
    expect(again.world().wanted.seed).toBe(8);
  });

  test('a file of something else is refused with its name and what to do', async () => {
    const file = join(dir, 'books');
    writeFileSync(file, 'a shopping list');
    await expect(startSandbox({ file })).rejects.toThrow(
      `${file} is not a file of this release's sandbox. Move it away`,
    );
  });

  test('when the disk takes no more, the sandbox says so and answers nothing that is not kept', async () => {
    mkdirSync(join(dir, 'gone'));
    const failures: Error[] = [];
    const failed = (error: Error): void => void failures.push(error);
    const sandbox = await startSandbox({ file: join(dir, 'gone', 'books'), reset: STILL, failed });
    rmSync(join(dir, 'gone'), { recursive: true });
    const answer = fetch(`${sandbox.url}/_sandbox/mailbox`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ to: 'a@example.com', subject: 'lost' }),
      signal: AbortSignal.timeout(1500),
    });
    await expect(answer).rejects.toThrow(/timeout|aborted/i);
    expect(failures[0]?.message).toContain('ENOENT');
    await expect(sandbox.close()).rejects.toThrow('ENOENT');
  });
});
