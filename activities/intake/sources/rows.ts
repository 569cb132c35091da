/** What rows of every feed have in common: how the inbox keeps one that nobody can read, and dates nobody means. */
import type { z } from 'zod';
import { digestOf } from '../../../store/canonical.js';
import type { NewEvent } from '../../../store/inbox.js';

export const ARCHEAN = 'archean';

/** No books are older; a row that says so has a broken date. */
const EARLIEST = Date.parse('2000-01-01T00:00:00Z');
/** A source's clock may run ahead, and tests move it by a year; farther is a broken date. */
const AHEAD_MS = 366 * 24 * 3_600_000;
/** What is wrong with a row, in one line for the person who reads the case. */
export const faultsOf = (error: z.ZodError): string =>
  error.issues
    .slice(0, 5)
    .map((issue) => `${issue.path.join('.') || 'row'}: ${issue.message}`)
    .join('; ');

/** A row that nobody can read, kept raw. */
export function malformed(source: string, kind: string, raw: unknown, reason: string): NewEvent {
  const digest = digestOf(raw ?? null);
  const seq = (raw as { seq?: unknown } | null)?.seq;
  return {
    source,
    kind,
    sourceId: `unreadable:${digest}`,
    version: 1,
    payload: raw ?? null,
    digest,
    sourceTime: null,
    seq: typeof seq === 'number' && Number.isSafeInteger(seq) && seq >= 0 ? seq : 0,
    documentId: null,
    state: 'malformed',
    reason,
    wishes: [],
    codes: [],
  };
}

/** Why an instant of a row is none anybody means, or null. */
export function dateFault(instant: string, what: string, now: Date): string | null {
  const at = Date.parse(instant);
  // 30 February is read as 2 March, so the day is compared with what was written.
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== instant.slice(0, 10))
    return `${what}: ${instant} is no date of the calendar`;
  if (at < EARLIEST) return `${what}: ${instant} lies before 2000, when no books were kept`;
  if (at > now.getTime() + AHEAD_MS) return `${what}: ${instant} lies more than a year ahead`;
  return null;
}
