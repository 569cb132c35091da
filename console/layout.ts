/** What every page of the desk has around it: the way to the other pages, who is signed in, and the words at its foot. */
import { Owner } from '../domain/failures.js';
import type { Session } from '../store/desk-sessions.js';
import { formToken } from './forms.js';
import { html, type Html, type Part } from './html.js';

/** `good`: done; `warn`: look; `bad`: refused. */
export interface Message {
  tone: 'good' | 'warn' | 'bad';
  text: string;
}

export interface Page {
  title: string;
  /** Address of the tab the page belongs to. */
  tab?: string;
  message?: Message | undefined;
  body: Part;
}

/** Roles of a person as cases name their owners: a finance lead is finance. */
export const ownersOf = (roles: readonly string[]): string[] => [
  ...new Set(roles.map((role) => role.replace(/-lead$/, '')).filter((role) => Owner.options.some((o) => o === role))),
];

export const messageOf = (message: Message | undefined): Part =>
  message === undefined
    ? null
    : html`<p class="message ${message.tone}" role="${message.tone === 'bad' ? 'alert' : 'status'}">
        ${message.text}
      </p>`;

const REFRESH = '{"includeIndicatorStyles":false,"allowEval":false,"selfRequestsOnly":true,"historyCacheSize":0}';

const shell = (title: string, top: Part, body: Part, foot: Part): string =>
  `<!doctype html>\n${
    html`<html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="htmx-config" content="${REFRESH}" />
        <title>${title} · Selvedge desk</title>
        <link rel="stylesheet" href="/desk/assets/desk.css" />
        <link rel="icon" href="/desk/assets/desk.svg" type="image/svg+xml" />
        <script src="/desk/assets/htmx.min.js" defer></script>
      </head>
      <body>
        <a class="skip" href="#main">To the content</a>
        ${top}
        <main id="main" tabindex="-1">${body}</main>
        <footer>${foot}</footer>
      </body>
    </html>`.text
  }`;

/** A page for somebody who is signed in. */
export function page(session: Session, zone: string, { title, tab, message, body }: Page): string {
  const owners = ownersOf(session.person.roles);
  const tabs: [string, string][] = [
    ['/desk', 'Mine'],
    ...owners.map((owner): [string, string] => [`/desk/roles/${owner}`, label(owner)]),
    ['/desk/mappings', 'Mappings'],
    ['/desk/reports', 'Reports'],
  ];
  const top = html`<header class="top">
    <div>
      <a class="brand" href="/desk">Selvedge desk</a>
      <nav aria-label="Pages">
        <ul>
          ${tabs.map(
            ([address, text]) =>
              html`<li><a href="${address}" ${address === tab && html`aria-current="page"`}>${text}</a></li>`,
          )}
        </ul>
      </nav>
      <form action="/desk/find" method="get" role="search">
        <input type="search" name="number" aria-label="Find a number" placeholder="Find a number" maxlength="80" />
        <button class="quiet">Find</button>
      </form>
      <form class="who" action="/desk/sign-out" method="post">
        <input type="hidden" name="token" value="${formToken(session, '/desk/sign-out')}" />
        <span title="${session.person.roles.join(', ')}">${session.person.name}</span>
        <button class="quiet">Sign out</button>
      </form>
    </div>
  </header>`;
  return shell(title, top, [messageOf(message), body], `Times are ${zone}.`);
}

/** A page for anybody. */
export const openPage = ({ title, message, body }: Page): string =>
  shell(
    title,
    html`<header class="top">
      <div><span class="brand">Selvedge desk</span></div>
    </header>`,
    html`<div class="narrow">${messageOf(message)}${body}</div>`,
    null,
  );

/** `integration-support` as people write it. */
export const label = (word: string): string => {
  const text = word.replaceAll('-', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
};

/** A heading with its sentence below. */
export const heading = (text: string, below: Part = null): Html =>
  html`<h1>${text}</h1>
    ${below !== null && html`<p class="soft">${below}</p>`}`;
