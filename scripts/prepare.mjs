// Dependencies and build, nothing started: what .ci/run and people need before checks.
import { build } from './lib/build.mjs';
import { install } from './lib/install.mjs';
import { checkNode, fail, stage } from './lib/stages.mjs';

try {
  await stage('node', async () => checkNode());
  await stage('dependencies', () => install());
  await stage('build', () => build());
} catch (error) {
  fail(error);
}
