import './ts-resolution.cjs';
import { keptGuardian } from './servers.js';

/** Ends the servers the set-up started and removes their data; the guardian bounds it to ten seconds. */
export default async function globalTeardown(): Promise<void> {
  await keptGuardian()?.finish();
}
