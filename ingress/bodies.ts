/** Reading what callers send: every fault in words, no stack traces. */
import type { FastifyError, FastifyInstance } from 'fastify';
import type { z } from 'zod';
import { isKeepable, NOT_KEPT } from '../domain/keepable.js';
import { Refusal, type Log } from './deps.js';

/** Most bytes of a body. */
export const BODY_LIMIT = 1024 * 1024;
const MOST_FAULTS = 8;

/** Parses a body or query by its schema. @throws Refusal 400 naming every field that does not fit. */
export function parse<T extends z.ZodType>(schema: T, value: unknown): z.infer<T> {
  const read = schema.safeParse(value ?? {});
  if (read.success) return read.data;
  const faults = read.error.issues.slice(0, MOST_FAULTS).map((issue) => {
    const path = issue.path.map(String).join('.');
    return path === '' ? issue.message : `${path}: ${issue.message}`;
  });
  throw new Refusal(400, `This could not be read: ${faults.join('; ')}.`);
}

/** Has whatever is sent refused, wherever it is sent to, when it holds text that the store could not keep. */
export function onlyKeepableText(app: FastifyInstance): void {
  app.addHook('preValidation', async ({ query, params, body }) => {
    if (![query, params, body].every(isKeepable)) throw new Refusal(400, `This holds ${NOT_KEPT}`);
  });
}

const WORDS: Record<string, [number, string]> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [413, `The body is too large: at most ${BODY_LIMIT / 1024 / 1024} MB are taken.`],
  FST_ERR_CTP_INVALID_JSON_BODY: [400, 'The body is not JSON.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: [400, 'The body is empty; JSON is expected.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'Send JSON: "content-type: application/json".'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [400, 'The content-length does not fit the body.'],
};

/** Installs the answers to what goes wrong and to what is not there. */
export function plainAnswers(app: FastifyInstance, log: Log): void {
  app.setErrorHandler(async (error: FastifyError, request, reply) => {
    if (error instanceof Refusal) return reply.code(error.status).send({ ...error.fields, error: error.message });
    const known = WORDS[error.code ?? ''];
    if (known !== undefined) return reply.code(known[0]).send({ error: known[1] });
    const status = error.statusCode ?? 500;
    if (status >= 400 && status < 500) return reply.code(status).send({ error: 'This request could not be read.' });
    log.error({ request: request.id, route: request.routeOptions.url, error }, 'request failed');
    return reply
      .code(500)
      .send({ error: `Something went wrong here; it was noted as ${request.id}. Try again in a moment.` });
  });
  app.setNotFoundHandler(async (request, reply) =>
    reply.code(404).send({
      error: `There is nothing at ${request.method} ${request.url.split('?')[0]?.slice(0, 100) ?? ''}. Doors here: GET /desk (the page), POST /decisions, POST /decisions/bulk, GET /decisions/<id>, GET /cases, GET /cases/<id>, POST /cases/<id>/acknowledge, …/reassign, …/restart, GET /playbook/<code>, POST /webhooks/archean, GET /health.`,
    }),
  );
}
