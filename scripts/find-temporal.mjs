// Prints {"path": …, "how": …} of a usable `temporal` program; fetches or builds it when there is none.
import { printFound } from './lib/print-found.mjs';
import { findTemporal } from './lib/temporal.mjs';

await printFound(findTemporal);
