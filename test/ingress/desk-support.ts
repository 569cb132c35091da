/** The desk page as a browser without eyes: keeps its cookies, fills in forms, reads what a page says. */
import { readCase } from '../../store/desk-read.js';
import type { Db } from '../../store/database.js';
import { freshDatabase } from '../support/database.js';
import { keyOf, seedDesk } from '../store/desk-support.js';
import { listen, testSagas, type TestIngress } from './support.js';

export interface Answer {
  status: number;
  /** Where it sends the browser; empty when nowhere. */
  to: string;
  html: string;
  /** The page's text without its markup. */
  text: string;
  headers: Headers;
}

const textOf = (html: string): string =>
  html
    .replace(/<head>.*?<\/head>/s, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#39;/g, "'")
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ')
    .trim();

export class DeskBrowser {
  cookie = '';
  private readonly url: string;

  constructor(ingress: Pick<TestIngress, 'url'>) {
    this.url = ingress.url;
  }

  private async send(path: string, init: RequestInit): Promise<Answer> {
    const headers = { ...(this.cookie === '' ? {} : { cookie: this.cookie }), ...(init.headers as object) };
    const reply = await fetch(this.url + path, { ...init, headers, redirect: 'manual' });
    this.keep(reply.headers.getSetCookie());
    const html = await reply.text();
    return {
      status: reply.status,
      to: reply.headers.get('location') ?? '',
      html,
      text: textOf(html),
      headers: reply.headers,
    };
  }

  /** Keeps one cookie, as this desk gives one at a time; a cookie that is taken back counts as none. */
  private keep(set: readonly string[]): void {
    for (const each of set) {
      const [cookie = ''] = each.split(';');
      if (!cookie.endsWith('=')) this.cookie = cookie;
    }
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send(path, { headers });
  }

  /** Sends fields as a browser does, from this site unless told otherwise. */
  post(path: string, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send(path, {
      method: 'POST',
      body: new URLSearchParams(fields).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: this.url, ...headers },
    });
  }

  /** Signs in with the key of this person. */
  async signIn(person: string): Promise<Answer> {
    return this.post('/desk/sign-in', { key: keyOf(person) });
  }

  /** The hidden fields of the form that posts to `action`, as the page at `path` holds them. */
  async formAt(path: string, action: string): Promise<Record<string, string>> {
    return hiddenFields((await this.get(path)).html, action);
  }
}

/** @throws Error when the page has no such form. */
export function hiddenFields(html: string, action: string): Record<string, string> {
  const form = html
    .split('<form')
    .slice(1)
    .find((part) => part.includes(`action="${action}"`));
  if (form === undefined) throw new Error(`the page has no form for ${action}`);
  const [inside = ''] = form.split('</form>');
  const fields = [...inside.matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([input]) => [
    /name="([^"]*)"/.exec(input)?.[1] ?? '',
    /value="([^"]*)"/.exec(input)?.[1] ?? '',
  ]);
  return Object.fromEntries(fields) as Record<string, string>;
}

/** A desk of its own: a store with people, sagas that take what they are sent, and ingress on a real socket. */
export async function aDesk() {
  const fresh = await freshDatabase();
  const { db } = fresh.store;
  await seedDesk(db);
  const sagas = testSagas(fresh.store);
  const ingress = await listen(fresh.store, sagas);
  return {
    db,
    sagas,
    ingress,
    /** Somebody's browser, signed in with their key. */
    as: async (person: string): Promise<DeskBrowser> => {
      const browser = new DeskBrowser(ingress);
      const { status, text } = await browser.signIn(person);
      if (status !== 303) throw new Error(`${person} was not signed in: ${status} ${text}`);
      return browser;
    },
    stateOf: async (id: string): Promise<string | undefined> => (await readCase(db, id))?.state,
    decisionsOn: (id: string): Promise<string[]> => decisionsOn(db, id),
    close: async (): Promise<void> => {
      await ingress.close();
      await fresh.drop();
    },
  };
}
export type Desk = Awaited<ReturnType<typeof aDesk>>;

const decisionsOn = async (db: Db, id: string): Promise<string[]> =>
  ((await readCase(db, id))?.decisions ?? []).map(({ state, by, choice }) => `${by} ${choice} ${state}`);

/** Fills in the form of a case as its page offers it. */
export async function decideOn(browser: DeskBrowser, id: string, change: Record<string, string> = {}): Promise<Answer> {
  const action = `/desk/cases/${id}/decide`;
  const hidden = await browser.formAt(`/desk/cases/${id}`, action);
  return browser.post(action, { ...hidden, choice: 'approve', why: 'goodwill, ticket 8812', ...change });
}
