import { afterAll, describe, expect, test } from '@jest/globals';
import { closeDrivers } from '../support/driver.js';
import { expensiveReturn } from '../support/returns.js';
import { startWorld, stepsOf } from '../support/world.js';

describe('the return saga in the driver', () => {
  afterAll(closeDrivers);

  test('a plain return posts credit, then restock, and ends', async () => {
    const world = await startWorld();
    await world.driver.run();
    expect(world.driver.ended).toMatchObject({ how: 'completed', result: { outcome: 'posted' } });
    expect(world.erp.live().map(({ step }) => step)).toEqual(['credit-memo', 'restock']);
    await world.driver.dispose();
  });

  test('the steps of a return are enumerated from a run', async () => {
    expect(await stepsOf()).toEqual(['credit-memo', 'restock']);
  });

  test('an approval is asked, given by an update, and the credit goes on', async () => {
    const world = await startWorld({ return: expensiveReturn() });
    await world.untilAsked('credit-limit');
    const progress = await world.driver.query<{ questions: { asking: number; shown: string }[] }>('progress');
    const [asked] = progress.questions;
    const update = world.driver.update('decide', {
      ...{ question: 'credit-limit', choice: 'approve', why: 'ok', by: 'fin-1', data: {} },
      ...{ asking: asked?.asking, shown: asked?.shown },
    });
    await world.driver.run();
    expect(update).toMatchObject({ state: 'completed', result: 'Decided: approve' });
    expect(world.driver.ended).toMatchObject({ result: { outcome: 'posted' } });
    await world.driver.dispose();
  });

  test('a cancelled return that has not posted ends cancelled with nothing in the books', async () => {
    const world = await startWorld({ return: expensiveReturn() });
    await world.untilAsked('credit-limit');
    world.driver.cancel();
    await world.driver.run();
    expect(world.driver.ended?.how).toBe('cancelled');
    expect(world.erp.live()).toEqual([]);
    expect(world.givenBack).toBe(1);
    await world.driver.dispose();
  });

  test('a document refused and tried again keeps its one reference', async () => {
    const world = await startWorld({
      prepare: (made) => {
        made.erp.verdict = (step, attempt) => (step.startsWith('credit-memo') && attempt === 1 ? {} : null);
      },
    });
    await world.driver.run(() => world.desk.open.length > 0);
    await world.driver.wait(100);
    world.decide('credit-memo-refused', 'retry');
    await world.driver.run();
    const asked = world.driver.calls.filter(({ type }) => type === 'blueCherry.postCreditMemo');
    const references = asked.map(({ input }) => (input as { reference: string }).reference);
    expect(references).toEqual(['return-to-stock:archean:R1/credit-memo', 'return-to-stock:archean:R1/credit-memo']);
    await world.driver.dispose();
  });
});
