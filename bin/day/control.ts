/** The sandbox's control surface as the command line uses it (design.md 8). */
import { z } from 'zod';

const TIMEOUT_MS = 20_000;
/** Five months of a business's past take a few seconds to load, on a busy machine many. */
const RESET_TIMEOUT_MS = 180_000;

const Line = z.object({
  sku: z.string(),
  orderLine: z.number().nullable().optional(),
  quantity: z.string(),
  amount: z.string().nullable(),
  taxCode: z.string().nullable().optional(),
  taxAmount: z.string().nullable().optional(),
  quality: z.string().optional(),
});
const Charge = z.object({
  glAccount: z.string(),
  amount: z.string(),
  taxCode: z.string().nullable().optional(),
  taxAmount: z.string().nullable().optional(),
});
/** A document of the books or of the reckoning: one shape for both. */
export const BookDocument = z.object({
  kind: z.string(),
  number: z.string().nullable(),
  externalRef: z.string().nullable(),
  status: z.string(),
  postingDate: z.string(),
  division: z.string(),
  warehouse: z.string().nullable(),
  orderNo: z.string().nullable(),
  poNo: z.string().nullable().optional(),
  customer: z.string().nullable(),
  lines: z.array(Line),
  charges: z.array(Charge),
  amount: z.string().nullable(),
  taxAmount: z.string().nullable(),
  currency: z.string().nullable(),
  reverses: z.string().nullable(),
  reversedBy: z.string().nullable().optional(),
});
export type BookDocument = z.infer<typeof BookDocument>;

export const ReckonedEvent = z.object({
  key: z.string(),
  class: z.string(),
  documents: z.array(BookDocument),
  waitsFor: z.object({ code: z.string(), owner: z.string() }).nullable(),
});
export type ReckonedEvent = z.infer<typeof ReckonedEvent>;

const Books = z.object({ documents: z.array(BookDocument) });
/** What a purchase order must be by now. */
export const ReckonedOrder = z.object({ poNo: z.string(), status: z.string() });
export type ReckonedOrder = z.infer<typeof ReckonedOrder>;

const Reckoning = z.object({ events: z.array(ReckonedEvent), purchaseOrders: z.array(ReckonedOrder).default([]) });
export type Reckoning = z.infer<typeof Reckoning>;

export interface ResetOptions {
  seed: number;
  scenario?: string;
  misbehave: number;
  returns?: number | undefined;
  receipts?: number | undefined;
  /** Changes to Blue Cherry's profile. */
  profile?: object;
  /** A business's own past instead of a scenario. */
  history?: object;
}

export interface SandboxControl {
  reset(options: ResetOptions): Promise<unknown>;
  reckoning(): Promise<Reckoning>;
  books(): Promise<BookDocument[]>;
  get(path: string): Promise<unknown>;
}

/** Every call is bounded; an answer other than success throws an Error with the sandbox's own words. */
export function sandboxControl(url: string): SandboxControl {
  const call = async (method: string, path: string, body?: unknown, timeoutMs = TIMEOUT_MS): Promise<unknown> => {
    const reply = await fetch(new URL(path, url), {
      method,
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`the sandbox answered ${reply.status} to ${path}: ${text.slice(0, 300)}`);
    return text === '' ? null : JSON.parse(text);
  };
  return {
    reset: (options) => call('POST', '/_sandbox/reset', options, RESET_TIMEOUT_MS),
    reckoning: async () => Reckoning.parse(await call('GET', '/_sandbox/reckoning')),
    books: async () => Books.parse(await call('GET', '/_sandbox/books/blue-cherry')).documents,
    get: (path) => call('GET', path),
  };
}
