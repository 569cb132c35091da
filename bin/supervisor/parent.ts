import { execFileSync } from 'node:child_process';

const LOOK_EVERY_MS = 1000;

function parentOf(pid: number): number | null {
  try {
    const text = execFileSync('ps', ['-p', String(pid), '-o', 'ppid='], { encoding: 'utf8' });
    const parent = Number(text.trim());
    return Number.isInteger(parent) && parent > 1 ? parent : null;
  } catch {
    return null;
  }
}

/** npm puts itself, and often a shell, between the user and us. */
function ancestorsToNpm(): number[] {
  const parent = process.ppid;
  if (process.env['npm_lifecycle_event'] === undefined || parent <= 1) return [];
  const grandparent = parentOf(parent);
  const isShell = /\bsh -c\b/.test(commandOf(parent));
  return isShell && grandparent !== null ? [parent, grandparent] : [parent];
}

function commandOf(pid: number): string {
  try {
    return execFileSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' });
  } catch {
    return '';
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * Resolves when the npm that runs us was killed: it cannot pass a kill -9 on, and nobody could stop us with Ctrl-C any
 * more. Never resolves when we were not run by npm, so that `nohup node …` goes on.
 */
export function untilParentGone(): Promise<'parent'> {
  const watched = ancestorsToNpm();
  return new Promise((resolve) => {
    if (watched.length === 0) return;
    const looking = setInterval(() => {
      if (watched.every(alive)) return;
      clearInterval(looking);
      resolve('parent');
    }, LOOK_EVERY_MS);
    looking.unref();
  });
}
