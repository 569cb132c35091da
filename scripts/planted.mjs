// Plants every known bug in a copy of the tree and runs the test that must catch it: npm run planted [-- name …].
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from './lib/project.mjs';

const names = process.argv.slice(2);
const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
const jest = join(projectRoot, 'node_modules', 'jest', 'bin', 'jest.js');
const child = spawn(process.execPath, [...flags, jest, '-i', '--testMatch', '**/test/planted/all.ts'], {
  cwd: projectRoot,
  stdio: 'inherit',
  env: { ...process.env, ...(names.length > 0 ? { SELVEDGE_PLANTED: names.join(',') } : {}) },
});
child.once('exit', (code) => {
  process.exitCode = code ?? 1;
});
