import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { countPostings, revisionsOf } from '../../store/postings.js';
import { takenLanes } from '../../store/lanes.js';
import { eventually } from '../support/eventually.js';
import {
  adjustment,
  ask,
  creditMemo,
  detailsOf,
  documentsOf,
  failureOf,
  memoAsk,
  retried,
  settling,
  stockAsk,
} from './posting-support/asks.js';
import { createRig, orderNo, TENANT, type Rig } from './posting-support/rig.js';

let rig: Rig;
let settle: { stop(): Promise<void> };
async function start(options: Parameters<typeof createRig>[0] = {}): Promise<void> {
  rig = await createRig(options);
  settle = settling(rig);
}
afterEach(async () => {
  await settle.stop();
  await rig.close();
});

describe('decisions and undo', () => {
  beforeEach(() => start());

  test('a late first attempt of a forbidden reference sends nothing', async () => {
    const request = memoAsk(1);
    expect(await rig.postings.forbid({ reference: request.reference, why: 'cancelled' })).toEqual({
      state: 'forbidden',
    });
    expect(await rig.blueCherry.postCreditMemo(request)).toEqual({ state: 'forbidden', documents: [] });
    expect(documentsOf(rig, request.reference)).toEqual([]);
  });

  test('what is on its way cannot be decided, and says when its outcome is due', async () => {
    rig.cycles.hold();
    await failureOf(rig.blueCherry.postCreditMemo(memoAsk(2)));
    const { reference } = memoAsk(2);
    const decided = await rig.postings.decide({ reference, revision: 1, choice: 'retry', by: 'fin-1' });
    expect(decided).toMatchObject({ done: false });
    expect(Date.parse((decided as { dueAt: string }).dueAt)).toBeGreaterThan(0);
  });

  test('a correction is posted instead, and deciding twice is deciding once', async () => {
    rig.fault({ operation: 'credit-memo', kind: 'refuse', times: 1, code: 'TOTAL_MISMATCH' });
    await failureOf(retried(() => rig.blueCherry.postCreditMemo(memoAsk(3))));
    const decision = {
      reference: memoAsk(3).reference,
      revision: 1,
      choice: 'correct' as const,
      by: 'fin-1',
      document: creditMemo(3, 2),
    };
    const first = await rig.postings.decide(decision);
    expect(await rig.postings.decide(decision)).toEqual(first);
    await retried(() => rig.blueCherry.postCreditMemo(memoAsk(3)));
    expect(documentsOf(rig, decision.reference)).toMatchObject([{ amount: '48.00' }]);
  });

  test('a posted document is reversed once, line for line, whoever asks', async () => {
    const request = stockAsk(4, [7, 8]);
    await retried(() => rig.blueCherry.postStockAdjustment(request));
    const undo = { reference: request.reference, businessDate: request.document.businessDate, reason: 'withdrawn' };
    const results = await Promise.all([1, 2].map(() => retried(() => rig.blueCherry.reverseStockAdjustment(undo))));
    expect(results[0]).toEqual(results[1]);
    expect(results[0]?.state).toBe('reversed');
    const contra = rig.erp.dump().documents.filter((one) => one.reverses !== null && one.reverses !== '');
    expect(contra).toHaveLength(1);
    expect(contra[0]?.lines.map((line) => line.quantity)).toEqual(['-1', '-1']);
    expect((await revisionsOf(rig.db, request.reference))[0]?.state).toBe('reversed');
  });

  test.each(['drop-before', 'drop-after'] as const)(
    'stopped while its outcome is unknown (%s), it is never sent again once it is proved absent',
    async (kind) => {
      const request = memoAsk(11);
      rig.fault({ operation: 'credit-memo', kind, times: 1 });
      await failureOf(rig.blueCherry.postCreditMemo(request));
      expect((await revisionsOf(rig.db, request.reference))[0]?.state).toBe('sent');
      expect(await rig.postings.forbid({ reference: request.reference, why: 'cancel requested' })).toMatchObject({
        state: 'sent',
      });
      const result = await retried(() => rig.blueCherry.postCreditMemo(request), 30_000);
      const stored = kind === 'drop-after';
      expect(result.state).toBe(stored ? 'posted' : 'forbidden');
      expect(documentsOf(rig, request.reference)).toHaveLength(stored ? 1 : 0);
      expect((await revisionsOf(rig.db, request.reference)).map((row) => row.state)).toEqual([
        stored ? 'posted' : 'forbidden',
      ]);
      expect(await takenLanes(rig.db, TENANT)).toEqual([]);
      if (stored) return;
      // The owner says go on after all: a new revision goes, and only that one.
      const goOn = { reference: request.reference, revision: 0, choice: 'retry' as const, by: 'fin-1' };
      expect(await rig.postings.decide({ ...goOn, document: request.document })).toMatchObject({ done: true });
      expect(await retried(() => rig.blueCherry.postCreditMemo(request))).toMatchObject({ state: 'posted' });
      expect(documentsOf(rig, request.reference)).toHaveLength(1);
    },
    60_000,
  );

  test('a reversal entered by hand after ours was refused leaves nothing posted, and ours is never sent', async () => {
    const request = memoAsk(12);
    const posted = await retried(() => rig.blueCherry.postCreditMemo(request));
    rig.fault({ operation: 'credit-memo', kind: 'refuse', times: 1, code: 'PERIOD_CLOSED' });
    const undo = { reference: request.reference, businessDate: request.document.businessDate, reason: 'withdrawn' };
    await failureOf(retried(() => rig.blueCherry.reverseCreditMemo(undo)));
    const byHand = { reference: request.reference, by: 'fin-2', why: 'reversed as CM-9' };
    const number = posted.documents[0]?.number;
    expect(await rig.postings.reversedByHand(byHand)).toEqual({ reversed: [number] });
    expect(await rig.postings.reversedByHand(byHand)).toEqual({ reversed: [] });
    const [row] = await revisionsOf(rig.db, request.reference);
    expect([row?.state, row?.reversed_by]).toEqual(['reversed', 'fin-2']);
    expect(await rig.postings.postedUnder({ workflowIds: [row?.workflow_id ?? ''] })).toEqual([]);
    expect((await revisionsOf(rig.db, `${request.reference}/undo-1`)).map((each) => each.state)).toEqual(['forbidden']);
    expect(await countPostings(rig.db, TENANT)).toEqual({ 'reversed-by-hand': 1, forbidden: 1 });
  });

  test('a document entered by hand is shown before a late retry, and can be adopted', async () => {
    const request = memoAsk(5);
    rig.fault({ operation: 'write', kind: 'refuse-connection', forMs: 1_500 });
    await failureOf(rig.blueCherry.postCreditMemo(request));
    await eventually(async () => (await rig.worker().deps.erp.clock()).lastFinished !== null, { within: 5_000 });
    const typed = rig.books.typeInByHand({
      type: 'CREDIT_MEMO',
      orderNo: orderNo(5),
      lines: [{ orderLine: 1, quantity: 1 }],
    });
    const failure = await failureOf(retried(() => rig.blueCherry.postCreditMemo(request), 20_000, 700));
    expect(detailsOf(failure)).toMatchObject({ type: 'LookAlike', lookAlikes: [{ number: typed.transactionNo }] });
    const adopt = {
      reference: request.reference,
      revision: 1,
      choice: 'adopt' as const,
      by: 'fin-1',
      number: typed.transactionNo,
    };
    await eventually(async () => (await rig.postings.decide(adopt)).done, { within: 10_000, every: 100 });
    expect(await rig.blueCherry.postCreditMemo(request)).toMatchObject({
      state: 'posted',
      documents: [{ number: typed.transactionNo, adopted: true }],
    });
    expect(documentsOf(rig, request.reference)).toEqual([]);
  });
});

describe('a site that bounds nothing', () => {
  test('parks an unknown outcome with a person, its lanes free', async () => {
    await start({ config: { lookupBounded: false } });
    rig.fault({ operation: 'inventory-adjustment', kind: 'drop-before', times: 1 });
    const request = ask('RTN-9', 'restock', adjustment([1]), 9);
    const failure = await failureOf(retried(() => rig.blueCherry.postStockAdjustment(request), 20_000));
    expect(detailsOf(failure)).toMatchObject({ type: 'OutcomeUnknown', code: 'X-62' });
    expect(await takenLanes(rig.db, TENANT)).toEqual([]);
    // It may be in the books: a later version of the return must not pass it over.
    const under = await rig.postings.postedUnder({ workflowIds: ['return-to-stock:archean:RTN-9'] });
    expect(under).toMatchObject([{ reference: request.reference, result: { documents: [] } }]);
    const retry = { reference: request.reference, revision: 1, choice: 'retry' as const, by: 'int-1' };
    expect(await rig.postings.decide(retry)).toMatchObject({ done: true, revision: 2 });
    await retried(() => rig.blueCherry.postStockAdjustment(request));
    expect(documentsOf(rig, request.reference)).toHaveLength(1);
  });
});
