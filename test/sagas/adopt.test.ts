/** A document somebody typed into the ERP while it could not be reached is shown before ours is sent. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { startRig, type Rig } from '../support/rig.js';
import { answer, article, askedOf, comeBack, LONG_MS, sell, writesOf, type Held, type Returned } from './support.js';

let rig: Rig;
/** Longer than a cycle of the sandbox (3 s): only then may a person have lost patience. */
const AWAY_MS = 8_000;

const memosOf = async (orderNo: string): Promise<Held[]> => {
  const { documents } = (await rig.books()) as unknown as { documents: Held[] };
  return documents.filter((one) => one.kind === 'credit memo' && one.orderNo === orderNo);
};

/**
 * A return whose memo is turned away once; then nothing at the ERP answers for a while, and meanwhile a person types the
 * memo in. Answers the number of that document.
 */
async function typedIn(index: number): Promise<Returned & { orderNo: string; number: string }> {
  const { orderNo } = await sell(rig, [{ sku: article(index).sku, quantity: 5, unitPrice: '20.00' }]);
  await rig.fault({
    system: 'blue-cherry',
    operation: 'credit-memo',
    kind: 'status-503',
    match: { originalOrderNo: orderNo },
  });
  const turnedAway = async (): Promise<number> => (await writesOf(rig)).filter((call) => call.status === 503).length;
  const before = await turnedAway();
  const made = await comeBack(rig, { lines: [{ orderNo, orderLine: 1, quantity: 2 }] });
  await eventually(async () => (await turnedAway()) > before, { within: LONG_MS, every: 20 });
  await rig.fault({ system: 'blue-cherry', kind: 'refuse-connection', forMs: AWAY_MS });
  const typed = (await rig.emit('blue-cherry', 'document.typed-in', {
    ...{ orderNo, by: 'anna', reasonCode: 'RETURN', lines: [{ orderLine: 1, quantity: 2 }] },
  })) as unknown as { document: { wire?: { transactionNo: string }; transactionNo?: string } };
  const number = typed.document.wire?.transactionNo ?? typed.document.transactionNo ?? '';
  return { ...made, orderNo, number };
}

describe('a credit memo typed in by hand while the ERP could not be reached', () => {
  beforeAll(async () => {
    rig = await startRig({ reset: { scenario: 'trading-day', returns: 0, seed: 12, misbehave: 0 } });
  }, 90_000);
  afterAll(() => rig.close(), 60_000);

  test('is shown before the retry; already entered takes it over and nothing doubles', async () => {
    const made = await typedIn(0);
    const open = await askedOf(rig, made.workflowId, 'credit-memo-refused');
    expect(open).toMatchObject({ code: 'X-62', owner: 'finance' });
    expect(open.title).toContain(made.number);
    expect(open.choices).toEqual(expect.arrayContaining(['retry', 'already-entered', 'reject']));
    expect((await memosOf(made.orderNo)).map((one) => one.number)).toEqual([made.number]);
    const { body } = await answer(rig, made.workflowId, 'credit-memo-refused', 'already-entered', 'fin-2', {
      number: made.number,
    });
    expect(body).toMatchObject({ state: 'decided' });
    const result = await rig.ended(made.workflowId);
    expect(result).toMatchObject({ outcome: 'posted', creditMemos: [made.number], restockUnits: 2 });
    expect((await memosOf(made.orderNo)).map((one) => one.number)).toEqual([made.number]);
  }, 240_000);

  test('that is another matter is left alone: retry posts ours beside it, another number is refused in words', async () => {
    const made = await typedIn(1);
    await askedOf(rig, made.workflowId, 'credit-memo-refused');
    await answer(rig, made.workflowId, 'credit-memo-refused', 'already-entered', 'fin-2', { number: 'CM-NO-SUCH' });
    await eventually(
      async () =>
        (await rig.progress(made.workflowId)).refusals.some((why) =>
          why.includes('the ERP has no document CM-NO-SUCH'),
        ),
      { within: LONG_MS, every: 100 },
    );
    await answer(rig, made.workflowId, 'credit-memo-refused', 'retry', 'fin-2');
    expect(await rig.ended(made.workflowId)).toMatchObject({ outcome: 'posted', restockUnits: 2 });
    const memos = await memosOf(made.orderNo);
    expect(memos.map((one) => [one.amount, one.externalRef === ''])).toEqual([
      ['48.00', true],
      ['48.00', false],
    ]);
  }, 240_000);
});
