/** What waits, for whom, until when, and what to do: for the command line and for programs. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { acknowledgeCase } from '../store/desk-acknowledge.js';
import { reassignCase } from '../store/desk-reassign.js';
import { CaseFilter, listCases, readCase, summaryOf } from '../store/desk-read.js';
import { parse } from './bodies.js';
import { Refusal, type IngressDeps } from './deps.js';
import { refuseWhileRestored } from './restored.js';
import { restartOf } from './restart.js';
import { personOf, type WrongKeys } from './keys.js';

/** To a person's id, or to the role that is the case's deputy. */
export const ReassignBody = z.strictObject({ to: z.string().min(1).max(80), why: z.string().max(500) });

/** Registers `GET /cases`, `GET /cases/:id`, `POST /cases/:id/acknowledge` , `…/reassign` and `…/restart`. */
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
    await refuseWhileRestored(db);
    const why = await acknowledgeCase(db, request.params.id, person);
    if (why !== null) throw new Refusal(409, why);
    return reply.send({ state: 'acknowledged', by: person.id });
  });
  app.post<{ Params: { id: string } }>('/cases/:id/restart', async (request, reply) => {
    const person = await personOf(db, wrong, request);
    await restartOf(deps, request.params.id, person);
    return reply.send({ state: 'restarted', by: person.id });
  });
  app.post<{ Params: { id: string } }>('/cases/:id/reassign', async (request, reply) => {
    const person = await personOf(db, wrong, request);
    const { to, why } = parse(ReassignBody, request.body);
    await refuseWhileRestored(db);
    const against = await reassignCase(db, { caseId: request.params.id, person, to, why });
    if (against !== null) throw new Refusal(409, against);
    return reply.send({ state: 'reassigned', to, by: person.id });
  });
}
