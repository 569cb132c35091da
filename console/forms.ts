/** Forms that only the desk's own pages can send: each bears a token of its session, bound to where it goes (issue: forged forms). */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { Refusal } from '../ingress/deps.js';
import type { Session } from '../store/desk-sessions.js';
import { html, type Html, type Part } from './html.js';

/** The token of one form: it fits no other session and no other address. */
export const formToken = (session: Pick<Session, 'formSecret'>, action: string): string =>
  createHmac('sha256', session.formSecret).update(action).digest('base64url');

/** A form of a session that posts to `action`. */
export const form = (session: Session, action: string, body: Part, id = ''): Html =>
  html`<form class="stack" method="post" action="${action}" ${id !== '' && html`id="${id}"`}>
    <input type="hidden" name="token" value="${formToken(session, action)}" />
    ${body}
  </form>`;

const same = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));

/** What a browser sends from a form: text fields, each name once. */
export type Fields = Readonly<Record<string, string>>;

/** The fields of a form. @throws Refusal 400 when a name occurs twice. */
export function fieldsOf(body: unknown): Fields {
  const given = Object.entries((body ?? {}) as Record<string, unknown>);
  for (const [name, value] of given)
    if (typeof value !== 'string') throw new Refusal(400, `The form has the field "${name.slice(0, 40)}" twice.`);
  return Object.fromEntries(given) as Fields;
}

/** Most characters of a reason, which is kept with the name of who gives it. */
export const LONGEST_WHY = 500;
export const LONGEST_CHOICE = 80;

/**
 * What somebody wrote in a field, whole: what is longer than allowed is refused, for half a reason or number says something else.
 * Browsers count a line's end as one character and send two.
 * @param is the field as people call it. @throws Refusal 400.
 */
export function written(text: string | undefined, is: string, most: number): string {
  const plain = (text ?? '').replaceAll('\r\n', '\n').trim();
  if (plain.length <= most) return plain;
  throw new Refusal(400, `Too long: ${is}, ${plain.length} characters; at most ${most} are kept. Nothing was done.`);
}

/** The reason in a form. @throws Refusal 400 when it is too long. */
export const reasonIn = (fields: Fields): string => written(fields['why'], 'reason', LONGEST_WHY);

/** @throws Refusal 403 for a form that another site, another session or another page made. */
export function mustBeOurs(request: FastifyRequest, session: Session, fields: Fields): void {
  mustBeFromHere(request);
  const action = request.url.split('?')[0] ?? '';
  if (!same(fields['token'] ?? '', formToken(session, action)))
    throw new Refusal(
      403,
      'This form was not made for you here, or you signed in anew since. Open the page again and send it from there.',
    );
}

/** Browsers say where a form comes from: another site's is refused. @throws Refusal 403. */
export function mustBeFromHere(request: FastifyRequest): void {
  const { origin, host } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const foreign =
    (typeof site === 'string' && site !== 'same-origin') ||
    (origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host));
  if (foreign) throw new Refusal(403, 'This form came from another site. Nothing was done.');
}
