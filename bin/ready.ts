/** A part started by the supervisor says that it works by writing the file the supervisor watches. */
import { renameSync, writeFileSync } from 'node:fs';

/** Writes what the part found out (its address); does nothing when nobody watches. */
export function sayReady(facts: Record<string, string>, env: NodeJS.ProcessEnv = process.env): void {
  const file = env['SELVEDGE_READY_FILE'];
  if (file === undefined || file === '') return;
  writeFileSync(`${file}.new`, JSON.stringify(facts));
  renameSync(`${file}.new`, file);
}

/** Resolves when this process is asked to stop; a second asking ends it at once. */
export function untilAskedToStop(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let asked = false;
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(name, () => {
        // Whoever asks twice does not want to wait for the drain; 130 is what shells call it.
        if (asked) process.exit(130);
        asked = true;
        resolve(name);
      });
    }
  });
}
