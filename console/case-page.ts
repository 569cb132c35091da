/** One case: what was expected and what is, what a yes would do, how it came to this, and what can be done about it. */
import type { FastifyInstance } from 'fastify';
import { Refusal, type IngressDeps } from '../ingress/deps.js';
import { answerOf } from '../ingress/decisions.js';
import type { Db } from '../store/database.js';
import { hasRole } from '../store/desk-judge.js';
import { colleaguesFor } from '../store/desk-people.js';
import { readCase, type CaseDetail } from '../store/desk-read.js';
import { decisionState } from '../store/desk-sweeps.js';
import type { Session } from '../store/desk-sessions.js';
import { CASE_STATES, SAID, waits } from '../views/case-words.js';
import { figuresShown, type Figure } from '../views/figures.js';
import { amount, at, counted } from '../views/format.js';
import { sagaPaths, type SagaPath } from '../views/path.js';
import { sessionFor } from './access.js';
import { actionCards } from './case-actions.js';
import { dueCell, facts, figures, plainTable } from './cells.js';
import { html, type Html, type Part } from './html.js';
import { heading, label, page, type Message } from './layout.js';
import { maskedAbout } from '../domain/mask.js';
import { pathList } from './path-list.js';

const MOST_HELD = 100;

/** Registers `GET /desk/cases/:id`. */
export function casePageRoutes(app: FastifyInstance, deps: IngressDeps): void {
  const { db } = deps.store;
  const { zone } = deps.config.calendar;
  app.get<{ Params: { id: string }; Querystring: { decided?: string; done?: string } }>(
    '/cases/:id',
    async (request, reply) => {
      const session = sessionFor(request);
      const found = await caseOf(db, request.params.id);
      const message =
        (await outcomeOf(db, found, request.query.decided)) ?? (request.query.done === undefined ? undefined : DONE);
      return reply.send(await casePage(db, session, { found, zone, message }));
    },
  );
}

const DONE: Message = { tone: 'good', text: 'Done. The history below says what and by whom.' };

/** @throws Refusal 404 when there is none. */
export async function caseOf(db: Db, id: string): Promise<CaseDetail> {
  const found = /^C-\d{1,15}$/.test(id) ? await readCase(db, id) : undefined;
  if (found === undefined)
    throw new Refusal(404, `There is no case ${id.slice(0, 40)}. The list of your role shows those there are.`);
  return found;
}

/** What became of a decision on this very case. */
async function outcomeOf(db: Db, found: CaseDetail, decisionId: string | undefined): Promise<Message | undefined> {
  if (decisionId === undefined || !found.decisions.some(({ id }) => id === decisionId)) return undefined;
  const row = await decisionState(db, decisionId);
  if (row === undefined) return undefined;
  const { state, message, error } = answerOf(row);
  return { tone: state === 'refused' ? 'bad' : 'good', text: error ?? message ?? state };
}

/** The whole page of a case. */
export async function casePage(
  db: Db,
  session: Session,
  { found, zone, message }: { found: CaseDetail; zone: string; message?: Message | undefined },
): Promise<string> {
  const ids = found.workflow === null ? [] : [found.workflow];
  const paths = await sagaPaths(db, ids);
  const own = hasRole(session.person, found);
  const colleagues = own && waits(found.state) ? await colleaguesFor(db, found) : [];
  const body = html`${heading(found.sentence, maskedAbout(found.title, found.customer))}
    <p class="row">
      <span class="tag">${found.case}</span> <span class="tag">${found.code}</span>
      <span class="tag ${found.severity === 'critical' ? 'bad' : ''}">${found.severity}</span>
      <span class="tag">${CASE_STATES[found.state] ?? found.state}</span>
      ${waits(found.state) ? dueCell(found.dueAt, zone) : endedPart(found, zone)}
      <a href="/playbook/${found.code}">What this means and what to do</a>
    </p>
    <div class="two">
      <div>
        ${against(found)} ${shownCard(found)} ${heldCard(found)} ${pathCard(paths, found, zone)}
        ${saidCard(found, zone)}
      </div>
      <div>${actionCards(session, found, own, colleagues)} ${aboutCard(found, zone)}</div>
    </div>`;
  return page(session, zone, { title: `${found.case}: ${found.sentence}`, message, body });
}

const endedPart = (found: CaseDetail, zone: string): Html => {
  const note = maskedAbout(found.note, found.customer);
  return found.closedAt === null
    ? html`<span class="soft">decided: ${label(found.outcome)}. It is being carried out.</span>`
    : html`<span class="soft">ended ${at(found.closedAt, zone)}: ${label(found.outcome)}. ${note}</span>`;
};

function against(found: CaseDetail): Part {
  if (found.expected === '' && found.actual === '') return null;
  return html`<section class="card against" aria-label="Expected and actual">
    <div>
      <h2>Expected</h2>
      <p>${maskedAbout(found.expected, found.customer)}</p>
    </div>
    <div>
      <h2>Actual</h2>
      <p>${maskedAbout(found.actual, found.customer)}</p>
    </div>
  </section>`;
}

/** How often it was asked, and of which revision, is bound too and tells a person nothing. */
const BOOKKEEPING = new Set(['asked', 'revision']);
const saysSomething = (figure: Figure): boolean => figure.is !== 'fact' || !BOOKKEEPING.has(figure.name);

const shownCard = (found: CaseDetail): Part =>
  found.kind === 'question' &&
  html`<section class="card">
    <h2>What you decide on</h2>
    <p class="soft">If any of this changes before your decision is taken, you are asked again.</p>
    ${figures(figuresShown(found.shown).filter(saysSomething), found.customer)}
  </section>`;

function heldCard(found: CaseDetail): Part {
  const waiting = found.holds.filter((hold) => hold.released_at === null);
  if (waiting.length === 0) return null;
  const rows = waiting
    .slice(0, MOST_HELD)
    .map((hold) => [
      hold.business_date,
      hold.business_key,
      amount(hold.amount_minor, hold.currency),
      maskedAbout(hold.title, found.customer),
    ]);
  return html`<section class="card">
    <h2>Held by it: ${counted(waiting.length, 'document')}, oldest business date first</h2>
    ${plainTable(['Business date', 'Number', 'At stake', 'About'], rows)}
    ${waiting.length > MOST_HELD && html`<p class="soft">… and ${waiting.length - MOST_HELD} more</p>`}
  </section>`;
}

function pathCard(paths: readonly SagaPath[], found: CaseDetail, zone: string): Part {
  const [saga] = paths;
  if (saga === undefined) return null;
  return html`<section class="card">
    <h2>How it came to this</h2>
    ${pathList(saga, zone)}
    <p>
      <a href="/desk/find?number=${encodeURIComponent(found.businessKey)}">Everything about ${found.businessKey}</a>
    </p>
  </section>`;
}

function saidCard(found: CaseDetail, zone: string): Part {
  const who = found.customer;
  // What was judged is in the events; a decision that no saga has taken yet is not.
  const decisions = found.decisions
    .filter(({ state }) => state === 'stored')
    .map((row) => ({
      at: row.created_at,
      words: `${row.by}: “${label(row.choice)}”, which ${SAID[row.state] ?? row.state}. ${row.why}`,
    }));
  const events = found.events.map((row) => ({ at: row.at, words: `${label(row.kind)} by ${row.by}: ${row.note}` }));
  const all = [...decisions, ...events].sort((a, b) => (a.at < b.at ? -1 : 1));
  return html`<section class="card">
    <h2>Who said what</h2>
    <ol class="path">
      ${all.map(
        ({ at: instant, words }) =>
          html`<li><time datetime="${instant}">${at(instant, zone)}</time><span>${maskedAbout(words, who)}</span></li>`,
      )}
    </ol>
  </section>`;
}

const aboutCard = (found: CaseDetail, zone: string): Html =>
  html`<section class="card">
    <h2>About it</h2>
    ${facts([
      [
        'At stake',
        [found.amount, found.units === 0 ? null : counted(found.units, 'unit')]
          .filter((part) => part !== null)
          .join(', '),
      ],
      ['Waits for', `${label(found.owner)}, ${found.deputy} as deputy`],
      ['Given to', found.assignee],
      ['Needs', found.twoPeople && 'two different people'],
      ['Since', at(found.openedAt, zone)],
      ['Number', found.businessKey],
      ['Business date', found.businessDate],
      ['Asked for by', found.requesters.join(', ')],
      ['Saga', found.workflow],
    ])}
  </section>`;
