import { spawn, type ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { guardianScript } from './paths.js';

/**
 * A small process of its own that ends our children when we die, even by SIGKILL (design.md 14). It lives in its own
 * session, so that a Ctrl-C meant for us does not reach it.
 */
export interface Guardian {
  readonly pid: number;
  /** From now on this process group ends with us; `signal` is how it is asked to. */
  add(pid: number, signal?: NodeJS.Signals): void;
  drop(pid: number): void;
  /** A file that must not outlive us, as run.json. */
  removeFile(path: string): void;
  /** A folder that must not outlive us, as a throw-away database. */
  removeDir(path: string): void;
  /** Lets it do its work now and waits for its end: everything still added is stopped, what was named removed. */
  finish(): Promise<void>;
}

export function startGuardian(): Guardian {
  const child: ChildProcess = spawn(process.execPath, [guardianScript], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const { pid, stdin } = child;
  if (pid === undefined || stdin === null) throw new Error(`the guardian ${guardianScript} did not start`);
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  stdin.on('error', () => undefined);
  child.unref();
  (stdin as Socket).unref();
  const order = (line: Record<string, unknown>): void => void stdin.write(`${JSON.stringify(line)}\n`);
  return {
    pid,
    add: (added, signal = 'SIGTERM') => order({ add: added, signal }),
    drop: (dropped) => order({ drop: dropped }),
    removeFile: (file) => order({ file }),
    removeDir: (dir) => order({ dir }),
    finish: async () => {
      child.ref();
      stdin.end();
      await gone;
    },
  };
}
