/**
 * All four orders of credit and restock with each of them refused (R-814, T-38). Under this policy a credit above the
 * limit waits for an approval, and after T-38 (three seconds here) its restock goes ahead.
 */
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { startRig, type Rig } from '../support/rig.js';
import { bothHalves, figuresOf, sideBySide } from './support.js';
import { caseOf, comeTo, faultOn, openCases, postingOf, settle, WITHIN, type One } from './steps-support.js';

let rig: Rig;
const at = sideBySide(2 * WITHIN);
const UNITS = 30;
const RESTOCK = `inventory adjustment POSTED ${UNITS}`;
const UNRESTOCK = `inventory adjustment POSTED -${UNITS}`;

const books = async (one: One): Promise<string[]> => (await figuresOf(rig, one.returnNo)).sort();
/** Dear enough to wait for an approval, or small enough to go by itself. */
const dear = (): Promise<One> => caseOf(rig, undefined, UNITS);
const come = (one: One): Promise<void> => comeTo(rig, one);
const decide = (one: One, question: string, choice: string) =>
  settle(rig, one, question, () => Promise.resolve(choice));
const restocked = (one: One): Promise<unknown> =>
  eventually(async () => (await postingOf(rig, one, 'restock')) === 'posted', { within: WITHIN, every: 50 });

/** The restock goes ahead, then the ERP refuses the approved credit, then a person leaves it refused. */
async function restockedWithoutCredit(): Promise<One> {
  const one = await dear();
  await faultOn(rig, one, 'credit-memo', 'refuse');
  await come(one);
  await restocked(one);
  expect(await books(one)).toEqual([RESTOCK]);
  await decide(one, 'credit-limit', 'approve');
  await decide(one, 'credit-memo-refused', 'reject');
  return one;
}

describe('credit and restock, in either order, either refused', () => {
  beforeAll(async () => {
    rig = await startRig({ reset: { scenario: 'trading-day', returns: 0, seed: 10, misbehave: 0 } });
    at.start();
  }, 90_000);
  afterAll(() => rig.close(), 60_000);

  at.test('restock first, credit approved: both are posted', async () => {
    const one = await dear();
    await come(one);
    await restocked(one);
    const shown = async (): Promise<boolean> => (await rig.progress(one.workflowId)).attention === 'half-posted';
    await eventually(shown, { within: WITHIN, every: 50 });
    await decide(one, 'credit-limit', 'approve');
    expect(await rig.ended(one.workflowId)).toMatchObject({ outcome: 'posted' });
    expect(await books(one)).toEqual(bothHalves('720.00', UNITS));
  });

  at.test('restock first, credit refused by the ERP: send back reverses the adjustment', async () => {
    const one = await restockedWithoutCredit();
    const seen = await settle(rig, one, 'restocked-without-credit', async () => {
      expect(await books(one)).toEqual([RESTOCK]);
      expect(await openCases(rig, one)).toEqual(['X-61 finance']);
      return 'send-back';
    });
    expect(seen.attention).toBe('half-posted');
    expect(await rig.ended(one.workflowId)).toMatchObject({ outcome: 'declined' });
    expect(await books(one)).toEqual([UNRESTOCK, RESTOCK]);
  });

  at.test('restock first, credit refused by the ERP: keep with credit posts it as a new revision', async () => {
    const one = await restockedWithoutCredit();
    await decide(one, 'restocked-without-credit', 'keep-with-credit');
    expect(await rig.ended(one.workflowId)).toMatchObject({ outcome: 'posted' });
    expect(await books(one)).toEqual(bothHalves('720.00', UNITS));
  });

  at.test(
    'restock first, credit refused by the ERP: quarantine moves the units where they cannot be sold',
    async () => {
      const one = await restockedWithoutCredit();
      await decide(one, 'restocked-without-credit', 'quarantine');
      expect(await rig.ended(one.workflowId)).toMatchObject({ outcome: 'kept' });
      expect(await books(one)).toEqual([UNRESTOCK, RESTOCK, RESTOCK]);
      const { documents } = (await rig.books()) as unknown as {
        documents: { memo: string | null; warehouse: string }[];
      };
      const own = documents.filter(({ memo }) => memo?.includes(one.returnNo));
      expect(new Set(own.map(({ warehouse }) => warehouse)).size).toBe(2);
    },
  );

  at.test('restock first, approval declined: keep with credit overrides it', async () => {
    const one = await dear();
    await come(one);
    await restocked(one);
    await decide(one, 'credit-limit', 'reject');
    await decide(one, 'restocked-without-credit', 'keep-with-credit');
    expect(await rig.ended(one.workflowId)).toMatchObject({ outcome: 'posted' });
    expect(await books(one)).toEqual(bothHalves('720.00', UNITS));
  });

  at.test('restock first and refused: the credit that still waits is never sent', async () => {
    const one = await dear();
    await faultOn(rig, one, 'restock', 'refuse');
    await come(one);
    await decide(one, 'restock-refused', 'reject');
    expect(await rig.ended(one.workflowId)).toMatchObject({ outcome: 'declined' });
    expect(await books(one)).toEqual([]);
    expect(await openCases(rig, one)).toEqual([]);
  });

  at.test('credit first, restock refused: reverse takes the credit back', async () => {
    const one = await caseOf(rig);
    await faultOn(rig, one, 'restock', 'refuse');
    await come(one);
    await decide(one, 'restock-refused', 'reject');
    await decide(one, 'credited-without-restock', 'reverse');
    expect(await rig.ended(one.workflowId)).toMatchObject({ outcome: 'declined' });
    expect(await books(one)).toEqual(['credit memo POSTED -24.00', 'credit memo POSTED 24.00']);
  });

  at.test('credit first and refused for longer than T-38: the restock goes ahead, and retry completes it', async () => {
    const one = await caseOf(rig);
    await faultOn(rig, one, 'credit-memo', 'refuse');
    await come(one);
    await restocked(one);
    await decide(one, 'credit-memo-refused', 'retry');
    expect(await rig.ended(one.workflowId)).toMatchObject({ outcome: 'posted' });
    expect(await books(one)).toEqual(bothHalves('24.00', 1));
  });
});
