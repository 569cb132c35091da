/** Who is at the desk page: a session by cookie. Whoever has none is sent to sign in, and back. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../ingress/deps.js';
import type { Db } from '../store/database.js';
import { openSession, sessionOf, type Session, type SignInBy } from '../store/desk-sessions.js';
import type { Person } from '../store/desk-people.js';

const LONGEST_TOKEN = 100;

/** Over TLS the browser is told to send the cookie over TLS alone, and to take it from this host alone. */
const cookieOf = (secure: boolean): string => (secure ? '__Host-selvedge-desk' : 'selvedge-desk');
const cookieRules = (secure: boolean) => ({ path: '/', httpOnly: true, sameSite: 'lax', secure }) as const;

/** Whether people reach the desk over TLS. */
export const isSecure = (publicUrl: string): boolean => publicUrl.startsWith('https:');

/** The desk's pages ask by htmx only to renew themselves, nobody being there perhaps. */
const renewsItself = (request: FastifyRequest): boolean => request.headers['hx-request'] === 'true';

/** The session of a request; undefined without one that stands. */
export async function sessionIn(db: Db, request: FastifyRequest, secure: boolean): Promise<Session | undefined> {
  const token = request.cookies[cookieOf(secure)];
  return token === undefined || token.length > LONGEST_TOKEN ? undefined : sessionOf(db, token, renewsItself(request));
}

/** Signs a person in: the browser gets the session's cookie. */
export async function signIn(
  db: Db,
  reply: FastifyReply,
  { person, how, secure }: { person: Person; how: SignInBy; secure: boolean },
): Promise<void> {
  void reply.setCookie(cookieOf(secure), await openSession(db, person, how), cookieRules(secure));
}

/** Takes the cookie back. */
export const forget = (reply: FastifyReply, secure: boolean): void =>
  void reply.clearCookie(cookieOf(secure), cookieRules(secure));

/** An address of the desk's own to go to after signing in; anything else is the first page. */
export const wayBack = (wanted: unknown): string =>
  typeof wanted === 'string' &&
  wanted.length < 500 &&
  /^\/desk(\/[\w./?=&%:-]*)?$/.test(wanted) &&
  !wanted.includes('..')
    ? wanted
    : '/desk';

const sessions = new WeakMap<FastifyRequest, Session>();

/** Lets only signed-in people on; htmx is told to load the sign-in page whole. */
export function mustBeSignedIn(db: Db, secure: boolean) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const session = await sessionIn(db, request, secure);
    if (session !== undefined) {
      sessions.set(request, session);
      return;
    }
    const back = request.method === 'GET' ? `?then=${encodeURIComponent(request.url)}` : '';
    if (renewsItself(request))
      await reply.code(401).header('hx-redirect', '/desk/sign-in').send('Sign in again.');
    else await reply.redirect(`/desk/sign-in${back}`, 303);
  };
}

/** The session that `mustBeSignedIn` let on. @throws Refusal 401 elsewhere. */
export function sessionFor(request: FastifyRequest): Session {
  const session = sessions.get(request);
  if (session === undefined) throw new Refusal(401, 'Sign in first.');
  return session;
}
