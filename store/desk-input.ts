/** What a person may send as a decision, whichever door it comes through (design.md 6). */
import { z } from 'zod';
import { isKeepable, NOT_KEPT } from '../domain/keepable.js';

const EXAMPLE =
  '{"question":"over-refund","asking":1,"choice":"approve","why":"goodwill, ticket 8812","shown":"9f2c…","by":"fin-2"}';
const LARGEST = 32_000;

const name = (what: string) => z.string({ error: `${what} must be a text` }).max(80);

/** A decision as sent. `shown` may be left out where nothing moves; `by` is given by the key at the desk door. */
export const DecisionInput = z.strictObject({
  question: name('question').min(1),
  asking: z.number().int().min(1).max(100_000),
  choice: name('choice').min(1),
  why: z.string().max(500).default(''),
  shown: z.string().max(200).default(''),
  by: name('by').default(''),
  data: z.record(z.string().max(80), z.string().max(8_000)).default({}),
});
export type DecisionInput = z.infer<typeof DecisionInput>;

/** Reads what was sent. A fault is a sentence that names every field, what was found and what is expected. */
export function readDecision(
  raw: unknown,
): { ok: true; input: DecisionInput } | { ok: false; why: string; raw: unknown } {
  const text = JSON.stringify(raw ?? null);
  if (text.length > LARGEST)
    return {
      ok: false,
      why: `The decision is ${text.length} characters long; at most ${LARGEST} are read.`,
      raw: { tooLong: text.length },
    };
  if (!isKeepable(raw)) return { ok: false, why: `The decision holds ${NOT_KEPT}`, raw: { notKept: true } };
  const read = DecisionInput.safeParse(raw);
  if (read.success) return { ok: true, input: read.data };
  const faults = read.error.issues.slice(0, 8).map((issue) => {
    const path = issue.path.map(String).join('.');
    return path === '' ? issue.message : `${path}: ${issue.message}`;
  });
  return {
    ok: false,
    why: `The decision could not be read: ${faults.join('; ')}. It looks like ${EXAMPLE}`,
    raw,
  };
}
