// npm run test:ui: Temporal's Web UI clicked through in Chromium. Ends with the line `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from './lib/build.mjs';
import { install } from './lib/install.mjs';
import { projectRoot } from './lib/project.mjs';
import { checkNode, fail, say, stage, Trouble } from './lib/stages.mjs';
import { findTemporal } from './lib/temporal.mjs';

const DEFAULT = '/usr/bin/chromium';

/** Path of a Chromium that can be run, or an error that says how to get one. */
function chromium() {
  const path = process.env.CHROMIUM_PATH || DEFAULT;
  try {
    accessSync(path, constants.X_OK);
    return path;
  } catch {
    throw new Trouble(
      `There is no Chromium at ${path}, which these tests click in. On Debian: apt-get install -y chromium. ` +
        'Elsewhere install Chromium or Chrome and set CHROMIUM_PATH to its program.',
    );
  }
}

function runJest(args, resultsFile, shots) {
  const jest = join(projectRoot, 'node_modules', 'jest', 'bin', 'jest.js');
  const own = [
    ...['--globalSetup', './test/ui/global-setup.ts', '--globalTeardown', './test/ui/global-teardown.ts'],
    ...['--testMatch', '**/test/ui/**/*.ui.ts', '-i', '--json', `--outputFile=${resultsFile}`],
  ];
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  return spawnSync(process.execPath, [...flags, jest, ...own, ...args], {
    cwd: projectRoot,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, NODE_ENV: 'test', SELVEDGE_UI_SHOTS: shots },
  }).status;
}

function countsOf(resultsFile) {
  if (!existsSync(resultsFile)) return { passed: 0, failed: 1 };
  const results = JSON.parse(readFileSync(resultsFile, 'utf8'));
  return { passed: results.numPassedTests, failed: results.numFailedTests + results.numRuntimeErrorTestSuites };
}

try {
  checkNode();
  process.env.CHROMIUM_PATH = chromium();
  await stage('dependencies', () => install());
  await stage('build', () => build());
  await stage('temporal program', async () => {
    const found = await findTemporal(say);
    process.env.TEMPORAL_CLI = found.path;
    return `${found.path} (${found.how})`;
  });
  const shots = mkdtempSync(join(tmpdir(), 'selvedge-ui-shots-'));
  const dir = mkdtempSync(join(tmpdir(), 'selvedge-results-'));
  const resultsFile = join(dir, 'results.json');
  const status = runJest(process.argv.slice(2), resultsFile, shots);
  const { passed, failed } = countsOf(resultsFile);
  rmSync(dir, { recursive: true, force: true });
  say(`Screenshots: ${shots}`);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  process.exitCode = status === 0 && failed === 0 ? 0 : 1;
} catch (error) {
  fail(error);
}
