/** Reading encrypted payloads in the Web UI: who may, from which page, and what they get. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { defaultPayloadConverter } from '@temporalio/common';
import { ConfigError } from '../../config/faults.js';
import { payloadCodec } from '../../clients/temporal/index.js';
import { uiOriginOf } from '../../ingress/codec.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';
import { ringOf } from '../support/keys.js';
import { seedDesk } from '../store/desk-support.js';
import { listen, testSagas, type TestIngress } from './support.js';

const UI = 'http://127.0.0.1:8233';
const ring = ringOf('k-2', 'k-1', 'k-2');
let fresh: FreshDatabase;
let ingress: TestIngress;
beforeAll(async () => {
  fresh = await freshDatabase();
  await seedDesk(fresh.store.db);
  ingress = await listen(fresh.store, testSagas(fresh.store), {}, 0, { keys: ring, uiOrigin: [UI] });
});
afterAll(async () => {
  await ingress.close();
  await fresh.drop();
});

const wire = async (value: unknown, keys: typeof ring | null = ring) => {
  const [payload] = await payloadCodec(keys).encode([defaultPayloadConverter.toPayload(value) ?? {}]);
  const metadata = Object.entries(payload?.metadata ?? {}).map(([name, bytes]) => [
    name,
    Buffer.from(bytes).toString('base64'),
  ]);
  return {
    metadata: Object.fromEntries(metadata) as Record<string, string>,
    data: Buffer.from(payload?.data ?? []).toString('base64'),
  };
};
const dataOf = (body: Record<string, unknown>): string[] =>
  (body['payloads'] as { data: string }[]).map(({ data }) => Buffer.from(data, 'base64').toString());
const fromPage = (path: string, origin: string, method = 'POST') =>
  fetch(ingress.url + path, {
    method,
    headers: {
      origin,
      ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
      'x-namespace': 'selvedge',
    },
    ...(method === 'POST' ? { body: JSON.stringify({ payloads: [] }) } : {}),
  });

describe('the codec of the Web UI', () => {
  test('opens payloads for a person, of every key; what is in clear or of a lost key comes back as it was', async () => {
    const lost = await wire('lost', ringOf('k-0', 'k-0'));
    const payloads = [
      await wire({ name: 'Zuleika' }),
      await wire('old', ringOf('k-1', 'k-1')),
      await wire('clear', null),
      lost,
    ];
    const { status, body } = await ingress.call('POST', '/codec/decode', 'fin-2', { payloads });
    expect(status).toBe(200);
    expect(dataOf(body).slice(0, 3)).toEqual(['{"name":"Zuleika"}', '"old"', '"clear"']);
    expect((body['payloads'] as unknown[])[3]).toEqual(lost);
  });

  test('encrypts what a person types into the UI', async () => {
    const { body } = await ingress.call('POST', '/codec/encode', 'fin-2', { payloads: [await wire('typed', null)] });
    expect(dataOf(body)[0]).not.toContain('typed');
    const back = await ingress.call('POST', '/codec/decode', 'fin-2', body);
    expect(dataOf(back.body)).toEqual(['"typed"']);
  });

  test('is closed without a key, with a wrong one, and with an address that is not one’s own', async () => {
    for (const [path, as] of [
      ['/codec/decode', null],
      ['/codec/decode', 'nobody'],
      ['/codec/fin-2.AAAA/decode', null],
      [
        `/codec/fin-2.${ring.marksOf('fin-2:x', 'selvedge web ui address')[0]?.toString('base64url') ?? ''}/decode`,
        'fin-2',
      ],
      ['/codec/address', null],
    ] as const) {
      const { status, text } = await ingress.call(
        path.endsWith('address') ? 'GET' : 'POST',
        path,
        as,
        path.endsWith('address') ? undefined : { payloads: [] },
      );
      expect([path, status]).toEqual([path, 401]);
      expect(text).not.toContain('Zuleika');
    }
  });

  test('opens at a person’s own address, until they may decide no more', async () => {
    const { body } = await ingress.call('GET', '/codec/address', 'fin-2');
    const path = String(body['path']);
    const ask = () => ingress.call('POST', `${path}/decode`, null, { payloads: [] });
    expect((await ask()).status).toBe(200);
    await fresh.store.db.updateTable('person').set({ active: false }).where('id', '=', 'fin-2').execute();
    expect((await ask()).status).toBe(401);
    await fresh.store.db.updateTable('person').set({ active: true }).where('id', '=', 'fin-2').execute();
  });

  test('answers pages of the UI alone', async () => {
    const { body } = await ingress.call('GET', '/codec/address', 'fin-2');
    const path = `${String(body['path'])}/decode`;
    const allowed = await fromPage(path, UI, 'OPTIONS');
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe(UI);
    expect(allowed.headers.get('access-control-allow-headers')).toContain('x-namespace');
    const answered = await fromPage(path, UI);
    expect([answered.status, answered.headers.get('access-control-allow-origin')]).toEqual([200, UI]);
    expect(answered.headers.get('cache-control')).toBe('no-store');
    for (const origin of ['http://evil.example', 'null', 'http://127.0.0.1:8234'])
      for (const method of ['OPTIONS', 'POST']) {
        const refused = await fromPage(path, origin, method);
        expect([origin, method, refused.status]).toEqual([origin, method, 403]);
        expect(refused.headers.get('access-control-allow-origin')).toBeNull();
      }
  });

  test('refuses what is no list of payloads', async () => {
    const { status, body } = await ingress.call('POST', '/codec/decode', 'fin-2', { payloads: [{ data: '***' }] });
    expect([status, body['error']]).toEqual([400, expect.stringContaining('base64')]);
  });

  test('says so where nothing is encrypted', async () => {
    const plain = await listen(fresh.store, testSagas(fresh.store));
    expect((await plain.call('POST', '/codec/decode', 'fin-2', { payloads: [] })).status).toBe(404);
    await plain.close();
  });

  test('takes its pages from the environment', () => {
    expect(uiOriginOf({ TEMPORAL_UI: 'http://127.0.0.1:8233/' })).toEqual([UI]);
    expect(uiOriginOf({ TEMPORAL_UI: UI, SELVEDGE_UI_ORIGIN: 'https://ui.example/x, http://localhost:8233' })).toEqual([
      'https://ui.example',
      'http://localhost:8233',
    ]);
    expect(() => uiOriginOf({ SELVEDGE_UI_ORIGIN: '*' })).toThrow(ConfigError);
  });
});
