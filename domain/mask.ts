/** Personal data as screens and notices show it: enough to tell two people apart, not enough to know them. */
const MAIL = /([\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]*@([\p{L}\p{N}])[\p{L}\p{N}.-]*\.[\p{L}]{2,}/gu;
/** International, or with a trunk zero and gaps: numbers of documents have neither. */
const PHONE = /(?:\+\d[\d ().-]{6,18}\d|\b0\d{2,4}[ ./-]\d[\d ./-]{4,14}\d)/g;
/** An account number names an account, a name names a person. */
const ACCOUNT = /^[A-Z0-9][A-Z0-9-]{0,19}$/i;

const DOTS = '•••';

/** Mail addresses and telephone numbers in running text, masked. */
export const masked = (text: string): string =>
  text.replace(MAIL, (_, name: string, host: string) => `${name}${DOTS}@${host}${DOTS}`).replace(PHONE, DOTS);

/** A customer: an account number as it is, anything else by its first letter. */
export const customer = (text: string): string =>
  text === '' || (ACCOUNT.test(text) && /\d/.test(text)) ? text : `${text.charAt(0)}${DOTS}`;

const SYNTAX = /[\\^$.*+?()[\]{}|/]/g;

/** Text about a customer, with that customer masked wherever the text names it, however it is written there. */
export function maskedAbout(text: string, who: string): string {
  const as = customer(who);
  if (as === who) return masked(text);
  // A whole name only: of a customer "An" no other word is a part.
  const name = new RegExp(`(?<![\\p{L}\\p{N}])${who.replace(SYNTAX, '\\$&')}(?![\\p{L}\\p{N}])`, 'giu');
  return masked(text.replace(name, () => as));
}
