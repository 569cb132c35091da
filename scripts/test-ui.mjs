// npm run test:ui: Temporal's Web UI and the desk, clicked through in Chromium. Ends with the line `N passed, N failed`.
import { accessSync, constants, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from './lib/build.mjs';
import { install } from './lib/install.mjs';
import { jestApart } from './lib/jest-apart.mjs';
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

const OWN = [
  ...['--globalSetup', './test/ui/global-setup.ts', '--globalTeardown', './test/ui/global-teardown.ts'],
  ...['--testMatch', '**/test/ui/**/*.ui.ts'],
];

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
  const { passed, failed, ok } = jestApart([...OWN, ...process.argv.slice(2)], { SELVEDGE_UI_SHOTS: shots });
  say(`Screenshots: ${shots}`);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  process.exitCode = ok ? 0 : 1;
} catch (error) {
  fail(error);
}
