/** What lists of sagas and current details show of a return: search attributes, status, the way out (design.md 6). */
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import type { Progress } from '../../workflows/messages.js';
import { sale } from '../unit/domain/returns.js';
import { closeDrivers } from '../support/driver.js';
import { aReturn, expensiveReturn, laterVersion } from '../support/returns.js';
import { startWorld, type World, type WorldOptions } from '../support/world.js';

type Attributes = Record<string, unknown>;

describe('lists of sagas', () => {
  let world: World;
  afterEach(() => world.driver.dispose());
  afterAll(closeDrivers);
  const start = async (options: WorldOptions = {}): Promise<void> => {
    world = await startWorld(options);
  };
  /** Says no to the first sending of a step. */
  const refusing =
    (step: string, verdict = {}) =>
    (made: World): void => {
      made.erp.verdict = (of, attempt) => (of === step && attempt === 1 ? verdict : null);
    };
  const progress = (): Promise<Progress> => world.driver.query<Progress>('progress');
  /** Every value that the list showed of the saga, one per event. */
  const shown = (): Attributes[] =>
    world.driver.commands
      .filter(({ kind }) => kind === 'attributes')
      .map(({ detail }) => JSON.parse(detail) as Attributes);
  /** Stages in their order, each once. */
  const stages = (): unknown[] =>
    shown()
      .map(({ Stage }) => Stage)
      .filter((stage, index, all) => stage !== all[index - 1]);

  test('name the step that goes on, and at the end how it ended', async () => {
    await start();
    await world.driver.run();
    expect(stages()).toEqual(['credit-memo', 'restock', 'completed']);
  });

  test('show the number of the credit memo while the restock is on its way', async () => {
    await start();
    await world.driver.run();
    const restocking = shown().findLast(({ Stage }) => Stage === 'restock');
    expect(restocking?.['Counterparts']).toEqual(
      world.erp
        .live()
        .slice(0, 1)
        .map(({ number }) => number),
    );
    expect(shown().at(-1)?.['Counterparts']).toHaveLength(2);
  });

  test('name documents of one kind once, however many there are', async () => {
    const sales = ['A1', 'A2'].map((no) => sale(no, [{ sku: '00123', quantity: 1, unitPrice: '10.00' }]));
    const line = { sku: '00123', quantity: 1, refundUnitPrice: '10.00' };
    await start({ return: aReturn({ sales, lines: [line, { ...line, orderNo: 'A2', orderLine: 1 }] }) });
    await world.driver.run();
    expect(world.erp.live().map(({ step }) => step)).toEqual(['credit-memo', 'credit-memo-2', 'restock']);
    expect(stages()).toEqual(['credit-memo', 'restock', 'completed']);
  });

  test('show the division while a person is asked, before anything is posted', async () => {
    await start({ return: expensiveReturn() });
    await world.untilAsked('credit-limit');
    expect(world.driver.attributes).toMatchObject({ Stage: 'credit-limit', Owner: 'finance', Division: '10' });
  });

  test('an approval is waited for, a refused document is held', async () => {
    await start({ return: expensiveReturn(), prepare: refusing('credit-memo') });
    await world.untilAsked('credit-limit');
    expect((await progress()).status).toBe('waiting for approval');
    world.decide('credit-limit', 'approve');
    await world.untilAsked('credit-memo-refused');
    expect(await progress()).toMatchObject({ status: 'held', stage: 'credit-memo-refused' });
    expect(world.driver.attributes['Stage']).toBe('credit-memo-refused');
  });

  test('a document tried again is running, not refused', async () => {
    await start({ prepare: refusing('credit-memo') });
    await world.untilAsked('credit-memo-refused');
    world.erp.pace = () => ({ leaves: 5_000, known: 5_000 });
    world.decide('credit-memo-refused', 'retry');
    await world.driver.wait(1_000);
    const { status, stage, steps } = await progress();
    expect({ status, stage }).toEqual({ status: 'running', stage: 'credit-memo' });
    expect(steps.find(({ name }) => name === 'credit-memo')?.state).toBe('running');
  });

  test('another way into the books is offered only for the refusal it settles', async () => {
    const choicesFor = async (verdict: object): Promise<string[] | undefined> => {
      await start({ prepare: refusing('credit-memo', verdict) });
      await world.untilAsked('credit-memo-refused');
      return (await progress()).questions[0]?.choices;
    };
    expect(await choicesFor({ type: 'UnmappedLocation', code: 'X-03' })).toEqual([
      'retry',
      'already-entered',
      'reject',
    ]);
    await world.driver.dispose();
    const closed = await choicesFor({ type: 'PeriodClosed', code: 'X-24' });
    expect(closed).toEqual(['retry', 'open-period', 'already-entered', 'reject']);
  });

  test('held by a mapping stays held in lists when the credit is posted meanwhile', async () => {
    await start({ return: expensiveReturn(), prepare: (made) => void (made.mapped = false) });
    await world.untilAsked('credit-limit');
    world.decide('credit-limit', 'approve');
    await world.driver.run(() => world.erp.live().length === 1);
    await world.driver.wait(1_000);
    expect((await progress()).status).toBe('held');
    expect(String(world.driver.attributes['Stage'])).toMatch(/^held: location /);
  });

  test('a version that came in the last moment is not shown as the one before it ended', async () => {
    const about = expensiveReturn();
    await start({ return: about });
    await world.untilAsked('credit-limit');
    world.versions.push(laterVersion(about, 2, {}));
    world.arrived = 2;
    world.decide('credit-limit', 'reject');
    await world.untilAsked('credit-limit');
    expect(stages()).toContain('version 2 arrived');
    expect((await progress()).status).toBe('waiting for approval');
    world.decide('credit-limit', 'approve');
    await world.driver.run();
    expect(world.driver.ended?.result).toMatchObject({ outcome: 'posted' });
    expect(stages().at(-1)).toBe('completed');
  });

  test('declined is shown as declined, in the division it was of', async () => {
    await start({ return: expensiveReturn() });
    await world.untilAsked('credit-limit');
    world.decide('credit-limit', 'reject');
    await world.driver.run();
    expect(world.driver.ended?.result).toMatchObject({ outcome: 'declined' });
    expect(shown().at(-1)).toMatchObject({ Stage: 'declined', Division: '10' });
  });
});
