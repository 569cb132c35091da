/** Rows of one statement: well under the 65,535 parameters the protocol allows. */
const AT_ONCE = 1000;

/** Cuts rows into parts that one statement can hold; no part is empty. */
export function parts<T>(rows: readonly T[]): T[][] {
  const cut: T[][] = [];
  for (let from = 0; from < rows.length; from += AT_ONCE) cut.push(rows.slice(from, from + AT_ONCE));
  return cut;
}
