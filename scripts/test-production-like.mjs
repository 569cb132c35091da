// npm run test:production-like: the whole-installation tests on Temporal's own programs with PostgreSQL and 512 shards.
// Arguments go to jest in place of the folders. Ends with the line `N passed, N failed`.
import { dirname } from 'node:path';
import { build } from './lib/build.mjs';
import { install } from './lib/install.mjs';
import { runAll } from './lib/jest.mjs';
import { findProduction } from './lib/production.mjs';
import { checkNode, fail, say, stage, Trouble } from './lib/stages.mjs';

/** What a person reads the time by: this suite kills and restarts programs and waits for their return. */
const started = Date.now();

function refuseGiven() {
  const given = ['TEMPORAL_ADDRESS', 'DATABASE_URL'].filter((name) => process.env[name]);
  if (given.length > 0)
    throw new Trouble(`${given.join(' and ')} is set: these tests bring and kill their own. Unset it.`);
}

async function main() {
  await stage('node', async () => checkNode());
  refuseGiven();
  await stage('dependencies', () => install());
  await stage('build', () => build());
  await stage('temporal programs', async () => {
    const { paths, how } = await findProduction(say);
    process.env.SELVEDGE_TEMPORAL_PROGRAMS = dirname(paths.server);
    return `${dirname(paths.server)} (${how})`;
  });
  process.env.SELVEDGE_SERVERS = 'production-like';
  const match = ['--testMatch', '**/test/e2e/**/*.test.ts', '**/test/production/**/*.production.ts'];
  await runAll([[...process.argv.slice(2), '--runInBand', ...match]]);
  say(`took ${((Date.now() - started) / 60_000).toFixed(1)} min`);
}

main().catch((error) => {
  fail(error);
  process.stdout.write('0 passed, 1 failed\n');
});
