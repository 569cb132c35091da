/** Signing in with a personal key, and signing out. */
import type { FastifyInstance } from 'fastify';
import { Refusal, type IngressDeps } from '../ingress/deps.js';
import type { WrongKeys } from '../ingress/keys.js';
import { personOfKey } from '../store/desk-people.js';
import { endSession } from '../store/desk-sessions.js';
import { forget, isSecure, sessionIn, signIn, wayBack } from './access.js';
import { fieldsOf, mustBeFromHere, mustBeOurs } from './forms.js';
import { html, type Part } from './html.js';
import { openPage, type Message } from './layout.js';

const LONGEST_KEY = 200;

/** Registers `GET` and `POST /desk/sign-in` and `POST /desk/sign-out`. */
export function signInRoutes(app: FastifyInstance, deps: IngressDeps, wrong: WrongKeys): void {
  const { db } = deps.store;
  const { desk } = deps.config;
  const secure = isSecure(desk.publicUrl);
  app.get<{ Querystring: { then?: string; out?: string } }>('/sign-in', async (request, reply) => {
    const then = wayBack(request.query.then);
    if ((await sessionIn(db, request, secure)) !== undefined) return reply.redirect(then, 303);
    const message: Message | undefined =
      request.query.out === undefined ? undefined : { tone: 'good', text: 'You are signed out.' };
    return reply.send(signInPage(desk, then, message));
  });
  app.post('/sign-in', async (request, reply) => {
    mustBeFromHere(request);
    const { key = '', then } = fieldsOf(request.body);
    if (!desk.keys) throw new Refusal(403, 'Personal keys are not taken here. Sign in with your company account.');
    wrong.check(request.ip);
    const given = key.trim();
    const person = given === '' || given.length > LONGEST_KEY ? undefined : await personOfKey(db, given);
    if (person === undefined) {
      wrong.note(request.ip);
      const text = 'This key belongs to nobody. Check it, or ask integration support for a new one.';
      return reply.code(401).send(signInPage(desk, wayBack(then), { tone: 'bad', text }));
    }
    await signIn(db, reply, { person, how: 'key', secure });
    return reply.redirect(wayBack(then), 303);
  });
  app.post('/sign-out', async (request, reply) => {
    const session = await sessionIn(db, request, secure);
    if (session !== undefined) {
      mustBeOurs(request, session, fieldsOf(request.body));
      await endSession(db, session);
    }
    forget(reply, secure);
    return reply.redirect('/desk/sign-in?out=1', 303);
  });
}

/** The sign-in page: by key, by the company's identity provider, or both, as configured. */
export function signInPage(desk: IngressDeps['config']['desk'], then: string, message?: Message): string {
  const byKey: Part = desk.keys && [
    html`<form class="stack" method="post" action="/desk/sign-in">
      <input type="hidden" name="then" value="${then}" />
      <label
        >Your personal key
        <small>The one the command line takes from SELVEDGE_KEY. It is never shown or kept.</small>
        <input
          type="password"
          name="key"
          autocomplete="current-password"
          required
          maxlength="${LONGEST_KEY}"
          autofocus
        />
      </label>
      <button>Sign in</button>
    </form>`,
  ];
  const byAccount: Part = desk.oidc !== undefined && [
    html`<p>
      <a href="/desk/oidc/start?then=${encodeURIComponent(then)}">Sign in with ${desk.oidc.name}</a>
    </p>`,
  ];
  const body = html`<h1>Sign in</h1>
    <div class="card">${byAccount}${byKey}</div>`;
  return openPage({ title: 'Sign in', body, message });
}
