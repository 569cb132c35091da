/** Bundles the workflow code into the one file that workers load. */
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import type { BundleKind } from './bundle-kinds.js';

export { BUNDLES } from './bundle-kinds.js';

/**
 * @param dir folder `workflows`, compiled or not; `extension` says which.
 *
 * What workflows/preload names is loaded once for all sagas of a worker. Without it each saga in memory loads zod and
 * the domain anew: 970 KB and 16 ms of processor time instead of 105 KB and 4 ms (SDK 1.24.0, measured).
 */
export async function bundleWorkflows(
  dir: string,
  extension: 'js' | 'ts',
  level: 'WARN' | 'ERROR',
  kind: BundleKind = 'plain',
): Promise<string> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(dir, `index.${extension}`),
    preloadModules: [join(dir, `preload.${extension}`)],
    ...(kind === 'encrypted' ? { failureConverterPath: join(dir, 'failure-converter.cjs') } : {}),
    logger: new DefaultLogger(level),
  });
  return code;
}
