/** Bearer tokens by client credentials (facts/archean-r247.md 3.2). */
import { Refusal, type Random, type Reply, type SystemRequest } from '../core/index.js';

export interface Credentials {
  clientId: string;
  clientSecret: string;
}
export interface Tokens {
  /** POST /oauth/token. */
  issue(request: SystemRequest): Reply;
  /** 401 when the bearer token is missing, unknown or expired. */
  guard(request: SystemRequest): Reply | null;
  /** Every token given out so far is void from now on. */
  expireAll(): void;
}

/** Tokens live `lifeMs`; without `credentials` any client that names itself is let in. */
export function createTokens(options: {
  random: Random;
  lifeMs: number;
  credentials?: Credentials | undefined;
}): Tokens {
  const { random, lifeMs, credentials } = options;
  const until = new Map<string, number>();
  return {
    issue: ({ body }) => {
      const form = body as Record<string, unknown>;
      const id = form['client_id'];
      const secret = form['client_secret'];
      if (form['grant_type'] !== 'client_credentials')
        throw new Refusal(400, 'UNSUPPORTED_GRANT', 'grant_type must be client_credentials');
      const named = typeof id === 'string' && id !== '' && typeof secret === 'string' && secret !== '';
      if (!named || (credentials !== undefined && (id !== credentials.clientId || secret !== credentials.clientSecret)))
        throw new Refusal(401, 'BAD_CLIENT', 'client_id and client_secret do not belong together');
      const token = Array.from({ length: 4 }, () => random.int(0, 0xffffffff).toString(16)).join('');
      for (const [old, expires] of until) if (expires <= Date.now()) until.delete(old);
      until.set(token, Date.now() + lifeMs);
      return {
        status: 200,
        body: { access_token: token, token_type: 'Bearer', expires_in: Math.floor(lifeMs / 1000) },
      };
    },
    guard: (request) => {
      if (request.operation === 'issueToken') return null;
      const given = request.headers['authorization'];
      const token = typeof given === 'string' ? /^Bearer (.+)$/.exec(given)?.[1] : undefined;
      if (token !== undefined && (until.get(token) ?? 0) > Date.now()) return null;
      return { status: 401, body: { code: 'TOKEN_EXPIRED', message: 'get a new token at /oauth/token' } };
    },
    expireAll: () => until.clear(),
  };
}
