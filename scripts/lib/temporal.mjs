// Finds, fetches or builds the Temporal command line program, whose `server start-dev` is our server (design.md 2).
import { execFile } from 'node:child_process';
import { createWriteStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { atLeast, diskFull, goBuild, onPath, usableGo } from './go.mjs';
import { adopt, cacheFolder, sweepLeftovers, withWorkFolder } from './program-cache.mjs';

export const TEMPORAL_VERSION = '1.8.2';
const OLDEST_SERVER = [1, 29];
const ARCHIVE_TIMEOUT_MS = 60_000;
const FIRST_BYTE_TIMEOUT_MS = 4_000;
const TOOL = 'temporal';

const run = promisify(execFile);

/** Where a fetched or built program is kept. */
export const cacheDir = (env = process.env) => cacheFolder('temporal', TEMPORAL_VERSION, env);

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
    const path = await withWorkFolder(cacheDir(env), async (dir) => {
      const file = join(dir, 'temporal.tar.gz');
      await download(url, file, say);
      await run('tar', ['-xzf', file, '-C', dir], { timeout: 60_000 });
      const program = join(dir, 'temporal');
      if ((await serverVersion(program)) === null) throw new Error('the archive holds no program that runs here');
      return adopt(program, cacheDir(env), 'temporal');
    });
    return { path };
  } catch (error) {
    if (error.code === 'ENOSPC') throw diskFull('Temporal', cacheDir(env), error);
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
  const { go, why } = await usableGo(TOOL, env);
  if (go === undefined) return { why };
  say('  building the Temporal server with Go: 3 to 4 minutes, once on this machine');
  try {
    const path = await withWorkFolder(cacheDir(env), async (dir) => {
      const output = join(dir, 'temporal');
      await goBuild({ go, tool: TOOL, pkg: 'github.com/temporalio/cli/cmd/temporal', output, env, say });
      return adopt(output, cacheDir(env), 'temporal');
    });
    return { path };
  } catch (error) {
    if (/no space left/i.test(error.message)) throw diskFull('Temporal', cacheDir(env), error);
    return { why: error.message };
  }
}

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
  sweepLeftovers(cacheDir(env));
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
