import { execFileSync } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Guardian } from './guardian.js';
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

/** Removes run.json, and with it the claim on the folder when it is ours. */
export function removeRun(file = runFile): void {
  rmSync(file, { force: true });
  if (readClaim(file)?.start === process.pid) rmSync(claimOf(file), { force: true });
}

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

/** Who has the folder from the first moment of a start on: run.json comes only when its addresses are known. */
const Claim = z.object({ start: z.number(), guardian: z.number().optional() });
type Claim = z.infer<typeof Claim>;

const claimOf = (file: string): string => `${file}.claim`;

function readClaim(file: string): Claim | null {
  try {
    return Claim.parse(JSON.parse(readFileSync(claimOf(file), 'utf8')));
  } catch {
    return null;
  }
}

/** Writes our claim where there is none; two at once: one gets it. */
function takeClaim(file: string): boolean {
  const beside = `${claimOf(file)}.${process.pid}`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(beside, JSON.stringify({ start: process.pid }));
  try {
    linkSync(beside, claimOf(file));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(beside, { force: true });
  }
}

/** Sets a dead start's claim aside; one that somebody else wrote in this moment is put back. */
function retireClaim(file: string, dead: Claim): void {
  const aside = `${claimOf(file)}.old-${process.pid}`;
  try {
    renameSync(claimOf(file), aside);
    const found = Claim.safeParse(JSON.parse(readFileSync(aside, 'utf8'))).data;
    if (found !== undefined && found.start !== dead.start) linkSync(aside, claimOf(file));
  } catch {
    // somebody else was faster
  } finally {
    rmSync(aside, { force: true });
  }
}

const lives = (pid: number | undefined): boolean => pid !== undefined && pid !== process.pid && isOurs(pid);

const STILL_HERE = 'Stop it with Ctrl-C in its terminal, or look at it with "npx selvedge status".';

/**
 * Makes sure no other run is on, and that none begins beside this one. One that lives is refused with its pid; what a
 * killed one left behind is given the time its guardian needs.
 */
export async function claimProject(file = runFile): Promise<void> {
  const deadline = Date.now() + GUARDIAN_MS;
  while (!takeClaim(file)) {
    const claim = readClaim(file);
    if (lives(claim?.start)) {
      const ui = readRun(file)?.ui ?? null;
      const at = ui === null ? 'it is still starting' : `Web UI ${ui}`;
      throw new Error(`Selvedge is already running here (process ${claim?.start ?? 0}, ${at}). ${STILL_HERE}`);
    }
    if (claim !== null && lives(claim.guardian) && Date.now() < deadline) await sleep(200);
    else retireClaim(file, claim ?? { start: 0 });
  }
  try {
    await awaitLeftovers(file, deadline);
  } catch (error) {
    rmSync(claimOf(file), { force: true });
    throw error;
  }
  rmSync(file, { force: true });
}

/** From now on the guardian removes run.json and the claim when we die, after it has ended what we started. */
export function claimForGuardian(guardian: Guardian, file = runFile): void {
  const beside = `${claimOf(file)}.${process.pid}`;
  writeFileSync(beside, JSON.stringify({ start: process.pid, guardian: guardian.pid }));
  renameSync(beside, claimOf(file));
  guardian.removeFile(file);
  guardian.removeFile(claimOf(file));
}

/** Waits for what a run without a guardian left; throws with the names of processes that do not end. */
async function awaitLeftovers(file: string, deadline: number): Promise<void> {
  const run = readRun(file);
  if (run === null) return;
  const left = (): [string, number][] => Object.entries(run.pids).filter(([, pid]) => lives(pid));
  while (Date.now() < deadline && left().length > 0) await sleep(200);
  if (left().length === 0) return;
  const names = left().map(([name, pid]) => `${name} (process ${pid})`);
  throw new Error(`processes of an earlier run are still there: ${names.join(', ')}. End them and start again.`);
}
