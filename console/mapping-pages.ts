/** Mappings at the desk: what waits for a second person, what is missing, and proposing a row (R-030..R-041, R-802). */
import type { FastifyInstance } from 'fastify';
import { Refusal, type IngressDeps } from '../ingress/deps.js';
import { addMapping, confirmMapping, listMappings, nameOf } from '../store/mapping-changes.js';
import { coverage, type Uncovered } from '../store/mapping-coverage.js';
import { MappingKind, MappingRefused, type MappingRow } from '../store/mappings.js';
import type { Db } from '../store/database.js';
import type { Session } from '../store/desk-sessions.js';
import { counted, datesText } from '../views/format.js';
import { wouldFree } from '../views/held-by-mapping.js';
import { columnsOf, standingOf, targetOf, valuesFrom, type MappingColumn } from '../views/mapping-words.js';
import { sessionFor } from './access.js';
import { plainTable } from './cells.js';
import { fieldsOf, form, LONGEST_WHY, mustBeOurs, reasonIn, type Fields } from './forms.js';
import { html, type Html, type Part } from './html.js';
import { heading, label, page, type Message } from './layout.js';

const MOST_GAPS = 100;

interface Kind {
  Params: { kind: string };
  Querystring: Record<string, string>;
}

/** Registers the pages and forms below `/desk/mappings`. */
export function mappingRoutes(app: FastifyInstance, deps: IngressDeps): void {
  const { db } = deps.store;
  const { zone } = deps.config.calendar;
  app.get<{ Querystring: { done?: string } }>('/mappings', async (request, reply) => {
    const session = sessionFor(request);
    return reply.send(page(session, zone, await overview(db, session, DONE[request.query.done ?? ''])));
  });
  app.get<Kind>('/mappings/new/:kind', async (request, reply) => {
    const kind = kindOf(request.params.kind);
    return reply.send(newPage(sessionFor(request), zone, kind, request.query));
  });
  app.post<Kind>('/mappings/new/:kind', async (request, reply) => {
    const session = sessionFor(request);
    const fields = fieldsOf(request.body);
    mustBeOurs(request, session, fields);
    const kind = kindOf(request.params.kind);
    try {
      await addMapping(db, { ...proposedIn(kind, fields), by: session.person.id });
    } catch (error) {
      if (!(error instanceof MappingRefused)) throw error;
      const message: Message = { tone: 'bad', text: sentence(error.message) };
      return reply.code(409).send(newPage(session, zone, kind, fields, message));
    }
    return reply.redirect('/desk/mappings?done=proposed', 303);
  });
  app.post<{ Params: { kind: string; id: string } }>('/mappings/:kind/:id/confirm', async (request, reply) => {
    const session = sessionFor(request);
    mustBeOurs(request, session, fieldsOf(request.body));
    const kind = kindOf(request.params.kind);
    try {
      const { solved } = await confirmMapping(db, { kind, id: request.params.id, by: session.person.id });
      if (solved.length > 0) await deps.temporal.nudgeSweep().catch((error: unknown) => note(deps, error));
    } catch (error) {
      if (error instanceof MappingRefused) throw new Refusal(409, sentence(error.message));
      throw error;
    }
    return reply.redirect('/desk/mappings?done=confirmed', 303);
  });
}

/** The row is confirmed whatever happens then: the sweep looks by itself within a minute. */
const note = (deps: IngressDeps, error: unknown): void =>
  deps.log.warn({ error }, 'the sweep could not be told of a confirmed mapping');

const DONE: Readonly<Record<string, Message>> = {
  proposed: { tone: 'good', text: 'Proposed. It maps nothing until a second person confirms it, below.' },
  confirmed: {
    tone: 'good',
    text: 'Confirmed. What was held for want of it goes on by itself, oldest business date first.',
  },
};

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

function kindOf(text: string): MappingKind {
  const kind = MappingKind.safeParse(text);
  if (kind.success) return kind.data;
  throw new Refusal(404, `"${text.slice(0, 40)}" is no kind of mapping. Kinds: ${MappingKind.options.join(', ')}.`);
}

function proposedIn(kind: MappingKind, fields: Fields) {
  const { from = '', to = '' } = fields;
  const given = Object.fromEntries(columnsOf(kind).map(({ name }) => [name, (fields[name] ?? '').trim()]));
  return { kind, values: valuesFrom(kind, given), validFrom: from, validTo: to, why: reasonIn(fields) };
}

async function overview(db: Db, session: Session, message: Message | undefined) {
  const all = await Promise.all(MappingKind.options.map((kind) => listMappings(db, kind)));
  const waiting = all.flat().filter((row) => row.state === 'proposed' || row.endProposed !== null);
  const cards = await Promise.all(waiting.map((row) => proposalCard(db, session, row)));
  const gaps = await coverage(db);
  const body = html`${heading('Mappings', 'What codes of the source mean in the ERP. One person proposes, another confirms.')}
    <section class="card" aria-label="Waiting for a second person">
      <h2>Waiting for a second person</h2>
      ${cards.length === 0 ? html`<p class="soft">No row waits.</p>` : cards}
    </section>
    ${gapsCard(gaps)}
    <section class="card">
      <h2>Propose a row</h2>
      <ul class="filters">
        ${MappingKind.options.map((kind) => html`<li><a href="/desk/mappings/new/${kind}">${label(kind)}</a></li>`)}
      </ul>
    </section>`;
  return { title: 'Mappings', tab: '/desk/mappings', message, body };
}

async function proposalCard(db: Db, session: Session, row: MappingRow): Promise<Html> {
  const frees = await wouldFree(db, row);
  const held = frees.filter(({ covered }) => covered).reduce((sum, { sagas }) => sum + sagas, 0);
  const missed = frees.filter(({ covered }) => !covered);
  const by = row.state === 'proposed' ? row.addedBy : row.endProposedBy;
  const action = `/desk/mappings/${row.kind}/${row.id}/confirm`;
  return html`<article>
    <h3>${label(row.kind)} ${nameOf(row)} is ${targetOf(row)}</h3>
    <p>
      From ${row.validFrom}${row.validTo !== null && ` to ${row.validTo}`}; ${standingOf(row)}. Why: ${row.why}
      ${row.state === 'proposed' && html`<br />It frees ${counted(held, 'held document')}.`}
      ${missed.length > 0 && html`<b>It does not cover ${datesText(missed.map(({ businessDate }) => businessDate))}.</b>`}
    </p>
    ${
      by === session.person.id
        ? html`<p class="soft">You proposed it: somebody else confirms it.</p>`
        : form(session, action, html`<div><button>Confirm as ${session.person.id}</button></div>`)
    }
  </article>`;
}

function gapsCard(gaps: readonly Uncovered[]): Part {
  if (gaps.length === 0) return null;
  const rows = gaps
    .slice(0, MOST_GAPS)
    .map((gap) => [gap.kind, gap.code, gap.source, gap.events, datesText(gap.dates)]);
  return html`<section class="card">
    <h2>Used and not mapped</h2>
    ${plainTable(['Kind', 'Code', 'Source', 'Used', 'On'], rows)}
    ${gaps.length > MOST_GAPS && html`<p class="soft">… and ${gaps.length - MOST_GAPS} more</p>`}
  </section>`;
}

function newPage(session: Session, zone: string, kind: MappingKind, given: Fields, message?: Message): string {
  const action = `/desk/mappings/new/${kind}`;
  const fields = html`${columnsOf(kind).map((column) => columnInput(column, given[column.name] ?? ''))}
    <label
      >First day it holds <small>The earliest business date that is held. Earlier documents are never changed.</small>
      <input type="date" name="from" required value="${given['from'] ?? ''}" />
    </label>
    <label
      >Last day it holds <small>Left out: until ended.</small>
      <input type="date" name="to" value="${given['to'] ?? ''}"
    /></label>
    <label
      >Why <input type="text" name="why" maxlength="${LONGEST_WHY}" required value="${given['why'] ?? ''}"
    /></label>
    <div><button>Propose as ${session.person.id}</button></div>`;
  const body = html`${heading(`Propose a ${kind} mapping`, 'It maps nothing until a second person confirms it.')}
    <section class="card">${form(session, action, fields)}</section>`;
  return page(session, zone, { title: `Propose a ${kind} mapping`, tab: '/desk/mappings', message, body });
}

const columnInput = ({ name, means, required }: MappingColumn, value: string): Html =>
  html`<label
    >${label(name.replaceAll('_', ' '))} <small>${means}</small>
    <input
      type="text"
      name="${name}"
      value="${value}"
      maxlength="2000"
      ${required && html`required`}
      autocomplete="off"
    />
  </label>`;
