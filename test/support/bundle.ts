import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../bin/supervisor/paths.js';
import type { BundleKind } from '../../workers/bundle-kinds.js';
import { bundleWorkflows } from '../../workers/bundle.js';

const made = new Map<BundleKind, Promise<string>>();

/** Path of the bundled workflows: what the set-up of the tests bundled, else a bundle of this process's own (5 s). */
export function workflowBundle(kind: BundleKind = 'plain'): Promise<string> {
  const given = kind === 'plain' ? process.env['SELVEDGE_TEST_BUNDLE'] : undefined;
  const bundle = made.get(kind) ?? (given === undefined ? bundleHere(kind) : Promise.resolve(given));
  made.set(kind, bundle);
  return bundle;
}

async function bundleHere(kind: BundleKind): Promise<string> {
  const code = await bundleWorkflows(join(projectRoot, 'workflows'), 'ts', 'ERROR', kind);
  const dir = mkdtempSync(join(tmpdir(), 'selvedge-bundle-'));
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
  const file = join(dir, 'workflow-bundle.js');
  writeFileSync(file, code);
  return file;
}
