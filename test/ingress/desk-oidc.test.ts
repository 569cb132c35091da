/** Signing in through an identity provider: who it makes of whom, and what it cannot be made to do. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { seedDesk } from '../store/desk-support.js';
import { freshDatabase, type FreshDatabase } from '../support/database.js';
import { identityProvider, type IdentityProvider } from '../support/identity-provider.js';
import { DeskBrowser, type Answer } from './desk-support.js';
import { listen, testSagas, type TestIngress } from './support.js';

let fresh: FreshDatabase;
let provider: IdentityProvider;
let ingress: TestIngress;

/** A port that is free now: the provider must be told where to come back to before the desk listens. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

beforeAll(async () => {
  fresh = await freshDatabase();
  await seedDesk(fresh.store.db);
  provider = await identityProvider('selvedge-desk');
  const port = await freePort();
  const oidc = {
    name: 'Example',
    issuer: provider.issuer,
    clientId: 'selvedge-desk',
    clientSecret: 's',
    personBy: 'mail',
  } as const;
  const desk = { publicUrl: `http://127.0.0.1:${port}`, keys: false, oidc };
  ingress = await listen(fresh.store, testSagas(fresh.store), { desk }, port);
});
afterAll(async () => {
  await ingress.close();
  await provider.close();
  await fresh.drop();
});
beforeEach(() => {
  provider.claims = { email: 'FIN-1@selvedge.test', email_verified: true };
  provider.lies = {};
  provider.foreignKey = false;
});

/** Begins at the desk, goes to the provider, and answers the address the provider sends the browser back to. */
async function backFrom(browser: DeskBrowser, then = '/desk/roles/finance'): Promise<string> {
  const started = await browser.get(`/desk/oidc/start?then=${encodeURIComponent(then)}`);
  expect(started.status).toBe(303);
  const asked = await fetch(started.to, { redirect: 'manual' });
  const back = new URL(asked.headers.get('location') ?? '');
  return back.pathname + back.search;
}
const signedIn = async (browser: DeskBrowser): Promise<boolean> => (await browser.get('/desk')).status === 200;
async function come(): Promise<{ browser: DeskBrowser; answer: Answer }> {
  const browser = new DeskBrowser(ingress);
  return { browser, answer: await browser.get(await backFrom(browser)) };
}

describe('an identity provider', () => {
  test('signs in the person whose verified mail it names, and leads back to where they were going', async () => {
    const { browser, answer } = await come();
    expect(answer).toMatchObject({ status: 303, to: '/desk/roles/finance' });
    expect((await browser.get('/desk')).text).toContain('fin-1');
  });

  test.each([
    ['a mail that is not verified', { email: 'fin-1@selvedge.test', email_verified: false }],
    ['somebody who is not among the people', { email: 'eve@selvedge.test', email_verified: true }],
    ['no mail', {}],
    ['a mail that is not text', { email: ['fin-1@selvedge.test'], email_verified: true }],
  ])('makes nobody of %s', async (_, claims) => {
    provider.claims = claims;
    const { browser, answer } = await come();
    expect(answer).toMatchObject({ status: 403, text: expect.stringContaining('not among the people of this desk') });
    expect(await signedIn(browser)).toBe(false);
  });

  test.each<[string, Partial<IdentityProvider>]>([
    ['another nonce', { lies: { nonce: 'replayed' } }],
    ['another audience', { lies: { aud: 'another-client' } }],
    ['another issuer', { lies: { iss: 'https://evil.test' } }],
    ['an end in the past', { lies: { exp: 1 } }],
    ['a foreign signature', { foreignKey: true }],
  ])('is not believed with %s', async (_, lie) => {
    Object.assign(provider, lie);
    const { browser, answer } = await come();
    expect(answer.status).toBe(401);
    expect(await signedIn(browser)).toBe(false);
  });

  test('is not believed without a beginning here, with another state, or twice', async () => {
    const stranger = new DeskBrowser(ingress);
    const browser = new DeskBrowser(ingress);
    const back = await backFrom(browser);
    expect((await stranger.get(back)).status).toBe(400);
    const kept = browser.cookie;
    const forged = new URL(back, ingress.url);
    forged.searchParams.set('state', 'forged');
    expect((await browser.get(forged.pathname + forged.search)).status).toBe(401);
    browser.cookie = kept;
    expect((await browser.get(back)).status).toBe(303);
    browser.cookie = kept;
    expect((await browser.get(back)).status).toBe(401);
  });

  test('leaves no way in by key where keys are not taken, and never leads away', async () => {
    const browser = new DeskBrowser(ingress);
    expect((await browser.get('/desk/sign-in')).html).not.toContain('type="password"');
    expect(await browser.post('/desk/sign-in', { key: 'dev-key-fin-1' })).toMatchObject({ status: 403 });
    expect((await browser.get(await backFrom(browser, 'https://evil.test/'))).to).toBe('/desk');
  });
});
