import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const LOOK_EVERY_MS = 1000;

/** What the system says of a process: its parent's pid, and how it was called. `null` when it is gone. */
async function look(pid: number): Promise<{ parent: number; command: string } | null> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-p', String(pid), '-o', 'ppid=,command=']);
    const found = /^\s*(\d+)\s+(.*)$/m.exec(stdout);
    return found === null ? null : { parent: Number(found[1]), command: found[2] ?? '' };
  } catch {
    return null;
  }
}

/**
 * Resolves when the npm that runs us was killed: it cannot pass a kill -9 on, and nobody could stop us with Ctrl-C any
 * more. Whoever loses its parent gets another one at once, also while the dead one still lies about as a zombie. Never
 * resolves when we were not run by npm, so that `nohup node …` goes on.
 */
export async function untilParentGone(): Promise<'parent'> {
  const parent = process.ppid;
  if (process.env['npm_lifecycle_event'] === undefined || parent <= 1) return new Promise(() => undefined);
  // npm often puts a shell between itself and us; that one loses its parent when npm dies.
  const between = await look(parent);
  const shell = between !== null && /\bsh -c\b/.test(between.command) ? between : null;
  for (;;) {
    await sleep(LOOK_EVERY_MS, undefined, { ref: false });
    if (process.ppid !== parent) return 'parent';
    if (shell !== null && (await look(parent))?.parent !== shell.parent) return 'parent';
  }
}
