import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../bin/supervisor/paths.js';
import { bundleWorkflows } from '../../workers/bundle.js';

let made: Promise<string> | undefined;

/** Path of the bundled workflows: what the set-up of the tests bundled, else a bundle of this process's own (5 s). */
export function workflowBundle(): Promise<string> {
  const given = process.env['SELVEDGE_TEST_BUNDLE'];
  made ??= given === undefined ? bundleHere() : Promise.resolve(given);
  return made;
}

async function bundleHere(): Promise<string> {
  const code = await bundleWorkflows(join(projectRoot, 'workflows'), 'ts', 'ERROR');
  const dir = mkdtempSync(join(tmpdir(), 'selvedge-bundle-'));
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
  const file = join(dir, 'workflow-bundle.js');
  writeFileSync(file, code);
  return file;
}
