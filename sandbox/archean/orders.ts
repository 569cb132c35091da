/** Orders to fulfil, and what makes a write idempotent by its externalRef (facts/archean-r247.md 3.8). */
import { z } from 'zod';
import { refill, Refusal, type Kept } from '../core/index.js';

export const OrderWrite = z.object({
  externalRef: z.string().min(1).max(60),
  customer: z.string().max(40),
  location: z.string().min(1).max(40),
  lines: z
    .array(z.object({ sku: z.string().min(1).max(60), quantity: z.number().int().positive() }))
    .min(1)
    .max(2000),
});
export type OrderWrite = z.infer<typeof OrderWrite>;
export interface ArcheanOrder extends OrderWrite {
  id: string;
  state: 'ALLOCATED' | 'PICKED' | 'DISPATCHED' | 'CANCELLED';
}

/** First answers by externalRef: the same body again gets the first id, another one 409 REFERENCE_CONFLICT. */
export interface References<T> extends Kept<Map<string, { body: string; value: T }>> {
  once(externalRef: string, body: unknown, make: () => T): { first: boolean; held: T };
  find(externalRef: string): T | undefined;
}
export function createReferences<T>(): References<T> {
  const held = new Map<string, { body: string; value: T }>();
  return {
    once: (externalRef, body, make) => {
      const text = JSON.stringify(body);
      const before = held.get(externalRef);
      if (before === undefined) {
        const value = make();
        held.set(externalRef, { body: text, value });
        return { first: true, held: value };
      }
      if (before.body !== text)
        throw new Refusal(
          409,
          'REFERENCE_CONFLICT',
          `${externalRef} was used before with another content; use a new reference or the same content`,
        );
      return { first: false, held: before.value };
    },
    find: (externalRef) => held.get(externalRef)?.value,
    held: () => held,
    resume: (kept) => refill(held, kept),
  };
}

/** Reads a write's body; a wrong one is refused with the first fault named. */
export function readWrite<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const fault = parsed.error.issues[0];
  throw new Refusal(422, 'INVALID', `${fault?.path.join('.') ?? 'body'}: ${fault?.message ?? 'not valid'}`);
}
