// npm test: from a bare clone to the closing line `N passed, N failed`. Arguments go to jest.
import { build } from './lib/build.mjs';
import { install } from './lib/install.mjs';
import { runAll } from './lib/jest.mjs';
import { checkNode, fail, say, stage } from './lib/stages.mjs';
import { findTemporal } from './lib/temporal.mjs';

async function temporal() {
  if (process.env.TEMPORAL_ADDRESS) return `the server at ${process.env.TEMPORAL_ADDRESS} (TEMPORAL_ADDRESS)`;
  const found = await findTemporal(say);
  process.env.TEMPORAL_CLI = found.path;
  return `${found.path} (${found.how})`;
}

/** Tests that start whole installations, with ports, kills and the clock of a user: one at a time. */
const WHOLE = ['test/e2e', 'test/planted'];

/** What is given goes to jest as it is; without anything, first what bears company, then the rest one by one. */
const runsOf = (args) =>
  args.length > 0
    ? [args]
    : [
        ['--maxWorkers=2', '--testPathIgnorePatterns', ...WHOLE],
        ['--runInBand', ...WHOLE],
      ];

async function main() {
  await stage('node', async () => checkNode());
  await stage('dependencies', () => install());
  await stage('build', () => build());
  await stage('temporal program', temporal);
  await runAll(runsOf(process.argv.slice(2)));
}

main().catch((error) => {
  fail(error);
  process.stdout.write('0 passed, 1 failed\n');
});
