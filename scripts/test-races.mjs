// The long form of the race of two last deliveries: a hundred orders at once. node scripts/test-races.mjs [how many].
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from './lib/project.mjs';

const races = process.argv[2] ?? '100';
if (!/^[1-9]\d{0,3}$/.test(races)) {
  console.error(`"${races}" is no number of races; allowed: 1 to 9999`);
  process.exit(2);
}
const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
const jest = join(projectRoot, 'node_modules', 'jest', 'bin', 'jest.js');
const child = spawn(process.execPath, [...flags, jest, '-i', 'test/sagas/receipt-race.test.ts'], {
  cwd: projectRoot,
  stdio: 'inherit',
  env: { ...process.env, SELVEDGE_RACES: races },
});
child.once('exit', (code) => {
  process.exitCode = code ?? 1;
});
