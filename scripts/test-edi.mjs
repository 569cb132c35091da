// The long form of the properties of edi/: node scripts/test-edi.mjs [cases in all] [first seed]. In slices, each of
// other files, other values and other damage: its seed is printed, and asks for the same slice again
// (SELVEDGE_EDI_SEED=… SELVEDGE_EDI_CASES=500 npm test -- test/unit/edi).
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from './lib/project.mjs';

/** Cases that are asked for of each property, and how many that makes in a slice: 9 of damage, 28, 14 and 1 of writing. */
const ASKED = 500;
const IN_A_SLICE = 52 * ASKED;
const FILES = ['damage', 'round-trip', 'writer', 'outgoing'].map((name) => `test/unit/edi/${name}.test.ts`);

const [cases = '1000000', first = String(Date.now() % 1_000_000_000)] = process.argv.slice(2);
if (!/^[1-9]\d{0,8}$/.test(cases) || !/^\d{1,9}$/.test(first)) {
  console.error(`"${cases} ${first}" is no number of cases (1 to 999999999) and no seed (0 to 999999999)`);
  process.exit(2);
}

/** Runs one slice; false when a property does not hold. */
function slice(seed) {
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const jest = join(projectRoot, 'node_modules', 'jest', 'bin', 'jest.js');
  const child = spawn(process.execPath, [...flags, jest, '-i', ...FILES], {
    cwd: projectRoot,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      SELVEDGE_EDI_CASES: String(ASKED),
      SELVEDGE_EDI_SEED: String(seed),
      SELVEDGE_TEST_SERVERS: '0',
    },
  });
  return new Promise((resolve) => {
    child.once('exit', (code) => resolve(code === 0));
  });
}

let [ran, failed] = [0, 0];
for (let seed = Number(first); ran < Number(cases); seed += 1) {
  const started = Date.now();
  const held = await slice(seed);
  ran += IN_A_SLICE;
  if (!held) failed += 1;
  const seconds = Math.round((Date.now() - started) / 1000);
  console.log(`seed ${seed}: ${held ? 'held' : 'did not hold'}, ${IN_A_SLICE} cases in ${seconds} s; ${ran} in all`);
}
console.log(`${ran} cases, ${failed} slices that did not hold`);
process.exitCode = failed === 0 ? 0 : 1;
