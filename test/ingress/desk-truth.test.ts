/** The desk page says what is so: however long a history, a list or a table is, and however old a form or a page. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { readCase } from '../../store/desk-read.js';
import { open } from '../store/desk-support.js';
import { aDesk, decideOn, type Desk } from './desk-support.js';

let desk: Desk;
beforeAll(async () => {
  desk = await aDesk();
});
afterAll(() => desk.close());

test('a page that renews itself keeps no session open that nobody uses', async () => {
  const browser = await desk.as('ops-1');
  const idle = sql`update desk_session set seen_at = seen_at - interval '20 minutes' where person_id = 'ops-1'`;
  await idle.execute(desk.db);
  expect((await browser.get('/desk', { 'hx-request': 'true' })).status).toBe(200);
  await idle.execute(desk.db);
  expect((await browser.get('/desk', { 'hx-request': 'true' })).status).toBe(401);
  expect((await browser.get('/desk')).status).toBe(303);
});

test('a page of what went wrong is kept by no cache either', async () => {
  const browser = await desk.as('fin-1');
  for (const path of ['/desk/nothing', '/desk/assets/nothing', '/desk/cases/C-999']) {
    const { status, headers, text } = await browser.get(path);
    expect({ path, status, cache: headers.get('cache-control') }).toEqual({ path, status: 404, cache: 'no-store' });
    expect(text).toContain('fin-1');
  }
});

describe('a list', () => {
  test('that became shorter shows its last page, and never says that nothing waits while something does', async () => {
    const row = await open(desk.db);
    const page = await (await desk.as('fin-1')).get('/desk?page=40');
    expect(page.text).not.toContain('Nothing waits here');
    expect(page.text).toContain(row.id);
  });
});

describe('a case', () => {
  test('on which thousands of refused decisions were heaped still shows the one that stands', async () => {
    const row = await open(desk.db);
    await sql`insert into decision (id, workflow_id, case_id, door, identity, question, asking, choice, why, shown, "by", data, raw, state, refusal, recorded_at, created_at)
      select 'heap-' || n, ${row.workflow_id}, ${row.id}, 'desk', 'proven', 'over-refund', 1, 'retry', '', '', 'wh-3', '{}', '{}', 'refused', 'not yours', now(), now() - interval '1 hour'
      from generate_series(1, 2100) n`.execute(desk.db);
    await sql`insert into case_event (case_id, kind, "by", note)
      select ${row.id}, 'decision-refused', 'wh-3', 'not yours' from generate_series(1, 2100) n`.execute(desk.db);
    const browser = await desk.as('fin-1');
    const done = await decideOn(browser, row.id);
    const page = await browser.get(done.to);
    expect(page.text).toContain('Decided: "approve" by fin-1.');
    expect(page.text).toContain('Decided by fin-1: "approve", proven by key');
    expect((await readCase(desk.db, row.id))?.decisions.at(-1)).toMatchObject({ by: 'fin-1', state: 'accepted' });
  });
});
