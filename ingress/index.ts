/** The doors others push at: the desk page and door for people, webhooks for systems. */
import fastify, { type FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { deskPages } from '../console/index.js';
import { BODY_LIMIT, onlyKeepableText, plainAnswers } from './bodies.js';
import { bulkRoutes } from './bulk.js';
import { caseRoutes } from './cases.js';
import { codecRoutes } from './codec.js';
import { decisionRoutes } from './decisions.js';
import type { IngressDeps } from './deps.js';
import { WrongKeys } from './keys.js';
import { playbookRoutes } from './playbook.js';
import { webhookRoutes } from './webhooks.js';

export type { IngressDeps, Log, SagaDoor } from './deps.js';

const REQUEST_TIMEOUT_MS = 15_000;

/** Builds the server; the caller listens and closes. Nothing it answers holds a stack trace. */
export function createIngress(deps: IngressDeps): FastifyInstance {
  const app = fastify({
    logger: false,
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
  });
  const wrong = new WrongKeys();
  plainAnswers(app, deps.log);
  onlyKeepableText(app);
  app.get('/health', async (_request, reply) => {
    try {
      await sql`select 1`.execute(deps.store.db);
      return await reply.send({ ok: true });
    } catch {
      return reply.code(503).send({ ok: false, error: 'The store cannot be reached.' });
    }
  });
  decisionRoutes(app, deps, wrong);
  bulkRoutes(app, deps, wrong);
  caseRoutes(app, deps, wrong);
  playbookRoutes(app);
  codecRoutes(app, deps, wrong);
  webhookRoutes(app, deps);
  deskPages(app, deps, wrong);
  return app;
}
