// npm run bench -- <scenario>: builds what changed, then runs one benchmark.
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { build } from './lib/build.mjs';
import { install } from './lib/install.mjs';
import { distDir } from './lib/project.mjs';
import { checkNode, fail, say, stage } from './lib/stages.mjs';
import { findTemporal } from './lib/temporal.mjs';

try {
  checkNode();
  await stage('dependencies', () => install());
  await stage('build', () => build());
  if (!process.env.TEMPORAL_CLI) process.env.TEMPORAL_CLI = (await findTemporal(say)).path;
  await import(pathToFileURL(join(distDir, 'bench', 'main.js')).href);
} catch (error) {
  fail(error);
}
