/** Milliseconds from an instant to now, never below zero: clocks of two machines differ. */
export const ageMs = (since: string, now: Date): number => Math.max(0, now.getTime() - Date.parse(since));
