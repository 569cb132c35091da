/** Calls of settle may wait this long in place for the tenant's rate. */
export const PATIENCE_MS = 15_000;

/** What a round did so far. */
export interface Tally {
  moved: number;
  listingPages: number;
  searches: number;
  reads: number;
}
