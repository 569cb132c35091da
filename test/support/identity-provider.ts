/** An OpenID Connect provider on a loopback socket: signs in whom the test says, and lies when told to. */
import { createHash, createSign, generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

export interface IdentityProvider {
  issuer: string;
  /** Who signs in next, as claims beside the provider's own. */
  claims: Record<string, unknown>;
  /** Claims that replace the provider's own, as a wrong nonce. */
  lies: Record<string, unknown>;
  /** Signs with a key that it does not publish. */
  foreignKey: boolean;
  close(): Promise<void>;
}

const keyPair = () => generateKeyPairSync('rsa', { modulusLength: 2048 });

export async function identityProvider(clientId: string): Promise<IdentityProvider> {
  const [own, foreign] = [keyPair(), keyPair()];
  const codes = new Map<string, { nonce: string; challenge: string }>();
  const provider = { issuer: '', claims: {}, lies: {}, foreignKey: false } as IdentityProvider;

  const idToken = (nonce: string): string => {
    const now = Math.floor(Date.now() / 1000);
    const says = { iss: provider.issuer, aud: clientId, sub: 'u-1', iat: now, exp: now + 300, nonce };
    const signed = `${base64({ alg: 'RS256', kid: 'one', typ: 'JWT' })}.${base64({ ...says, ...provider.claims, ...provider.lies })}`;
    const { privateKey } = provider.foreignKey ? foreign : own;
    return `${signed}.${createSign('RSA-SHA256').update(signed).sign(privateKey).toString('base64url')}`;
  };
  const authorize = (url: URL, reply: ServerResponse): void => {
    const asked = (name: string): string => url.searchParams.get(name) ?? '';
    const code = randomUUID();
    codes.set(code, { nonce: asked('nonce'), challenge: asked('code_challenge') });
    const back = new URL(asked('redirect_uri'));
    back.searchParams.set('code', code);
    back.searchParams.set('state', asked('state'));
    back.searchParams.set('iss', provider.issuer);
    reply.writeHead(302, { location: back.href }).end();
  };
  const token = async (request: IncomingMessage, reply: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const given = new URLSearchParams(Buffer.concat(chunks).toString());
    const known = codes.get(given.get('code') ?? '');
    codes.delete(given.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(given.get('code_verifier') ?? '')
      .digest('base64url');
    if (known === undefined || known.challenge !== challenge) return json(reply, 400, { error: 'invalid_grant' });
    return json(reply, 200, { access_token: 'a', token_type: 'Bearer', id_token: idToken(known.nonce) });
  };
  const json = (reply: ServerResponse, status: number, body: object): void =>
    void reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

  const server = createServer((request, reply) => {
    const url = new URL(request.url ?? '/', provider.issuer);
    if (url.pathname === '/authorize') return authorize(url, reply);
    if (url.pathname === '/token') return void token(request, reply);
    if (url.pathname === '/jwks')
      return json(reply, 200, {
        keys: [{ ...own.publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' }],
      });
    return json(reply, 200, {
      issuer: provider.issuer,
      authorization_endpoint: `${provider.issuer}/authorize`,
      token_endpoint: `${provider.issuer}/token`,
      jwks_uri: `${provider.issuer}/jwks`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      authorization_response_iss_parameter_supported: true,
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  provider.issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  provider.close = () => new Promise((resolve) => server.close(() => resolve()));
  return provider;
}
