/** How talking to Archean fails. */
import type { HttpResponse } from '../http/index.js';

export type ArcheanTrouble = 'unreachable' | 'no-reply' | 'busy' | 'unauthorised' | 'malformed' | 'refused';

/** An exchange that failed, in the kinds a caller can act on. `retryAfterMs` is what the system asked for. */
export class ArcheanFailure extends Error {
  readonly kind: ArcheanTrouble;
  readonly retryAfterMs: number | undefined;

  constructor(kind: ArcheanTrouble, message: string, retryAfterMs?: number, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ArcheanFailure';
    this.kind = kind;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Retry-After in milliseconds; undefined when it was not said in seconds. */
export function retryAfterOf(answer: HttpResponse): number | undefined {
  const seconds = answer.headers['retry-after'];
  return seconds !== undefined && /^\d{1,5}$/.test(seconds) ? Number(seconds) * 1000 : undefined;
}
