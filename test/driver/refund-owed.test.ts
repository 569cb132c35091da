/** T-40: goods are back and the customer is owed a refund, one unit each side of its warning and due moments (R-809, A14). */
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { clockFor } from '../../domain/timers.js';
import type { ReturnDocument } from '../../domain/return/document.js';
import { closeDrivers } from '../support/driver.js';
import { aReturn, expensiveReturn, shippedPolicy, type AReturn } from '../support/returns.js';
import { startWorld, type World, type WorldOptions } from '../support/world.js';

const UNIT = 1_000;
const DAY = 86_400_000;
const STARTED = '2026-03-10T10:00:00.000Z';
const at = (instant: string): number => Date.parse(instant);
const policy = shippedPolicy();

/** A return whose credit waits for an approval, changed as told. */
const waiting = (change: Partial<ReturnDocument>, more: Partial<AReturn> = {}): AReturn => {
  const about = expensiveReturn();
  return { ...about, ...more, document: { ...about.document, ...change } };
};
const onAccount = { refund: { kind: 'on-account' as const, reference: '' } };

describe('T-40: a refund owed after the goods are back', () => {
  let world: World;
  afterEach(() => world.driver.dispose());
  afterAll(closeDrivers);
  const start = async (about: AReturn, options: WorldOptions = {}): Promise<void> => {
    world = await startWorld({ latency: () => 0, ...options, return: about });
  };
  const until = (instant: number): Promise<void> => world.driver.wait(instant - world.driver.now);
  /** Severity and sentence of every X-61 raised so far. */
  const raised = (): string[] =>
    world.driver.calls
      .filter(({ type }) => type === 'desk.raise')
      .map(({ input }) => input as { code: string; severity?: string; subject?: string })
      .map(({ code, severity, subject }) => `${code} ${subject ?? ''} ${severity ?? 'high'}`);
  const clock = (): string | undefined => world.recordedClocks.find(({ timer }) => timer === 'T-40')?.end;

  test('is warned of at 7 calendar days, and is X-61 critical at 14; nothing one unit before', async () => {
    await start(waiting(onAccount));
    await world.untilAsked('credit-limit');
    const { warnAt, dueAt } = clockFor(policy, 'T-40', STARTED);
    expect([...warnAt, dueAt]).toEqual(['2026-03-17T10:00:00.000Z', '2026-03-24T10:00:00.000Z']);
    const [warn = 0, due = 0] = [...warnAt, dueAt ?? ''].map(at);
    await until(warn - UNIT);
    expect(raised()).toEqual([]);
    await until(warn);
    expect(raised()).toEqual(['X-61 refund high']);
    await until(due - UNIT);
    expect(raised()).toEqual(['X-61 refund high']);
    await until(due);
    expect(raised()).toEqual(['X-61 refund high', 'X-61 refund critical']);
    // No clock decides: the approval is open as before, and its answer still posts.
    world.decide('credit-limit', 'approve');
    await world.driver.run();
    expect(world.driver.ended).toMatchObject({ result: { outcome: 'posted' } });
    expect(clock()).toBe('missed');
    expect(world.driver.calls.filter(({ type }) => type === 'desk.clear').map(({ input }) => input)).toMatchObject([
      { code: 'X-61', subject: 'refund' },
    ]);
  });

  test('is met by a credit one unit before it is due, missed one unit after, and not told of before its warning', async () => {
    for (const [before, end, told] of [
      [7 * DAY - UNIT, 'met', 0],
      [14 * DAY - UNIT, 'met', 1],
      [14 * DAY + UNIT, 'missed', 2],
    ] as const) {
      await start(waiting(onAccount), {
        prepare: (made) => void (made.erp.pace = () => ({ leaves: 0, known: 1 })),
      });
      await world.untilAsked('credit-limit');
      await until(at(STARTED) + before);
      world.decide('credit-limit', 'approve');
      await world.driver.run();
      expect([before, clock(), raised().length]).toEqual([before, end, told]);
      await world.driver.dispose();
    }
    await start(waiting(onAccount));
  });

  test('counts calendar days: over the change to summer time it is due at the same time of day', async () => {
    await start(waiting(onAccount), { startAt: '2026-03-26T10:00:00.000Z' });
    await world.untilAsked('credit-limit');
    await until(at('2026-04-02T08:59:59.000Z'));
    expect(raised()).toEqual([]);
    await until(at('2026-04-09T08:59:59.000Z'));
    expect(raised()).toEqual(['X-61 refund high']);
    await until(at('2026-04-09T09:00:00.000Z'));
    expect(raised()).toEqual(['X-61 refund high', 'X-61 refund critical']);
  });

  test('is per market: the place of the return, or else its currency, may have its own limit', async () => {
    const days = (warn: number, due: number) => ({
      ...{ warnMs: [warn * DAY], dueMs: due * DAY, calendar: 'calendar' as const },
    });
    const document = waiting(onAccount).document;
    const timers = { [`T-40 ${document.location}`]: days(1, 2), [`T-40 ${document.currency}`]: days(3, 4) };
    for (const [own, due] of [
      [timers, 2],
      [{ [`T-40 ${document.currency}`]: days(3, 4) }, 4],
    ] as const) {
      await start(waiting(onAccount, { policy: { ...policy, timers: { ...policy.timers, ...own } } }));
      await world.untilAsked('credit-limit');
      await until(at(STARTED) + due * DAY - UNIT);
      expect(raised()).toEqual(['X-61 refund high']);
      await until(at(STARTED) + due * DAY);
      expect(raised()).toEqual(['X-61 refund high', 'X-61 refund critical']);
      await world.driver.dispose();
    }
    await start(waiting(onAccount));
  });

  test('does not run where nothing is owed: refunded already, goods not back, an exchange', async () => {
    const exchange = { lines: [{ sku: '00123', quantity: 1, unitPrice: '900.00', taxAmount: '0.00' }] };
    for (const change of [
      { refund: { kind: 'refunded' as const, reference: 'PAY-1' } },
      { ...onAccount, restocked: false },
      { refund: { kind: 'none' as const, reference: '' }, exchange },
    ]) {
      await start(waiting(change));
      await world.driver.wait(30 * DAY);
      expect(raised().filter((each) => each.startsWith('X-61'))).toEqual([]);
      await world.driver.dispose();
    }
    await start(aReturn());
  });
});
