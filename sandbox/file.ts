/** The sandbox's optional file (design.md 8): the whole state, so that another process goes on where one was killed. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Keeper } from './core/index.js';

/** Raised when what is held changes its shape. */
const FORMAT = 'selvedge-sandbox-2';

/** Writing takes one part in this many of the time, until answers would wait longer than this for it. */
const SHARE = 5;
const LONGEST_REST_MS = 250;

export interface FileKeeper extends Keeper {
  /** Writes at once; throws what the disk says. */
  save(): void;
  /** Nothing is written any more; what waits is let go. */
  close(): void;
}

/** What a file holds, or null when there is none. Throws an Error for a file of something else or of another release. */
export function readHeld(path: string): unknown {
  if (!existsSync(path)) return null;
  const found = contentOf(path);
  if (found === null || found['format'] !== FORMAT)
    throw new Error(
      `${path} is not a file of this release's sandbox. Move it away and start again; the stand-ins then begin anew.`,
    );
  return found['world'];
}

function contentOf(path: string): Record<string, unknown> | null {
  const bytes = readFileSync(path);
  try {
    const found: unknown = deserialize(bytes);
    return typeof found === 'object' && found !== null ? (found as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** Written beside and moved, so that a kill leaves the old file or the new one, never half of either. */
function write(path: string, bytes: Buffer): void {
  writeFileSync(`${path}.new`, bytes, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/**
 * Keeps what `take` gives in a file. Every answer waits until what it shows is written, so a `kill -9` takes back
 * nothing that anybody was told; many answers share one writing. It is not forced to the disk each time: a machine
 * that loses its power may take the stand-ins back by what its system had not written yet.
 * @param failed told when the disk takes no more; nothing is answered after that.
 */
export function keepInFile(path: string, take: () => unknown, failed: (error: Error) => void): FileKeeper {
  mkdirSync(dirname(path), { recursive: true });
  let dirty = false;
  let closed = false;
  let timer: NodeJS.Timeout | null = null;
  let notBefore = 0;
  let waiting: (() => void)[] = [];
  const save = (): void => {
    const began = performance.now();
    write(path, serialize({ format: FORMAT, world: take() }));
    const ended = performance.now();
    notBefore = ended + Math.min((SHARE - 1) * (ended - began), LONGEST_REST_MS);
    dirty = false;
    const works = waiting;
    waiting = [];
    for (const work of works) work();
  };
  const soon = (): void => {
    dirty = true;
    if (closed || timer !== null) return;
    timer = setTimeout(
      () => {
        timer = null;
        try {
          save();
        } catch (error) {
          failed(error instanceof Error ? error : new Error(String(error)));
        }
      },
      Math.max(0, notBefore - performance.now()),
    );
  };
  return {
    changed: soon,
    whenKept: (work) => {
      if (!dirty || closed) return work();
      waiting.push(work);
    },
    save,
    close: () => {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      for (const work of waiting) work();
      waiting = [];
    },
  };
}
