/** Counts in words that people read. */

/** `1 unit`, `2 units`; `many` where the plural is irregular. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
