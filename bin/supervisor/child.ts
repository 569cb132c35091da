import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Guardian } from './guardian.js';

const LOG_LIMIT_BYTES = 20_000_000;

export interface ChildOptions {
  name: string;
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  logFile: string;
  guardian: Guardian;
  /** How it is asked to stop; PostgreSQL reads SIGINT as "now, cleanly". */
  stopSignal?: NodeJS.Signals;
  uid?: number;
  gid?: number;
}

export interface Child {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** `null` while it runs, afterwards how it ended in words. */
  ended(): string | null;
  readonly end: Promise<string>;
  /** Asks it to stop, kills it after `graceMs`, and waits for the end. */
  stop(graceMs?: number): Promise<void>;
}

/** Starts a program in a process group of its own, its output in a log file, watched by the guardian. */
export function startChild(options: ChildOptions): Child {
  const { name, command, args, logFile, guardian, stopSignal = 'SIGTERM' } = options;
  const log = openLog(logFile);
  const child: ChildProcess = spawn(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    detached: true,
    stdio: ['ignore', log, log],
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.gid }),
  });
  closeSync(log);
  let ended: string | null = null;
  const end = new Promise<string>((resolve) => {
    const finish = (how: string): void => {
      ended ??= how;
      if (child.pid !== undefined) guardian.drop(child.pid);
      resolve(ended);
    };
    child.once('error', (error) => finish(error.message));
    child.once('exit', (code, signal) => finish(signal === null ? `exit code ${code ?? 0}` : `signal ${signal}`));
  });
  const pid = child.pid ?? 0;
  if (pid > 0) guardian.add(pid, stopSignal);
  return {
    name,
    pid,
    logFile,
    end,
    ended: () => ended,
    stop: (graceMs = 8000) => stopChild(child, end, stopSignal, graceMs),
  };
}

async function stopChild(
  child: ChildProcess,
  end: Promise<string>,
  signal: NodeJS.Signals,
  graceMs: number,
): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  child.kill(signal);
  const kill = setTimeout(() => signalGroup(child.pid ?? 0, 'SIGKILL'), graceMs);
  await end;
  clearTimeout(kill);
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // it ended by itself in this moment
  }
}

/** Appends; a log that has grown large is set aside once, so that logs never fill the disk. */
function openLog(file: string): number {
  mkdirSync(dirname(file), { recursive: true });
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_LIMIT_BYTES) renameSync(file, `${file}.1`);
  return openSync(file, 'a');
}

/** The last lines of a log, for an error message. */
export function tailOf(file: string, lines = 12): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '(no log was written)';
  }
}

/**
 * Polls until `ready` holds. Throws an Error with the tail of the log when the child ends first or the time is over.
 */
export async function waitUntilReady(child: Child, ready: () => Promise<boolean>, withinMs: number): Promise<void> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const ended = child.ended();
    if (ended !== null) throw new Error(`${child.name} stopped (${ended}).\n${tailOf(child.logFile)}`);
    if (await ready().catch(() => false)) return;
    if (Date.now() > deadline) {
      throw new Error(
        `${child.name} was not ready after ${withinMs / 1000} s.\n${tailOf(child.logFile)}\nLog: ${child.logFile}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
}
