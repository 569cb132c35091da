/** The desk page: who gets in and for how long, and what a page shows and keeps to itself. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { open } from '../store/desk-support.js';
import { aDesk, decideOn, DeskBrowser, hiddenFields, type Desk } from './desk-support.js';

let desk: Desk;
beforeAll(async () => {
  desk = await aDesk();
});
afterAll(() => desk.close());

describe('signing in', () => {
  test('a key opens a session; a wrong one does not, and says so in words', async () => {
    const browser = new DeskBrowser(desk.ingress);
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
      const browser = new DeskBrowser(desk.ingress);
      const back = await browser.post('/desk/sign-in', { key: 'dev-key-fin-1', then });
      expect(back.status).toBe(303);
      expect(new URL(back.to, desk.ingress.url).href).toMatch(new RegExp(`^${desk.ingress.url}/d`));
      expect(back.to).toBe('/desk');
    },
  );

  test('signing out ends the session itself: its cookie opens nothing any more, nor does a form of it', async () => {
    const browser = await desk.as('fin-2');
    const row = await open(desk.db);
    const form = await browser.formAt(`/desk/cases/${row.id}`, `/desk/cases/${row.id}/decide`);
    const kept = browser.cookie;
    const out = await browser.formAt('/desk', '/desk/sign-out');
    expect(await browser.post('/desk/sign-out', out)).toMatchObject({ status: 303, to: '/desk/sign-in?out=1' });
    browser.cookie = kept;
    expect(await browser.get('/desk')).toMatchObject({ status: 303 });
    expect(await browser.post(`/desk/cases/${row.id}/decide`, { ...form, choice: 'approve', why: 'x' })).toMatchObject({
      status: 303,
    });
    expect(await desk.decisionsOn(row.id)).toEqual([]);
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
    const { rows } = await sql<{ key_digest: string }>`select key_digest from person where id = 'ops-1'`.execute(
      desk.db,
    );
    const browser = await desk.as('ops-1');
    expect((await browser.get('/desk')).status).toBe(200);
    await happens.execute(desk.db);
    expect((await browser.get('/desk')).status).toBe(303);
    await sql`update person set active = true, key_digest = ${rows[0]?.key_digest ?? ''} where id = 'ops-1'`.execute(
      desk.db,
    );
  });

  test('the token is kept nowhere in the store', async () => {
    const browser = await desk.as('fin-3');
    const [, token = ''] = browser.cookie.split('=');
    const { rows } = await sql<{
      n: number;
    }>`select count(*)::int as n from desk_session s where s::text like ${`%${token}%`}`.execute(desk.db);
    expect(token.length).toBeGreaterThan(40);
    expect(rows[0]?.n).toBe(0);
  });
});

describe('a page', () => {
  test('is kept by no cache, framed by nobody, and runs no script but the desk’s own', async () => {
    const browser = await desk.as('fin-1');
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
    const row = await open(desk.db, {
      title: `Refund for ${evil}`,
      customer: evil,
      expected: `${evil} \u202e 00.01`,
      shown: { document: 'credit-memo', [evil]: evil },
      steps: [evil],
    });
    const browser = await desk.as('fin-1');
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
    const named = await open(desk.db, {
      title: 'Refund for Jane Example, jane.example@example.com',
      customer: 'Jane Example',
    });
    const numbered = await open(desk.db, { title: 'Refund for customer 12747', customer: '12747' });
    const browser = await desk.as('fin-1');
    const page = await browser.get(`/desk/cases/${named.id}`);
    expect(page.text).toContain('Refund for J•••, j•••@e•••');
    expect(page.html).not.toMatch(/Jane|example\.com/);
    expect((await browser.get(`/desk/cases/${numbered.id}`)).text).toContain('Refund for customer 12747');
  });

  test('names no customer in a refusal, on the path of a number, in a report and in a total of many', async () => {
    const refund = {
      title: 'Refund for JOAN EXAMPLE is above what was sold',
      customer: 'Joan Example',
      businessDate: '2026-03-09',
      amount: { minor: '190000', currency: 'GBP' },
      baseAmount: { minor: '190000', currency: 'GBP' },
      shown: { document: 'credit-memo', customer: 'Joan Example' },
    };
    const [first, second] = [await open(desk.db, refund), await open(desk.db, refund)];
    const browser = await desk.as('fin-1');
    await decideOn(browser, first.id);
    const refused = await decideOn(browser, second.id);
    const group = encodeURIComponent(second.group_key);
    for (const path of [
      refused.to,
      `/desk/find?number=${second.business_key}`,
      `/desk/bulk?group=${group}`,
      '/desk/reports/RP-18',
      '/desk/reports/RP-21',
      '/desk/reports/RP-18/csv/cases',
    ]) {
      const { html, status } = await browser.get(path);
      expect({ path, status, named: /joan example/i.test(html) }).toEqual({ path, status: 200, named: false });
    }
    expect((await browser.get(refused.to)).text).toContain('per customer and day (customer J•••, 2026-03-09)');
    await open(desk.db, refund);
    const form = await browser.formAt(`/desk/bulk?group=${group}`, '/desk/bulk/preview');
    const preview = await browser.post('/desk/bulk/preview', { ...form, choice: 'approve', why: 'outage' });
    const together = await browser.post('/desk/bulk/apply', hiddenFields(preview.html, '/desk/bulk/apply'));
    expect(together).toMatchObject({ status: 409, text: expect.stringContaining('For customer J•••, 2026-03-09') });
  });

  test('that is not there, or of no role, is said in words', async () => {
    const browser = await desk.as('fin-1');
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
