import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from './paths.js';

/**
 * Path of a `temporal` program. The search (design.md 2: environment, path, cache, archive, Go) is a script on Node
 * built-ins, because `npm start` needs it before anything is installed; its findings come back as one line of JSON.
 * Throws an Error that lists what was tried.
 */
export async function findTemporalCli(): Promise<string> {
  const script = join(projectRoot, 'scripts', 'find-temporal.mjs');
  const run = promisify(execFile)(process.execPath, [script], { env: process.env });
  const { stdout } = await run.catch((error: { stderr?: string; message: string }) => {
    throw new Error((error.stderr ?? error.message).trim());
  });
  const found = JSON.parse(stdout) as { path: string };
  return found.path;
}
