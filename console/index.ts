/**
 * The desk page: where finance, warehouse, buying and payables see what waits for them and decide it. Server-rendered; it uses
 * the desk door and the store alone, so everything it can do the command line can.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import helmet from '@fastify/helmet';
import type { FastifyError, FastifyInstance } from 'fastify';
import { projectFolder } from '../config/load.js';
import { BODY_LIMIT } from '../ingress/bodies.js';
import { Refusal, type IngressDeps } from '../ingress/deps.js';
import type { WrongKeys } from '../ingress/keys.js';
import { isSecure, mustBeSignedIn, sessionIn } from './access.js';
import { bulkPageRoutes } from './bulk-page.js';
import { caseActionRoutes } from './case-actions.js';
import { casePageRoutes } from './case-page.js';
import { findRoutes } from './find-page.js';
import { html } from './html.js';
import { openPage, page } from './layout.js';
import { mappingRoutes } from './mapping-pages.js';
import { oidcRoutes } from './oidc.js';
import { queueRoutes } from './queue-page.js';
import { reportRoutes } from './report-pages.js';
import { signInRoutes } from './sign-in.js';

/** Scripts, styles and requests from here alone; no frames, no plug-ins, nothing inline. */
const POLICY = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'"],
  connectSrc: ["'self'"],
  formAction: ["'self'"],
  baseUri: ["'none'"],
  frameAncestors: ["'none'"],
};

/** Registers the desk page below `/desk`. */
export function deskPages(app: FastifyInstance, deps: IngressDeps, wrong: WrongKeys): void {
  const secure = isSecure(deps.config.desk.publicUrl);
  void app.register(
    async (desk) => {
      await desk.register(cookie);
      await desk.register(formbody, { bodyLimit: BODY_LIMIT });
      await desk.register(helmet, {
        contentSecurityPolicy: { useDefaults: false, directives: POLICY },
        strictTransportSecurity: secure,
        referrerPolicy: { policy: 'same-origin' },
        xFrameOptions: { action: 'deny' },
      });
      errorsAsPages(desk, deps, secure);
      assetRoutes(desk);
      await desk.register((open, _options, done) => {
        pagesNeverKept(open);
        signInRoutes(open, deps, wrong);
        oidcRoutes(open, deps);
        done();
      });
      await desk.register((inside, _options, done) => {
        pagesNeverKept(inside);
        inside.addHook('preHandler', mustBeSignedIn(deps.store.db, secure));
        queueRoutes(inside, deps);
        casePageRoutes(inside, deps);
        caseActionRoutes(inside, deps);
        bulkPageRoutes(inside, deps);
        findRoutes(inside, deps);
        mappingRoutes(inside, deps);
        reportRoutes(inside, deps);
        done();
      });
    },
    { prefix: '/desk' },
  );
}

/** Pages hold what only the signed-in person may see: no cache keeps them, so that after signing out none can be turned back to. */
const NEVER_KEPT = { 'cache-control': 'no-store', 'content-type': 'text/html; charset=utf-8' };

function pagesNeverKept(app: FastifyInstance): void {
  app.addHook('onRequest', async (_request, reply) => {
    void reply.headers(NEVER_KEPT);
  });
}

const ASSETS: Readonly<Record<string, { type: string; file: () => string }>> = {
  'desk.css': { type: 'text/css; charset=utf-8', file: () => join(projectFolder(), 'console', 'assets', 'desk.css') },
  'desk.svg': { type: 'image/svg+xml', file: () => join(projectFolder(), 'console', 'assets', 'desk.svg') },
  'htmx.min.js': {
    type: 'text/javascript; charset=utf-8',
    file: () => createRequire(import.meta.url).resolve('htmx.org/dist/htmx.min.js'),
  },
};

function assetRoutes(app: FastifyInstance): void {
  const read = new Map<string, Promise<Buffer>>();
  app.get<{ Params: { name: string } }>('/assets/:name', async (request, reply) => {
    const { name } = request.params;
    const asset = Object.hasOwn(ASSETS, name) ? ASSETS[name] : undefined;
    if (asset === undefined) throw new Refusal(404, 'There is no such file.');
    if (!read.has(name)) read.set(name, readFile(asset.file()));
    return reply
      .type(asset.type)
      .header('cache-control', 'public, max-age=3600')
      .send(await read.get(name));
  });
}

/** What goes wrong is said on a page, in words. */
function errorsAsPages(app: FastifyInstance, deps: IngressDeps, secure: boolean): void {
  app.setErrorHandler(async (error: FastifyError | Refusal, request, reply) => {
    const known = error instanceof Refusal ? { status: error.status, text: error.message } : faultOf(error, request.id);
    if (known.status === 500)
      deps.log.error({ request: request.id, route: request.routeOptions.url, error }, 'page failed');
    const session = await sessionIn(deps.store.db, request, secure).catch(() => undefined);
    const title = TITLES[known.status] ?? 'This did not work';
    const content = {
      title,
      message: { tone: 'bad', text: known.text } as const,
      body: html`<h1>${title}</h1>
        <p><a href="/desk">To what waits for you</a></p>`,
    };
    const { zone } = deps.config.calendar;
    return reply
      .code(known.status)
      .headers(NEVER_KEPT)
      .send(session === undefined ? openPage(content) : page(session, zone, content));
  });
  app.setNotFoundHandler(() => {
    throw new Refusal(404, 'There is no such page at the desk.');
  });
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'This could not be read',
  401: 'Sign in again',
  403: 'This was not done',
  404: 'Not found',
  409: 'This was refused',
};

function faultOf(error: FastifyError, id: string): { status: number; text: string } {
  const status = error.statusCode ?? 500;
  if (status === 413) return { status, text: `This is too large: at most ${BODY_LIMIT / 1024 / 1024} MB are taken.` };
  if (status >= 400 && status < 500) return { status, text: 'This request could not be read.' };
  return { status: 500, text: `Something went wrong here; it was noted as ${id}. Try again in a moment.` };
}
