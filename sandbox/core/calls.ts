/** Every request a system received, so that a test can prove what was and what was not written (facts 3.8). */
export interface Call {
  at: string;
  system: string;
  operation: string;
  method: string;
  path: string;
  externalRef: string | null;
  /** Status sent; 0 when the caller got no answer. */
  status: number;
  /** Whether the request stored anything, also when that came later than the answer. */
  stored: boolean;
  /** The fault that was applied, if any. */
  fault: string | null;
}

export interface CallLog {
  /** Appends a call. The row may be completed later through the object given back. */
  record(call: Call): Call;
  of(system: string): Call[];
  clear(): void;
}

/** Rows kept per system; the oldest go first. */
const KEPT = 200_000;

/** A log in memory, one list per system. */
export function createCallLog(): CallLog {
  const calls = new Map<string, Call[]>();
  return {
    record: (call) => {
      const list = calls.get(call.system) ?? [];
      calls.set(call.system, list);
      list.push(call);
      if (list.length > KEPT) list.splice(0, KEPT / 10);
      return call;
    },
    of: (system) => [...(calls.get(system) ?? [])],
    clear: () => calls.clear(),
  };
}
