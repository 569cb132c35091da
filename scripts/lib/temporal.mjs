// Finds, fetches or builds the Temporal command line program, whose `server start-dev` is our server (design.md 2).
import { execFile, spawn } from 'node:child_process';
import { accessSync, constants, copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { createWriteStream } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { projectRoot } from './project.mjs';

export const TEMPORAL_VERSION = '1.8.2';
const OLDEST_SERVER = [1, 29];
const ARCHIVE_TIMEOUT_MS = 60_000;
const FIRST_BYTE_TIMEOUT_MS = 4_000;
const BUILD_TIMEOUT_MS = 60 * 60_000;
const GO_NEEDED = [1, 26];

const run = promisify(execFile);

/** Where a fetched or built program is kept, shared by every clone on this machine. */
export function cacheDir(env = process.env) {
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'selvedge', 'temporal', TEMPORAL_VERSION);
}

/** Server version `[major, minor]` as the program itself says, `null` when it does not run. */
async function serverVersion(program) {
  try {
    const { stdout } = await run(program, ['--version'], { timeout: 20_000 });
    const found = /Server (\d+)\.(\d+)/.exec(stdout);
    return found === null ? null : [Number(found[1]), Number(found[2])];
  } catch {
    return null;
  }
}

const atLeast = (version, least) =>
  version !== null && (version[0] > least[0] || (version[0] === least[0] && version[1] >= least[1]));

function onPath(name, env) {
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

async function fromEnvironment(env) {
  const path = env.TEMPORAL_CLI;
  if (!path) return { why: 'not set' };
  if ((await serverVersion(path)) === null)
    throw new Error(`TEMPORAL_CLI=${path} is no temporal program that runs here`);
  return { path };
}

async function fromPath(env) {
  const path = onPath('temporal', env);
  if (path === null) return { why: 'not there' };
  const version = await serverVersion(path);
  if (atLeast(version, OLDEST_SERVER)) return { path };
  const shown =
    version === null ? 'does not run' : `its server is ${version.join('.')}, ${OLDEST_SERVER.join('.')} is needed`;
  return { why: `${path}: ${shown}` };
}

async function fromCache(env) {
  const path = join(cacheDir(env), 'temporal');
  if (!existsSync(path)) return { why: `nothing at ${path}` };
  return (await serverVersion(path)) === null ? { why: `${path} does not run` } : { path };
}

/** Puts a finished program into the cache under its final name in one move, so that nobody sees half of it. */
function adopt(made, env) {
  const dir = cacheDir(env);
  mkdirSync(dir, { recursive: true });
  const beside = join(dir, `temporal.${process.pid}`);
  copyFileSync(made, beside);
  renameSync(beside, join(dir, 'temporal'));
  return join(dir, 'temporal');
}

/** A work folder beside the cache; whatever happens, it is removed. */
async function withWorkFolder(env, work) {
  const dir = `${cacheDir(env)}.work-${process.pid}`;
  mkdirSync(dir, { recursive: true });
  try {
    return await work(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function archiveUrl() {
  const arch = { x64: 'amd64', arm64: 'arm64' }[process.arch];
  if (arch === undefined || !['linux', 'darwin'].includes(process.platform)) return null;
  return `https://temporal.download/cli/archive/v${TEMPORAL_VERSION}?platform=${process.platform}&arch=${arch}`;
}

async function fromArchive(env, say) {
  const url = env.SELVEDGE_TEMPORAL_ARCHIVE ?? archiveUrl();
  if (url === null) return { why: `no archive for ${process.platform} ${process.arch}` };
  if (url === '') return { why: 'switched off' };
  try {
    const path = await withWorkFolder(env, async (dir) => {
      const file = join(dir, 'temporal.tar.gz');
      await download(url, file, say);
      await run('tar', ['-xzf', file, '-C', dir], { timeout: 60_000 });
      const program = join(dir, 'temporal');
      if ((await serverVersion(program)) === null) throw new Error('the archive holds no program that runs here');
      return adopt(program, env);
    });
    return { path };
  } catch (error) {
    if (error.code === 'ENOSPC') throw diskFull(error);
    return { why: `${new URL(url).host}: ${error.cause?.message ?? error.message}` };
  }
}

/** One attempt; the first bytes must come soon, the whole within a minute. */
async function download(url, file, say) {
  const silent = new globalThis.AbortController();
  const words = `no answer within ${FIRST_BYTE_TIMEOUT_MS / 1000} s`;
  const timer = setTimeout(() => silent.abort(new Error(words)), FIRST_BYTE_TIMEOUT_MS);
  const signal = AbortSignal.any([AbortSignal.timeout(ARCHIVE_TIMEOUT_MS), silent.signal]);
  const reply = await fetch(url, { signal }).finally(() => clearTimeout(timer));
  if (!reply.ok || reply.body === null) throw new Error(`answered ${reply.status}`);
  say(`  fetching Temporal ${TEMPORAL_VERSION} from ${new URL(url).host}`);
  await pipeline(Readable.fromWeb(reply.body), createWriteStream(file));
}

async function fromGo(env, say) {
  const go = onPath('go', env);
  if (go === null) return { why: 'no go on the path' };
  const version = await goVersion(go, env);
  if (!atLeast(version, GO_NEEDED)) return { why: `${go} is ${version?.join('.') ?? 'not working'}, 1.26 is needed` };
  say('  building the Temporal server with Go: 3 to 4 minutes, once on this machine');
  try {
    const path = await withWorkFolder(env, async (dir) => {
      await build(go, join(dir, 'temporal'), env, say);
      return adopt(join(dir, 'temporal'), env);
    });
    return { path };
  } catch (error) {
    if (/no space left/i.test(error.message)) throw diskFull(error);
    return { why: error.message };
  }
}

async function goVersion(go, env) {
  try {
    const { stdout } = await run(go, ['env', 'GOVERSION'], {
      timeout: 60_000,
      env,
      cwd: join(projectRoot, 'tools', 'temporal'),
    });
    const found = /go(\d+)\.(\d+)/.exec(stdout);
    return found === null ? null : [Number(found[1]), Number(found[2])];
  } catch {
    return null;
  }
}

function build(go, output, env, say) {
  const args = ['build', '-trimpath', '-ldflags', '-s -w', '-o', output, 'github.com/temporalio/cli/cmd/temporal'];
  const child = spawn(go, args, {
    cwd: join(projectRoot, 'tools', 'temporal'),
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

const diskFull = (error) =>
  new Error(
    `the disk is full: Temporal needs about 2 GB under ${cacheDir()} and the Go caches while it is built (${error.message})`,
  );

/**
 * The first way that works. Answers `{ path, how }`; throws an Error that lists every way tried and what the user can
 * do. `TEMPORAL_ADDRESS` is not looked at here: who has a server needs no program.
 */
export async function findTemporal(say = () => undefined, env = process.env) {
  const ways = [
    ['TEMPORAL_CLI', () => fromEnvironment(env)],
    ['temporal on the path', () => fromPath(env)],
    ['cache', () => fromCache(env)],
    ["the vendor's archive", () => fromArchive(env, say)],
    ['go build', () => fromGo(env, say)],
  ];
  const tried = ['TEMPORAL_ADDRESS: not set'];
  sweepLeftovers(env);
  for (const [how, attempt] of ways) {
    const { path, why } = await attempt();
    if (path !== undefined) return { path, how };
    tried.push(`${how}: ${why}`);
  }
  throw new Error(
    [
      'There is no Temporal server and none could be brought. Tried:',
      ...tried.map((line) => `  - ${line}`),
      'Do one of these and start again:',
      `  - install the Temporal CLI ${TEMPORAL_VERSION} (https://docs.temporal.io/cli) and set TEMPORAL_CLI to its path`,
      '  - install Go 1.26 or newer, with its module proxy in reach',
      '  - run a Temporal server 1.29 or newer yourself and set TEMPORAL_ADDRESS=host:port',
    ].join('\n'),
  );
}

/** Work folders of runs that were killed. */
function sweepLeftovers(env) {
  const parent = join(cacheDir(env), '..');
  if (!existsSync(parent)) return;
  for (const name of readdirSync(parent)) {
    const pid = Number(/\.work-(\d+)$/.exec(name)?.[1] ?? 0);
    if (pid > 0 && !running(pid)) rmSync(join(parent, name), { recursive: true, force: true });
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
