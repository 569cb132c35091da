// npm run soak: long runs under faults, kills and stops. Brings dependencies, build and the Temporal program first.
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { build } from './lib/build.mjs';
import { install } from './lib/install.mjs';
import { distDir } from './lib/project.mjs';
import { checkNode, fail, say, stage } from './lib/stages.mjs';
import { findTemporal } from './lib/temporal.mjs';

async function temporal() {
  const found = await findTemporal(say);
  process.env.TEMPORAL_CLI = found.path;
  return `${found.path} (${found.how})`;
}

try {
  await stage('node', async () => checkNode());
  await stage('dependencies', () => install());
  await stage('build', () => build());
  await stage('temporal program', temporal);
  await import(pathToFileURL(join(distDir, 'bench', 'soak', 'main.js')).href);
} catch (error) {
  fail(error);
}
