// Jest over tests that `npm test` leaves out, because they need a program that not every machine has.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from './project.mjs';

function countsOf(resultsFile) {
  if (!existsSync(resultsFile)) return { passed: 0, failed: 1 };
  const results = JSON.parse(readFileSync(resultsFile, 'utf8'));
  return { passed: results.numPassedTests, failed: results.numFailedTests + results.numRuntimeErrorTestSuites };
}

/** Runs jest with these arguments and environment; answers how many passed, how many failed, and whether all is well. */
export function jestApart(args, env) {
  const dir = mkdtempSync(join(tmpdir(), 'selvedge-results-'));
  const resultsFile = join(dir, 'results.json');
  const jest = join(projectRoot, 'node_modules', 'jest', 'bin', 'jest.js');
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const all = [...flags, jest, '-i', '--json', `--outputFile=${resultsFile}`, ...args];
  const { status } = spawnSync(process.execPath, all, {
    cwd: projectRoot,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, NODE_ENV: 'test', ...env },
  });
  const { passed, failed } = countsOf(resultsFile);
  rmSync(dir, { recursive: true, force: true });
  return { passed, failed, ok: status === 0 && failed === 0 };
}
