// npm start: from a bare clone to a running system. Node built-ins only, until the dependencies are there.
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { build } from './lib/build.mjs';
import { install } from './lib/install.mjs';
import { distDir, stateDir } from './lib/project.mjs';
import { checkDisk, checkNode, fail, say, stage } from './lib/stages.mjs';
import { findTemporal } from './lib/temporal.mjs';

/** Databases of a day with their write-ahead logs, and a little. */
const NEEDED_MB = 250;

async function temporal() {
  const address = process.env.TEMPORAL_ADDRESS;
  if (address) return `the server at ${address} (TEMPORAL_ADDRESS)`;
  const found = await findTemporal(say);
  process.env.TEMPORAL_CLI = found.path;
  return `${found.path} (${found.how})`;
}

try {
  await stage('node', async () => checkNode());
  await stage('dependencies', () => install());
  await stage('build', () => build());
  await stage('temporal program', temporal);
  checkDisk(stateDir, NEEDED_MB, 'a start');
  process.argv.splice(2, 0, 'start');
  // In this process, so that killing it kills the one thing the guardian watches.
  await import(pathToFileURL(join(distDir, 'bin', 'selvedge.js')).href);
} catch (error) {
  fail(error);
}
