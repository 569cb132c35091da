import './ts-resolution.cjs';
import { endKept } from './servers.js';

/** Ends the servers the set-up started and removes their data. */
export default async function globalTeardown(): Promise<void> {
  await endKept();
}
