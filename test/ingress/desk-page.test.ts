/** The desk page: what a person may decide there, and what nobody can make it do. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readCase } from '../../store/desk-read.js';
import { open } from '../store/desk-support.js';
import { aDesk, decideOn, hiddenFields, type Desk } from './desk-support.js';

let desk: Desk;
beforeAll(async () => {
  desk = await aDesk();
});
afterAll(() => desk.close());

describe('deciding', () => {
  test('a case is decided with what its page showed, and the page says so', async () => {
    const row = await open(desk.db);
    const done = await decideOn(await desk.as('fin-1'), row.id);
    expect(done.status).toBe(303);
    expect(await desk.decisionsOn(row.id)).toEqual(['fin-1 approve accepted']);
    expect((await (await desk.as('fin-1')).get(done.to)).text).toContain('Decided: "approve" by fin-1.');
  });

  test('another role’s case by its address can be read and shows no form; a form made up for it is refused', async () => {
    const row = await open(desk.db);
    const browser = await desk.as('wh-3');
    const page = await browser.get(`/desk/cases/${row.id}`);
    expect(page.text).toContain('Finance decides this');
    expect(page.html).not.toContain(`/desk/cases/${row.id}/`);
    // The token of a form of its own, sent to the other role's address.
    const { token = '' } = hiddenFields(page.html, '/desk/sign-out');
    const made = { token, choice: 'approve', why: 'x', shown: row.digest, asking: '1' };
    expect(await browser.post(`/desk/cases/${row.id}/decide`, made)).toMatchObject({ status: 403 });
    expect(await desk.decisionsOn(row.id)).toEqual([]);
    expect(await desk.stateOf(row.id)).toBe('open');
  });

  test('a form of another session, of another site, and without a token are refused', async () => {
    const row = await open(desk.db);
    const action = `/desk/cases/${row.id}/decide`;
    const [mine, other] = [await desk.as('fin-1'), await desk.as('fin-2')];
    const form = { ...(await mine.formAt(`/desk/cases/${row.id}`, action)), choice: 'approve', why: 'x' };
    const without = { ...form, token: '' };
    expect(await other.post(action, form)).toMatchObject({ status: 403 });
    expect(await mine.post(action, without)).toMatchObject({ status: 403 });
    expect(await mine.post(action, form, { origin: 'https://evil.test' })).toMatchObject({ status: 403 });
    expect(await mine.post(action, form, { 'sec-fetch-site': 'cross-site' })).toMatchObject({ status: 403 });
    expect(await desk.decisionsOn(row.id)).toEqual([]);
  });

  test('a form sent again decides nothing again, nor does one whose case shows something else by now', async () => {
    const row = await open(desk.db);
    const action = `/desk/cases/${row.id}/decide`;
    const browser = await desk.as('fin-1');
    const form = { ...(await browser.formAt(`/desk/cases/${row.id}`, action)), choice: 'approve', why: 'x' };
    expect((await browser.post(action, form)).status).toBe(303);
    const again = await browser.post(action, { ...form, choice: 'reject' });
    expect((await browser.get(again.to)).text).toContain('was already decided');
    expect((await desk.decisionsOn(row.id)).filter((line) => line.endsWith('accepted'))).toEqual([
      'fin-1 approve accepted',
    ]);
    const stale = await decideOn(browser, (await open(desk.db)).id, { shown: 'f'.repeat(32) });
    expect((await browser.get(stale.to)).text).toContain('no longer shows what was decided on');
  });

  test('two tabs that decide at once: one decides, the other is told', async () => {
    for (let round = 0; round < 10; round++) {
      const row = await open(desk.db);
      const action = `/desk/cases/${row.id}/decide`;
      const tabs = [await desk.as('fin-1'), await desk.as('fin-2')];
      const forms = await Promise.all(tabs.map((tab) => tab.formAt(`/desk/cases/${row.id}`, action)));
      const choices = ['approve', 'reject'];
      await Promise.all(
        tabs.map((tab, n) => tab.post(action, { ...forms[n], choice: choices[n] ?? '', why: 'at once' })),
      );
      const states = (await readCase(desk.db, row.id))?.decisions.map(({ state }) => state).sort();
      expect(states).toEqual(['accepted', 'refused']);
    }
  });

  test('what the desk door refuses is refused here: requester, limit, no reason', async () => {
    const browser = await desk.as('fin-1');
    const asked = await open(desk.db, { requesters: ['fin-1'] });
    const large = await open(desk.db, {
      amount: { minor: '900000', currency: 'GBP' },
      baseAmount: { minor: '900000', currency: 'GBP' },
    });
    const plain = await open(desk.db);
    for (const [row, change, words] of [
      [asked, {}, /somebody else must/],
      [large, {}, /may decide up to GBP 2,?000\.00/],
      [plain, { why: ' ' }, /must say why/],
    ] as const) {
      const sent = await decideOn(browser, row.id, change);
      expect((await browser.get(sent.to)).text).toMatch(words);
      expect(await desk.stateOf(row.id)).toBe('open');
    }
  });

  test('two people: the first approval is kept and shown, the second decides', async () => {
    const row = await open(desk.db, { twoPeople: true });
    const first = await desk.as('fin-1');
    const sent = await decideOn(first, row.id);
    expect((await first.get(sent.to)).text).toContain('A second, different person must agree too.');
    await decideOn(first, row.id);
    expect(await desk.stateOf(row.id)).toBe('open');
    await decideOn(await desk.as('fin-2'), row.id);
    expect(await desk.decisionsOn(row.id)).toContain('fin-2 approve accepted');
  });
});
