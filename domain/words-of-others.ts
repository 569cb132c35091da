/**
 * Words of another system inside our sentences. A case may quote them; what leaves the house (mail, chat) may not, since they
 * can name anybody.
 */

const CODE = /^[A-Z][A-Z0-9_]{0,59}$/;

/** An error code as another system gives it; one that is no code is no word of ours either. */
export const codeOf = (code: string): string => (CODE.test(code) ? code : 'UNKNOWN_CODE');

/** How we say that the ERP said no. */
export const erpRefused = (code: string, message: string): string =>
  `The ERP refused the document: ${codeOf(code)}, ${message}`;

/** How we say that it refused one line. */
export const lineRefused = (line: number, code: string, message: string): string =>
  `Line ${line} was refused: ${message} (${codeOf(code)}).`;

/** What our sentences quote, each with what is left of it outside. */
const QUOTED: readonly (readonly [RegExp, string])[] = [
  [/(was refused: )?The ERP refused the document: ([A-Z0-9_]{1,60}), [^]*/, '$1The ERP refused the document: $2'],
  [/(Line \d{1,6} was refused): [^]* \(([A-Z0-9_]{1,60})\)\.$/, '$1 ($2).'],
  [/(It looks like document \S{1,60} over \S{1,40}), entered by [^]* at (\S{1,40})\.$/, '$1, entered at $2.'],
  [/(Look for the order by customer) [^]* and article/, '$1 and article'],
];

/** A sentence of ours without what it quotes of others. */
export const withoutWordsOfOthers = (sentence: string): string =>
  QUOTED.reduce((text, [pattern, rest]) => text.replace(pattern, rest), sentence);
