import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { live } from '../support/chaos.js';
import { closeDrivers } from '../support/driver.js';
import type { World } from '../support/world.js';

/** `SELVEDGE_SEED=17` runs that life alone; `SELVEDGE_RUNS=5000` runs so many. */
const ONE = process.env['SELVEDGE_SEED'];
const RUNS = Number(process.env['SELVEDGE_RUNS'] ?? 240);
/** A life is a second of computing at most; other work on the machine must not decide. */
const LONGEST_MS = RUNS * 2_000;
const SEEDS = ONE === undefined ? Array.from({ length: RUNS }, (_, index) => index + 1) : [Number(ONE)];

/** Decisions after which one half may stand alone, because a person said so. */
const ALONE = ['write-off', 'quarantine', 'keep', 'reject', 'done-by-hand', 'cancel-order', 'already-entered'];

/** What is wrong with how a life ended; empty when nothing is. */
function faultsOf(world: World): string[] {
  const { driver, erp, desk } = world;
  const faults: string[] = [];
  const chosen = desk.decided.map((each) => each.split(': ')[1] ?? '');
  const ended = driver.ended;
  if (ended === undefined) {
    faults.push(`it neither ended nor waits: asked ${world.asked() || 'nothing'}`);
    return faults;
  }
  if (ended.how === 'failed') faults.push(`it failed: ${ended.error?.message ?? ''}`);
  if (desk.open.length > 0) faults.push(`it ended with ${world.asked()} still asked`);
  const [credits, restocks] = [erp.live('credit-memo').length, erp.live('stock-adjustment').length];
  const outcome = (ended.result as { outcome?: string } | undefined)?.outcome ?? ended.how;
  const alone = credits > 0 !== restocks > 0;
  if (alone && !chosen.some((choice) => ALONE.includes(choice))) {
    faults.push(`it ended ${outcome} with ${credits} credits and ${restocks} adjustments, and nobody said so`);
  }
  if (outcome === 'posted' && alone) faults.push(`it says posted with ${credits} credits and ${restocks} adjustments`);
  if (['declined', 'cancelled'].includes(outcome) && credits + restocks > 0 && !chosen.includes('done-by-hand')) {
    faults.push(`it ended ${outcome} with ${credits} credits and ${restocks} adjustments in the books`);
  }
  faults.push(...faultsOfPostings(world));
  return faults;
}

function faultsOfPostings({ driver, erp, desk, finished }: World): string[] {
  const faults: string[] = [];
  const counts = new Map<string, number>();
  for (const reference of erp.sent) counts.set(reference, (counts.get(reference) ?? 0) + 1);
  for (const row of erp.rows.values()) {
    if (row.state === 'intended' || row.state === 'sent') faults.push(`${row.step} is still ${row.state}`);
    if (row.state === 'rejected') faults.push(`${row.step} was refused and nothing became of it`);
    const sent = counts.get(row.reference) ?? 0;
    if (sent > row.revision) faults.push(`${row.step} was sent ${sent} times under ${row.revision} revisions`);
  }
  const undone = erp.sent.filter((reference) => reference.endsWith('/undo'));
  const asked = /reverse|send-back/;
  if (undone.length > 0 && !desk.decided.some((each) => asked.test(each))) {
    faults.push(`${undone.join()} was undone without a decision`);
  }
  if (driver.ended?.how === 'completed' && finished === undefined) faults.push('it ended without its finish');
  return faults;
}

describe('random lives of a return', () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  beforeEach(() => void process.on('unhandledRejection', note));
  afterEach(() => void process.off('unhandledRejection', note));
  afterAll(closeDrivers);

  test(
    `${SEEDS.length} lives all end as their decisions say`,
    async () => {
      const bad: string[] = [];
      const ends = new Map<string, number>();
      for (const seed of SEEDS) {
        try {
          const world = await live(seed);
          const faults = faultsOf(world);
          if (faults.length > 0)
            bad.push(`SELVEDGE_SEED=${seed}: ${faults.join('; ')} [${world.desk.decided.join(', ')}]`);
          const result = world.driver.ended?.result as { outcome?: string } | undefined;
          const end = result?.outcome ?? world.driver.ended?.how ?? 'open';
          ends.set(end, (ends.get(end) ?? 0) + 1);
          await world.driver.dispose();
        } catch (error) {
          bad.push(`SELVEDGE_SEED=${seed}: ${(error as Error).message}`);
        }
      }
      expect(bad).toEqual([]);
      expect(unhandled).toEqual([]);
      if (ONE !== undefined) return;
      // Were these ways not taken, the lives would prove little.
      for (const end of ['posted', 'posted-with-write-off', 'declined', 'cancelled', 'kept']) {
        expect([end, ends.get(end) ?? 0]).toEqual([end, expect.any(Number)]);
        expect(ends.get(end) ?? 0).toBeGreaterThan(0);
      }
    },
    LONGEST_MS,
  );
});
