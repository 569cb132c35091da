import type { Guardian } from '../../bin/supervisor/guardian.js';

const shelf = globalThis as { selvedgeUiGuardian?: Guardian };

/** Set-up and tear-down are loaded apart; the process they share is where they meet. */
export const keepUiGuardian = (guardian: Guardian): void => {
  shelf.selvedgeUiGuardian = guardian;
};
export const keptUiGuardian = (): Guardian | undefined => shelf.selvedgeUiGuardian;
