/** One page per role: what waits for it now, due when, worth how much (R-061, R-095). */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { Owner } from '../domain/failures.js';
import { parse } from '../ingress/bodies.js';
import { Refusal, type IngressDeps } from '../ingress/deps.js';
import type { CaseRow } from '../store/desk-cases.js';
import { queuePage, type QueueFilter, type QueueGroup, type QueuePage } from '../store/desk-queue.js';
import { sentenceFor } from '../store/desk-read.js';
import type { Session } from '../store/desk-sessions.js';
import { CASE_STATES } from '../views/case-words.js';
import { counted, short } from '../views/format.js';
import { sessionFor } from './access.js';
import { dueCell, sums, worthCell } from './cells.js';
import { html, type Html, type Part } from './html.js';
import { heading, label, ownersOf, page } from './layout.js';
import { maskedAbout } from '../domain/mask.js';

const PER_PAGE = 50;
const MOST_PAGES = 2_000;

const Query = z.object({
  as: z.enum(['owner', 'deputy']).default('owner'),
  code: z.string().max(20).optional(),
  question: z.string().max(80).optional(),
  group: z.string().max(300).optional(),
  assignee: z.string().max(40).optional(),
  overdue: z.literal('1').optional(),
  page: z.coerce.number().int().min(1).max(MOST_PAGES).default(1),
});
type Query = z.output<typeof Query>;

/** What one queue page shows. */
interface View {
  session: Session;
  zone: string;
  address: string;
  title: string;
  query: Query;
  found: QueuePage;
}

/** Registers `GET /desk` and `GET /desk/roles/:role`. */
export function queueRoutes(app: FastifyInstance, deps: IngressDeps): void {
  const { zone } = deps.config.calendar;
  const answer = async (session: Session, address: string, title: string, owners: string[], given: unknown) => {
    const query = parse(Query, given);
    const { page: number, overdue, ...narrowed } = query;
    const filter: QueueFilter = { ...narrowed, owners, overdue: overdue === '1' };
    const at = (wanted: number) =>
      queuePage(deps.store.db, filter, { offset: (wanted - 1) * PER_PAGE, limit: PER_PAGE });
    const asked = await at(number);
    // The list may have become shorter since its pages were counted: then its last page is shown, not an empty one.
    const last = Math.max(1, pagesOf(asked));
    const found = number > last ? await at(last) : asked;
    const view = { session, zone, address, title, query: { ...query, page: Math.min(number, last) }, found };
    return page(session, zone, { title, tab: address, body: queueBody(view) });
  };
  app.get('/', async (request, reply) => {
    const session = sessionFor(request);
    return reply.send(await answer(session, '/desk', 'Mine', ownersOf(session.person.roles), request.query));
  });
  app.get<{ Params: { role: string } }>('/roles/:role', async (request, reply) => {
    const role = Owner.safeParse(request.params.role);
    if (!role.success)
      throw new Refusal(
        404,
        `There is no role "${request.params.role.slice(0, 40)}". Roles: ${Owner.options.join(', ')}.`,
      );
    const address = `/desk/roles/${role.data}`;
    return reply.send(await answer(sessionFor(request), address, label(role.data), [role.data], request.query));
  });
}

const pagesOf = ({ totals }: QueuePage): number => Math.ceil(totals.cases / PER_PAGE);

const plural = (n: number): string => counted(n, 'case');

/** The same page, narrowed or turned as told; what is left out stays as it is. */
function addressOf(
  { address, query }: Pick<View, 'address' | 'query'>,
  change: Partial<Record<keyof Query, string | number | null>>,
): string {
  const given = { ...query, page: 1, ...change };
  const parts = Object.entries(given)
    .filter(
      ([name, value]) =>
        value !== undefined && value !== null && !(name === 'page' && value === 1) && value !== 'owner',
    )
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return parts.length === 0 ? address : `${address}?${parts.join('&')}`;
}

function queueBody(view: View): Part {
  const { found, title, query, session } = view;
  const { totals } = found;
  const whose = query.as === 'deputy' ? 'as deputy' : 'now';
  return html`${heading(title, html`What waits for ${title === 'Mine' ? session.person.roles.join(', ') : title.toLowerCase()} ${whose}, due first.`)}
    <ul class="tiles">
      <li><b>${totals.cases}</b>open</li>
      <li class="${totals.overdue > 0 ? 'bad' : ''}">
        <b>${totals.overdue}</b><a href="${addressOf(view, { overdue: 1 })}">overdue</a>
      </li>
      <li><b>${totals.soon}</b>due within a day</li>
      <li><b>${totals.untouched}</b>not taken up</li>
      <li><b>${sums(totals.worth)}</b>at stake</li>
    </ul>
    ${filters(view)}
    <div
      id="waiting"
      hx-get="${addressOf(view, { page: query.page })}"
      hx-select="#waiting"
      hx-swap="outerHTML"
      hx-trigger="every 30s"
    >
      ${groupsCard(view)} ${casesCard(view)}
    </div>`;
}

function filters(view: View): Html {
  const { found, query } = view;
  const link = (change: Partial<Record<keyof Query, string | number | null>>, text: string, on: boolean): Html =>
    html`<li><a href="${addressOf(view, change)}" ${on && html`aria-current="true"`}>${text}</a></li>`;
  const none = { code: null, question: null, group: null, assignee: null, overdue: null };
  const narrowed = Object.keys(none).some((name) => query[name as keyof Query] !== undefined);
  return html`<ul class="filters" aria-label="Narrow the list">
    ${link(none, 'All', !narrowed)} ${link({ ...none, overdue: 1 }, 'Overdue', query.overdue === '1')}
    ${link({ ...none, assignee: view.session.person.id }, 'Given to me', query.assignee === view.session.person.id)}
    ${link({ ...none, as: query.as === 'deputy' ? 'owner' : 'deputy' }, 'As deputy', query.as === 'deputy')}
    ${found.codes.map(({ code, cases }) => link({ ...none, code }, `${sentenceFor(code)} (${cases})`, query.code === code))}
  </ul>`;
}

/** Like questions that one decision settles; the group's own page comes first, with what each would do. */
function groupsCard(view: View): Part {
  const groups = view.found.groups.filter(() => view.query.group === undefined);
  if (groups.length === 0) return null;
  const row = ({ group, code, question, cases, worth }: QueueGroup): Html =>
    html`<li>
      <a href="/desk/bulk?group=${encodeURIComponent(group)}">${plural(cases)}: ${sentenceFor(code)}</a>
      <span class="soft">${sums(worth)} · ${label(question)}</span>
    </li>`;
  return html`<section class="card" aria-label="Like questions">
    <h2>Like questions, to decide together</h2>
    <ul>
      ${groups.map(row)}
    </ul>
  </section>`;
}

function casesCard(view: View): Part {
  const { found, query } = view;
  if (found.rows.length === 0) return html`<p class="card">Nothing waits here. Nobody is kept waiting by you.</p>`;
  const pages = pagesOf(found);
  return html`<section class="card" aria-label="Cases">
    <table class="cards">
      <thead>
        <tr>
          <th scope="col">Due</th>
          <th scope="col">What it is</th>
          <th scope="col">About</th>
          <th scope="col" class="number">At stake</th>
          <th scope="col">State</th>
        </tr>
      </thead>
      <tbody>
        ${found.rows.map((row) => caseRow(row, view))}
      </tbody>
    </table>
    ${
      pages > 1 &&
      html`<nav aria-label="Pages of the list" class="row">
        ${query.page > 1 && html`<a href="${addressOf(view, { page: query.page - 1 })}" rel="prev">Earlier due</a>`}
        <span class="soft">Page ${query.page} of ${pages}</span>
        ${query.page < pages && html`<a href="${addressOf(view, { page: query.page + 1 })}" rel="next">Later due</a>`}
      </nav>`
    }
  </section>`;
}

/** The title, with the number it is about where the title does not name it, and without the sentence that stands beside it. */
function aboutPart({ title, code, business_key: number, customer }: CaseRow): Part {
  const begins = `${sentenceFor(code)}: `;
  const rest = title.startsWith(begins) ? title.slice(begins.length) : title;
  const named = number === '' || title.includes(number);
  return html`${!named && html`<b>${short(maskedAbout(number, customer), 60)}</b>: `}${short(maskedAbout(rest, customer), 160)}`;
}

const caseRow = (row: CaseRow, { zone }: View): Html =>
  html`<tr>
    <td data-is="Due" class="due">${dueCell(row.due_at, zone)}</td>
    <td data-is="What it is">
      <a href="/desk/cases/${row.id}">${sentenceFor(row.code)}</a>
      <span class="soft">${row.id} · ${row.code}</span>
    </td>
    <td data-is="About">${aboutPart(row)}</td>
    <td data-is="At stake" class="number">${worthCell(row)}</td>
    <td data-is="State">${row.assignee === '' ? (CASE_STATES[row.state] ?? row.state) : `with ${row.assignee}`}</td>
  </tr>`;
