/** The control server: one address for everything a test, a demonstration or a checker does to the sandbox. */
import fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { ZodError } from 'zod';
import { Refusal } from '../core/index.js';
import type { Keeper } from '../core/index.js';
import { controlRoutes } from './routes.js';
import type { Control } from './routes.js';

export type { Control } from './routes.js';
export { Reset } from './requests.js';
export type { Webhook } from './requests.js';
export { heldOf } from './held.js';
export type { HeldWorld } from './held.js';
export { closeWorld, createWorld } from './world.js';
export type { Ports, World, WorldSettings } from './world.js';

const sentences = (error: ZodError): string =>
  error.issues
    .slice(0, 10)
    .map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`)
    .join('; ');

/** Status and words of an error: bad input is 400 with what was found and what is allowed. */
function answerOf(error: unknown): { status: number; body: { code: string; message: string } } {
  if (error instanceof ZodError) return { status: 400, body: { code: 'BAD_REQUEST', message: sentences(error) } };
  if (error instanceof RangeError) return { status: 400, body: { code: 'BAD_REQUEST', message: error.message } };
  if (error instanceof Refusal) return { status: error.status, body: { code: error.code, message: error.message } };
  const { statusCode, message } = error as { statusCode?: number; message?: string };
  return {
    status: statusCode ?? 500,
    body: { code: 'FAILED', message: message ?? 'the sandbox failed' },
  };
}

/** A server of the control surface; the caller listens and closes. */
export function createControlServer(control: Control, keeper: Keeper): FastifyInstance {
  const app = fastify({ bodyLimit: 16 * 1024 * 1024, forceCloseConnections: true });
  app.setErrorHandler((error, _request, reply) => {
    const { status, body } = answerOf(error);
    return reply.status(status).send(body);
  });
  app.setNotFoundHandler((request, reply) =>
    reply.status(404).send({
      code: 'NOT_FOUND',
      message: `there is no ${request.method} ${request.url}`,
    }),
  );
  app.addHook('onSend', (request, _reply, payload, done) => {
    if (request.method !== 'GET') keeper.changed();
    keeper.whenKept(() => done(null, payload));
  });
  controlRoutes(app, control);
  return app;
}
