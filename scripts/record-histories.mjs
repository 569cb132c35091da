// Records the histories that test/replay replays, from real runs: node scripts/record-histories.mjs [path …].
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from './lib/project.mjs';

const paths = process.argv.slice(2);
const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
const jest = join(projectRoot, 'node_modules', 'jest', 'bin', 'jest.js');
const child = spawn(process.execPath, [...flags, jest, '-i', '--testMatch', '**/test/replay/record.ts'], {
  cwd: projectRoot,
  stdio: 'inherit',
  env: { ...process.env, ...(paths.length > 0 ? { SELVEDGE_RECORD_PATHS: paths.join(',') } : {}) },
});
child.once('exit', (code) => {
  process.exitCode = code ?? 1;
});
