/** The desk door of ingress as the command line uses it: decisions with the key of a person (design.md 6). */
import { z } from 'zod';
import { Refused } from '../output.js';

const TIMEOUT_MS = 30_000;

export const Decided = z.looseObject({
  state: z.enum(['decided', 'awaits-second', 'kept', 'stored', 'refused']),
  message: z.string().optional(),
  error: z.string().optional(),
});
export type Decided = z.infer<typeof Decided>;

export const BulkPreviewed = z.object({
  state: z.literal('preview'),
  count: z.number(),
  total: z.array(z.string()),
  largest: z.object({ case: z.string(), title: z.string(), amount: z.string() }).nullable(),
  units: z.number(),
  digest: z.string(),
  cases: z.array(z.string()),
});
export type BulkPreviewed = z.infer<typeof BulkPreviewed>;

const Refusals = z.array(z.object({ case: z.string(), why: z.string() }));
export const BulkDone = z.object({
  state: z.enum(['done', 'stored']),
  decided: z.number(),
  awaitsSecond: z.number(),
  waiting: z.number(),
  refused: Refusals,
  skipped: Refusals,
  late: z.number(),
});
export type BulkDone = z.infer<typeof BulkDone>;

const BulkProgress = z.object({ accepted: z.number(), first: z.number(), waiting: z.number(), refused: Refusals });
export type BulkProgress = z.infer<typeof BulkProgress>;

const TakenUp = z.object({ state: z.literal('acknowledged'), by: z.string() });
export type TakenUp = z.infer<typeof TakenUp>;

const GivenOver = z.object({ state: z.literal('reassigned'), to: z.string(), by: z.string() });
export type GivenOver = z.infer<typeof GivenOver>;

export interface DecisionBody {
  case: string;
  choice: string;
  why: string;
  shown: string;
  data: Record<string, string>;
}

export interface BulkBody {
  filter: object;
  choice: string;
  why: string;
  digest?: string;
}

export interface DeskDoor {
  /** A refusal is an answer (`refused`, with `error`), not an error. */
  decide(body: DecisionBody): Promise<Decided>;
  /** Somebody looks after the case. @throws Refused with why not. */
  acknowledge(id: string): Promise<TakenUp>;
  /** To a person, or to the deputy role. @throws Refused with why not. */
  reassign(id: string, to: string, why: string): Promise<GivenOver>;
  preview(body: BulkBody): Promise<BulkPreviewed>;
  apply(body: BulkBody & { digest: string }): Promise<BulkDone>;
  progress(digest: string): Promise<BulkProgress>;
}

/**
 * @param url of ingress; @param key of the person.
 * @throws Refused with the door's own sentence, or saying that no door answers.
 */
export function deskDoor(url: string | null, key: string): DeskDoor {
  if (url === null)
    throw new Refused('Nobody says where the desk door is: set SELVEDGE_INGRESS_URL to the address of ingress.');
  const call = async (method: string, path: string, body?: object): Promise<unknown> => {
    const { status, answer } = await ask(url, key, method, path, body);
    if (status < 400) return answer;
    const told = z.looseObject({ error: z.string() }).safeParse(answer);
    if (told.success && told.data['state'] === 'refused') return told.data;
    throw new Refused(told.success ? told.data.error : `The desk door answered ${status} to ${method} ${path}.`);
  };
  return {
    decide: async (body) => Decided.parse(await call('POST', '/decisions', body)),
    acknowledge: async (id) => TakenUp.parse(await call('POST', `/cases/${encodeURIComponent(id)}/acknowledge`)),
    reassign: async (id, to, why) =>
      GivenOver.parse(await call('POST', `/cases/${encodeURIComponent(id)}/reassign`, { to, why })),
    preview: async (body) => bulkAnswer(BulkPreviewed, await call('POST', '/decisions/bulk', body)),
    apply: async (body) => bulkAnswer(BulkDone, await call('POST', '/decisions/bulk', body)),
    progress: async (digest) => BulkProgress.parse(await call('GET', `/decisions/bulk/${encodeURIComponent(digest)}`)),
  };
}

function bulkAnswer<T extends z.ZodType>(schema: T, answer: unknown): z.infer<T> {
  const refused = z.looseObject({ state: z.literal('refused'), error: z.string() }).safeParse(answer);
  if (refused.success) throw new Refused(refused.data.error);
  return schema.parse(answer);
}

async function ask(url: string, key: string, method: string, path: string, body: object | undefined) {
  try {
    const reply = await fetch(new URL(path, url), {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await reply.text();
    return { status: reply.status, answer: (text === '' ? null : JSON.parse(text)) as unknown };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new Refused(
      `The desk door at ${url} does not answer (${cause}). Does ingress run? If a decision was sent it may have been stored: look at the case.`,
      { cause: error },
    );
  }
}
