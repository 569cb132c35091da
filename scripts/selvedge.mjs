#!/usr/bin/env node
// npx selvedge <verb>: the command line. Brings dependencies and build first when they are missing or old.
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { build, isBuilt } from './lib/build.mjs';
import { install, whyInstall } from './lib/install.mjs';
import { distDir } from './lib/project.mjs';
import { checkNode, fail, stage } from './lib/stages.mjs';

try {
  checkNode();
  if (whyInstall() !== null) await stage('dependencies', () => install());
  if (!isBuilt()) await stage('build', () => build());
  await import(pathToFileURL(join(distDir, 'bin', 'selvedge.js')).href);
} catch (error) {
  fail(error);
}
