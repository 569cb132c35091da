/**
 * What lets the Temporal Web UI show encrypted payloads to people who may see them: it sends what it has here and gets it
 * back readable. Only with a personal key, or an address made for one person; only to pages of the UI.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { payloadCodec } from '../clients/temporal/index.js';
import { ConfigError, shown } from '../config/faults.js';
import { isMarked, type KeyRing } from '../config/payload-keys.js';
import { findPerson, type Person } from '../store/desk-people.js';
import { parse } from './bodies.js';
import { Refusal, type IngressDeps } from './deps.js';
import { personOf, type WrongKeys } from './keys.js';

/** The page of a history sends many payloads at once. */
const BODY_LIMIT = 16 * 1024 * 1024;
const MOST_PAYLOADS = 10_000;
const PURPOSE = 'selvedge web ui address';
const UI_ORIGIN = 'SELVEDGE_UI_ORIGIN';

const Base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/, 'base64');
const Body = z.object({
  payloads: z
    .array(z.object({ metadata: z.record(z.string(), Base64).optional(), data: Base64.optional() }))
    .max(MOST_PAYLOADS),
});
type WirePayload = z.infer<typeof Body>['payloads'][number];

/** Pages that may ask: SELVEDGE_UI_ORIGIN, several with commas between, else the Web UI of this run. */
export function uiOriginOf(env: NodeJS.ProcessEnv): string[] {
  const text = env[UI_ORIGIN] ?? env['TEMPORAL_UI'] ?? '';
  return text
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '')
    .map((each) => {
      const url = URL.canParse(each) ? new URL(each) : null;
      if (url !== null && /^https?:$/.test(url.protocol)) return url.origin;
      const allowed = 'an http or https address as http://127.0.0.1:8233 is allowed';
      throw new ConfigError([{ where: 'environment', key: UI_ORIGIN, found: shown(each), allowed }]);
    });
}

/** What proves a person in an address: made from their id and key, so that it ends with either, and with the payload keys. */
const marksFor = (keys: KeyRing, person: Person): Buffer[] =>
  keys.marksOf(`${person.id}:${person.key_digest}`, PURPOSE);

export const tokenOf = (keys: KeyRing, person: Person): string =>
  `${person.id}.${marksFor(keys, person)[0]?.toString('base64url') ?? ''}`;

async function personOfToken(
  deps: IngressDeps,
  keys: KeyRing,
  wrong: WrongKeys,
  request: FastifyRequest,
): Promise<Person> {
  wrong.check(request.ip);
  const { token = '' } = request.params as { token?: string };
  const [id = '', mark = ''] = token.split('.');
  const person = await findPerson(deps.store.db, id.slice(0, 40));
  if (person !== undefined && isMarked(Buffer.from(mark, 'base64url'), marksFor(keys, person))) return person;
  wrong.note(request.ip);
  throw new Refusal(401, 'This address is nobody’s. Get your own: selvedge keys web-ui.');
}

/** Lets pages of the UI read the answer, and no other page ask. */
function allowOrigin(origins: readonly string[], request: FastifyRequest, reply: FastifyReply): void {
  const { origin } = request.headers;
  reply.header('vary', 'Origin').header('cache-control', 'no-store');
  if (origin === undefined) return;
  if (!origins.includes(origin))
    throw new Refusal(403, 'This page may not ask here. Set SELVEDGE_UI_ORIGIN to the Web UI’s address.');
  reply
    .header('access-control-allow-origin', origin)
    .header('access-control-allow-methods', 'POST')
    .header('access-control-allow-headers', 'content-type, x-namespace, authorization')
    .header('access-control-max-age', '600');
}

const bytesOf = ({ metadata = {}, data = '' }: WirePayload) => ({
  metadata: Object.fromEntries(Object.entries(metadata).map(([name, text]) => [name, Buffer.from(text, 'base64')])),
  data: Buffer.from(data, 'base64'),
});

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

async function converted(keys: KeyRing, way: 'encode' | 'decode', payload: WirePayload): Promise<WirePayload> {
  const codec = payloadCodec(keys);
  try {
    const [made] = await codec[way]([bytesOf(payload)]);
    const metadata = Object.entries(made?.metadata ?? {}).map(([name, value]) => [name, base64(value)] as const);
    return { metadata: Object.fromEntries(metadata), data: base64(made?.data ?? new Uint8Array()) };
  } catch {
    // One whose key is gone stays as it is, and the others of its page are read.
    return payload;
  }
}

/** Registers `POST /codec/decode` and `/codec/encode`, both also below a person's own address, and `GET /codec/address`. */
export function codecRoutes(app: FastifyInstance, deps: IngressDeps, wrong: WrongKeys): void {
  const { keys, uiOrigin } = deps.codec;
  const { db } = deps.store;
  const ring = (): KeyRing => {
    if (keys === null) throw new Refusal(404, 'Payloads are not encrypted here: the Web UI shows them as they are.');
    return keys;
  };
  for (const way of ['encode', 'decode'] as const)
    for (const path of [`/codec/${way}`, `/codec/:token/${way}`]) {
      app.options(path, async (request, reply) => {
        allowOrigin(uiOrigin, request, reply);
        return reply.code(204).send();
      });
      app.post(path, { bodyLimit: BODY_LIMIT }, async (request, reply) => {
        allowOrigin(uiOrigin, request, reply);
        const own = path.includes(':token');
        const at = ring();
        await (own ? personOfToken(deps, at, wrong, request) : personOf(db, wrong, request));
        const { payloads } = parse(Body, request.body);
        return reply.send({ payloads: await Promise.all(payloads.map((each) => converted(at, way, each))) });
      });
    }
  app.get('/codec/address', async (request, reply) => {
    const person = await personOf(db, wrong, request);
    return reply.send({ path: `/codec/${tokenOf(ring(), person)}` });
  });
}
