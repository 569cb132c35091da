/** A rate limit as vendors state it: so many calls in a window, and so many at once. */
export interface RateLimit {
  calls: number;
  perMs: number;
}
export interface Limiter {
  /** Takes one call; false when the allowance is used up or too many are open. A taken one must be ended. */
  begin(): boolean;
  end(): void;
}

/** A bucket of `limit.calls` that refills evenly over the window; `null` lifts either limit. */
export function createLimiter(limit: RateLimit | null, concurrent: number | null): Limiter {
  let tokens = limit?.calls ?? 0;
  let filledAt = performance.now();
  let open = 0;
  return {
    begin: () => {
      if (concurrent !== null && open >= concurrent) return false;
      if (limit !== null) {
        const now = performance.now();
        tokens = Math.min(limit.calls, tokens + ((now - filledAt) * limit.calls) / limit.perMs);
        filledAt = now;
        if (tokens < 1) return false;
        tokens -= 1;
      }
      open += 1;
      return true;
    },
    end: () => {
      open -= 1;
    },
  };
}
