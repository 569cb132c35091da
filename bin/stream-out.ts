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

/** Writes a JSON array of values as they come, between what stands before and after it. */
export async function writeArray(
  lines: Lines,
  [before, after]: readonly [string, string],
  values: AsyncIterable<unknown>,
): Promise<void> {
  let separator = `${before}[`;
  for await (const value of values) {
    if (!(await lines.write(`${separator}\n${JSON.stringify(value, null, 2)}`))) return;
    separator = ',';
  }
  await lines.write(`${separator === ',' ? '\n' : separator}]${after}\n`);
}
