import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { readCase } from '../../store/desk-read.js';
import { unrecordedDecisions } from '../../store/desk-sweeps.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';
import { aWorkflow, open, seedDesk } from '../store/desk-support.js';
import { listen, testSagas, type TestIngress, type TestSagas } from './support.js';

let fresh: FreshDatabase;
let ingress: TestIngress;
let sagas: TestSagas;
beforeAll(async () => {
  fresh = await freshDatabase();
  await seedDesk(fresh.store.db);
  sagas = testSagas(fresh.store);
  ingress = await listen(fresh.store, sagas);
});
afterAll(async () => {
  await ingress.close();
  await fresh.drop();
});
beforeEach(() => {
  sagas.asleep = false;
  sagas.unreachable = false;
});
const db = () => fresh.store.db;
const decide = (as: string | null, body: unknown) => ingress.call('POST', '/decisions', as, body);
const approve = (row: { id: string; digest: string }, change: object = {}) => ({
  case: row.id,
  choice: 'approve',
  why: 'goodwill',
  shown: row.digest,
  ...change,
});

describe('the desk door', () => {
  test('a decision by key stands, and its case says who', async () => {
    const row = await open(db());
    const reply = await decide('fin-1', approve(row));
    expect(reply).toMatchObject({ status: 200, body: { state: 'decided', by: 'fin-1', choice: 'approve' } });
    const read = await ingress.call('GET', `/cases/${row.id}`, 'fin-2');
    expect(read.body).toMatchObject({ state: 'resolved', sentence: 'Refund differs from what was sold' });
    expect(read.body['decisions']).toMatchObject([{ by: 'fin-1', identity: 'proven', door: 'desk' }]);
  });

  test('workflow, question and asking do as well as the case', async () => {
    const row = await open(db());
    const rest = { choice: 'approve', why: 'goodwill', shown: row.digest };
    const reply = await decide('fin-1', { ...rest, workflow: row.workflow_id, question: row.question, asking: 1 });
    expect(reply).toMatchObject({ status: 200, body: { case: row.id } });
  });

  test('the first of two people is told that a second must agree', async () => {
    const row = await open(db(), { twoPeople: true });
    expect(await decide('fin-1', approve(row))).toMatchObject({ status: 200, body: { state: 'awaits-second' } });
    expect(await decide('fin-1', approve(row))).toMatchObject({ status: 409 });
    expect(await decide('fin-2', approve(row))).toMatchObject({ status: 200, body: { state: 'decided' } });
  });

  test("wh-3's key with fin-2's name is refused, kept and audited", async () => {
    const row = await open(db());
    const reply = await decide('wh-3', approve(row, { by: 'fin-2' }));
    expect(reply).toMatchObject({
      status: 403,
      body: { error: expect.stringMatching(/key belongs to wh-3.*by fin-2/) },
    });
    const read = await readCase(db(), row.id);
    expect(read?.state).toBe('open');
    expect(read?.decisions).toMatchObject([{ state: 'refused', by: 'wh-3' }]);
    const audited = await db()
      .selectFrom('audit')
      .select(['actor', 'action', 'why'])
      .where('subject', '=', `case/${row.id}`)
      .where('action', '<>', 'open-case')
      .execute();
    expect(audited).toEqual([{ actor: 'wh-3', action: 'refuse-decision', why: reply.body['error'] }]);
  });

  test.each([
    ['a wrong role', 'wh-3', {}, /belongs to finance/],
    ['a missing digest', 'fin-1', { shown: '' }, /must carry what was shown/],
    ['a stale digest', 'fin-1', { shown: 'feed' }, /no longer shows/],
    ['an unknown choice', 'fin-1', { choice: 'maybe' }, /Allowed: approve/],
  ])('%s is a 409 with the sentence the case holds too', async (_name, as, change, words) => {
    const row = await open(db());
    const reply = await decide(as, approve(row, change));
    expect(reply).toMatchObject({ status: 409, body: { state: 'refused', error: expect.stringMatching(words) } });
    expect((await readCase(db(), row.id))?.events.at(-1)?.note).toBe(reply.body['error']);
  });

  test('a decision whose saga does not take it yet is stored, not lost', async () => {
    const row = await open(db());
    sagas.asleep = true;
    const reply = await decide('fin-1', approve(row));
    expect(reply).toMatchObject({ status: 202, body: { state: 'stored' } });
    expect((await unrecordedDecisions(db(), 0)).map((d) => d.id)).toContain(reply.body['decision']);
  });

  test('a decision that could not be sent is stored, to be sent again', async () => {
    const row = await open(db());
    sagas.unreachable = true;
    const reply = await decide('fin-1', approve(row));
    expect(reply.status).toBe(202);
    expect(await unrecordedDecisions(db(), 0)).toContainEqual({
      id: reply.body['decision'],
      workflowId: row.workflow_id,
      sends: 0,
    });
  });

  test('after the saga has ended a decision is refused, readable on the case', async () => {
    const row = await open(db());
    sagas.closed.add(row.workflow_id);
    const reply = await decide('fin-1', approve(row));
    expect(reply).toMatchObject({ status: 409, body: { error: expect.stringMatching(/has ended/) } });
    expect((await readCase(db(), row.id))?.events.at(-1)).toMatchObject({ kind: 'decision-refused' });
  });

  test.each<[string, string | null, unknown, number, RegExp]>([
    ['no key', null, { case: 'C-1', choice: 'approve' }, 401, /Send your personal key/],
    ['a wrong key', 'nobody', { case: 'C-1', choice: 'approve' }, 401, /belongs to nobody/],
    ['broken JSON', 'fin-1', '{"case":', 400, /not JSON/],
    ['nothing', 'fin-1', '', 400, /empty/],
    ['a list', 'fin-1', [], 400, /expected object/],
    ['no choice', 'fin-1', { case: 'C-1' }, 400, /choice/],
    ['an unknown field', 'fin-1', { case: 'C-1', choice: 'approve', chocie: 1 }, 400, /chocie/],
    ['nothing to decide', 'fin-1', { choice: 'approve' }, 400, /Say what is decided/],
    ['an unknown case', 'fin-1', { case: 'C-999999', choice: 'approve' }, 404, /no case C-999999/],
    ['too much', 'fin-1', { case: 'C-1', choice: 'x'.repeat(1_100_000) }, 413, /at most 1 MB/],
    ['a negative asking', 'fin-1', { workflow: 'w', question: 'q', asking: -1, choice: 'retry' }, 400, /asking/],
  ])('%s', async (_name, as, body, status, words) => {
    const reply = await decide(as, body);
    expect(reply).toMatchObject({ status, body: { error: expect.stringMatching(words) } });
    expect(reply.text).not.toMatch(/\bat .*\.(ts|js):\d+/);
  });

  test('a body that is no JSON by its own word is a 415', async () => {
    const reply = await fetch(`${ingress.url}/decisions`, {
      method: 'POST',
      body: '<x/>',
      headers: { 'content-type': 'text/xml', authorization: 'Bearer dev-key-fin-1' },
    });
    expect([reply.status, await reply.text()]).toEqual([415, expect.stringMatching(/Send JSON/)]);
  });

  test('an unknown door is named in words', async () => {
    expect(await ingress.call('GET', '/nowhere', null)).toMatchObject({
      status: 404,
      body: { error: expect.stringMatching(/nothing at GET \/nowhere/) },
    });
  });

  test('health tells whether the store is there', async () => {
    expect(await ingress.call('GET', '/health', null)).toMatchObject({ status: 200, body: { ok: true } });
  });
});

describe('cases', () => {
  test('are listed by filter, with sentences', async () => {
    const row = await open(db(), { customer: 'CUST-LIST' });
    const reply = await ingress.call('GET', '/cases?code=X-12&customer=CUST-LIST', 'ops-1');
    expect(reply.body['cases']).toMatchObject([
      { case: row.id, amount: 'GBP 80.00', sentence: 'Refund differs from what was sold' },
    ]);
  });
  test('are shown to people with a key only', async () => {
    expect(await ingress.call('GET', '/cases', null)).toMatchObject({ status: 401 });
  });
  test('an unknown filter is refused by name', async () => {
    expect(await ingress.call('GET', '/cases?colour=red', 'ops-1')).toMatchObject({
      status: 400,
      body: { error: expect.stringMatching(/colour/) },
    });
  });
  test('are acknowledged by their owner, not by others', async () => {
    const row = await open(db());
    expect(await ingress.call('POST', `/cases/${row.id}/acknowledge`, 'wh-3')).toMatchObject({ status: 409 });
    expect(await ingress.call('POST', `/cases/${row.id}/acknowledge`, 'fin-1')).toMatchObject({ status: 200 });
    expect(await readCase(db(), row.id)).toMatchObject({ state: 'acknowledged' });
  });
});

describe('many at once', () => {
  const bulk = (as: string, body: object) => ingress.call('POST', '/decisions/bulk', as, body);
  const three = (customer: string, minor = '8000') => {
    const amount = { minor, currency: 'GBP' };
    return Promise.all(
      [1, 2, 3].map((n) => open(db(), { customer, amount, baseAmount: amount, businessDate: `2026-05-0${n}` })),
    );
  };
  const body = (customer: string) => ({ filter: { code: 'X-12', customer }, choice: 'approve', why: 'outage' });

  test('a preview shows count, total and largest and decides nothing; its digest decides each', async () => {
    const rows = await three('CUST-BULK');
    const preview = await bulk('fin-1', body('CUST-BULK'));
    expect(preview).toMatchObject({
      status: 200,
      body: { count: 3, total: ['GBP 240.00'], largest: { amount: 'GBP 80.00' } },
    });
    expect((await readCase(db(), rows[0]?.id ?? ''))?.state).toBe('open');
    const done = await bulk('fin-1', { ...body('CUST-BULK'), digest: preview.body['digest'] });
    expect(done).toMatchObject({ status: 200, body: { decided: 3, skipped: [], refused: [], late: 0 } });
    for (const row of rows)
      expect((await readCase(db(), row.id))?.decisions).toMatchObject([{ by: 'fin-1', state: 'accepted' }]);
    expect(await bulk('fin-1', { ...body('CUST-BULK'), digest: preview.body['digest'] })).toMatchObject({
      status: 409,
    });
  });

  test('what changed is skipped, what came late needs a new preview', async () => {
    const [changed, ended, kept] = await three('CUST-LATE');
    const { digest } = (await bulk('fin-1', body('CUST-LATE'))).body;
    if (changed === undefined || ended === undefined || kept === undefined) throw new Error('three are opened');
    const next = await open(db(), { customer: 'CUST-LATE', shown: { total: '81.00' } }, changed.workflow_id);
    await decide('fin-2', approve(ended, { choice: 'reject' }));
    const done = await bulk('fin-1', { ...body('CUST-LATE'), digest });
    expect(done.body).toMatchObject({ decided: 1, late: 1 });
    const skipped = done.body['skipped'] as { case: string }[];
    expect(skipped.map((s) => s.case).sort()).toEqual([changed.id, ended.id].sort());
    expect((await readCase(db(), next.id))?.state).toBe('open');
    expect((await readCase(db(), kept.id))?.outcome).toBe('approve');
  });

  test('the sum is held against the limit a day, and then nothing is decided', async () => {
    const amount = { minor: '200000', currency: 'GBP' };
    const rows = await Promise.all(
      Array.from({ length: 6 }, (_, n) =>
        open(db(), { question: 'bulk-sum', amount, baseAmount: amount, customer: `CUST-SUM-${n}` }),
      ),
    );
    const request = { filter: { question: 'bulk-sum' }, choice: 'approve', why: 'outage' };
    const { digest } = (await bulk('fin-3', request)).body;
    const reply = await bulk('fin-3', { ...request, digest });
    expect(reply).toMatchObject({
      status: 409,
      body: { error: expect.stringMatching(/makes GBP 12,000\.00.*limit a day is GBP 10,000\.00/) },
    });
    for (const row of rows) expect((await readCase(db(), row.id))?.state).toBe('open');
    const lead = (await bulk('fin-lead', request)).body;
    expect(await bulk('fin-lead', { ...request, digest: lead['digest'] })).toMatchObject({ body: { decided: 6 } });
  });

  test("another's preview, an empty filter and nothing that fits are refused", async () => {
    await three('CUST-OTHER');
    const { digest } = (await bulk('fin-1', body('CUST-OTHER'))).body;
    expect(await bulk('fin-2', { ...body('CUST-OTHER'), digest })).toMatchObject({ status: 409 });
    expect(await bulk('fin-1', { filter: {}, choice: 'approve' })).toMatchObject({ status: 400 });
    expect(await bulk('fin-1', { filter: { code: 'X-64' }, choice: 'approve' })).toMatchObject({
      status: 409,
      body: { error: expect.stringMatching(/No open question/) },
    });
  });

  test('a question that came before its time is refused when it moves money', async () => {
    const reply = await decide('fin-1', {
      workflow: aWorkflow(),
      question: 'over-refund',
      asking: 1,
      choice: 'approve',
      why: 'x',
      shown: 'y',
    });
    expect(reply).toMatchObject({ status: 409, body: { error: expect.stringMatching(/has not been asked/) } });
  });
});

describe('the playbook', () => {
  test('is read without a key, one page a code; nothing else is', async () => {
    for (const code of ['X-12', 'approval']) {
      const page = await fetch(`${ingress.url}/playbook/${code}`);
      expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
      expect(await page.text()).toContain(`**Code** ${code} `);
    }
    for (const code of ['X-99', '..%2F..%2FREADME', 'X-12.md'])
      expect((await fetch(`${ingress.url}/playbook/${code}`)).status).toBe(404);
  });
});

describe('wrong keys', () => {
  test('are limited per address, in words', async () => {
    const own = await listen(fresh.store, sagas);
    const replies = [];
    for (let n = 0; n < 31; n += 1) replies.push(await own.call('GET', '/cases', `wrong-${n}`));
    await own.close();
    expect(replies.slice(0, 30).every((r) => r.status === 401)).toBe(true);
    expect(replies[30]).toMatchObject({ status: 429, body: { error: expect.stringMatching(/Too many wrong keys/) } });
  });
});
