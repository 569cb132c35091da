/** Find a number, whichever system printed it: the whole path with times, documents and who decided (R-055, R-096). */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { parse } from '../ingress/bodies.js';
import type { IngressDeps } from '../ingress/deps.js';
import type { Part as Table } from '../reports/report.js';
import { orderLines } from '../reports/rp-05.js';
import { waits } from '../views/case-words.js';
import { at, counted } from '../views/format.js';
import { wholePath, type SagaPath, type WholePath } from '../views/path.js';
import { DOCUMENT_HEADINGS, documentRows, eventWords } from '../views/story.js';
import { sessionFor } from './access.js';
import { plainTable } from './cells.js';
import { html, type Html, type Part } from './html.js';
import { heading, label, page } from './layout.js';
import { masked } from '../domain/mask.js';
import { pathList } from './path-list.js';
import { optionsFor, partCard } from './report-pages.js';

const MOST_ORDER_LINES = 500;
const Query = z.object({ number: z.string().trim().max(80).default('') });

/** Registers `GET /desk/find`. */
export function findRoutes(app: FastifyInstance, deps: IngressDeps): void {
  const { zone } = deps.config.calendar;
  app.get('/find', async (request, reply) => {
    const session = sessionFor(request);
    const { number } = parse(Query, request.query);
    const path = number === '' ? null : await wholePath(deps.store.db, number);
    const order = number === '' ? null : await orderNamed(deps, number);
    const body = path === null ? askPart() : pathPart(number, path, order, zone);
    return reply.send(page(session, zone, { title: number === '' ? 'Find a number' : number, body }));
  });
}

/** Lines of a purchase order of that number as payables read them (RP-05); null when the ERP has shown none. */
async function orderNamed(deps: IngressDeps, about: string): Promise<Table | null> {
  const none = { from: '', to: '', owner: '', about };
  const part = await orderLines(deps.store.db, optionsFor(deps, none, MOST_ORDER_LINES));
  const rows = part.rows.filter(({ po }) => po === about);
  return rows.length === 0 ? null : { ...part, rows };
}

const askPart = (): Part =>
  html`${heading('Find a number')}
    <p class="card">
      An order, a purchase order, a return, a delivery, an article or any document of any system: type its number above.
    </p>`;

function pathPart(number: string, path: WholePath, order: Table | null, zone: string): Part {
  const nothing = path.sagas.length === 0 && path.loose.length === 0 && path.documents.length === 0 && order === null;
  if (nothing)
    return html`${heading(number)}
      <p class="card">
        Nothing is known of ${number}. No feed has read it: check the number, or look at the day's sheet.
      </p>`;
  return html`${heading(number, `${counted(path.sagas.length, 'process', 'processes')}, ${counted(path.documents.length, 'document')}`)}
  ${order !== null && partCard(order, zone)} ${path.sagas.map((saga) => sagaCard(saga, zone))}
  ${documentsCard(path, zone)}
  ${
    path.loose.length > 0 &&
    html`<section class="card">
      <h2>Came in and led to nothing</h2>
      <ol class="path">
        ${path.loose.map(
          (event) =>
            html`<li>
              <time>${at(event.sourceTime ?? event.receivedAt, zone)}</time><span>${masked(eventWords(event))}</span>
            </li>`,
        )}
      </ol>
    </section>`
  }
  ${path.cutOff && html`<p class="message warn">There is more than is shown: search by a number that fewer share.</p>`}`;
}

function sagaCard(saga: SagaPath, zone: string): Html {
  const open = saga.cases.filter((row) => waits(row.state));
  return html`<section class="card">
    <h2>${saga.workflowId}</h2>
    ${
      open.length > 0 &&
      html`<p>Waits for ${open.map((row) => html`<a href="/desk/cases/${row.id}">${row.owner}: ${row.id}</a> `)}</p>`
    }
    ${pathList(saga, zone)}
  </section>`;
}

const documentsCard = (path: WholePath, zone: string): Part =>
  path.documents.length > 0 &&
  html`<section class="card">
    <h2>Documents</h2>
    ${plainTable(DOCUMENT_HEADINGS.map(label), documentRows(path, zone))}
  </section>`;
