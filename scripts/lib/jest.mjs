// Runs of jest, one after the other, to the closing line `N passed, N failed`.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from './project.mjs';
import { say } from './stages.mjs';

/** Jest has written its results and does not end: something was left open. */
const GRACE_MS = 20_000;

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

/** Runs jest once for each list of arguments, prints the closing line, and sets the exit code. */
export async function runAll(runs) {
  const dir = mkdtempSync(join(tmpdir(), 'selvedge-results-'));
  try {
    const total = { passed: 0, failed: 0, skipped: 0 };
    for (const [n, args] of runs.entries()) {
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
