import '../support/ts-resolution.cjs';
import endTheRest from '../support/global-teardown.js';
import { keptUiGuardian } from './kept.js';

/** Ends the Temporal server with its Web UI after everything that uses it. */
export default async function globalTeardown(): Promise<void> {
  await endTheRest();
  await keptUiGuardian()?.finish();
}
