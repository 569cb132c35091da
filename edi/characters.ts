import type { Separators } from './syntax/separators.js';

/** Which characters a partner takes: of X12's basic set (capitals, digits, a few signs), or of the extended one (ASCII). */
export type CharacterSet = 'basic' | 'extended';

const BASIC = ` !"&'()*+,-./0123456789:;=?ABCDEFGHIJKLMNOPQRSTUVWXYZ`;

/** Letters and signs that stand for themselves in ASCII by a fixed rule; accents fall off by Unicode's own decomposition. */
const WRITTEN_AS: Readonly<Record<string, string>> = {
  ß: 'ss',
  ẞ: 'SS',
  æ: 'ae',
  Æ: 'AE',
  œ: 'oe',
  Œ: 'OE',
  ø: 'o',
  Ø: 'O',
  đ: 'd',
  Đ: 'D',
  ð: 'd',
  Ð: 'D',
  þ: 'th',
  Þ: 'TH',
  ł: 'l',
  Ł: 'L',
  ı: 'i',
  '‘': "'",
  '’': "'",
  '‚': "'",
  '“': '"',
  '”': '"',
  '„': '"',
  '–': '-',
  '—': '-',
  '‐': '-',
  '−': '-',
  '…': '...',
  '€': 'EUR',
  '£': 'GBP',
  '\u00a0': ' ',
  '\u2009': ' ',
  '\u202f': ' ',
  '™': '(TM)',
  '®': '(R)',
  '©': '(C)',
  '×': 'x',
  '°': ' deg',
  '½': '1/2',
  '¼': '1/4',
  '¾': '3/4',
};

/** A test for characters that may not be written: separators, control characters, what the set lacks. */
export function forbiddenIn(separators: Separators, set: CharacterSet): RegExp {
  const { element, component, repetition, segment } = separators;
  const cutting = [element, component, repetition ?? element, segment].map((byte) => String.fromCharCode(byte));
  const ascii = Array.from({ length: 95 }, (_, n) => String.fromCharCode(32 + n));
  const allowed = ascii.filter((sign) => !cutting.includes(sign) && (set === 'extended' || BASIC.includes(sign)));
  return new RegExp(`[^${allowed.map((sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}]`);
}

/**
 * Text in the characters of a set by the fixed table: accents fall off, `ß` is `ss`, typographic quotes and dashes are
 * plain ones; for the basic set small letters become capitals. What has no place in the table stays, and is refused.
 */
export function transliterated(text: string, set: CharacterSet): string {
  const plain = Array.from(text.normalize('NFD'), (sign) => WRITTEN_AS[sign] ?? sign)
    .join('')
    .replace(/\p{Mn}/gu, '');
  return set === 'basic' ? plain.toUpperCase() : plain;
}
