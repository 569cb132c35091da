import { fork, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { externalRefOf } from '../../activities/posting/reference.js';
import { DEVELOPMENT_PROFILE } from '../../sandbox/blue-cherry/index.js';
import { takenLanes } from '../../store/lanes.js';
import { attemptsOf, openFlags } from '../../store/postings.js';
import type { PausePoint } from '../../activities/posting/deps.js';
import { documentsOf, retried, settling, stockAsk } from '../activities/posting-support/asks.js';
import { createRig, TENANT, type Rig } from '../activities/posting-support/rig.js';
import { eventually } from '../support/eventually.js';

/** A worker stopped by the machine (SIGSTOP), at a chosen point of one posting, for longer than its deadline. */
let rig: Rig;
let child: ChildProcess | null = null;
beforeEach(async () => {
  rig = await createRig();
});
afterEach(async () => {
  child?.kill('SIGKILL');
  child = null;
  await rig.close();
});

const request = stockAsk(1, [1, 2]);
const reply = (from: ChildProcess) =>
  new Promise<unknown>((done, failed) => {
    from.once('message', done);
    from.once('exit', (code) => failed(new Error(`the attempt ended with ${code ?? 'a signal'} and said nothing`)));
  });

/** Starts the attempt and stops its process at `point`; `goOn` continues it and gives what came of the attempt. */
async function stoppedAt(point: PausePoint) {
  const attempt = fork(new URL('./support/attempt.mjs', import.meta.url), { execArgv: [] });
  child = attempt;
  const { databaseUrl, erpUrl, config } = rig;
  const there = reply(attempt);
  attempt.send({ databaseUrl, erpUrl, config, request, point, apiKey: DEVELOPMENT_PROFILE.apiKey });
  expect(await there).toEqual({ reached: point });
  attempt.kill('SIGSTOP');
  await eventually(() => Promise.resolve(stateOf(attempt) === 'T'), { within: 5_000 });
  // Told while it cannot hear: it goes on in the moment in which the machine does.
  attempt.send('go on');
  // The length of the stop is the subject: longer than the deadline, by the clock that the deadline runs by.
  await new Promise((done) => setTimeout(done, rig.config.sendDeadlineMs + 100));
  return () => {
    const outcome = reply(attempt);
    attempt.kill('SIGCONT');
    return outcome;
  };
}

/** `T`: stopped (proc(5), field 3 of stat; the name before it may hold blanks, so from its bracket on). */
const stateOf = (one: ChildProcess) => readFileSync(`/proc/${one.pid ?? 0}/stat`, 'utf8').split(') ')[1]?.[0];

const sends = () => rig.calls.of('blue-cherry').filter((call) => call.operation === 'inventory-adjustment').length;

describe('a worker stopped for longer than its deadline', () => {
  test('between reserve and check: others post meanwhile, and it sends nothing when it goes on', async () => {
    const goOn = await stoppedAt('between-reserve-and-check');
    expect(await takenLanes(rig.db, TENANT)).not.toEqual([]);
    const settle = settling(rig);
    const result = await retried(() => rig.blueCherry.postStockAdjustment(request), 60_000);
    await settle.stop();
    expect(sends()).toBe(1);

    const outcome = await goOn();
    expect(outcome).toEqual({ posted: result.documents.map((one) => one.number) });
    const attempts = await attemptsOf(rig.db, externalRefOf(request.reference, 1));
    expect(attempts.map((one) => one.outcome)).toContain('too-late');
    expect(sends()).toBe(1);
    expect(documentsOf(rig, request.reference)).toHaveLength(1);
    expect(await takenLanes(rig.db, TENANT)).toEqual([]);
    expect(await openFlags(rig.db, TENANT)).toEqual([]);
  });

  test('between send and record: settle has told the outcome, and its late word changes nothing', async () => {
    const goOn = await stoppedAt('between-send-and-record');
    expect(sends()).toBe(1);
    const settle = settling(rig);
    const result = await retried(() => rig.blueCherry.postStockAdjustment(request), 60_000);
    await settle.stop();

    expect(await goOn()).toEqual({ posted: result.documents.map((one) => one.number) });
    expect(sends()).toBe(1);
    expect(documentsOf(rig, request.reference)).toHaveLength(1);
    expect(await takenLanes(rig.db, TENANT)).toEqual([]);
    expect(await openFlags(rig.db, TENANT)).toEqual([]);
  });
});
