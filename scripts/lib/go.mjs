// Programs built with Go from a module file below tools/ (design.md 2): which Go fits, and the build itself.
import { execFile, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from './project.mjs';

const BUILD_TIMEOUT_MS = 60 * 60_000;
const GO_NEEDED = [1, 26];

const run = promisify(execFile);
const toolDir = (tool) => join(projectRoot, 'tools', tool);

/** True when `[major, minor]` is at least `least`; `null` is no version. */
export const atLeast = (version, least) =>
  version !== null && (version[0] > least[0] || (version[0] === least[0] && version[1] >= least[1]));

/** Path of a program on the PATH of `env`, or `null`. */
export function onPath(name, env) {
  for (const dir of (env.PATH ?? '').split(delimiter).filter(Boolean)) {
    try {
      accessSync(join(dir, name), constants.X_OK);
      return join(dir, name);
    } catch {
      // not in this folder
    }
  }
  return null;
}

/** A Go that builds `tools/<tool>`: `{ go }`, or `{ why }` in words when there is none. */
export async function usableGo(tool, env) {
  const go = onPath('go', env);
  if (go === null) return { why: 'no go on the path' };
  const version = await goVersion(go, tool, env);
  if (!atLeast(version, GO_NEEDED))
    return { why: `${go} is ${version?.join('.') ?? 'not working'}, ${GO_NEEDED.join('.')} is needed` };
  return { go };
}

async function goVersion(go, tool, env) {
  try {
    const { stdout } = await run(go, ['env', 'GOVERSION'], { timeout: 60_000, env, cwd: toolDir(tool) });
    const found = /go(\d+)\.(\d+)/.exec(stdout);
    return found === null ? null : [Number(found[1]), Number(found[2])];
  } catch {
    return null;
  }
}

/**
 * Builds the main package `pkg` of `tools/<tool>` into `output`; says every half minute that it still does. Throws an
 * Error with Go's last words.
 */
export function goBuild({ go, tool, pkg, output, env, say }) {
  const child = spawn(go, ['build', '-trimpath', '-ldflags', '-s -w', '-o', output, pkg], {
    cwd: toolDir(tool),
    env: { ...env, GOFLAGS: '-mod=readonly', CGO_ENABLED: env.CGO_ENABLED ?? '0' },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: BUILD_TIMEOUT_MS,
  });
  let words = '';
  child.stderr.on('data', (chunk) => (words = `${words}${chunk}`.slice(-4000)));
  const started = Date.now();
  const ticking = setInterval(() => say(`  still building (${Math.round((Date.now() - started) / 1000)} s)`), 30_000);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`go build failed: ${whyBuildFailed(words, code, signal)}`));
    });
  }).finally(() => clearInterval(ticking));
}

/** Go says of every module that it fetches it; that is no reason. */
function whyBuildFailed(words, code, signal) {
  if (signal === 'SIGTERM') {
    const minutes = BUILD_TIMEOUT_MS / 60_000;
    return `not done within ${minutes} minutes; what is compiled is kept, so another start goes on from there`;
  }
  const said = words.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('go: downloading '));
  return said.slice(-4).join(' / ') || `exit code ${code ?? signal}`;
}

/** A full disk in words, with what was to be made. */
export const diskFull = (what, dir, error) =>
  new Error(
    `the disk is full: ${what} needs about 2 GB under ${dir} and the Go caches while it is built (${error.message})`,
  );
