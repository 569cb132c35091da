import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from './paths.js';

/** What a search among `scripts/` found: one line of JSON. Throws an Error that lists what was tried. */
export async function findPrograms(script: string): Promise<unknown> {
  const run = promisify(execFile)(process.execPath, [join(projectRoot, 'scripts', script)], { env: process.env });
  const { stdout } = await run.catch((error: { stderr?: string; message: string }) => {
    throw new Error((error.stderr ?? error.message).trim());
  });
  return JSON.parse(stdout);
}

/**
 * Path of a `temporal` program. The search (design.md 2: environment, path, cache, archive, Go) is a script on Node
 * built-ins, because `npm start` needs it before anything is installed; its findings come back as one line of JSON.
 * Throws an Error that lists what was tried.
 */
export async function findTemporalCli(): Promise<string> {
  const found = (await findPrograms('find-temporal.mjs')) as { path: string };
  return found.path;
}
