// Prints {"paths": {"server", "schema", "ui"}, "how": …} of a production-shaped Temporal's programs; builds them once.
import { findProduction } from './lib/production.mjs';

try {
  const found = await findProduction((line) => process.stderr.write(`${line}\n`));
  process.stdout.write(`${JSON.stringify(found)}\n`);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
