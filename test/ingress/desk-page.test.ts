/** The desk page: who gets in, what a person may do there, and what nobody can make it do. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { readCase } from '../../store/desk-read.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';
import { open, seedDesk } from '../store/desk-support.js';
import { DeskBrowser, hiddenFields } from './desk-support.js';
import { listen, testSagas, type TestIngress, type TestSagas } from './support.js';

let fresh: FreshDatabase;
let sagas: TestSagas;
let ingress: TestIngress;
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
const db = () => fresh.store.db;
const as = async (person: string): Promise<DeskBrowser> => {
  const browser = new DeskBrowser(ingress);
  expect((await browser.signIn(person)).status).toBe(303);
  return browser;
};
const stateOf = async (id: string): Promise<string | undefined> => (await readCase(db(), id))?.state;
const decisionsOn = async (id: string): Promise<string[]> =>
  ((await readCase(db(), id))?.decisions ?? []).map(({ state, by, choice }) => `${by} ${choice} ${state}`);

/** Fills in the form of a case as its page offers it. */
async function decideOn(browser: DeskBrowser, id: string, change: Record<string, string> = {}) {
  const action = `/desk/cases/${id}/decide`;
  const hidden = await browser.formAt(`/desk/cases/${id}`, action);
  return browser.post(action, { ...hidden, choice: 'approve', why: 'goodwill, ticket 8812', ...change });
}

describe('signing in', () => {
  test('a key opens a session; a wrong one does not, and says so in words', async () => {
    const browser = new DeskBrowser(ingress);
    expect(await browser.get('/desk/cases/C-1')).toMatchObject({
      status: 303,
      to: '/desk/sign-in?then=%2Fdesk%2Fcases%2FC-1',
    });
    const wrong = await browser.post('/desk/sign-in', { key: 'dev-key-nobody', then: '/desk/cases/C-1' });
    expect(wrong).toMatchObject({ status: 401, text: expect.stringContaining('This key belongs to nobody') });
    expect(browser.cookie).toBe('');
    const right = await browser.post('/desk/sign-in', { key: ' dev-key-fin-1 ', then: '/desk/roles/finance' });
    expect(right).toMatchObject({ status: 303, to: '/desk/roles/finance' });
    expect(right.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Lax/);
    expect(await browser.get('/desk')).toMatchObject({ status: 200, text: expect.stringContaining('fin-1') });
  });

  test.each(['https://evil.test/', '//evil.test', '/desk/../decisions', 'javascript:alert(1)', '/desk\\@evil.test'])(
    'never leads away to %s',
    async (then) => {
      const browser = new DeskBrowser(ingress);
      const back = await browser.post('/desk/sign-in', { key: 'dev-key-fin-1', then });
      expect(back.status).toBe(303);
      expect(new URL(back.to, ingress.url).href).toMatch(new RegExp(`^${ingress.url}/d`));
      expect(back.to).toBe('/desk');
    },
  );

  test('signing out ends the session itself: its cookie opens nothing any more, nor does a form of it', async () => {
    const browser = await as('fin-2');
    const row = await open(db());
    const form = await browser.formAt(`/desk/cases/${row.id}`, `/desk/cases/${row.id}/decide`);
    const kept = browser.cookie;
    const out = await browser.formAt('/desk', '/desk/sign-out');
    expect(await browser.post('/desk/sign-out', out)).toMatchObject({ status: 303, to: '/desk/sign-in?out=1' });
    browser.cookie = kept;
    expect(await browser.get('/desk')).toMatchObject({ status: 303 });
    expect(await browser.post(`/desk/cases/${row.id}/decide`, { ...form, choice: 'approve', why: 'x' })).toMatchObject({
      status: 303,
    });
    expect(await decisionsOn(row.id)).toEqual([]);
  });

  test.each([
    ['unused for half an hour', sql`update desk_session set seen_at = clock_timestamp() - interval '31 minutes'`],
    ['as long as a working day', sql`update desk_session set ends_at = clock_timestamp()`],
    ['of a person who left', sql`update person set active = false where id = 'ops-1'`],
    [
      'of a person with another key',
      sql`update person set active = true, key_digest = repeat('0', 64) where id = 'ops-1'`,
    ],
  ])('a session ends %s', async (_, happens) => {
    const { rows } = await sql<{ key_digest: string }>`select key_digest from person where id = 'ops-1'`.execute(db());
    const browser = await as('ops-1');
    expect((await browser.get('/desk')).status).toBe(200);
    await happens.execute(db());
    expect((await browser.get('/desk')).status).toBe(303);
    await sql`update person set active = true, key_digest = ${rows[0]?.key_digest ?? ''} where id = 'ops-1'`.execute(
      db(),
    );
  });

  test('the token is kept nowhere in the store', async () => {
    const browser = await as('fin-3');
    const [, token = ''] = browser.cookie.split('=');
    const { rows } = await sql<{
      n: number;
    }>`select count(*)::int as n from desk_session s where s::text like ${`%${token}%`}`.execute(db());
    expect(token.length).toBeGreaterThan(40);
    expect(rows[0]?.n).toBe(0);
  });
});

describe('a page', () => {
  test('is kept by no cache, framed by nobody, and runs no script but the desk’s own', async () => {
    const browser = await as('fin-1');
    const { headers } = await browser.get('/desk');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-frame-options')).toBe('DENY');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*/);
  });

  test('script in a customer, a title, a reason and a refusal stays text', async () => {
    const evil = '<script>alert(1)</script><img src=x onerror="alert(2)">';
    const row = await open(db(), {
      title: `Refund for ${evil}`,
      customer: evil,
      expected: `${evil} \u202e 00.01`,
      shown: { document: 'credit-memo', [evil]: evil },
      steps: [evil],
    });
    const browser = await as('fin-1');
    const refused = await decideOn(browser, row.id, { choice: evil, why: evil });
    expect(refused.status).toBe(303);
    const page = await browser.get(refused.to);
    expect(page.text).toContain('is no choice of');
    for (const path of [refused.to, '/desk', '/desk/roles/finance', `/desk/find?number=${encodeURIComponent(evil)}`]) {
      const { html } = await browser.get(path);
      expect(html).not.toMatch(/<script>alert|<img/);
      expect(html).not.toContain('\u202e');
    }
  });

  test('names no customer: an account number stays, a name and a mail address do not', async () => {
    const named = await open(db(), {
      title: 'Refund for Jane Example, jane.example@example.com',
      customer: 'Jane Example',
    });
    const numbered = await open(db(), { title: 'Refund for customer 12747', customer: '12747' });
    const browser = await as('fin-1');
    const page = await browser.get(`/desk/cases/${named.id}`);
    expect(page.text).toContain('Refund for J•••, j•••@e•••');
    expect(page.html).not.toMatch(/Jane|example\.com/);
    expect((await browser.get(`/desk/cases/${numbered.id}`)).text).toContain('Refund for customer 12747');
  });

  test('that is not there, or of no role, is said in words', async () => {
    const browser = await as('fin-1');
    for (const path of [
      '/desk/cases/C-999999',
      '/desk/cases/%27--',
      '/desk/roles/boss',
      '/desk/nothing',
      '/desk/assets/..%2fdesk.css',
    ])
      expect(await browser.get(path)).toMatchObject({
        status: 404,
        html: expect.not.stringMatching(/ at .*\.(ts|js):\d+/),
      });
    expect(await browser.get('/desk?page=0')).toMatchObject({ status: 400 });
  });
});

describe('deciding', () => {
  test('a case is decided with what its page showed, and the page says so', async () => {
    const row = await open(db());
    const done = await decideOn(await as('fin-1'), row.id);
    expect(done.status).toBe(303);
    expect(await decisionsOn(row.id)).toEqual(['fin-1 approve accepted']);
    expect((await (await as('fin-1')).get(done.to)).text).toContain('Decided: "approve" by fin-1.');
  });

  test('another role’s case by its address can be read and shows no form; a form made up for it is refused', async () => {
    const row = await open(db());
    const browser = await as('wh-3');
    const page = await browser.get(`/desk/cases/${row.id}`);
    expect(page.text).toContain('Finance decides this');
    expect(page.html).not.toContain(`/desk/cases/${row.id}/`);
    // The token of a form of its own, sent to the other role's address.
    const { token = '' } = hiddenFields(page.html, '/desk/sign-out');
    const made = { token, choice: 'approve', why: 'x', shown: row.digest, asking: '1' };
    expect(await browser.post(`/desk/cases/${row.id}/decide`, made)).toMatchObject({ status: 403 });
    expect(await decisionsOn(row.id)).toEqual([]);
    expect(await stateOf(row.id)).toBe('open');
  });

  test('a form of another session, of another site, and without a token are refused', async () => {
    const row = await open(db());
    const action = `/desk/cases/${row.id}/decide`;
    const [mine, other] = [await as('fin-1'), await as('fin-2')];
    const form = { ...(await mine.formAt(`/desk/cases/${row.id}`, action)), choice: 'approve', why: 'x' };
    const without = { ...form, token: '' };
    expect(await other.post(action, form)).toMatchObject({ status: 403 });
    expect(await mine.post(action, without)).toMatchObject({ status: 403 });
    expect(await mine.post(action, form, { origin: 'https://evil.test' })).toMatchObject({ status: 403 });
    expect(await mine.post(action, form, { 'sec-fetch-site': 'cross-site' })).toMatchObject({ status: 403 });
    expect(await decisionsOn(row.id)).toEqual([]);
  });

  test('a form sent again decides nothing again, nor does one whose case shows something else by now', async () => {
    const row = await open(db());
    const action = `/desk/cases/${row.id}/decide`;
    const browser = await as('fin-1');
    const form = { ...(await browser.formAt(`/desk/cases/${row.id}`, action)), choice: 'approve', why: 'x' };
    expect((await browser.post(action, form)).status).toBe(303);
    const again = await browser.post(action, { ...form, choice: 'reject' });
    expect((await browser.get(again.to)).text).toContain('was already decided');
    expect((await decisionsOn(row.id)).filter((line) => line.endsWith('accepted'))).toEqual(['fin-1 approve accepted']);
    const stale = await decideOn(browser, (await open(db())).id, { shown: 'f'.repeat(32) });
    expect((await browser.get(stale.to)).text).toContain('no longer shows what was decided on');
  });

  test('two tabs that decide at once: one decides, the other is told', async () => {
    for (let round = 0; round < 10; round++) {
      const row = await open(db());
      const action = `/desk/cases/${row.id}/decide`;
      const tabs = [await as('fin-1'), await as('fin-2')];
      const forms = await Promise.all(tabs.map((tab) => tab.formAt(`/desk/cases/${row.id}`, action)));
      const choices = ['approve', 'reject'];
      await Promise.all(
        tabs.map((tab, n) => tab.post(action, { ...forms[n], choice: choices[n] ?? '', why: 'at once' })),
      );
      const states = (await readCase(db(), row.id))?.decisions.map(({ state }) => state).sort();
      expect(states).toEqual(['accepted', 'refused']);
    }
  });

  test('what the desk door refuses is refused here: requester, limit, no reason', async () => {
    const browser = await as('fin-1');
    const asked = await open(db(), { requesters: ['fin-1'] });
    const large = await open(db(), {
      amount: { minor: '900000', currency: 'GBP' },
      baseAmount: { minor: '900000', currency: 'GBP' },
    });
    const plain = await open(db());
    for (const [row, change, words] of [
      [asked, {}, /somebody else must/],
      [large, {}, /may decide up to GBP 2,?000\.00/],
      [plain, { why: ' ' }, /must say why/],
    ] as const) {
      const sent = await decideOn(browser, row.id, change);
      expect((await browser.get(sent.to)).text).toMatch(words);
      expect(await stateOf(row.id)).toBe('open');
    }
  });

  test('two people: the first approval is kept and shown, the second decides', async () => {
    const row = await open(db(), { twoPeople: true });
    const first = await as('fin-1');
    const sent = await decideOn(first, row.id);
    expect((await first.get(sent.to)).text).toContain('A second, different person must agree too.');
    await decideOn(first, row.id);
    expect(await stateOf(row.id)).toBe('open');
    await decideOn(await as('fin-2'), row.id);
    expect(await decisionsOn(row.id)).toContain('fin-2 approve accepted');
  });
});

describe('looking after a case', () => {
  test('it is taken up, given to a colleague, to the deputy and back; who may decide stays the same', async () => {
    const row = await open(db());
    const browser = await as('fin-1');
    const at = `/desk/cases/${row.id}`;
    await browser.post(`${at}/take-up`, await browser.formAt(at, `${at}/take-up`));
    expect(await stateOf(row.id)).toBe('acknowledged');
    const give = async (to: string, why = 'holiday') =>
      browser.post(`${at}/give`, { ...(await browser.formAt(at, `${at}/give`)), to, why });
    expect((await give('fin-2')).status).toBe(303);
    expect(await readCase(db(), row.id)).toMatchObject({ assignee: 'fin-2', owner: 'finance' });
    expect((await (await as('fin-2')).get('/desk?assignee=fin-2')).text).toContain(row.id);
    expect(await give('wh-3')).toMatchObject({ status: 409, text: expect.stringContaining('may not decide') });
    expect(await give('nobody')).toMatchObject({ status: 409 });
    expect(await give('fin-3', ' ')).toMatchObject({ status: 409 });
    expect((await give('operations')).status).toBe(303);
    expect(await readCase(db(), row.id)).toMatchObject({ assignee: '', owner: 'operations', deputy: 'finance' });
    expect((await decideOn(browser, row.id)).status).toBe(303);
    expect(await decisionsOn(row.id)).toEqual(['fin-1 approve accepted']);
  });

  test('nobody of another role takes it up or gives it away', async () => {
    const row = await open(db());
    const wrong = await as('wh-3');
    // Its own sign-out token does not fit, so a right token for this address is worked out as the desk would: there is none to find.
    for (const verb of ['take-up', 'give'])
      expect(await wrong.post(`/desk/cases/${row.id}/${verb}`, { token: 'x', to: 'wh-3', why: 'y' })).toMatchObject({
        status: 403,
      });
    expect(await ingress.call('POST', `/cases/${row.id}/reassign`, 'wh-3', { to: 'wh-3', why: 'mine' })).toMatchObject({
      status: 409,
    });
    expect(await readCase(db(), row.id)).toMatchObject({ state: 'open', owner: 'finance', assignee: '' });
  });
});

describe('like questions together', () => {
  test('a preview says how many and how much; exactly those are decided; the form sent again decides nothing', async () => {
    const group = `outage-${process.pid}`;
    const rows = [];
    for (let n = 0; n < 3; n++) rows.push(await open(db()));
    await sql`update "case" set group_key = ${group} where id = any(${rows.map(({ id }) => id)})`.execute(db());
    const browser = await as('fin-1');
    const from = `/desk/bulk?group=${group}`;
    const form = await browser.formAt(from, '/desk/bulk/preview');
    const preview = await browser.post('/desk/bulk/preview', { ...form, choice: 'approve', why: 'outage' });
    expect(preview.text).toContain('3 cases');
    expect(preview.text).toContain('GBP 240.00');
    const late = await open(db());
    await sql`update "case" set group_key = ${group} where id = ${late.id}`.execute(db());
    const apply = hiddenFields(preview.html, '/desk/bulk/apply');
    const done = await browser.post('/desk/bulk/apply', apply);
    expect(done.text).toContain('3 decided');
    expect(done.text).toContain('1 more came after the preview');
    expect(await browser.post('/desk/bulk/apply', apply)).toMatchObject({
      status: 409,
      text: expect.stringContaining('applied already'),
    });
    for (const { id } of rows) expect(await decisionsOn(id)).toEqual(['fin-1 approve accepted']);
    expect(await stateOf(late.id)).toBe('open');
  });

  test('another role sees them and has no form', async () => {
    const row = await open(db());
    await sql`update "case" set group_key = 'theirs' where id = ${row.id}`.execute(db());
    const page = await (await as('wh-3')).get('/desk/bulk?group=theirs');
    expect(page.text).toContain('Finance decides these');
    expect(page.html).not.toContain('/desk/bulk/preview');
  });
});

describe('mappings', () => {
  test('one person proposes, another confirms, and the sweep is told at once', async () => {
    const [mine, other] = [await as('fin-1'), await as('fin-2')];
    const action = '/desk/mappings/new/location';
    const form = await mine.formAt(`${action}?source=archean&location=V-MISC&from=2026-03-14`, action);
    const row = {
      source: 'archean',
      location: 'V-MISC',
      warehouse: '02',
      divisions: 'WOM, MEN',
      from: '2026-03-14',
      why: 'opened',
    };
    const faulty = await mine.post(action, { ...form, ...row, divisions: '*' });
    expect(faulty).toMatchObject({ status: 409, text: expect.stringContaining('there is no wildcard') });
    expect(faulty.html).toContain('value="V-MISC"');
    expect(await mine.post(action, { ...form, ...row })).toMatchObject({ status: 303 });
    const { rows } = await sql<{
      id: string;
      divisions: string[];
    }>`select id, divisions from location_mapping where location = 'V-MISC'`.execute(db());
    expect(rows[0]?.divisions).toEqual(['WOM', 'MEN']);
    const confirm = `/desk/mappings/location/${rows[0]?.id ?? ''}/confirm`;
    expect((await mine.get('/desk/mappings')).html).not.toContain(confirm);
    const theirs = await other.formAt('/desk/mappings', confirm);
    expect(await mine.post(confirm, theirs)).toMatchObject({ status: 403 });
    expect(await other.post(confirm, theirs)).toMatchObject({ status: 303, to: '/desk/mappings?done=confirmed' });
    expect(sagas.swept).toBe(1);
    expect(await other.post(confirm, theirs)).toMatchObject({ status: 409 });
  });
});
