/** Many like questions decided together: what it would decide, with total and largest, and then exactly that (R-808, R-818). */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { bulk, type BulkAnswer } from '../ingress/bulk.js';
import { parse } from '../ingress/bodies.js';
import { Refusal, type IngressDeps } from '../ingress/deps.js';
import type { Db } from '../store/database.js';
import { bulkProgress } from '../store/desk-bulk.js';
import type { CaseRow } from '../store/desk-cases.js';
import { hasRole } from '../store/desk-judge.js';
import { listCases, sentenceFor } from '../store/desk-read.js';
import type { Session } from '../store/desk-sessions.js';
import { counted, short } from '../views/format.js';
import { sessionFor } from './access.js';
import { worthCell } from './cells.js';
import { fieldsOf, form, LONGEST_CHOICE, LONGEST_WHY, mustBeOurs, reasonIn, written, type Fields } from './forms.js';
import { html, type Html, type Part } from './html.js';
import { heading, label, page } from './layout.js';
import { maskedAbout } from '../domain/mask.js';

const MOST = 2_000;
const LISTED = 200;
const Query = z.object({ group: z.string().min(1).max(300) });
const DIGEST = /^[0-9a-f]{32,64}$/;

/** Registers `GET /desk/bulk`, its preview and its application. */
export function bulkPageRoutes(app: FastifyInstance, deps: IngressDeps): void {
  const { db } = deps.store;
  const { zone } = deps.config.calendar;
  app.get('/bulk', async (request, reply) => {
    const { group } = parse(Query, request.query);
    const session = sessionFor(request);
    return reply.send(page(session, zone, { title: 'Like questions', body: await groupBody(db, session, group) }));
  });
  app.post('/bulk/preview', async (request, reply) => {
    const session = sessionFor(request);
    const fields = fieldsOf(request.body);
    mustBeOurs(request, session, fields);
    const asked = askedIn(fields);
    const answer = await bulk(deps, session.person, asked);
    if (answer.state !== 'preview') throw new Refusal(409, 'Preview first.');
    return reply.send(page(session, zone, { title: 'Decide together', body: previewBody(session, asked, answer) }));
  });
  app.post('/bulk/apply', async (request, reply) => {
    const session = sessionFor(request);
    const fields = fieldsOf(request.body);
    mustBeOurs(request, session, fields);
    const { digest = '' } = fields;
    if (!DIGEST.test(digest))
      throw new Refusal(400, 'This form has no preview. Preview first, then decide exactly that.');
    const answer = await bulk(deps, session.person, { ...askedIn(fields), digest });
    if (answer.state === 'preview') throw new Refusal(409, 'Preview first, then decide exactly that.');
    return reply.send(page(session, zone, { title: 'Decided together', body: doneBody(answer, digest) }));
  });
  app.get<{ Params: { digest: string } }>('/bulk/progress/:digest', async (request, reply) => {
    if (!DIGEST.test(request.params.digest)) throw new Refusal(404, 'There is no such decision.');
    const { accepted, first, waiting, refused } = await bulkProgress(db, request.params.digest);
    const answer = { decided: accepted, awaitsSecond: first, waiting, refused };
    const body = progressPart(answer, request.params.digest);
    return reply.send(page(sessionFor(request), zone, { title: 'Decided together', body }));
  });
}

function askedIn(fields: Fields) {
  const { group = '', choice = '' } = fields;
  if (group === '' || group.length > 300) throw new Refusal(400, 'This form names no group of questions.');
  if (choice === '') throw new Refusal(400, 'Choose one of the choices first. Nothing was decided.');
  return { filter: { group }, choice: written(choice, 'choice', LONGEST_CHOICE), why: reasonIn(fields) };
}

async function groupBody(db: Db, session: Session, group: string): Promise<Part> {
  const rows = (await listCases(db, { group }, MOST)).filter((row) => row.kind === 'question');
  const [first] = rows;
  if (first === undefined)
    return html`${heading('Like questions')}
      <p class="card">None is open any more.</p>`;
  const choices = first.choices.filter(({ choice }) =>
    rows.every((row) => row.choices.some((other) => other.choice === choice)),
  );
  const fields = html`<input type="hidden" name="group" value="${group}" />
    <fieldset>
      <legend>One choice for all of them</legend>
      ${choices.map(
        ({ choice, label: leads }) =>
          html`<div class="choice">
            <input type="radio" name="choice" value="${choice}" id="choice-${choice}" required />
            <label for="choice-${choice}">${label(choice)} <small>${leads}</small></label>
          </div>`,
      )}
    </fieldset>
    <label>Why <textarea name="why" rows="3" maxlength="${LONGEST_WHY}"></textarea></label>
    <div><button>Show what this would decide</button></div>`;
  const own = hasRole(session.person, first);
  return html`${heading(sentenceFor(first.code), `${counted(rows.length, 'like question')} (${first.code})`)}
  ${
    own
      ? html`<section class="card">
          <h2>Decide together</h2>
          ${form(session, '/desk/bulk/preview', fields)}
        </section>`
      : html`<p class="card">${label(first.owner)} decides these, or ${first.deputy} as deputy. You can read them.</p>`
  }
  ${casesTable(rows)}`;
}

const casesTable = (rows: readonly CaseRow[]): Html =>
  html`<section class="card">
    <h2>The cases</h2>
    <table class="cards">
      <thead>
        <tr>
          <th scope="col">Case</th>
          <th scope="col">About</th>
          <th scope="col" class="number">At stake</th>
        </tr>
      </thead>
      <tbody>
        ${rows.slice(0, LISTED).map(
          (row) =>
            html`<tr>
              <td data-is="Case"><a href="/desk/cases/${row.id}">${row.id}</a></td>
              <td data-is="About">${short(maskedAbout(row.title, row.customer), 160)}</td>
              <td data-is="At stake" class="number">${worthCell(row)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    ${rows.length > LISTED && html`<p class="soft">… and ${rows.length - LISTED} more</p>`}
  </section>`;

function previewBody(
  session: Session,
  { filter, choice, why }: ReturnType<typeof askedIn>,
  preview: Extract<BulkAnswer, { state: 'preview' }>,
): Part {
  const fields = html`<input type="hidden" name="group" value="${filter.group}" />
    <input type="hidden" name="choice" value="${choice}" />
    <input type="hidden" name="why" value="${why}" />
    <input type="hidden" name="digest" value="${preview.digest}" />
    <div class="row">
      <button>Decide exactly these ${preview.count} as ${session.person.id}</button>
      <a href="/desk/bulk?group=${encodeURIComponent(filter.group)}">Back</a>
    </div>`;
  return html`${heading(`“${label(choice)}” for ${counted(preview.count, 'case')}`, why === '' ? 'No reason given yet.' : why)}
    <ul class="tiles">
      <li><b>${preview.count}</b>cases</li>
      <li><b>${preview.total.join(' + ') || '–'}</b>in total</li>
      <li>
        <b>${preview.largest?.amount ?? '–'}</b>the largest
        ${preview.largest !== null && html`(<a href="/desk/cases/${preview.largest.case}">${preview.largest.case}</a>)`}
      </li>
      <li><b>${preview.units}</b>units</li>
    </ul>
    <section class="card">
      ${form(session, '/desk/bulk/apply', fields)}
      <p class="soft">What changes meanwhile is skipped and named. What comes later needs a new preview.</p>
    </section>`;
}

type Done = Exclude<BulkAnswer, { state: 'preview' }>;

function doneBody(answer: Done, digest: string): Part {
  return html`${progressPart(answer, digest)} ${listPart('Skipped', answer.skipped)}
  ${answer.message !== undefined && html`<p class="message warn">${answer.message}</p>`}`;
}

/** Asks again every two seconds while sagas have not taken theirs. */
function progressPart(
  { decided, awaitsSecond, waiting, refused }: Pick<Done, 'decided' | 'awaitsSecond' | 'waiting' | 'refused'>,
  digest: string,
): Html {
  const again = html`hx-get="/desk/bulk/progress/${digest}" hx-trigger="every 2s" hx-select="#progress"
  hx-swap="outerHTML"`;
  return html`<div id="progress" aria-live="polite" ${waiting > 0 && again}>
    ${heading('Decided together')}
    <ul class="tiles">
      <li><b>${decided}</b>decided</li>
      <li><b>${awaitsSecond}</b>wait for a second person</li>
      <li><b>${waiting}</b>on their way</li>
      <li class="${refused.length > 0 ? 'bad' : ''}"><b>${refused.length}</b>refused</li>
    </ul>
    ${listPart('Refused', refused)}
  </div>`;
}

const listPart = (title: string, rows: readonly { case: string; why: string }[]): Part =>
  rows.length > 0 &&
  html`<section class="card">
    <h2>${title}</h2>
    <ul>
      ${rows.slice(0, LISTED).map((row) => html`<li><a href="/desk/cases/${row.case}">${row.case}</a>: ${row.why}</li>`)}
    </ul>
  </section>`;
