// Copies what runs in production, and nothing else, into a folder: node scripts/product.mjs <folder>
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { distDir, projectRoot } from './lib/project.mjs';

/** Beside dist/: what the programs read where they run. `console/assets` and the playbook are served by ingress. */
const WANTED = ['package.json', 'LICENSE', 'config', 'mappings', 'docs', 'scripts/health.mjs', 'scripts/guardian.mjs'];
const WHERE_PRESENT = ['console/assets'];

const [folder] = process.argv.slice(2);
if (folder === undefined || !existsSync(join(distDir, 'bin', 'selvedge.js'))) {
  process.stderr.write('node scripts/product.mjs <folder>, after npm run build\n');
  process.exit(1);
}
const target = resolve(folder);
mkdirSync(target, { recursive: true });
for (const path of ['dist', ...WANTED, ...WHERE_PRESENT.filter((one) => existsSync(join(projectRoot, one)))]) {
  cpSync(join(projectRoot, path), join(target, path), { recursive: true });
}
