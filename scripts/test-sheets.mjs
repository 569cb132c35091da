// npm run test:sheets: the files of reports opened in LibreOffice. Ends with the line `N passed, N failed`.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { install } from './lib/install.mjs';
import { jestApart } from './lib/jest-apart.mjs';
import { checkNode, fail, stage, Trouble } from './lib/stages.mjs';

function canRun(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Path of LibreOffice's program, or an error that says how to get it. */
function soffice() {
  const given = process.env.SOFFICE_PATH;
  const onPath = (process.env.PATH ?? '').split(delimiter).filter((dir) => dir !== '');
  const places = given ? [given] : onPath.flatMap((dir) => [join(dir, 'soffice'), join(dir, 'libreoffice')]);
  const found = places.find(canRun);
  if (found !== undefined) return found;
  throw new Trouble(
    `There is no LibreOffice ${given ? `at ${given} (SOFFICE_PATH)` : 'on the path'}, which these tests open the files in. ` +
      'On Debian: apt-get install -y --no-install-recommends libreoffice-calc. ' +
      'Elsewhere install LibreOffice and set SOFFICE_PATH to its program soffice.',
  );
}

try {
  checkNode();
  const program = soffice();
  await stage('dependencies', () => install());
  const own = ['--testMatch', '**/test/sheets/**/*.sheets.ts', ...process.argv.slice(2)];
  const { passed, failed, ok } = jestApart(own, { SOFFICE_PATH: program, SELVEDGE_TEST_SERVERS: '0' });
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  process.exitCode = ok ? 0 : 1;
} catch (error) {
  fail(error);
}
