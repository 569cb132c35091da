import { afterEach, describe, expect, test } from '@jest/globals';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHttp, HttpFailure, type HttpLog } from '../../clients/http/index.js';

const servers: Server[] = [];
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function failureOf(work: Promise<unknown>): Promise<HttpFailure> {
  const error: unknown = await work.then(
    () => undefined,
    (e: unknown) => e,
  );
  if (!(error instanceof HttpFailure)) throw new Error(`expected an HttpFailure, got ${String(error)}`);
  return error;
}

describe('http', () => {
  test('every status is an answer, with its body and headers', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(422, { 'content-type': 'application/json', 'x-request-id': 'r-1' });
      response.end('{"code":"SKU_UNKNOWN"}');
    });
    const http = createHttp({ baseUrl: url, timeoutMs: 1000 });
    const response = await http.request({ method: 'POST', path: '/x', json: { a: 1 } });
    expect(response).toMatchObject({ status: 422, body: '{"code":"SKU_UNKNOWN"}' });
    expect(response.headers['x-request-id']).toBe('r-1');
  });

  test('a redirect is answered, not followed', async () => {
    let calls = 0;
    const url = await serve((_request, response) => {
      calls += 1;
      response.writeHead(302, { location: '/elsewhere' });
      response.end();
    });
    const http = createHttp({ baseUrl: url, timeoutMs: 1000 });
    expect((await http.request({ method: 'GET', path: '/x' })).status).toBe(302);
    expect(calls).toBe(1);
  });

  test('a refused connection proves that nothing was sent', async () => {
    const url = await serve(() => undefined);
    for (const server of servers.splice(0)) await new Promise((done) => server.close(done));
    const failure = await failureOf(
      createHttp({ baseUrl: url, timeoutMs: 1000 }).request({ method: 'POST', path: '/x', json: {} }),
    );
    expect(failure.kind).toBe('unreachable');
  });

  test('silence and a dropped connection may both have been carried out, and neither is sent twice', async () => {
    let calls = 0;
    const url = await serve((request, response) => {
      calls += 1;
      if (request.url === '/drop') response.destroy();
    });
    const http = createHttp({ baseUrl: url, timeoutMs: 150 });
    expect((await failureOf(http.request({ method: 'POST', path: '/silent', json: {} }))).kind).toBe('no-reply');
    expect((await failureOf(http.request({ method: 'POST', path: '/drop', json: {} }))).kind).toBe('no-reply');
    expect(calls).toBe(2);
  });

  test('an answer over the limit is no answer', async () => {
    const url = await serve((_request, response) => {
      response.end('x'.repeat(300_000));
    });
    const http = createHttp({ baseUrl: url, timeoutMs: 2000, maxBytes: 50_000 });
    expect((await failureOf(http.request({ method: 'GET', path: '/big' }))).kind).toBe('no-reply');
  });

  test('one line per exchange, without secrets', async () => {
    const url = await serve((_request, response) => response.end('{}'));
    const lines: string[] = [];
    const log: HttpLog = {
      info: (fields) => lines.push(JSON.stringify(fields)),
      warn: (fields) => lines.push(JSON.stringify(fields)),
    };
    const http = createHttp({ baseUrl: url, timeoutMs: 1000, headers: { 'x-api-key': 'sesame' }, log });
    await http.request({ method: 'GET', path: '/x', query: { access_token: 'sesame', orderNo: 'A1' } });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('orderNo=A1');
    expect(lines[0]).not.toContain('sesame');
  });
});
