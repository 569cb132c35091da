import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { runFile } from './paths.js';

/** `.selvedge/run.json` while `start` or `server` runs (design.md 9). */
export const RunFile = z.object({
  temporal: z.string(),
  ui: z.string().nullable(),
  database: z.string(),
  ingress: z.string().nullable(),
  sandbox: z.string().nullable(),
  pids: z.record(z.string(), z.number()),
  /** What a worker, the command line or a service of this run needs in its environment. */
  environment: z.record(z.string(), z.string()),
});
export type RunFile = z.infer<typeof RunFile>;

/** The run that is on, or `null`; a file that does not parse counts as none. */
export function readRun(file = runFile): RunFile | null {
  if (!existsSync(file)) return null;
  try {
    return RunFile.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

/** Written beside and moved, so that no reader sees half of it; only its owner can read it, it holds addresses with keys. */
export function writeRun(run: RunFile, file = runFile): void {
  mkdirSync(dirname(file), { recursive: true });
  const beside = `${file}.${process.pid}`;
  writeFileSync(beside, `${JSON.stringify(run, null, 2)}\n`, { mode: 0o600 });
  renameSync(beside, file);
}

export const removeRun = (file = runFile): void => rmSync(file, { force: true });

/** True when that process lives and is one of ours: a pid may have been given to a stranger since. */
export function isOurs(pid: number): boolean {
  try {
    const command = execFileSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' });
    return /selvedge|start\.mjs|guardian\.mjs|temporal|postgres/.test(command);
  } catch {
    return false;
  }
}

/** Longest time the guardian of a killed run takes, and a little. */
const GUARDIAN_MS = 12_000;

/**
 * Makes sure no other run is on. One that lives is refused with its pid; what a killed one left behind is given the
 * time its guardian needs.
 */
export async function claimProject(file = runFile): Promise<void> {
  const run = readRun(file);
  if (run === null) return removeRun(file);
  const start = run.pids['start'];
  if (start !== undefined && start !== process.pid && isOurs(start)) {
    throw new Error(
      `Selvedge is already running here (process ${start}, Web UI ${run.ui ?? 'none'}). ` +
        'Stop it with Ctrl-C in its terminal, or look at it with "npx selvedge status".',
    );
  }
  const deadline = Date.now() + GUARDIAN_MS;
  while (Date.now() < deadline && Object.values(run.pids).some(isOurs)) await sleep(200);
  const left = Object.entries(run.pids).filter(([, pid]) => isOurs(pid));
  if (left.length > 0) {
    const names = left.map(([name, pid]) => `${name} (process ${pid})`).join(', ');
    throw new Error(`processes of an earlier run are still there: ${names}. End them and start again.`);
  }
  removeRun(file);
}
