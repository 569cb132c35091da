import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ArcheanFailure, createArcheanClient } from '../../clients/archean/client.js';
import { verifyWebhook } from '../../clients/archean/webhook.js';
import { createHttp } from '../../clients/http/index.js';
import { wireReturn } from './return-samples.js';

type Answer = { status: number; body: string; headers?: Record<string, string> };

describe('the Archean client', () => {
  let server: Server;
  let url = '';
  let answer: (path: string, request: IncomingMessage) => Answer;
  let tokens = 0;
  let calls: string[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      const path = request.url ?? '';
      calls.push(path);
      request.resume();
      const given =
        path === '/oauth/token'
          ? {
              status: 200,
              body: JSON.stringify({ access_token: `t${++tokens}`, token_type: 'Bearer', expires_in: 1800 }),
            }
          : answer(path, request);
      response.writeHead(given.status, { 'content-type': 'application/json', ...given.headers }).end(given.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  beforeEach(() => {
    tokens = 0;
    calls = [];
  });
  const client = (base = url) =>
    createArcheanClient(createHttp({ baseUrl: base, timeoutMs: 1000 }), { clientId: 'id', clientSecret: 's' });
  const page = {
    status: 200,
    body: JSON.stringify({ returns: [wireReturn(), 'rubbish'], lastSeq: 10, hasMore: false }),
  };

  test('reads a page with its bad rows, under one token however many ask at once', async () => {
    answer = () => page;
    const archean = client();
    const pages = await Promise.all([1, 2, 3].map(() => archean.returnsAfter(0, 200)));
    expect(pages[0]).toEqual({ rows: [wireReturn(), 'rubbish'], lastSeq: 10, hasMore: false });
    expect(calls.filter((path) => path.startsWith('/returns'))[0]).toBe('/returns?afterSeq=0&limit=200');
    await archean.returnsAfter(10, 200);
    expect(tokens).toBe(1);
  });

  test('gets a new token once after a 401, and says so when that one is refused too', async () => {
    answer = (_path, request) => (request.headers.authorization === 'Bearer t2' ? page : { status: 401, body: '{}' });
    const archean = client();
    const pages = await Promise.all([1, 2, 3].map(() => archean.returnsAfter(0, 200)));
    expect(pages.map((each) => each.lastSeq)).toEqual([10, 10, 10]);
    expect(tokens).toBe(2);
    answer = () => ({ status: 401, body: '{}' });
    await expect(archean.returnsAfter(0, 200)).rejects.toMatchObject({ kind: 'unauthorised' });
    expect(tokens).toBe(3);
  });

  test.each([
    [
      { status: 429, body: '{}', headers: { 'retry-after': '7' } },
      { kind: 'busy', retryAfterMs: 7000 },
    ],
    [{ status: 503, body: '' }, { kind: 'busy' }],
    [{ status: 500, body: '' }, { kind: 'no-reply' }],
    [{ status: 200, body: '<html>' }, { kind: 'malformed' }],
    [{ status: 200, body: '{"returns":[]}' }, { kind: 'malformed' }],
    [{ status: 400, body: '{}' }, { kind: 'refused' }],
  ])('sorts an answer %j into its kind', async (given, failure) => {
    answer = () => given;
    const reading = client().returnsAfter(0, 200);
    await expect(reading).rejects.toBeInstanceOf(ArcheanFailure);
    await expect(reading).rejects.toMatchObject(failure);
  });

  test('answers nothing for a return that is not there, and tells an unreachable system', async () => {
    answer = (path) => ({ status: path === '/returns/RTN%2F1' ? 404 : 500, body: '{}' });
    expect(await client().findReturn('RTN/1')).toBeUndefined();
    await expect(client('http://127.0.0.1:9').findReturn('x')).rejects.toMatchObject({ kind: 'unreachable' });
  });
});

describe('a webhook', () => {
  const now = new Date('2026-03-10T10:00:00Z');
  const hint = { eventId: 'evt-1', type: 'return.processed', seq: 4, id: 'RTN-1' };
  const seconds = (at: Date): string => String(Math.floor(at.getTime() / 1000));
  const deliver = (body: string, over: { secret?: string; at?: Date; signature?: string } = {}) => {
    const stamp = seconds(over.at ?? now);
    const digest = createHmac('sha256', over.secret ?? 'shared')
      .update(`${stamp}.${body}`)
      .digest('hex');
    const headers = { 'x-archean-timestamp': stamp, 'x-archean-signature': over.signature ?? `sha256=${digest}` };
    return verifyWebhook({ headers, body }, { secret: 'shared', toleranceMs: 300_000, now });
  };
  const at = (ms: number): Date => new Date(now.getTime() + ms);

  test('with the right signature is accepted up to five minutes old', () => {
    const body = JSON.stringify(hint);
    for (const age of [0, -300_000, 300_000])
      expect(deliver(body, { at: at(age) })).toEqual({ state: 'accepted', hint });
  });

  test.each([
    ['signed with another secret', JSON.stringify(hint), { secret: 'other' }, 401, 'does not fit'],
    ['unsigned', JSON.stringify(hint), { signature: '' }, 401, 'does not fit'],
    ['with a short signature', JSON.stringify(hint), { signature: 'sha256=ab' }, 401, 'does not fit'],
    ['too old', JSON.stringify(hint), { at: at(-301_000) }, 401, 'too far from now'],
    ['from the future', JSON.stringify(hint), { at: at(301_000) }, 401, 'too far from now'],
    ['that is not JSON', 'hello', {}, 400, 'not JSON'],
    ['of an unknown type', JSON.stringify({ ...hint, type: 'x' }), {}, 400, 'type'],
    ['that is huge', 'x'.repeat(20_000), {}, 400, 'at most'],
  ])('%s is refused in words', (_what, body, over, status, why) => {
    const verdict = deliver(body, over);
    expect(verdict).toMatchObject({ state: 'refused', status });
    expect(verdict.state === 'refused' && verdict.why).toContain(why);
  });

  test('changed on its way is refused', () => {
    const body = JSON.stringify(hint);
    const stamp = seconds(now);
    const digest = createHmac('sha256', 'shared').update(`${stamp}.${body}`).digest('hex');
    const headers = { 'x-archean-timestamp': stamp, 'x-archean-signature': `sha256=${digest}` };
    const options = { secret: 'shared', toleranceMs: 300_000, now };
    expect(verifyWebhook({ headers, body: body.replace('RTN-1', 'RTN-2') }, options).state).toBe('refused');
    expect(verifyWebhook({ headers: {}, body }, options).state).toBe('refused');
    expect(verifyWebhook({ headers, body: Buffer.from(body) }, options).state).toBe('accepted');
  });
});
