/**
 * What a reply to a write means, by status and body code, from one table (facts/blue-cherry.md 3.6). The only question
 * that matters is whether the ERP can have stored something: where it cannot be excluded, the outcome is unknown.
 */
import type { z } from 'zod';
import { HttpFailure, type HttpResponse } from '../http/index.js';
import { BlueCherryError } from './schema.js';

export type Hindrance = 'unreachable' | 'busy' | 'locked' | 'window' | 'unauthorised';

export type WriteReply<T> =
  | { outcome: 'stored'; value: T }
  /** The ERP holds it already, from an earlier request of ours; `number` is what it calls the first one. */
  | { outcome: 'duplicate'; number: string | null }
  /** Proved not stored. `retryAfterMs` is null when the ERP did not say. */
  | { outcome: 'not-stored'; why: Hindrance; retryAfterMs: number | null; message: string }
  /** The ERP's own final no. */
  | { outcome: 'refused'; code: string; message: string }
  /** May have been stored or not. */
  | { outcome: 'unknown'; why: string };

type Meaning = Hindrance | 'duplicate' | 'refused' | 'unknown';

/** Rows in order; the first that fits counts. `code: '*'` fits every body, an unreadable one too. */
const TABLE: readonly { status: number | '4xx' | '5xx'; code: string; means: Meaning }[] = [
  { status: 429, code: '*', means: 'busy' },
  { status: 401, code: '*', means: 'unauthorised' },
  { status: 403, code: '*', means: 'unauthorised' },
  { status: 408, code: '*', means: 'unknown' },
  { status: 409, code: 'TABLE_LOCK', means: 'locked' },
  { status: 409, code: 'DUPLICATE_REF', means: 'duplicate' },
  { status: 409, code: '', means: 'unknown' },
  { status: 503, code: 'BATCH_WINDOW', means: 'window' },
  // A lock told as plain text with 500 proves nothing: the request was already being carried out.
  { status: '5xx', code: '*', means: 'unknown' },
  { status: '4xx', code: '*', means: 'refused' },
];

/** Sorts the reply to a write. `Stored` reads the body of a success; one it cannot read leaves the outcome unknown. */
export function sortReply<T>(response: HttpResponse, stored: z.ZodType<T>, now: number): WriteReply<T> {
  if (response.status >= 200 && response.status < 300) return readStored(response, stored);
  const error = errorOf(response.body);
  const code = error?.code ?? '';
  const row = TABLE.find((r) => fits(r.status, response.status) && (r.code === '*' || r.code === code));
  const message = error?.message ?? `status ${response.status}`;
  switch (row?.means) {
    case 'busy':
    case 'locked':
    case 'window':
    case 'unauthorised':
    case 'unreachable':
      return { outcome: 'not-stored', why: row.means, retryAfterMs: retryAfterMs(response, now), message };
    case 'duplicate':
      return { outcome: 'duplicate', number: error?.resource ?? null };
    case 'refused':
      return { outcome: 'refused', code: code === '' ? `HTTP_${response.status}` : code, message };
    case 'unknown':
    case undefined:
      return { outcome: 'unknown', why: `${response.status} ${message}` };
  }
}

/** Sorts what was thrown instead of a reply. Anything but an HttpFailure is a fault of ours and passes through. */
export function sortFailure<T>(error: unknown): WriteReply<T> {
  if (!(error instanceof HttpFailure)) throw error;
  return error.kind === 'unreachable'
    ? { outcome: 'not-stored', why: 'unreachable', retryAfterMs: null, message: error.message }
    : { outcome: 'unknown', why: error.message };
}

function readStored<T>(response: HttpResponse, stored: z.ZodType<T>): WriteReply<T> {
  const parsed = stored.safeParse(jsonOf(response.body));
  return parsed.success
    ? { outcome: 'stored', value: parsed.data }
    : { outcome: 'unknown', why: `${response.status} with an answer that cannot be read` };
}

const fits = (wanted: number | '4xx' | '5xx', status: number): boolean =>
  typeof wanted === 'number' ? wanted === status : Math.floor(status / 100) === Number(wanted[0]);

/** The error of a body, or null when the body is not one. */
export function errorOf(body: string): BlueCherryError | null {
  const parsed = BlueCherryError.safeParse(jsonOf(body));
  return parsed.success ? parsed.data : null;
}

/** The parsed body, or undefined when it is not JSON. */
export function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** Retry-After as milliseconds from `now`: seconds, an HTTP date (by the reply's own Date), or null when absent. */
export function retryAfterMs(response: HttpResponse, now: number): number | null {
  const text = response.headers['retry-after']?.trim();
  if (text === undefined || text === '') return null;
  if (/^\d{1,6}$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  if (Number.isNaN(at)) return null;
  const sentAt = Date.parse(response.headers['date'] ?? '');
  return Math.max(0, at - (Number.isNaN(sentAt) ? now : sentAt));
}
