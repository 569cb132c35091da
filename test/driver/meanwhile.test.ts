import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { sale } from '../unit/domain/returns.js';
import { closeDrivers } from '../support/driver.js';
import { aReturn, expensiveReturn, laterVersion, shippedPolicy, type AReturn } from '../support/returns.js';
import { startWorld, type World, type WorldOptions } from '../support/world.js';

let world: World;
afterEach(() => world.driver.dispose());
afterAll(closeDrivers);

const start = async (options: WorldOptions): Promise<void> => {
  world = await startWorld(options);
};
const answer = async (question: string, choice: string, data: Record<string, string> = {}): Promise<void> => {
  await world.untilAsked(question);
  world.decide(question, choice, data);
};
/** Units of the goods lines of a step that stands in the books. */
const unitsOf = (step: string): number | undefined =>
  world.erp
    .live()
    .find((row) => row.step === step)
    ?.document?.lines.reduce((sum, line) => sum + line.quantity, 0);
/** Runs until the saga has ended, or has asked for more than any sane one. */
const runSanely = () => world.driver.run(() => world.driver.calls.length > 300);
const questionNamed = (name: string) => world.desk.open.find(({ question }) => question.question === name)?.question;

describe('what an answer brings up is asked before anything posts', () => {
  test('a corrected order that has too few units left: the quantity and the limit are asked, and both halves follow', async () => {
    await start({
      return: aReturn({
        lines: [{ sku: '00123', quantity: 3, refundUnitPrice: '900.00', orderNo: '' }],
        sales: [sale('A1', [{ sku: '00123', quantity: 2, unitPrice: '900.00' }])],
      }),
    });
    await answer('original-order', 'correct', { orderNo: 'A1' });
    await answer('quantity', 'post-covered');
    await answer('credit-limit', 'approve');
    await world.driver.run();
    expect(world.driver.ended?.result).toMatchObject({ outcome: 'posted' });
    expect([unitsOf('credit-memo'), unitsOf('restock')]).toEqual([2, 2]);
  });

  test('an order that had left the house after all: its return is judged whole before it posts', async () => {
    const sold = sale('A1', [{ sku: '00123', quantity: 2, unitPrice: '10.00' }], { status: 'open', shippedAt: null });
    const about: AReturn = aReturn({
      lines: [{ sku: '00123', quantity: 3, refundUnitPrice: '10.00' }],
      sales: [sold],
    });
    await start({ return: about });
    world.cancelOrder = () => {
      Object.assign(sold.order, { status: 'invoiced', shippedAt: '2026-03-10T09:00:00Z' });
      return 'already-shipped';
    };
    await answer('before-dispatch', 'cancel-order');
    await answer('quantity', 'reject');
    await world.driver.run();
    expect(world.driver.ended?.result).toMatchObject({ outcome: 'declined' });
    expect(world.erp.live()).toEqual([]);
  });

  test('of two orders to be cancelled one had left: it alone is a return, the other stays cancelled', async () => {
    const sold = ['A1', 'B1'].map((orderNo) =>
      sale(orderNo, [{ sku: '00123', quantity: 1, unitPrice: '10.00' }], { status: 'open', shippedAt: null }),
    );
    const line = { sku: '00123', quantity: 1, refundUnitPrice: '10.00', orderLine: 1 };
    const lines = [
      { ...line, orderNo: 'A1' },
      { ...line, orderNo: 'B1' },
    ];
    await start({ return: aReturn({ lines, sales: sold }) });
    world.cancelOrder = (orderNo) => {
      const order = sold.find((each) => each.order.orderNo === orderNo)?.order;
      if (orderNo === 'A1') Object.assign(order ?? {}, { status: 'cancelled' });
      else Object.assign(order ?? {}, { status: 'invoiced', shippedAt: '2026-03-10T09:00:00Z' });
      return orderNo === 'A1' ? 'cancelled' : 'already-shipped';
    };
    await answer('before-dispatch', 'cancel-order');
    await world.driver.run();
    expect(world.driver.ended?.result).toMatchObject({ outcome: 'posted' });
    expect([unitsOf('credit-memo'), unitsOf('restock')]).toEqual([1, 1]);
    expect(world.erp.live()).toHaveLength(2);
  });

  test('a declined credit that is kept after all is asked about with the money it will cost', async () => {
    const policy = shippedPolicy();
    const from = { minor: '100000', currency: 'GBP' };
    const about = expensiveReturn();
    await start({ return: { ...about, policy: { ...policy, limits: { ...policy.limits, twoPeopleFrom: from } } } });
    await world.untilAsked('credit-limit');
    await world.driver.run(() => world.erp.live().length === 1);
    world.decide('credit-limit', 'reject');
    await world.untilAsked('restocked-without-credit');
    const money = { minor: '108000', currency: 'GBP' };
    expect(questionNamed('restocked-without-credit')).toMatchObject({
      ...{ amount: money, baseAmount: money, twoPeople: true },
      title: expect.stringContaining('GBP 1,080.00'),
    });
  });
});

describe('a document taken in part', () => {
  const takenInPart = (made: World): void => {
    made.erp.verdict = (step, attempt, kind) =>
      kind === 'post' && step === 'credit-memo' && attempt === 1 ? { type: 'LinesRefused' } : null;
  };

  test('its refused lines rejected, it stands posted and the return goes on', async () => {
    await start({ prepare: takenInPart });
    await answer('credit-memo-refused', 'reject');
    await world.driver.run();
    expect(world.driver.ended?.result).toMatchObject({ outcome: 'posted' });
    expect(world.givenBack).toBe(0);
  });

  test('cancelled while its refused lines are asked about, it is past the pivot: the owner is asked', async () => {
    await start({ prepare: takenInPart });
    await world.untilAsked('credit-memo-refused');
    world.driver.cancel();
    await answer('cancel-after-posting', 'reverse');
    await world.driver.run();
    expect(world.driver.ended?.how).toBe('cancelled');
    expect(world.erp.live()).toEqual([]);
  });
});

test('cancelled while nobody can say whether its credit is in the books, it does not end: the owner is asked', async () => {
  const lost = { type: 'OutcomeUnknown', code: 'X-62' } as const;
  await start({ prepare: (made) => (made.erp.verdict = (step) => (step === 'credit-memo' ? lost : null)) });
  await world.untilAsked('credit-memo-refused');
  world.driver.cancel();
  await world.untilAsked('cancel-after-posting');
  expect([world.driver.ended, world.givenBack]).toEqual([undefined, 0]);
});

describe('a version that nobody has', () => {
  const announced = async (): Promise<void> => {
    world.driver.signal('versionArrived', { version: 9 });
    await runSanely();
    expect(world.driver.ended?.result).toMatchObject({ outcome: 'posted' });
    expect([unitsOf('credit-memo'), unitsOf('restock')]).toEqual([1, 1]);
  };

  test('announced while the first document is on its way, it stops nothing', async () => {
    await start({ prepare: (made) => (made.erp.pace = () => ({ leaves: 1_000, known: 3_000 })) });
    await world.driver.run(() => world.erp.rows.size > 0);
    await announced();
  });

  test('announced between the halves, it stops nothing', async () => {
    await start({});
    await world.driver.run(() => world.erp.live().length === 1);
    await announced();
  });
});

describe('cancelled while a later version takes over from one of which nothing had left', () => {
  /** Both versions wait long before they leave; version 2 comes while version 1 waits. */
  const overtaken = async (): Promise<void> => {
    await start({ prepare: (made) => (made.erp.pace = () => ({ leaves: 60_000, known: 3_000 })) });
    await world.driver.run(() => world.erp.rows.size > 0);
    world.arrive(laterVersion(world.about, 2, { refund: { kind: 'on-account', reference: 'V2' } }));
  };
  const postsNothing = async (): Promise<void> => {
    world.driver.cancel();
    await runSanely();
    expect([world.driver.ended?.how, world.erp.live()]).toEqual(['cancelled', []]);
  };

  test('before the inbox has said so, nothing posts', async () => {
    await overtaken();
    await postsNothing();
  });

  test('when the later version is on its way itself, nothing posts', async () => {
    await overtaken();
    await world.driver.run(() => [...world.erp.rows.values()].some(({ step }) => step.endsWith('-v2')));
    await postsNothing();
  });
});

test('a later version of a return that an earlier run was stopped at ends as what it is, posted', async () => {
  const stopped = ['credit-memo', 'restock'].map((step) => `return-to-stock:archean:R1/${step}`);
  await start({ prepare: (made) => void stopped.forEach((reference) => made.erp.forbid({ reference })) });
  await world.driver.run(() => world.givenBack > 0);
  world.versions.push(laterVersion(world.about, 2, { refund: { kind: 'on-account', reference: 'V2' } }));
  world.arrived = 2;
  await runSanely();
  expect(world.erp.live()).toHaveLength(2);
  expect(world.driver.ended?.result).toMatchObject({ outcome: 'posted' });
});

describe('a saga begun again', () => {
  test('a half that an earlier run was stopped at is asked about, not left out without a word', async () => {
    const reference = 'return-to-stock:archean:R1/restock';
    await start({ prepare: (made) => made.erp.forbid({ reference }) });
    await answer('cancel-after-posting', 'go-on');
    await world.driver.run();
    expect(world.driver.ended?.result).toMatchObject({ outcome: 'posted' });
    expect(unitsOf('restock')).toBe(1);
  });

  test('a version that nobody has does not make it turn in circles', async () => {
    await start({});
    world.driver.signal('versionArrived', { version: 9 });
    await runSanely();
    expect(world.driver.ended?.result).toMatchObject({ outcome: 'posted' });
  });
});

describe('waiting', () => {
  const HOUR_MS = 3_600_000;
  const onlyItsMovement = (made: World): void => void (made.arrived = 0);

  test('a return that came in time is not missed later, however long its saga goes on', async () => {
    await start({ return: expensiveReturn(), prepare: onlyItsMovement });
    await world.driver.run(() => false, 2 * HOUR_MS);
    world.arrived = 1;
    await world.untilAsked('credit-limit');
    await world.driver.run(() => false, 30 * HOUR_MS);
    expect(world.desk.raised).not.toContain('X-61');
  });

  test('a return that came late closes the case that missed it', async () => {
    await start({ return: expensiveReturn(), prepare: onlyItsMovement });
    await world.driver.run(() => false, 25 * HOUR_MS);
    expect([world.desk.raised, world.desk.cleared]).toEqual([['X-61'], []]);
    world.arrived = 1;
    await world.untilAsked('credit-limit');
    expect(world.desk.cleared).toEqual(['X-61']);
  });

  test('an order that did not come in its time is waited for once, not again after every answer', async () => {
    await start({ prepare: (made) => (made.soldThere = false) });
    await world.untilAsked('original-order');
    const asked = world.driver.now;
    world.decide('original-order', 'approve');
    await world.driver.run();
    expect(world.driver.ended?.result).toMatchObject({ outcome: 'posted' });
    expect(world.driver.now - asked).toBeLessThan(3_600_000);
  });

  test('a cause said to be gone that is still there is looked at again in time, not at once for ever', async () => {
    await start({
      prepare: (made) => {
        made.mapped = false;
        made.desk.causes.set('location FC-UK-1', true);
      },
    });
    await world.driver.run(() => world.driver.calls.length > 300, 3_600_000);
    expect(world.driver.calls.length).toBeLessThan(300);
    world.mapped = true;
    await world.driver.run();
    expect(world.driver.ended?.result).toMatchObject({ outcome: 'posted' });
  });
});
