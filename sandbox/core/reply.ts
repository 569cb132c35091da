/** What a system's handler gives back, and how a refusal is written. */
export interface Reply {
  status: number;
  body?: unknown;
  /** Plain text instead of JSON. */
  text?: string;
  headers?: Record<string, string>;
  /** Whether the request stored anything. */
  stored?: boolean;
}

/** A request as a handler sees it. */
export interface SystemRequest {
  method: string;
  path: string;
  operation: string;
  params: Record<string, string>;
  query: Record<string, string>;
  headers: Record<string, string | string[] | undefined>;
  body: unknown;
}

/** A "no" of the system itself: status, code, sentence. Thrown by handlers, answered as JSON. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly extra: Record<string, unknown>;
  constructor(status: number, code: string, message: string, extra: Record<string, unknown> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.extra = extra;
  }
}

/** The reply of a refusal: `{ code, message, … }`. */
export const refused = (refusal: Refusal): Reply => ({
  status: refusal.status,
  body: { code: refusal.code, message: refusal.message, ...refusal.extra },
});
