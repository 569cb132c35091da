/** Find a number, whichever system printed it: the whole path with times, documents and who decided (R-055, R-096). */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { parse } from '../ingress/bodies.js';
import type { IngressDeps } from '../ingress/deps.js';
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

const Query = z.object({ number: z.string().trim().max(80).default('') });

/** Registers `GET /desk/find`. */
export function findRoutes(app: FastifyInstance, deps: IngressDeps): void {
  const { zone } = deps.config.calendar;
  app.get('/find', async (request, reply) => {
    const session = sessionFor(request);
    const { number } = parse(Query, request.query);
    const path = number === '' ? null : await wholePath(deps.store.db, number);
    const body = path === null ? askPart() : pathPart(number, path, zone);
    return reply.send(page(session, zone, { title: number === '' ? 'Find a number' : number, body }));
  });
}

const askPart = (): Part =>
  html`${heading('Find a number')}
    <p class="card">
      An order, a purchase order, a return, a delivery, an article or any document of any system: type its number above.
    </p>`;

function pathPart(number: string, path: WholePath, zone: string): Part {
  const nothing = path.sagas.length === 0 && path.loose.length === 0 && path.documents.length === 0;
  if (nothing)
    return html`${heading(number)}
      <p class="card">
        Nothing is known of ${number}. No feed has read it: check the number, or look at the day's sheet.
      </p>`;
  return html`${heading(number, `${counted(path.sagas.length, 'process', 'processes')}, ${counted(path.documents.length, 'document')}`)}
  ${path.sagas.map((saga) => sagaCard(saga, zone))} ${documentsCard(path, zone)}
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
