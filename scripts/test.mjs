// npm test: from a bare clone to the closing line `N passed, N failed`. Arguments go to jest.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from './lib/build.mjs';
import { install } from './lib/install.mjs';
import { projectRoot } from './lib/project.mjs';
import { checkNode, fail, say, stage } from './lib/stages.mjs';
import { findTemporal } from './lib/temporal.mjs';

/** Jest has written its results and does not end: something was left open. */
const GRACE_MS = 20_000;

async function temporal() {
  if (process.env.TEMPORAL_ADDRESS) return `the server at ${process.env.TEMPORAL_ADDRESS} (TEMPORAL_ADDRESS)`;
  const found = await findTemporal(say);
  process.env.TEMPORAL_CLI = found.path;
  return `${found.path} (${found.how})`;
}

let stopped = false;
let onStop = () => {};
// Ctrl-C reaches jest too; we stay to report what it says, and start nothing more.
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(name, () => {
    stopped = true;
    onStop(name);
  });

/** Runs jest, its own words on the terminal; answers its exit code, or a reason why it had to be ended. */
function runJest(args, resultsFile) {
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const jest = join(projectRoot, 'node_modules', 'jest', 'bin', 'jest.js');
  const child = spawn(process.execPath, [...flags, jest, ...args, '--json', `--outputFile=${resultsFile}`], {
    cwd: projectRoot,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, NODE_ENV: 'test' },
  });
  onStop = (signal) => child.kill(signal);
  return new Promise((resolve) => {
    let written = null;
    const watch = setInterval(() => {
      if (written === null && existsSync(resultsFile)) written = Date.now();
      if (written === null || Date.now() - written < GRACE_MS) return;
      clearInterval(watch);
      child.kill('SIGKILL');
      resolve({ code: 1, why: 'jest did not end by itself: a test left a connection, timer or process open' });
    }, 500);
    const end = (code, why) => {
      clearInterval(watch);
      resolve({ code, why });
    };
    child.once('error', (error) => end(1, error.message));
    child.once('exit', (code, signal) => end(code ?? 1, signal === null ? null : `jest was ended by ${signal}`));
  });
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

/** Counts of a run; a file that could not even be loaded is one failure. */
function countsOf(resultsFile) {
  if (!existsSync(resultsFile)) return null;
  const results = JSON.parse(readFileSync(resultsFile, 'utf8'));
  return {
    passed: results.numPassedTests,
    failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
    skipped: results.numPendingTests + results.numTodoTests,
  };
}

async function main() {
  await stage('node', async () => checkNode());
  await stage('dependencies', () => install());
  await stage('build', () => build());
  await stage('temporal program', temporal);
  const dir = mkdtempSync(join(tmpdir(), 'selvedge-results-'));
  try {
    const total = { passed: 0, failed: 0, skipped: 0 };
    for (const [n, args] of runsOf(process.argv.slice(2)).entries()) {
      const resultsFile = join(dir, `results-${n}.json`);
      const { code, why } = await runJest(args, resultsFile);
      const counts = countsOf(resultsFile) ?? { passed: 0, failed: 1, skipped: 0 };
      if (why !== null) say(why);
      if ((why !== null || code !== 0) && counts.failed === 0) counts.failed = 1;
      for (const key of Object.keys(total)) total[key] += counts[key];
      if (stopped) break;
    }
    const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
    process.stdout.write(`${total.passed} passed, ${total.failed} failed${skipped}\n`);
    process.exitCode = total.failed === 0 ? 0 : 1;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

main().catch((error) => {
  fail(error);
  process.stdout.write('0 passed, 1 failed\n');
});
