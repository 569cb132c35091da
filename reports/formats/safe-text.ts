/**
 * Text that a spreadsheet program shows and never evaluates. What a customer or a supplier typed stands in our files, and
 * a program that opens one takes a cell that begins like a formula for one.
 */

/** What a program skips, or a reader does not see, before the sign that makes a formula: blanks, controls, marks, fillers. */
const BEFORE = /^[\s\p{Z}\p{C}\p{M}\u115F\u1160\u3164\uFFA0]*/u;
/** Signs a formula begins with; a minus sign is spelt in two ways, full-width and small forms are read as these. */
const SIGNS = new Set(['=', '+', '-', '@', '\u2212']);
/** A tab or a line break at the beginning moves what follows into a cell of its own in some programs. */
const BREAKS = /^[\t\r\n]/;

/** Whether some spreadsheet program could take this text for a formula. */
export function beginsFormula(text: string): boolean {
  if (BREAKS.test(text)) return true;
  const [first = ''] = text.replace(BEFORE, '').normalize('NFKC');
  return SIGNS.has(first);
}

/** The text as a cell may hold it: what begins like a formula gets an apostrophe before it, all else is as it was. */
export const safeText = (text: string): string => (beginsFormula(text) ? `'${text}` : text);
