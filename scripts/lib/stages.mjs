// One plain line per stage, with the time it took.
import { statfsSync, existsSync } from 'node:fs';
import { dirname } from 'node:path';

const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

/** A problem whose message is meant for the user as it stands. */
export class Trouble extends Error {}

export const say = (line) => process.stderr.write(`${line}\n`);

/** Runs a stage; `work` answers what came of it in a few words, or nothing when there was nothing to say. */
export async function stage(name, work) {
  const started = Date.now();
  const words = await work();
  say(`${name}: ${words ?? 'done'} (${seconds(Date.now() - started)})`);
}

const NODE_NEEDED = 'Node 20.20 or newer, or 22.22 or newer';

/** Refuses a Node that the libraries were not tried on. */
export function checkNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const fits = (major === 20 && minor >= 20) || (major === 22 && minor >= 22) || major > 22;
  if (!fits) throw new Trouble(`This is Node ${version}; ${NODE_NEEDED} is needed. Install it and start again.`);
  return `Node ${version}`;
}

/** Refuses to begin what a full disk would break half-way. */
export function checkDisk(dir, neededMb, what) {
  let there = dir;
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
  const { bavail, bsize } = statfsSync(there);
  const freeMb = Math.floor((bavail * bsize) / 1_000_000);
  if (freeMb < neededMb) {
    throw new Trouble(`The disk is full: ${what} needs ${neededMb} MB under ${dir}, ${freeMb} MB are free.`);
  }
}

/** Ends with the message of a foreseen problem, or the whole error of an unforeseen one when SELVEDGE_VERBOSE is set. */
export function fail(error) {
  const full = /ENOSPC|EDQUOT|no space left|quota exceeded/i.test(String(error?.message)) ? 'The disk is full. ' : '';
  const verbose = process.env.SELVEDGE_VERBOSE === '1';
  say(`${full}${verbose ? (error.stack ?? error.message) : error.message}`);
  process.exitCode = 1;
}
