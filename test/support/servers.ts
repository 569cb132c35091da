import type { Guardian } from '../../bin/supervisor/guardian.js';

const shelf = globalThis as { selvedgeTestGuardian?: Guardian };

/** Set-up and tear-down are loaded apart; the process they share is where they meet. */
export const keepForTeardown = (guardian: Guardian): void => {
  shelf.selvedgeTestGuardian = guardian;
};
export const keptGuardian = (): Guardian | undefined => shelf.selvedgeTestGuardian;
