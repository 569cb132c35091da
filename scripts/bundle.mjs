// Bundles the compiled workflows into the one file that workers load: node scripts/bundle.mjs [dist folder]
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { distDir } from './lib/project.mjs';

const dir = resolve(process.argv[2] ?? distDir);
const workflowsPath = join(dir, 'workflows', 'index.js');
if (!existsSync(workflowsPath)) {
  process.stderr.write(`${workflowsPath} is not there: compile first (npm run build)\n`);
  // Nothing below can run without it, and a module has no `return`.
  process.exit(1);
}
const { bundleWorkflows } = await import(pathToFileURL(join(dir, 'workers', 'bundle.js')).href);
const code = await bundleWorkflows(join(dir, 'workflows'), 'js', 'WARN');
const file = join(dir, 'workflow-bundle.js');
writeFileSync(`${file}.new`, code);
renameSync(`${file}.new`, file);
