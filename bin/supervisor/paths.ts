import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function rootAbove(start: string): string {
  for (let dir = start; dirname(dir) !== dir; dir = dirname(dir)) {
    if (existsSync(join(dir, 'package.json'))) return dir;
  }
  throw new Error(`no package.json above ${start}: the program was moved out of its project folder`);
}

/** The project folder, whether this runs from its sources or from `dist/`. */
export const projectRoot = rootAbove(dirname(fileURLToPath(import.meta.url)));
/** What a start keeps between runs: databases, logs, run.json. Ignored by git. */
export const stateDir = join(projectRoot, '.selvedge');
export const runFile = join(stateDir, 'run.json');
export const distDir = join(projectRoot, 'dist');
/** The workflow code every worker loads, written by the build. */
export const bundleFile = join(distDir, 'workflow-bundle.js');
export const guardianScript = join(projectRoot, 'scripts', 'guardian.mjs');
