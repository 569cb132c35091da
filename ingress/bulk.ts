/** Many like questions at once: first a preview, then, with its digest, one decision each. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { bulkDecide, bulkProgress, type BulkPreview, type BulkRequest, type BulkStart } from '../store/desk-bulk.js';
import type { Person } from '../store/desk-people.js';
import { CaseFilter } from '../store/desk-read.js';
import { parse } from './bodies.js';
import { hand } from './decisions.js';
import { Refusal, type IngressDeps } from './deps.js';
import { personOf, type WrongKeys } from './keys.js';
import { refuseWhileRestored } from './restored.js';

const WAIT_MS = 5_000;
const LOOK_EVERY_MS = 100;
/** Decisions handed over at once; the rest wait their turn. */
const AT_ONCE = 10;

const BulkBody = z.strictObject({
  filter: CaseFilter.omit({ state: true }).refine((f) => Object.values(f).some((v) => v !== undefined), {
    error: 'filter must narrow: give a code, a question or a group',
  }),
  choice: z.string().min(1).max(80),
  why: z.string().max(500).default(''),
  by: z.string().max(80).default(''),
  digest: z.string().max(64).optional(),
});

/** Registers `POST /decisions/bulk` and `GET /decisions/bulk/:digest`. */
export function bulkRoutes(app: FastifyInstance, deps: IngressDeps, wrong: WrongKeys): void {
  const { db } = deps.store;
  app.post('/decisions/bulk', async (request, reply) => {
    const person = await personOf(db, wrong, request);
    const { by, digest, ...body } = parse(BulkBody, request.body);
    if (by !== '' && by !== person.id)
      throw new Refusal(
        403,
        `This key belongs to ${person.id}, and the decision says it is by ${by}. Nobody decides in another's name.`,
      );
    const answer = await bulk(deps, person, { ...body, ...(digest === undefined ? {} : { digest }) });
    return reply.code(answer.state === 'stored' ? 202 : 200).send(answer);
  });
  app.get<{ Params: { digest: string } }>('/decisions/bulk/:digest', async (request, reply) => {
    await personOf(db, wrong, request);
    return reply.send(await bulkProgress(db, request.params.digest));
  });
}

/** What a bulk decision came to: what it would decide, or what became of it. */
export type BulkAnswer =
  | ({ state: 'preview' } & BulkPreview)
  | {
      /** `stored`: some sagas have not taken theirs yet. */
      state: 'done' | 'stored';
      decided: number;
      awaitsSecond: number;
      waiting: number;
      refused: { case: string; why: string }[];
      skipped: { case: string; why: string }[];
      late: number;
      message?: string;
    };

/**
 * Previews what one decision on many like questions would decide, or, with the digest of a preview, decides exactly that.
 * @throws Refusal 409 with the reason when nothing was decided.
 */
export async function bulk(deps: IngressDeps, person: Person, asked: Omit<BulkRequest, 'person'>): Promise<BulkAnswer> {
  await refuseWhileRestored(deps.store.db);
  const rules = { identity: deps.config.decisions.identity, zone: deps.config.calendar.zone, deskUrl: '' };
  const filter = Object.fromEntries(Object.entries(asked.filter).filter(([, value]) => value !== undefined));
  const started = await bulkDecide(deps.store.db, { ...asked, filter, person }, rules);
  if (started.state === 'refused') throw new Refusal(409, started.why, { state: 'refused' });
  if (started.state === 'preview') return { state: 'preview', ...started.preview };
  await handAll(deps, started.decisions);
  const progress = await progressOf(deps, asked.digest ?? '');
  return {
    state: progress.waiting === 0 ? 'done' : 'stored',
    decided: progress.accepted,
    awaitsSecond: progress.first,
    waiting: progress.waiting,
    refused: progress.refused,
    skipped: started.skipped,
    late: started.late,
    ...(started.late === 0 ? {} : { message: `${started.late} more came after the preview: preview again for them.` }),
  };
}

type Started = Extract<BulkStart, { state: 'started' }>['decisions'];

async function handAll(deps: IngressDeps, decisions: Started): Promise<void> {
  const left = [...decisions];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await hand(deps, next.id, next.workflowId);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

async function progressOf(deps: IngressDeps, digest: string): Promise<Awaited<ReturnType<typeof bulkProgress>>> {
  const until = Date.now() + (deps.waitMs ?? WAIT_MS);
  for (;;) {
    const progress = await bulkProgress(deps.store.db, digest);
    if (progress.waiting === 0 || Date.now() >= until) return progress;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
