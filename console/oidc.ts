/** Signing in through the company's identity provider: OpenID Connect, authorization code with PKCE, state and nonce. */
import type { FastifyInstance } from 'fastify';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  discovery,
  enableNonRepudiationChecks,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  type Configuration,
  type IDToken,
} from 'openid-client';
import { z } from 'zod';
import { Refusal, type IngressDeps } from '../ingress/deps.js';
import type { Db } from '../store/database.js';
import { findPerson, personOfMail, type Person } from '../store/desk-people.js';
import { isSecure, signIn, wayBack } from './access.js';

type Provider = NonNullable<IngressDeps['config']['desk']['oidc']>;

const COOKIE = 'selvedge-desk-oidc';
const TEN_MINUTES_S = 600;
/** What the browser keeps between leaving for the provider and coming back. */
const Left = z.strictObject({ verifier: z.string(), state: z.string(), nonce: z.string(), then: z.string() });

/** Registers `GET /desk/oidc/start` and `GET /desk/oidc/callback`, when a provider is configured. */
export function oidcRoutes(app: FastifyInstance, deps: IngressDeps): void {
  const { publicUrl, oidc } = deps.config.desk;
  if (oidc === undefined) return;
  const secure = isSecure(publicUrl);
  const redirect = `${publicUrl}/desk/oidc/callback`;
  const provider = providerOf(oidc, deps);
  const cookie = { path: '/desk/oidc', httpOnly: true, sameSite: 'lax', secure } as const;

  app.get<{ Querystring: { then?: string } }>('/oidc/start', async (request, reply) => {
    const left = {
      verifier: randomPKCECodeVerifier(),
      state: randomState(),
      nonce: randomNonce(),
      then: wayBack(request.query.then),
    };
    const url = buildAuthorizationUrl(await provider(), {
      redirect_uri: redirect,
      scope: 'openid profile email',
      code_challenge: await calculatePKCECodeChallenge(left.verifier),
      code_challenge_method: 'S256',
      state: left.state,
      nonce: left.nonce,
    });
    void reply.setCookie(COOKIE, Buffer.from(JSON.stringify(left)).toString('base64url'), {
      ...cookie,
      maxAge: TEN_MINUTES_S,
    });
    return reply.redirect(url.href, 303);
  });

  app.get('/oidc/callback', async (request, reply) => {
    const left = leftIn(request.cookies[COOKIE]);
    void reply.clearCookie(COOKIE, cookie);
    const claims = await claimsOf(await provider(), new URL(request.url, `${publicUrl}/`), left, deps);
    const person = await personOf(deps.store.db, claims, oidc);
    await signIn(deps.store.db, reply, { person, how: 'oidc', secure });
    return reply.redirect(left.then, 303);
  });
}

/** The provider's own description, read at the first sign-in and again after a failure. */
function providerOf(
  { issuer, clientId, clientSecret, name }: Provider,
  { log }: IngressDeps,
): () => Promise<Configuration> {
  let known: Promise<Configuration> | undefined;
  // The library trusts the token of a direct answer without its signature, as the standard allows; here it is checked too.
  const inClear = issuer.startsWith('http:') ? [allowInsecureRequests] : [];
  const options = { execute: [enableNonRepudiationChecks, ...inClear] };
  return async () => {
    known ??= discovery(new URL(issuer), clientId, clientSecret, undefined, options);
    try {
      return await known;
    } catch (error) {
      known = undefined;
      log.warn({ issuer, error }, 'the identity provider cannot be reached');
      throw new Refusal(503, `${name} cannot be reached for signing in. Try again in a moment.`);
    }
  };
}

function leftIn(cookie: string | undefined): z.infer<typeof Left> {
  try {
    return Left.parse(JSON.parse(Buffer.from(cookie ?? '', 'base64url').toString('utf8')));
  } catch {
    throw new Refusal(400, 'This sign-in was not begun here, or more than ten minutes ago. Sign in again.');
  }
}

async function claimsOf(
  provider: Configuration,
  url: URL,
  { verifier, state, nonce }: z.infer<typeof Left>,
  { log }: IngressDeps,
): Promise<IDToken> {
  try {
    const tokens = await authorizationCodeGrant(provider, url, {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (claims !== undefined) return claims;
  } catch (error) {
    log.warn({ error }, 'sign-in by the identity provider failed');
  }
  throw new Refusal(401, 'The identity provider did not sign you in. Sign in again.');
}

/** The person whom the provider names. Nobody is made a person by signing in. @throws Refusal 403 for anybody else. */
async function personOf(db: Db, claims: IDToken, { personBy, name }: Provider): Promise<Person> {
  const verified = claims['email_verified'] === true;
  const named = personBy === 'mail' ? (verified ? claims['email'] : undefined) : claims['preferred_username'];
  const person =
    typeof named !== 'string'
      ? undefined
      : personBy === 'mail'
        ? await personOfMail(db, named)
        : await findPerson(db, named);
  if (person !== undefined) return person;
  throw new Refusal(
    403,
    `${name} says who you are, but you are not among the people of this desk. Ask integration support to add you.`,
  );
}
