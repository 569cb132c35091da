// npm run soak: long runs under faults, kills and stops. Brings dependencies, build and the Temporal program first.
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { bring } from './lib/bring.mjs';
import { distDir } from './lib/project.mjs';
import { fail } from './lib/stages.mjs';

try {
  await bring();
  await import(pathToFileURL(join(distDir, 'bench', 'soak', 'main.js')).href);
} catch (error) {
  fail(error);
}
