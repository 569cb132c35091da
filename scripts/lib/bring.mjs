import { build } from './build.mjs';
import { install } from './install.mjs';
import { checkNode, say, stage } from './stages.mjs';
import { findTemporal } from './temporal.mjs';

async function temporal() {
  const address = process.env.TEMPORAL_ADDRESS;
  if (address) return `the server at ${address} (TEMPORAL_ADDRESS)`;
  const found = await findTemporal(say);
  process.env.TEMPORAL_CLI = found.path;
  return `${found.path} (${found.how})`;
}

/** Everything a bare clone lacks: dependencies, the build, a Temporal program. One line per stage. */
export async function bring() {
  await stage('node', async () => checkNode());
  await stage('dependencies', () => install());
  await stage('build', () => build());
  await stage('temporal program', temporal);
}
