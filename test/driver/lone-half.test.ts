import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { sale } from '../unit/domain/returns.js';
import { closeDrivers } from '../support/driver.js';
import { aReturn, expensiveReturn, laterVersion } from '../support/returns.js';
import { startWorld, type World, type WorldOptions } from '../support/world.js';

const twoOrders = () =>
  aReturn({
    lines: [
      { sku: '00123', quantity: 1, refundUnitPrice: '10.00' },
      { sku: '00456', quantity: 1, refundUnitPrice: '8.00', orderNo: 'A2', orderLine: 1 },
    ],
    sales: [
      sale('A1', [{ sku: '00123', quantity: 1, unitPrice: '10.00' }]),
      sale('A2', [{ sku: '00456', quantity: 1, unitPrice: '8.00' }]),
    ],
  });

describe('a half that stands alone', () => {
  let world: World;
  afterEach(() => world.driver.dispose());
  afterAll(closeDrivers);
  const start = async (options: WorldOptions): Promise<void> => {
    world = await startWorld(options);
  };
  /** Says no to the first `times` sendings of a step. */
  const refusing =
    (step: string, times = 1) =>
    (made: World): void => {
      made.erp.verdict = (of, attempt, kind) => (kind === 'post' && of === step && attempt <= times ? {} : null);
    };
  const books = (): string[] => world.erp.live().map(({ step }) => step);
  const answer = async (question: string, choice: string, data: Record<string, string> = {}): Promise<void> => {
    await world.untilAsked(question);
    world.decide(question, choice, data);
  };

  test('restock went ahead, its credit was declined: keep with credit posts the credit after all', async () => {
    await start({ return: expensiveReturn() });
    await world.untilAsked('credit-limit');
    await world.driver.run(() => world.erp.live().length === 1);
    world.decide('credit-limit', 'reject');
    await answer('restocked-without-credit', 'keep-with-credit');
    await world.driver.run();
    expect(world.driver.ended?.result).toMatchObject({ outcome: 'posted' });
    expect(books().sort()).toEqual(['credit-memo', 'restock']);
  });

  test('a credit that the ERP refused and a person kept with credit is posted as a new revision', async () => {
    await start({ return: expensiveReturn(), prepare: refusing('credit-memo') });
    await world.untilAsked('credit-limit');
    await world.driver.run(() => world.erp.live().length === 1);
    world.decide('credit-limit', 'approve');
    await answer('credit-memo-refused', 'reject');
    await answer('restocked-without-credit', 'keep-with-credit');
    await world.driver.run();
    expect(world.driver.ended?.result).toMatchObject({ outcome: 'posted' });
    expect(books().sort()).toEqual(['credit-memo', 'restock']);
  });

  test('kept with credit and refused once more, it is asked once more, and send back undoes the restock', async () => {
    await start({ return: expensiveReturn(), prepare: refusing('credit-memo', 2) });
    await world.untilAsked('credit-limit');
    await world.driver.run(() => world.erp.live().length === 1);
    world.decide('credit-limit', 'approve');
    await answer('credit-memo-refused', 'reject');
    await answer('restocked-without-credit', 'keep-with-credit');
    await answer('credit-memo-refused', 'reject');
    await answer('restocked-without-credit', 'send-back');
    await world.driver.run();
    expect(world.driver.ended?.result).toMatchObject({ outcome: 'declined' });
    expect(books()).toEqual([]);
  });

  test('a quarantine whose second move is refused is asked about again and finished on the second answer', async () => {
    await start({ return: expensiveReturn(), prepare: refusing('quarantine-restock-in') });
    await world.untilAsked('credit-limit');
    await world.driver.run(() => world.erp.live().length === 1);
    world.decide('credit-limit', 'reject');
    await answer('restocked-without-credit', 'quarantine');
    await answer('quarantine-restock-in-refused', 'reject');
    await answer('restocked-without-credit', 'quarantine');
    await world.driver.run();
    expect(world.driver.ended?.result).toMatchObject({ outcome: 'kept' });
    expect(books()).toEqual(['restock', 'quarantine-restock-out', 'quarantine-restock-in']);
  });

  test('one of two memos refused: what is credited is asked about, not a restock that never was', async () => {
    await start({ return: twoOrders(), prepare: refusing('credit-memo-2') });
    await answer('credit-memo-2-refused', 'reject');
    await answer('credited-without-restock', 'reverse');
    await world.driver.run();
    expect(world.driver.ended?.result).toMatchObject({ outcome: 'declined' });
    expect(books()).toEqual([]);
  });

  test('cancelled between the halves, go on posts the missing half', async () => {
    await start({});
    await world.driver.run(() => world.erp.live().length === 1);
    world.driver.cancel();
    await answer('cancel-after-posting', 'go-on');
    await world.driver.run();
    expect(world.driver.ended?.result).toMatchObject({ outcome: 'posted' });
    expect(books()).toEqual(['credit-memo', 'restock']);
  });

  test('cancelled between the halves, a refused reversal shows half-compensated until a person has settled it', async () => {
    await start({
      prepare: (made) => {
        made.erp.verdict = (_, attempt, kind) =>
          kind === 'reverse' && attempt === 1 ? { type: 'PeriodClosed' } : null;
      },
    });
    await world.driver.run(() => world.erp.live().length === 1);
    world.driver.cancel();
    await answer('cancel-after-posting', 'reverse');
    await world.untilAsked('credit-memo-reversal-refused');
    expect(world.driver.attributes).toMatchObject({ Attention: 'half-compensated', Owner: 'finance' });
    expect(await world.driver.query('progress')).toMatchObject({
      status: 'half-compensated',
      questions: [{ code: 'X-43' }],
    });
    expect(books()).toEqual(['credit-memo']);
    world.decide('credit-memo-reversal-refused', 'retry');
    await world.driver.run();
    expect(world.driver.ended?.how).toBe('cancelled');
    expect(world.driver.attributes['Attention']).not.toBe('half-compensated');
    expect(books()).toEqual([]);
  });

  test('withdrawn between the halves, nothing more posts until the decision; reverse leaves nothing', async () => {
    await start({});
    await world.driver.run(() => world.erp.live().length === 1);
    world.arrive(laterVersion(world.about, 2, { state: 'withdrawn' }));
    await world.untilAsked('changed-after-posting');
    expect(books()).toEqual(['credit-memo']);
    world.decide('changed-after-posting', 'reverse');
    await world.driver.run();
    expect(world.driver.ended?.result).toMatchObject({ outcome: 'declined' });
    expect(books()).toEqual([]);
  });
});
