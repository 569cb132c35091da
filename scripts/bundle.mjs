// Bundles the compiled workflows into the one file that workers load: node scripts/bundle.mjs [dist folder]
import { copyFileSync, existsSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { distDir, projectRoot } from './lib/project.mjs';

const dir = resolve(process.argv[2] ?? distDir);
const workflowsPath = join(dir, 'workflows', 'index.js');
if (!existsSync(workflowsPath)) {
  process.stderr.write(`${workflowsPath} is not there: compile first (npm run build)\n`);
  // Nothing below can run without it, and a module has no `return`.
  process.exit(1);
}
const { bundleWorkflows, BUNDLES } = await import(pathToFileURL(join(dir, 'workers', 'bundle.js')).href);
// The compiler leaves what is no TypeScript where it is.
const converter = join('workflows', 'failure-converter.cjs');
copyFileSync(join(projectRoot, converter), join(dir, converter));
for (const [kind, name] of Object.entries(BUNDLES)) {
  const code = await bundleWorkflows(join(dir, 'workflows'), 'js', 'WARN', kind);
  const file = join(dir, name);
  writeFileSync(`${file}.new`, code);
  renameSync(`${file}.new`, file);
}
