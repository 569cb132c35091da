/** Text that every system here can keep: PostgreSQL takes no NUL, and half of a surrogate pair is no character at all. */

/** What a person is told of text that is not kept. */
export const NOT_KEPT = 'a character that cannot be kept: a NUL, or half of one that is written as two. Type it anew.';

const keepable = (text: string): boolean => !text.includes('\0') && !/\p{Surrogate}/u.test(text);

/** Whether all text in a value, names of fields included, can be kept; what is no plain JSON (bytes) is not looked into. */
export function isKeepable(value: unknown): boolean {
  const left: unknown[] = [value];
  // A list of what is left instead of recursion: what was sent may be nested as deep as it is long.
  while (left.length > 0) {
    const next = left.pop();
    if (typeof next === 'string' && !keepable(next)) return false;
    if (typeof next !== 'object' || next === null || ArrayBuffer.isView(next)) continue;
    for (const [name, member] of Object.entries(next)) left.push(name, member);
  }
  return true;
}
