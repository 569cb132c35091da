// Where fetched or built programs are kept, shared by every clone on this machine.
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** Folder of the programs of one kind and release: $XDG_CACHE_HOME or ~/.cache, below selvedge/. */
export const cacheFolder = (kind, version, env) =>
  join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'selvedge', kind, version);

/** Puts a finished program under its final name in one move, so that nobody sees half of it. Answers its path. */
export function adopt(made, dir, name) {
  mkdirSync(dir, { recursive: true });
  const beside = join(dir, `${name}.${process.pid}`);
  copyFileSync(made, beside);
  renameSync(beside, join(dir, name));
  return join(dir, name);
}

/** A work folder beside the cache; whatever happens, it is removed. */
export async function withWorkFolder(cache, work) {
  const dir = `${cache}.work-${process.pid}`;
  mkdirSync(dir, { recursive: true });
  try {
    return await work(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Removes work folders of runs that were killed. */
export function sweepLeftovers(cache) {
  const parent = dirname(cache);
  if (!existsSync(parent)) return;
  for (const name of readdirSync(parent)) {
    const pid = Number(/\.work-(\d+)$/.exec(name)?.[1] ?? 0);
    if (pid > 0 && !running(pid)) rmSync(join(parent, basename(name)), { recursive: true, force: true });
  }
}

function running(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
