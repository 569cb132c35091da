// Prints {"path": …, "how": …} of a usable `temporal` program; fetches or builds it when there is none.
import { findTemporal } from './lib/temporal.mjs';

try {
  const found = await findTemporal((line) => process.stderr.write(`${line}\n`));
  process.stdout.write(`${JSON.stringify(found)}\n`);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
