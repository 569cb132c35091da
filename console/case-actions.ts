/** What can be done about a case: decide it, take it up, give it to somebody else, or add the mapping it waits for. */
import type { FastifyInstance } from 'fastify';
import { decide } from '../ingress/decisions.js';
import { Refusal, type IngressDeps } from '../ingress/deps.js';
import { restartOf } from '../ingress/restart.js';
import { acknowledgeCase } from '../store/desk-acknowledge.js';
import type { Person } from '../store/desk-people.js';
import type { CaseDetail } from '../store/desk-read.js';
import { reassignCase } from '../store/desk-reassign.js';
import type { Session } from '../store/desk-sessions.js';
import { FACT_OF_CHOICE, waits } from '../views/case-words.js';
import { sessionFor } from './access.js';
import { fieldsOf, form, LONGEST_CHOICE, LONGEST_WHY, mustBeOurs, reasonIn, written } from './forms.js';
import { html, type Html, type Part } from './html.js';
import { label } from './layout.js';
import { maskedAbout } from '../domain/mask.js';
import { proposeAddress } from './mapping-causes.js';

const LONGEST_FACT = 200;

/** Registers `POST /desk/cases/:id/decide`, `…/take-up`, `…/restart` and `…/give`. */
export function caseActionRoutes(app: FastifyInstance, deps: IngressDeps): void {
  const { db } = deps.store;
  interface Named {
    Params: { id: string };
  }
  app.post<Named>('/cases/:id/decide', async (request, reply) => {
    const session = sessionFor(request);
    const fields = fieldsOf(request.body);
    mustBeOurs(request, session, fields);
    const { choice = '', shown = '', asking = '' } = fields;
    if (choice === '') throw new Refusal(400, 'Choose one of the choices first. Nothing was decided.');
    const fact = FACT_OF_CHOICE[choice];
    const value = fact === undefined ? '' : written(fields[`fact-${fact.name}`], fact.is, LONGEST_FACT);
    const body = {
      case: request.params.id,
      choice: written(choice, 'choice', LONGEST_CHOICE),
      why: reasonIn(fields),
      shown: written(shown, 'digest', LONGEST_FACT),
      by: session.person.id,
      data: fact === undefined || value === '' ? {} : { [fact.name]: value },
      ...(/^\d{1,6}$/.test(asking) ? { asking: Number(asking) } : {}),
    };
    const row = await decide(deps, session.person, body, body);
    return reply.redirect(`/desk/cases/${encodeURIComponent(request.params.id)}?decided=${row.id}`, 303);
  });
  app.post<Named>('/cases/:id/take-up', async (request, reply) => {
    const session = sessionFor(request);
    mustBeOurs(request, session, fieldsOf(request.body));
    refuse(await acknowledgeCase(db, request.params.id, session.person));
    return reply.redirect(`/desk/cases/${encodeURIComponent(request.params.id)}?done=1`, 303);
  });
  app.post<Named>('/cases/:id/restart', async (request, reply) => {
    const session = sessionFor(request);
    mustBeOurs(request, session, fieldsOf(request.body));
    await restartOf(deps, request.params.id, session.person);
    return reply.redirect(`/desk/cases/${encodeURIComponent(request.params.id)}?done=1`, 303);
  });
  app.post<Named>('/cases/:id/give', async (request, reply) => {
    const session = sessionFor(request);
    const fields = fieldsOf(request.body);
    mustBeOurs(request, session, fields);
    const { to = '' } = fields;
    const given = { caseId: request.params.id, person: session.person, to, why: reasonIn(fields) };
    refuse(await reassignCase(db, given));
    return reply.redirect(`/desk/cases/${encodeURIComponent(request.params.id)}?done=1`, 303);
  });
}

function refuse(why: string | null): void {
  if (why !== null) throw new Refusal(409, why);
}

/** The cards beside a case, as far as this person may act on it. */
export function actionCards(
  session: Session,
  found: CaseDetail,
  own: boolean,
  colleagues: readonly Pick<Person, 'id' | 'name'>[],
): Part {
  if (!waits(found.state)) return null;
  if (!own)
    return html`<section class="card">
      <h2>Who decides</h2>
      <p>${label(found.owner)} decides this, or ${found.deputy} as deputy. You can read it.</p>
    </section>`;
  return [
    stepsCard(found),
    decideCard(session, found),
    causeCard(found),
    restartCard(session, found),
    handCard(session, found, colleagues),
  ];
}

const stepsCard = (found: CaseDetail): Part =>
  found.steps.length > 0 &&
  html`<section class="card">
    <h2>What to do</h2>
    <ol>
      ${found.steps.map((step) => html`<li>${maskedAbout(step, found.customer)}</li>`)}
    </ol>
  </section>`;

function decideCard(session: Session, found: CaseDetail): Part {
  if (found.kind === 'cause' || found.choices.length === 0) return null;
  const needed = found.choices.flatMap(({ choice }) => {
    const fact = FACT_OF_CHOICE[choice];
    return fact === undefined ? [] : [{ ...fact, choice }];
  });
  const body = html`<input type="hidden" name="shown" value="${found.digest}" />
    ${found.kind === 'question' && html`<input type="hidden" name="asking" value="${found.asking}" />`}
    <fieldset>
      <legend>${found.kind === 'question' ? 'Choices' : 'When it is dealt with, close it'}</legend>
      ${found.choices.map((choice) => choiceInput(choice))}
    </fieldset>
    ${factInputs(needed)}
    <label
      >Why
      <small>Needed wherever money or stock moves. It is kept with your name.</small>
      <textarea name="why" rows="3" maxlength="${LONGEST_WHY}"></textarea>
    </label>
    <div class="row">
      <button>Decide as ${session.person.id}</button>
      ${found.twoPeople && html`<span class="soft">A second, different person must agree too.</span>`}
    </div>`;
  return html`<section class="card" id="decide">
    <h2>Decide</h2>
    ${form(session, `/desk/cases/${found.case}/decide`, body)}
  </section>`;
}

const choiceInput = ({ choice, label: leads, proof }: CaseDetail['choices'][number]): Html =>
  html`<div class="choice">
    <input type="radio" name="choice" value="${choice}" id="choice-${choice}" required />
    <label for="choice-${choice}"
      >${label(choice)} <small>${leads}${!proof && ' (moves neither money nor stock)'}</small></label
    >
  </div>`;

/** One field per fact; choices that need the same one share it. */
function factInputs(needed: readonly { choice: string; name: string; is: string }[]): Part {
  const names = [...new Set(needed.map(({ name }) => name))];
  return names.map((name) => {
    const using = needed.filter((each) => each.name === name);
    return html`<label
      >${label(using[0]?.is ?? name)}
      <small>Only for ${using.map(({ choice }) => label(choice)).join(', ')}</small>
      <input type="text" name="fact-${name}" maxlength="${LONGEST_FACT}" autocomplete="off" />
    </label>`;
  });
}

function causeCard(found: CaseDetail): Part {
  const address = found.kind === 'cause' ? proposeAddress(found) : null;
  if (found.kind !== 'cause') return null;
  return html`<section class="card">
    <h2>Take its cause away</h2>
    <p>Nobody decides this: it closes by itself when its cause has gone, and what it holds goes on.</p>
    ${address !== null && html`<p><a href="${address}">Propose the mapping it waits for</a></p>`}
  </section>`;
}

const restartCard = (session: Session, found: CaseDetail): Part =>
  found.kind === 'orphan' &&
  html`<section class="card">
    <h2>Start it again</h2>
    <p>Its saga was ended from outside before it had finished. It goes on where it stopped; nothing posts twice.</p>
    ${form(session, `/desk/cases/${found.case}/restart`, html`<div><button>Start it again</button></div>`)}
  </section>`;

function handCard(session: Session, found: CaseDetail, colleagues: readonly Pick<Person, 'id' | 'name'>[]): Part {
  const others = colleagues.filter(({ id }) => id !== found.assignee && id !== session.person.id);
  const options = [
    ...others.map(({ id, name }) => html`<option value="${id}">${name} (${id})</option>`),
    found.deputy !== found.owner && html`<option value="${found.deputy}">${label(found.deputy)}, the deputy</option>`,
  ];
  const give = html`<label
      >To
      <select name="to">
        ${options}
      </select></label
    >
    <label>Why you give it over <input type="text" name="why" maxlength="${LONGEST_WHY}" required /></label>
    <div><button class="quiet">Give it over</button></div>`;
  return html`<section class="card">
    <h2>Look after it</h2>
    ${
      found.state === 'open' &&
      form(
        session,
        `/desk/cases/${found.case}/take-up`,
        html`<div class="row">
          <button class="quiet">Take it up</button> <span class="soft">You have seen it and look after it.</span>
        </div>`,
      )
    }
    <h3>Give it to somebody else</h3>
    ${form(session, `/desk/cases/${found.case}/give`, give)}
  </section>`;
}
