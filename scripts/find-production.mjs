// Prints {"paths": {"server", "schema", "ui"}, "how": …} of a production-shaped Temporal's programs; builds them once.
import { printFound } from './lib/print-found.mjs';
import { findProduction } from './lib/production.mjs';

await printFound(findProduction);
