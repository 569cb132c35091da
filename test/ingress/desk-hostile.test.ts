/** The desk page and door under hostile input: it is refused in words, nothing is decided, and nothing is cut or lost. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { judgeDecision } from '../../store/desk-decisions.js';
import { readCase } from '../../store/desk-read.js';
import { claimOf, open, rules } from '../store/desk-support.js';
import { aDesk, decideOn, type Desk } from './desk-support.js';

let desk: Desk;
beforeAll(async () => {
  desk = await aDesk();
});
afterAll(() => desk.close());

const NUL = '\0';
const HALF = '\ud83d';

describe('a character that the store cannot keep', () => {
  test.each([
    '/desk/find?number=a%00b',
    '/desk?code=%00',
    '/desk/roles/finance?group=%00',
    '/desk/bulk?group=%00',
    '/desk/reports/RP-05?about=%00',
    '/desk/cases/C-1%00',
  ])('in the address %s is refused in words', async (path) => {
    const answer = await (await desk.as('fin-1')).get(path);
    expect(answer).toMatchObject({ status: 400, text: expect.stringContaining('a character that cannot be kept') });
  });

  test.each([
    ['reason', { why: `a${NUL}b` }],
    ['choice', { choice: NUL }],
    ['fact', { choice: 'correct', 'fact-orderNo': `5${NUL}` }],
    ['name of a field', { [`x${NUL}`]: '1' }],
  ])('in a %s of a decision decides nothing', async (_, change) => {
    const row = await open(desk.db);
    expect((await decideOn(await desk.as('fin-1'), row.id, change as Record<string, string>)).status).toBe(400);
    expect(await desk.decisionsOn(row.id)).toEqual([]);
  });

  test.each([NUL, HALF])('sent by a program is refused: %j', async (bad) => {
    const row = await open(desk.db);
    const body = { case: row.id, choice: 'approve', why: `a${bad}`, shown: row.digest };
    expect(await desk.ingress.call('POST', '/decisions', 'fin-1', body)).toMatchObject({ status: 400 });
    expect(await desk.ingress.call('GET', '/cases/%00', 'fin-1')).toMatchObject({ status: 400 });
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect((await desk.ingress.call('POST', '/decisions', 'fin-1', deep)).status).toBe(400);
    expect(await desk.decisionsOn(row.id)).toEqual([]);
  });

  test.each([NUL, HALF])('sent straight to the saga is a refusal, not a call that fails for ever: %j', async (bad) => {
    const row = await open(desk.db);
    const sent = { workflowId: row.workflow_id, door: 'update' as const };
    for (const raw of [claimOf(row, 'fin-1', { why: bad }), claimOf(row, bad), { [bad]: bad }, bad])
      expect(await judgeDecision(desk.db, { ...sent, raw }, rules())).toMatchObject({ state: 'refused' });
    expect(await judgeDecision(desk.db, { ...sent, raw: null, decisionId: bad }, rules())).toMatchObject({
      state: 'refused',
    });
    expect(await desk.stateOf(row.id)).toBe('open');
  });
});

describe('a reason', () => {
  test('of several lines is kept whole, though browsers send two characters for a line’s end', async () => {
    const row = await open(desk.db);
    const lines = Array.from({ length: 90 }, (_, n) => `l${n % 10}`);
    const sent = await decideOn(await desk.as('fin-1'), row.id, { why: `${lines.join('\r\n')}\r\n${'x'.repeat(230)}` });
    expect(sent.status).toBe(303);
    expect((await readCase(desk.db, row.id))?.decisions[0]?.why).toBe(`${lines.join('\n')}\n${'x'.repeat(230)}`);
  });

  test('or a number that is too long is refused, not cut', async () => {
    const row = await open(desk.db);
    const browser = await desk.as('fin-1');
    expect(await decideOn(browser, row.id, { why: `${'x'.repeat(499)}😀` })).toMatchObject({
      status: 400,
      text: expect.stringContaining('Too long: reason, 501 characters; at most 500'),
    });
    const number = { choice: 'correct', 'fact-orderNo': '5'.repeat(201) };
    expect((await decideOn(browser, row.id, number)).status).toBe(400);
    const at = `/desk/cases/${row.id}`;
    const give = { ...(await browser.formAt(at, `${at}/give`)), to: 'fin-2', why: 'x'.repeat(501) };
    expect((await browser.post(`${at}/give`, give)).status).toBe(400);
    expect(await readCase(desk.db, row.id)).toMatchObject({ state: 'open', assignee: '', decisions: [] });
  });
});

describe('a form', () => {
  test.each([
    ['text/plain', 'token=x'],
    ['application/json', '[]'],
    ['application/json', '{"token":{"a":"b"}}'],
    ['application/json', '{"__proto__":{"token":"x"}}'],
    ['multipart/form-data; boundary=x', '--x--'],
    ['application/x-www-form-urlencoded', 'token=a&token=b'],
    ['application/x-www-form-urlencoded', '__proto__=a&constructor=b&toString=c'],
    ['application/x-www-form-urlencoded', Array.from({ length: 150_000 }, (_, n) => `${n}=`).join('&')],
  ])('as %s is refused before anything is done', async (type, body) => {
    const { cookie } = await desk.as('fin-1');
    for (const path of ['/desk/sign-out', '/desk/bulk/apply', '/desk/mappings/location/1/confirm']) {
      const headers = { cookie, 'content-type': type, 'x-http-method-override': 'GET' };
      const { status } = await fetch(desk.ingress.url + path, { method: 'POST', redirect: 'manual', body, headers });
      expect([400, 403, 413, 415]).toContain(status);
    }
    expect((await fetch(`${desk.ingress.url}/desk`, { headers: { cookie }, redirect: 'manual' })).status).toBe(200);
  });

  test.each(['__proto__', 'constructor', 'toString'])('with the choice %s is a refused decision', async (choice) => {
    const row = await open(desk.db);
    expect((await decideOn(await desk.as('fin-1'), row.id, { choice })).status).toBe(303);
    expect(await desk.decisionsOn(row.id)).toEqual([`fin-1 ${choice} refused`]);
  });

  test('fits no other spelling of its address', async () => {
    const row = await open(desk.db);
    const browser = await desk.as('fin-1');
    const form = await browser.formAt(`/desk/cases/${row.id}`, `/desk/cases/${row.id}/decide`);
    const spelt = row.id.replace('-', '%2D');
    for (const path of [
      `/desk/cases/${spelt}/decide`,
      `/desk/cases/${row.id}/decide/`,
      `/desk//cases/${row.id}/decide`,
    ])
      expect([403, 404]).toContain((await browser.post(path, { ...form, choice: 'approve', why: 'x' })).status);
    expect(await desk.decisionsOn(row.id)).toEqual([]);
  });
});
