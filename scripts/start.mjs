// npm start: from a bare clone to a running system. Node built-ins only, until the dependencies are there.
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { build } from './lib/build.mjs';
import { install } from './lib/install.mjs';
import { distDir } from './lib/project.mjs';
import { checkNode, fail, say, stage } from './lib/stages.mjs';
import { findTemporal } from './lib/temporal.mjs';

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
  process.argv.splice(2, 0, 'start');
  // In this process, so that killing it kills the one thing the guardian watches.
  await import(pathToFileURL(join(distDir, 'bin', 'selvedge.js')).href);
} catch (error) {
  fail(error);
}
