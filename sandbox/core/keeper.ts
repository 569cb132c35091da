/** What keeps the stand-ins' state beyond their process, as they see it. */
export interface Keeper {
  /** Something changed; it is kept soon. */
  changed(): void;
  /** Does the work once everything that has changed so far is kept: nobody is shown what a crash could take back. */
  whenKept(work: () => void): void;
}

/** For stand-ins in memory alone. */
export const NOT_KEPT: Keeper = { changed: () => undefined, whenKept: (work) => work() };

/** Part of a state that a file can keep: what it holds as plain data, and taking that up again. */
export interface Kept<Held> {
  held(): Held;
  /** Replaces what it holds. */
  resume(held: Held): void;
}

/** Replaces a map's entries, for maps that others hold on to. */
export function refill<K, V>(map: Map<K, V>, entries: Iterable<[K, V]>): void {
  map.clear();
  for (const [key, value] of entries) map.set(key, value);
}
