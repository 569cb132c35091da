// Finds or builds the programs of a production-shaped Temporal: server, schema tool and Web UI (docs/adr/0024).
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { diskFull, goBuild, usableGo } from './go.mjs';
import { adopt, cacheFolder, sweepLeftovers, withWorkFolder } from './program-cache.mjs';

/** Release of server and schema tool; the images of docker-compose.yml have the same (a test holds them together). */
export const SERVER_VERSION = '1.31.2';
const TOOL = 'production';

/** Each program: the name it gets here, the main package it is made of, and a call that shows that it runs. */
const PROGRAMS = [
  { key: 'server', name: 'temporal-server', pkg: 'go.temporal.io/server/cmd/server' },
  { key: 'schema', name: 'temporal-sql-tool', pkg: 'go.temporal.io/server/cmd/tools/sql' },
  { key: 'ui', name: 'temporal-ui', pkg: 'github.com/temporalio/ui-server/v2/cmd/server' },
];

const run = promisify(execFile);
const cacheDir = (env) => cacheFolder('production', SERVER_VERSION, env);

async function runs(path) {
  try {
    await run(path, ['--version'], { timeout: 20_000 });
    return true;
  } catch {
    return false;
  }
}

/** Paths of all programs in `dir`, or `{ why }` naming the first that is not there or does not run. */
async function inFolder(dir) {
  const paths = {};
  for (const { key, name } of PROGRAMS) {
    const path = join(dir, name);
    if (!existsSync(path)) return { why: `nothing at ${path}` };
    if (!(await runs(path))) return { why: `${path} does not run` };
    paths[key] = path;
  }
  return { paths };
}

async function fromGo(env, say) {
  const { go, why } = await usableGo(TOOL, env);
  if (go === undefined) return { why };
  const cache = cacheDir(env);
  say(`  building the Temporal server ${SERVER_VERSION} with Go: 3 to 4 minutes, once on this machine`);
  try {
    await withWorkFolder(cache, async (dir) => {
      // One after the other: the linker of each takes a gigabyte. All are there before the first is shown.
      for (const { name, pkg } of PROGRAMS) await goBuild({ go, tool: TOOL, pkg, output: join(dir, name), env, say });
      for (const { name } of PROGRAMS) adopt(join(dir, name), cache, name);
    });
  } catch (error) {
    if (/no space left/i.test(error.message)) throw diskFull('the Temporal server', cache, error);
    return { why: error.message };
  }
  return inFolder(cache);
}

/**
 * Paths `{ server, schema, ui }` of the programs, from SELVEDGE_TEMPORAL_PROGRAMS (a folder that has them), the cache, or
 * built with Go. Throws an Error that lists what was tried and what the user can do.
 */
export async function findProduction(say = () => undefined, env = process.env) {
  const given = env.SELVEDGE_TEMPORAL_PROGRAMS;
  if (given) {
    const { paths, why } = await inFolder(given);
    if (paths === undefined) throw new Error(`SELVEDGE_TEMPORAL_PROGRAMS=${given}: ${why}`);
    return { paths, how: 'SELVEDGE_TEMPORAL_PROGRAMS' };
  }
  sweepLeftovers(cacheDir(env));
  const tried = ['SELVEDGE_TEMPORAL_PROGRAMS: not set'];
  for (const [how, attempt] of [
    ['cache', () => inFolder(cacheDir(env))],
    ['go build', () => fromGo(env, say)],
  ]) {
    const { paths, why } = await attempt();
    if (paths !== undefined) return { paths, how };
    tried.push(`${how}: ${why}`);
  }
  throw new Error(
    [
      'The programs of a production-like Temporal are not here and could not be built. Tried:',
      ...tried.map((line) => `  - ${line}`),
      'Do one of these and start again:',
      '  - install Go 1.26 or newer, with its module proxy in reach',
      `  - put ${PROGRAMS.map(({ name }) => name).join(', ')} (Temporal ${SERVER_VERSION}) into one folder and set`,
      '    SELVEDGE_TEMPORAL_PROGRAMS to it',
    ].join('\n'),
  );
}
