/** Clocks one unit each side of their warning and due moments, over the bundled saga and the policy as shipped (A14). */
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { clockFor } from '../../domain/timers.js';
import { closeDrivers } from '../support/driver.js';
import { aReturn, expensiveReturn, shippedPolicy } from '../support/returns.js';
import { startWorld, type World, type WorldOptions } from '../support/world.js';

const UNIT = 1_000;
const at = (instant: string): number => Date.parse(instant);
const policy = shippedPolicy();

describe('clocks of a return', () => {
  let world: World;
  afterEach(() => world.driver.dispose());
  afterAll(closeDrivers);
  const start = async (options: WorldOptions = {}): Promise<void> => {
    world = await startWorld({ latency: () => 0, ...options });
  };
  /** Virtual time moves to an instant, and everything due by then has happened. */
  const until = (instant: number): Promise<void> => world.driver.wait(instant - world.driver.now);
  /** Moments of a clock that began at an instant, by the policy as shipped. */
  const momentsFrom = (timer: string, startedAt: number): { warn: number[]; due: number } => {
    const clock = clockFor(policy, timer, new Date(startedAt).toISOString());
    return { warn: clock.warnAt.map(at), due: at(clock.dueAt ?? '') };
  };
  const slow = (step: string, known: number) => (made: World) => {
    made.erp.pace = (of) => ({ leaves: 0, known: of === step ? known : 1 });
  };
  const DAYS = 86_400_000;

  /** Looks one unit before each moment, and at it: `seen` counts what has been said by then. */
  async function bothSides(moments: readonly number[], seen: () => number): Promise<void> {
    for (const moment of moments) {
      const before = seen();
      await until(moment - UNIT);
      expect(seen()).toBe(before);
      await until(moment);
      expect(seen()).toBe(before + 1);
    }
  }

  test('T-30: an approval is warned of at 4 h and one business day, and is due at two', async () => {
    await start({ return: expensiveReturn() });
    await world.untilAsked('credit-limit');
    const began = world.driver.commands.find(({ detail }) => detail === 'desk.openQuestion')?.at ?? 0;
    const { warn, due } = momentsFrom('T-30', began);
    expect(warn).toHaveLength(2);
    await bothSides([...warn, due], () => world.desk.escalated.length);
    expect(world.desk.escalated).toEqual(['warning T-30', 'warning T-30', 'due T-30']);
    expect(world.driver.attributes['Attention']).toBe('escalated');
    // No clock decides: the question is open as before.
    expect(world.desk.open).toHaveLength(1);
  });

  test('T-30 over a weekend: Friday evening to Wednesday, not Sunday', async () => {
    await start({ return: expensiveReturn(), startAt: '2026-03-13T17:00:00.000Z' });
    await world.untilAsked('credit-limit');
    await until(at('2026-03-16T08:59:59.000Z'));
    expect(world.desk.escalated).toEqual([]);
    await until(at('2026-03-17T16:59:59.000Z'));
    expect(world.desk.escalated).not.toContain('due T-30');
    await until(at('2026-03-17T17:00:01.000Z'));
    expect(world.desk.escalated).toContain('due T-30');
  });

  test('T-30 over the change to summer time: business hours are the wall clock of the company', async () => {
    // Clocks in London go forward on Sunday 29 March 2026: 17:00 on Monday 30 March is 16:00 UTC.
    await start({ return: expensiveReturn(), startAt: '2026-03-26T17:00:00.000Z' });
    await world.untilAsked('credit-limit');
    await until(at('2026-03-30T15:59:59.000Z'));
    expect(world.desk.escalated).not.toContain('due T-30');
    await until(at('2026-03-30T16:00:01.000Z'));
    expect(world.desk.escalated).toContain('due T-30');
  });

  test('T-36: a refused document is warned of and due by its own clock', async () => {
    await start({ prepare: (made) => void (made.erp.verdict = (step) => (step === 'credit-memo' ? {} : null)) });
    await world.untilAsked('credit-memo-refused');
    const opened = world.driver.calls.find(({ type }) => type === 'desk.openQuestion');
    const { warn, due } = momentsFrom('T-36 high', opened?.at ?? 0);
    await bothSides([...warn, due], () => world.desk.escalated.length);
    expect(world.desk.escalated).toEqual(['warning T-36', 'due T-36']);
  });

  test('T-36: a question of medium severity has three business days, a reminder at half of them', async () => {
    await start({ return: aReturn({ lines: [{ sku: '00123', quantity: 9, refundUnitPrice: '10.00' }] }) });
    await world.untilAsked('quantity');
    const opened = world.driver.calls.find(({ type }) => type === 'desk.openQuestion');
    const { warn, due } = momentsFrom('T-36 medium', opened?.at ?? 0);
    expect([warn.length, due - (opened?.at ?? 0)]).toEqual([1, 3 * DAYS]);
    await bothSides([...warn, due], () => world.desk.escalated.length);
    expect(world.desk.escalated).toEqual(['warning T-36', 'due T-36']);
  });

  test('T-04: a credit that is not posted in time is X-37, one unit before it is nothing', async () => {
    await start({ prepare: slow('credit-memo', 30 * DAYS) });
    const { due } = momentsFrom('T-04', world.driver.now);
    await until(due - UNIT);
    expect(world.desk.raised).toEqual([]);
    expect(world.driver.attributes['Attention']).not.toBe('stuck');
    await until(due);
    expect(world.desk.raised).toEqual(['X-37']);
    expect(world.driver.attributes['Attention']).toBe('stuck');
  });

  test('T-04: the time a person takes is not counted against the ERP', async () => {
    await start({ return: expensiveReturn() });
    await world.untilAsked('credit-limit');
    world.erp.pace = () => ({ leaves: 0, known: 30 * DAYS });
    await until(momentsFrom('T-04', at('2026-03-10T10:00:00.000Z')).due + UNIT);
    expect(world.desk.raised).toEqual([]);
  });

  test('T-04: after an answer the clock goes on with what was left of it, one unit each side', async () => {
    await start({ return: expensiveReturn() });
    await world.untilAsked('credit-limit');
    world.erp.pace = () => ({ leaves: 0, known: 30 * DAYS });
    const asked = world.driver.now;
    const spent = asked - at('2026-03-10T10:00:00.000Z');
    // Wednesday 11:00, two business days and an hour later: people took 17 business hours and more.
    await until(at('2026-03-12T11:00:00.000Z'));
    world.decide('credit-limit', 'approve');
    const { due } = momentsFrom('T-04', world.driver.now - spent);
    await until(due - UNIT);
    expect(world.desk.raised).toEqual([]);
    await until(due + UNIT);
    expect(world.desk.raised).toEqual(['X-37']);
  });

  test.each([
    ['T-04', 3],
    ['T-05', 30],
  ])('%s is met when only people were slow, for %i hours', async (timer, hours) => {
    await start({ return: expensiveReturn() });
    await world.untilAsked('credit-limit');
    world.driver.later(hours * 3_600_000, () => world.decide('credit-limit', 'approve'));
    await world.driver.run();
    expect(world.driver.ended).toMatchObject({ result: { outcome: 'posted' } });
    expect(world.desk.raised).toEqual([]);
    expect(world.recordedClocks.filter((clock) => clock.timer === timer).map(({ end }) => end)).toEqual(['met']);
  });

  test('T-05: after a release by T-38 the hour for the credit counts from the approval', async () => {
    await start({ return: expensiveReturn() });
    await world.untilAsked('credit-limit');
    await world.driver.run(() => world.erp.live().length === 1);
    world.erp.pace = () => ({ leaves: 0, known: 30 * DAYS });
    await until(at('2026-03-12T11:00:00.000Z'));
    expect(world.desk.raised).toEqual([]);
    world.decide('credit-limit', 'approve');
    const { due } = momentsFrom('T-05', world.driver.now);
    await until(due - UNIT);
    expect(world.desk.raised).toEqual([]);
    await until(due + UNIT);
    expect(world.desk.raised).toEqual(['X-10']);
  });

  test('T-05: the missing half is X-10 an hour after the first, one unit before it is nothing', async () => {
    await start({ prepare: slow('restock', 30 * DAYS) });
    await world.driver.run(() => world.erp.live().length === 1);
    const { due } = momentsFrom('T-05', world.driver.now);
    await until(due - UNIT);
    expect(world.desk.raised).toEqual([]);
    await until(due);
    expect(world.desk.raised).toEqual(['X-10']);
    expect(world.driver.attributes['Attention']).toBe('half-posted');
  });

  test('T-05: the other half in the very instant it is due is met, whichever is seen first', async () => {
    for (const seed of [0.1, 0.9]) {
      const half = policy.timers['T-05']?.dueMs ?? 0;
      await start({ chance: () => seed, prepare: slow('restock', half) });
      await world.driver.run();
      expect(world.driver.ended).toMatchObject({ how: 'completed' });
      expect(world.recordedClocks.find(({ timer }) => timer === 'T-05')).toMatchObject({ end: 'met' });
    }
  });

  test('T-38: the restock goes ahead half an hour after the credit began to wait, not one unit sooner', async () => {
    await start({ return: expensiveReturn(), prepare: slow('restock', 1) });
    await world.untilAsked('credit-limit');
    const release = [...world.driver.timers.values()].find(({ summary }) => summary.startsWith('T-38'));
    const due = release?.at ?? 0;
    expect(due - at('2026-03-10T10:00:00.000Z')).toBe(30 * 60_000);
    await until(due - UNIT);
    expect(world.erp.rows.size).toBe(0);
    await until(due + UNIT);
    expect(world.erp.live().map(({ step }) => step)).toEqual(['restock']);
  });

  test('T-38: an approval in time lets the credit go first', async () => {
    await start({ return: expensiveReturn() });
    await world.untilAsked('credit-limit');
    await until(at('2026-03-10T10:29:00.000Z'));
    world.decide('credit-limit', 'approve');
    await world.driver.run();
    expect(world.erp.sent.map((reference) => reference.split('/').at(-1))).toEqual(['credit-memo', 'restock']);
  });

  test('T-39: an order that does not come is waited for until it is due, then asked about', async () => {
    await start({ prepare: (made) => void (made.soldThere = false) });
    const { due } = momentsFrom('T-39', at('2026-03-10T10:00:00.000Z'));
    await until(due - UNIT);
    expect(world.desk.askings).toEqual([]);
    await until(due + 3 * 3_600_000);
    expect(world.asked()).toBe('original-order');
  });

  test('T-39: an order that comes a unit before is found, and nobody is asked', async () => {
    await start({ prepare: (made) => void (made.soldThere = false) });
    const { due } = momentsFrom('T-39', at('2026-03-10T10:00:00.000Z'));
    world.driver.later(due - world.driver.now - UNIT, () => (world.soldThere = true));
    await world.driver.run();
    expect(world.driver.ended).toMatchObject({ result: { outcome: 'posted' } });
    expect(world.desk.askings).toEqual([]);
  });

  test('a healthy week raises no breach: returns at every hour, weekend and all', async () => {
    const ends: string[] = [];
    for (let hour = 0; hour < 7 * 24; hour += 6) {
      const startAt = new Date(at('2026-03-23T00:00:00.000Z') + hour * 3_600_000).toISOString();
      // Fifteen-minute cycles; approvals take two hours.
      await start({
        startAt,
        return: hour % 4 === 0 ? expensiveReturn() : aReturn(),
        prepare: (made) => {
          made.erp.pace = () => ({ leaves: 2_000, known: 15 * 60_000 });
          made.desk.onAsked = (asking) =>
            made.driver.later(2 * 3_600_000, () => made.decide(asking.question.question, 'approve'));
        },
      });
      await world.driver.run();
      ends.push(world.driver.ended?.how ?? 'open');
      const said = world.desk.escalated.filter((each) => each.startsWith('due'));
      expect([startAt, ...world.desk.raised, ...said]).toEqual([startAt]);
      expect(world.recordedClocks.filter(({ end }) => end === 'missed')).toEqual([]);
      await world.driver.dispose();
    }
    expect(new Set(ends)).toEqual(new Set(['completed']));
  });
});
