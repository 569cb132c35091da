// Bundles the compiled workflows into the one file that workers load: node scripts/bundle.mjs [dist folder]
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { distDir } from './lib/project.mjs';

const dir = resolve(process.argv[2] ?? distDir);
const workflowsPath = join(dir, 'workflows', 'index.js');
if (!existsSync(workflowsPath)) {
  process.stderr.write(`${workflowsPath} is not there: compile first (npm run build)\n`);
  process.exit(1);
}
const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN') });
const file = join(dir, 'workflow-bundle.js');
writeFileSync(`${file}.new`, code);
renameSync(`${file}.new`, file);
