/** `status`, `hold`, `release` and `find` on a running installation: what they say must agree with the books. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Status } from '../../bin/reads/status.js';
import { article, closed, comeBack, heldOf, sell, type Held, type Returned } from '../sagas/support.js';
import { eventually } from '../support/eventually.js';
import { startRig, type Rig } from '../support/rig.js';
import { answered, cliOf, type Cli } from './support.js';

let rig: Rig;
let cli: Cli;
let posted: Returned;
let orderNo: string;

const memoOf = async (returnNo: string): Promise<Held> => {
  const memo = (await heldOf(rig, returnNo)).find((one) => one.kind === 'credit memo');
  if (memo === undefined) throw new Error(`no credit memo of ${returnNo}`);
  return memo;
};
const stockOf = async (returnNo: string): Promise<Held> => {
  const adjustment = (await heldOf(rig, returnNo)).find((one) => one.kind === 'inventory adjustment');
  if (adjustment === undefined) throw new Error(`no adjustment of ${returnNo}`);
  return adjustment;
};
const edit = (document: string, set: object): Promise<unknown> =>
  rig.control('POST', '/_sandbox/blue-cherry/edit', { document, set });

beforeAll(async () => {
  rig = await startRig({ reset: { scenario: 'trading-day', returns: 0, seed: 5, misbehave: 0 } });
  cli = await cliOf(rig);
  ({ orderNo } = await sell(rig, [{ sku: article(0).sku, quantity: 60, unitPrice: '20.00' }]));
  posted = await comeBack(rig, { lines: [{ orderNo, orderLine: 1, quantity: 2 }] });
  await rig.started(posted.workflowId);
  await rig.ended(posted.workflowId);
}, 90_000);
afterAll(() => rig.close(), 60_000);

describe('status', () => {
  test('says in sentences that the books balance, and exits 0', async () => {
    const ran = await cli(null, 'status');
    expect([ran.code, ran.err]).toEqual([0, '']);
    expect(ran.out).toContain(
      "The books balance: 2 documents of ours compared with the sandbox's books, 0 on the way.",
    );
    expect(ran.out).toMatch(/archean\.returns +reads +\d+ s ago/);
    expect(ran.out).toMatch(/2 {2}posted and read back/);
    expect(ran.out).toContain('Nobody is waited for.');
    expect(ran.out).toMatch(/sagas +\d+ +- +at work/);
  });

  test('answers the same as JSON', async () => {
    const status = answered<Status>(await cli(null, 'status', '--json'));
    expect(status.books).toEqual({
      against: 'sandbox',
      balanced: true,
      documents: 2,
      onTheWay: 0,
      differences: [],
      why: null,
    });
    expect(status.postings).toEqual({ posted: 2 });
    expect(status.queues?.every((queue) => queue.worked)).toBe(true);
    expect(status.sagas).toMatchObject({ running: 0, halfCompensated: [] });
  });

  test('one cent changed in the ERP exits 1 and names the document', async () => {
    const { number } = await memoOf(posted.returnNo);
    await edit(number, { amount: '48.01' });
    const ran = await cli(null, 'status');
    expect(ran.code).toBe(1);
    expect(ran.out).toContain('The books do NOT balance: 1 difference');
    expect(ran.out).toContain(`credit memo ${number}`);
    expect(ran.out).toContain('total is 48.01, we posted 48');
    await edit(number, { amount: '48.00' });
    expect((await cli(null, 'status')).code).toBe(0);
  });

  test('one cent moved from net to tax, with the total as it was, is found too', async () => {
    const { number } = await memoOf(posted.returnNo);
    await edit(number, { line: 1, amount: '39.99', taxAmount: '8.01' });
    const ran = await cli(null, 'status', '--json');
    expect(ran.code).toBe(1);
    expect(answered<Status>(ran).books.differences.map(({ document }) => document)).toEqual([number]);
    await edit(number, { line: 1, amount: '40.00', taxAmount: '8.00' });
    expect((await cli(null, 'status')).code).toBe(0);
  });

  test('one unit changed in the ERP exits 1 and names the document', async () => {
    const { number } = await stockOf(posted.returnNo);
    await edit(number, { line: 1, quantity: 3 });
    const ran = await cli(null, 'status');
    expect(ran.code).toBe(1);
    expect(ran.out).toContain(`inventory adjustment ${number}`);
    expect(ran.out).toContain('3 units');
    await edit(number, { line: 1, quantity: 2 });
    expect((await cli(null, 'status')).code).toBe(0);
  });

  test('books that cannot be read are never called balanced', async () => {
    rig.env['SELVEDGE_SANDBOX_URL'] = 'http://127.0.0.1:1';
    const away = await cliOf(rig);
    rig.env['SELVEDGE_SANDBOX_URL'] = rig.sandbox.url;
    const ran = await away(null, 'status');
    expect(ran.code).toBe(1);
    expect(ran.out).toContain('Not known whether the books balance');
  });

  test("without a sandbox the ERP's own listing is compared, inside its rate", async () => {
    const real = await cliOf({ ...rig, env: { ...rig.env, SELVEDGE_SANDBOX_URL: '' } });
    const status = answered<Status>(await real(null, 'status', '--json'));
    expect(status.books).toMatchObject({ against: 'blue-cherry', balanced: true, documents: 2 });
    const { number } = await memoOf(posted.returnNo);
    await edit(number, { amount: '48.01' });
    const ran = await real(null, 'status');
    expect([ran.code, ran.out]).toEqual([1, expect.stringContaining(`credit memo ${number}`)]);
    await edit(number, { amount: '48.00' });
  });
});

describe('find', () => {
  test('shows the whole path of a return with its movement, documents, times and link', async () => {
    const ran = await cli(null, 'find', posted.returnNo);
    expect([ran.code, ran.err]).toEqual([0, '']);
    const [memo, stock] = [await memoOf(posted.returnNo), await stockOf(posted.returnNo)];
    for (const words of [
      `${posted.workflowId}: finished, posted`,
      `/namespaces/${rig.temporal.namespace}/workflows/${encodeURIComponent(posted.workflowId)}`,
      `return ${posted.returnNo} version 1 in archean: processed, 1 line`,
      'came back to a shelf',
      `credit memo of order ${orderNo}`,
      'GBP 48.00',
      `credit memo ${memo.number} is posted`,
      `stock adjustment ${stock.number} is posted`,
      'Times are Europe/London.',
    ])
      expect(ran.out).toContain(words);
    expect(ran.out).toMatch(/\n {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}return /);
  });

  test('the order, the ERP document, the movement and the article lead to the same return', async () => {
    const { number, externalRef } = await memoOf(posted.returnNo);
    const moved = await movements();
    for (const text of [orderNo, number, externalRef, ` ${number} `, posted.workflowId, article(0).sku, ...moved]) {
      const found = answered<{ sagas: { workflowId: string }[] }>(await cli(null, 'find', text, '--json'));
      expect([text, found.sagas.map((saga) => saga.workflowId)]).toEqual([text, [posted.workflowId]]);
    }
  });

  const movements = async (): Promise<string[]> => {
    const rows = await rig.store.db.selectFrom('event').select('source_id').where('kind', '=', 'movement').execute();
    expect(rows.length).toBeGreaterThan(0);
    return rows.map((row) => row.source_id);
  };

  test('a number nobody knows is said so in words', async () => {
    const ran = await cli(null, 'find', 'RTN-NOWHERE');
    expect([ran.code, ran.out]).toEqual([1, '']);
    expect(ran.err).toContain('Nothing is known of "RTN-NOWHERE"');
  });
});

describe('hold and release', () => {
  test('need a key, and a wrong one is nobody', async () => {
    expect(await cli(null, 'hold', 'blue-cherry')).toMatchObject({
      code: 1,
      err: expect.stringContaining('set SELVEDGE_KEY'),
    });
    expect(await cli('stranger', 'hold', 'blue-cherry')).toMatchObject({
      code: 1,
      err: expect.stringContaining('belongs to nobody'),
    });
  });

  test('what waits under a hold shows as held and leaves on release', async () => {
    const held = await cli('ops-1', 'hold', 'blue-cherry', '--why', 'stock count');
    expect([held.code, held.out]).toEqual([
      0,
      expect.stringContaining('All writes to blue-cherry are held: stock count'),
    ]);
    const made = await comeBack(rig, { lines: [{ orderNo, orderLine: 1, quantity: 1 }] });
    await eventually(
      async () => {
        const { postings, held: tenants } = answered<Status>(await cli(null, 'status', '--json'));
        expect([postings.intended ?? 0, tenants[0]?.by]).toEqual([1, 'ops-1']);
        return true;
      },
      { within: 20_000, every: 200 },
    );
    expect((await cli(null, 'status')).out).toMatch(
      /All writes to main are HELD by ops-1 since .*: stock count\. 1 document held/,
    );
    expect(await heldOf(rig, made.returnNo)).toEqual([]);
    const again = answered(await cli('ops-2', 'hold', 'blue-cherry', '--json'));
    expect(again).toMatchObject({ held: true, changed: false, by: 'ops-1' });
    const waiting = await cli(null, 'retry', made.workflowId);
    expect([waiting.code, waiting.out]).toEqual([0, expect.stringContaining('It waits for blueCherry.')]);
    expect((await cli('ops-2', 'release', 'blue-cherry')).out).toContain('released; ops-1 had held them since');
    await rig.ended(made.workflowId);
    expect(await heldOf(rig, made.returnNo)).toHaveLength(2);
    expect((await cli(null, 'status')).code).toBe(0);
    const audited = await rig.store.db
      .selectFrom('audit')
      .select(['actor', 'action', 'identity', 'why'])
      .where('subject', '=', 'tenant/main')
      .orderBy('id')
      .execute();
    expect(audited).toEqual([
      { actor: 'ops-1', action: 'hold-writes', identity: 'proven', why: 'stock count' },
      { actor: 'ops-2', action: 'release-writes', identity: 'proven', why: '' },
    ]);
  }, 90_000);
});

describe('a reversal', () => {
  test('decided by a person leaves the books in balance and shows on the path', async () => {
    const first = await comeBack(rig, { lines: [{ orderNo, orderLine: 1, quantity: 1 }] });
    await rig.started(first.workflowId);
    await rig.ended(first.workflowId);
    await comeBack(rig, { returnNo: first.returnNo }, 'return.withdrawn');
    const workflow = `return-to-stock-reversal:archean:${first.returnNo}:2`;
    await rig.started(workflow);
    await rig.asked(workflow, 'changed-after-posting');
    const { cases } = answered<{ cases: { case: string }[] }>(
      await cli(null, 'cases', '--workflow', workflow, '--json'),
    );
    const decided = await cli('fin-1', 'decide', cases[0]?.case ?? '', '--choice', 'reverse', '--why', 'not paid yet');
    expect([decided.code, decided.err]).toEqual([0, '']);
    await closed(rig, workflow);
    expect(await heldOf(rig, first.returnNo)).toHaveLength(4);
    expect(await cli(null, 'status')).toMatchObject({ code: 0, out: expect.stringContaining('posted, then reversed') });
    expect((await cli(null, 'find', first.returnNo)).out).toMatch(/reverse of \w+: credit memo/);
  }, 90_000);
});

describe('audit verify', () => {
  test('holds, and names a row that was changed after it was sealed', async () => {
    await eventually(
      async () => answered<{ sealed: number }>(await cli(null, 'audit', 'verify', '--json')).sealed > 2,
      {
        within: 30_000,
        every: 200,
      },
    );
    const sound = await cli(null, 'audit', 'verify');
    expect([sound.code, sound.out]).toEqual([0, expect.stringContaining('The audit trail holds')]);
    const { id, why } = await rig.store.db
      .selectFrom('audit')
      .select(['id', 'why'])
      .where('seal_no', '=', '2')
      .executeTakeFirstOrThrow();
    await rig.store.db.updateTable('audit').set({ why: 'changed' }).where('id', '=', id).execute();
    const broken = await cli(null, 'audit', 'verify');
    expect([broken.code, broken.out]).toEqual([1, expect.stringContaining(`(audit row ${id})`)]);
    await rig.store.db.updateTable('audit').set({ why }).where('id', '=', id).execute();
  });
});
