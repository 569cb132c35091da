/** What waits, for whom, until when, and what to do: for the command line and later the desk. */
import type { FastifyInstance } from 'fastify';
import { acknowledgeCase } from '../store/desk-acknowledge.js';
import { CaseFilter, listCases, readCase, summaryOf } from '../store/desk-read.js';
import { parse } from './bodies.js';
import { Refusal, type IngressDeps } from './deps.js';
import { personOf, type WrongKeys } from './keys.js';

/** Registers `GET /cases`, `GET /cases/:id` and `POST /cases/:id/acknowledge`. */
export function caseRoutes(app: FastifyInstance, deps: IngressDeps, wrong: WrongKeys): void {
  const { db } = deps.store;
  app.get('/cases', async (request, reply) => {
    await personOf(db, wrong, request);
    const filter = parse(CaseFilter, request.query);
    return reply.send({ cases: (await listCases(db, filter)).map(summaryOf) });
  });
  app.get<{ Params: { id: string } }>('/cases/:id', async (request, reply) => {
    await personOf(db, wrong, request);
    const found = await readCase(db, request.params.id);
    if (found === undefined) throw new Refusal(404, `There is no case ${request.params.id.slice(0, 40)}.`);
    return reply.send(found);
  });
  app.post<{ Params: { id: string } }>('/cases/:id/acknowledge', async (request, reply) => {
    const person = await personOf(db, wrong, request);
    const why = await acknowledgeCase(db, request.params.id, person);
    if (why !== null) throw new Refusal(409, why);
    return reply.send({ state: 'acknowledged', by: person.id });
  });
}
