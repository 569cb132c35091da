import { afterEach, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { NoRoom, readCall } from '../../activities/posting/calls.js';
import { postOnce } from '../../activities/posting/post-once.js';
import { digestOf, externalRefOf } from '../../activities/posting/reference.js';
import { lockTenant, takeTurn } from '../../store/call-slots.js';
import { holdTenant } from '../../store/call-tenants.js';
import { insertRevision } from '../../store/posting-moves.js';
import { detailsOf, documentsOf, failureOf, memoAsk, retried, settling, stockAsk } from './posting-support/asks.js';
import { createRig, orderNo, TENANT, type Rig } from './posting-support/rig.js';

/** Documents that waited for longer than a cycle: before one is sent, the ERP is asked whether a person entered it. */
let rig: Rig;
afterEach(() => rig.close());

type Request = ReturnType<typeof stockAsk> | ReturnType<typeof memoAsk>;
const contentOf = ({ document }: Request) => ({ operation: 'create' as const, undoes: null, document });

/** Asked for an hour ago and not sent since. */
async function waitingForAnHour<R extends Request>(request: R): Promise<R> {
  const { reference, document, seq, links } = request;
  await insertRevision(rig.db, {
    ...{ reference, seq, links, revision: 1, tenant: TENANT, operation: 'create', state: 'intended' },
    externalRef: externalRefOf(reference, 1),
    kind: document.kind,
    askedDigest: digestOf(document),
    content: contentOf(request),
    lanes: rig.deps.erp.lanesOf(contentOf(request)),
    businessDate: document.businessDate,
    lineCount: document.lines.length,
  });
  await sql`update posting set intended_at = clock_timestamp() - interval '1 hour'
    where reference = ${reference}`.execute(rig.db);
  return request;
}

test('while writes are held, or the document must rest, the ERP is asked nothing', async () => {
  rig = await createRig({ cycles: false });
  const request = await waitingForAnHour(stockAsk(1, [1]));
  await sql`update posting set not_before = clock_timestamp() + interval '1 hour'`.execute(rig.db);
  expect((await failureOf(rig.blueCherry.postStockAdjustment(request))).type).toBe('NotYet');
  await holdTenant(rig.db, TENANT, 'ops-1', 'stock count');
  expect((await failureOf(rig.blueCherry.postStockAdjustment(request))).type).toBe('Held');
  expect(rig.calls.of('blue-cherry')).toEqual([]);
});

test('a crowd of them gets through a slow rate, and asks about each about once', async () => {
  rig = await createRig({ config: { ratePerSecond: 10, concurrent: 4, timeoutMs: 2_000, sendDeadlineMs: 5_000 } });
  const crowd: Request[] = [];
  for (let n = 0; n < 30; n += 1) crowd.push(await waitingForAnHour(stockAsk(n, [n])));
  let asked = 0;
  const { erp } = rig.deps;
  const similar: typeof erp.similar = (content, since) => {
    asked += 1;
    return erp.similar(content, since);
  };
  const settle = settling(rig);
  const post = (request: Request) =>
    postOnce(
      { ...rig.deps, erp: { ...erp, similar } },
      { ...request, content: contentOf(request), digest: digestOf(request.document) },
    );
  await Promise.all(crowd.map((request) => retried(() => post(request), 60_000, 10_000)));
  await settle.stop();
  expect(crowd.flatMap(({ reference }) => documentsOf(rig, reference))).toHaveLength(30);
  // A slow machine lets a few answers grow too old to post on; those who starved each other asked again and again.
  expect(asked).toBeLessThanOrEqual(90);
}, 120_000);

test('reads that find no room leave no moment behind that nobody uses', async () => {
  rig = await createRig({ cycles: false, config: { ratePerSecond: 0.5 } });
  const read = () => readCall(rig.deps, 100, () => Promise.resolve('read'));
  expect(await read()).toBe('read');
  for (let n = 0; n < 20; n += 1) await expect(read()).rejects.toThrow(NoRoom);
  const limits = { ratePerSecond: 0.5, concurrent: 4, leaseMs: 1_000 };
  const claim = { tenant: TENANT, holder: 'a document', rank: 1, businessDate: '2026-11-20', seq: '1' };
  const waitMs = await rig.db.transaction().execute(async (trx) => {
    await lockTenant(trx, TENANT);
    return takeTurn(trx, claim, limits);
  });
  expect(waitMs).toBeLessThanOrEqual(2_000);
});

test('a worker whose clock is an hour slow finds the document that a person entered all the same', async () => {
  rig = await createRig();
  const settle = settling(rig);
  const request = await waitingForAnHour(memoAsk(5));
  const lines = [{ orderLine: 1, quantity: 1 }];
  const typed = rig.books.typeInByHand({ type: 'CREDIT_MEMO', orderNo: orderNo(5), lines });
  const slow = rig.worker({ now: () => Date.now() - 3_600_000 });
  const failure = await failureOf(retried(() => slow.blueCherry.postCreditMemo(request), 20_000, 700));
  await settle.stop();
  expect(detailsOf(failure)).toMatchObject({ type: 'LookAlike', lookAlikes: [{ number: typed.transactionNo }] });
  expect(documentsOf(rig, request.reference)).toEqual([]);
});

test('told to wait for a month, a document and its tenant ask again within two hours', async () => {
  rig = await createRig({ cycles: false });
  const request = stockAsk(1, [1]);
  const busy = { outcome: 'not-stored', why: 'busy', retryAfterMs: 30 * 86_400_000, message: '429' } as const;
  const erp = { ...rig.deps.erp, prepare: () => () => Promise.resolve(busy) };
  const asked = { ...request, content: contentOf(request), digest: digestOf(request.document) };
  expect((await failureOf(postOnce({ ...rig.deps, erp }, asked))).type).toBe('Busy');
  const { rows } = await sql<{ rests: boolean; paused: boolean }>`
    select p.not_before <= clock_timestamp() + interval '2 hours' as rests,
      t.not_before <= clock_timestamp() + interval '2 hours' as paused
    from posting p join call_tenant t using (tenant)`.execute(rig.db);
  expect(rows).toEqual([{ rests: true, paused: true }]);
});
