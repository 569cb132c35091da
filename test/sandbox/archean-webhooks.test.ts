import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ArcheanWebhook, type ArcheanReturn } from '../../clients/archean/schema.js';
import { closeSites, eventually, site } from './archean-site.js';

afterEach(closeSites);

describe('webhooks', () => {
  let server: Server;
  let url = '';
  let answer = 204;
  const received: { headers: Record<string, unknown>; body: string }[] = [];
  beforeEach(async () => {
    received.length = 0;
    answer = 204;
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        received.push({ headers: request.headers, body });
        response.writeHead(answer).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/archean`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  test('are signed over timestamp and body, and name the row', async () => {
    const { archean } = await site({ returns: 2 });
    archean.setWebhook({ url, secret: 'shared' });
    const { return: row } = archean.event('return.processed', { restockState: 'PENDING' }) as { return: ArcheanReturn };
    await eventually(() => expect(received).toHaveLength(1));
    const [{ headers, body } = { headers: {}, body: '' }] = received;
    const stamp = String(headers['x-archean-timestamp']);
    expect(Math.abs(Number(stamp) - Date.now() / 1000)).toBeLessThan(10);
    const signature = createHmac('sha256', 'shared').update(`${stamp}.${body}`).digest('hex');
    expect(headers['x-archean-signature']).toBe(`sha256=${signature}`);
    expect(ArcheanWebhook.parse(JSON.parse(body))).toMatchObject({
      type: 'return.processed',
      id: row.returnNo,
      seq: row.seq,
    });
  });

  test('are sent again until they are taken', async () => {
    const { archean } = await site({ returns: 2 });
    archean.setWebhook({ url, secret: 'shared' });
    answer = 500;
    archean.event('movement.recorded');
    await eventually(() => expect(received.length).toBeGreaterThan(1));
    answer = 204;
    expect(new Set(received.map(({ body }) => body)).size).toBe(1);
  });

  test('are lost and doubled by a system that misbehaves', async () => {
    const { archean } = await site({ returns: 2 });
    archean.setWebhook({ url, secret: 'shared' });
    archean.misbehave(0.3);
    for (let n = 0; n < 60; n += 1) archean.event('movement.recorded');
    await eventually(() => expect(archean.deliveries().length).toBeGreaterThan(70));
    const lost = archean.deliveries().filter((one) => one.status === null);
    expect(lost.length).toBeGreaterThan(3);
    const ids = received.map(({ body }) => ArcheanWebhook.parse(JSON.parse(body)).eventId);
    expect(ids.length).toBeGreaterThan(new Set(ids).size);
  });
});
