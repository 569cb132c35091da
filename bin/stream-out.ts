/** Results that are too large to be made first and printed then: they go out as they come. */
import { once } from 'node:events';

/** Where lines of a result go. */
export interface Lines {
  /** False when nobody reads any more, as behind `| head`. */
  write(text: string): Promise<boolean>;
}

/** Standard output that waits for whoever reads it, and ends in peace when they stop. */
export function stdoutLines(): Lines {
  const { stdout } = process;
  if (!stdout.listeners('error').includes(gone)) stdout.on('error', gone);
  return {
    async write(text) {
      if (isGone) return false;
      // The reader may go while we wait for it; then the error has told us.
      if (!stdout.write(text)) await once(stdout, 'drain').catch(() => undefined);
      return !isGone;
    },
  };
}

let isGone = false;

function gone(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  isGone = true;
}

/** What JSON lets stand as it is and a terminal would obey, or show as nothing: control characters, marks of direction. */
const STEERING = /[\u007f-\u009f\p{Cf}\u2028\u2029]/gu;

/** A value as JSON that can be looked at in a terminal: the same value, with more of its characters as their codes. */
const jsonOf = (value: unknown): string =>
  JSON.stringify(value, null, 2).replace(STEERING, (character) =>
    Array.from({ length: character.length }, (_, n) => codeOf(character.charCodeAt(n))).join(''),
  );

const codeOf = (unit: number): string => `\\u${unit.toString(16).padStart(4, '0')}`;

/** Writes a JSON array of values as they come, between what stands before and after it. */
export async function writeArray(
  lines: Lines,
  [before, after]: readonly [string, string],
  values: AsyncIterable<unknown>,
): Promise<void> {
  let separator = `${before}[`;
  for await (const value of values) {
    if (!(await lines.write(`${separator}\n${jsonOf(value)}`))) return;
    separator = ',';
  }
  await lines.write(`${separator === ',' ? '\n' : separator}]${after}\n`);
}
