import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json. */
export const projectRoot = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const stateDir = join(projectRoot, '.selvedge');
export const distDir = join(projectRoot, 'dist');
