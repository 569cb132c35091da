// npm start: from a bare clone to a running system. Node built-ins only, until the dependencies are there.
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { bring } from './lib/bring.mjs';
import { distDir, stateDir } from './lib/project.mjs';
import { checkDisk, fail } from './lib/stages.mjs';

/** Databases of a day with their write-ahead logs, and a little. */
const NEEDED_MB = 250;

try {
  await bring();
  checkDisk(stateDir, NEEDED_MB, 'a start');
  process.argv.splice(2, 0, 'start');
  // In this process, so that killing it kills the one thing the guardian watches.
  await import(pathToFileURL(join(distDir, 'bin', 'selvedge.js')).href);
} catch (error) {
  fail(error);
}
