import { transliterated } from '../characters.js';
import type { ElementSpec } from './elements.js';
import type { Sheet } from './sheet.js';
import { digitsOf, isDay } from './values.js';

/** Writes a value as the element it is; undefined when it is refused, which the sheet then knows. */
export type WriteElement = (sheet: Sheet, value: unknown) => string | undefined;

/** A writer of one element, made once. What it answers reads back as the same value. */
export function elementWriter(spec: ElementSpec): WriteElement {
  const convert = CONVERT[spec.type];
  return (sheet, value) =>
    typeof value === 'string' ? convert(sheet, spec, value) : sheet.refuse(spec, value, 'text is expected');
}

type Convert = (sheet: Sheet, spec: ElementSpec, value: string) => string | undefined;

const CONVERT: Readonly<Record<ElementSpec['type'], Convert>> = {
  AN: textOf,
  ID: textOf,
  DT: (sheet, spec, value) => {
    if (!isDay(value)) return sheet.refuse(spec, value, 'a day like 2026-03-31 is expected');
    if (spec.max > 6) return value.slice(0, 4) + value.slice(5, 7) + value.slice(8);
    if (value < '1950' || value >= '2050')
      return sheet.refuse(spec, value, 'two digits of a year stand for 1950 to 2049');
    return value.slice(2, 4) + value.slice(5, 7) + value.slice(8);
  },
  TM: (sheet, spec, value) => {
    if (!TIME.test(value)) return sheet.refuse(spec, value, 'a time like 09:30 or 09:30:15 is expected');
    const digits = value.replaceAll(':', '').replace('.', '');
    return fits(sheet, spec, value, digits.length) ? digits : undefined;
  },
  R: (sheet, spec, value) => {
    if (!isDecimal(value)) return sheet.refuse(spec, value, 'a decimal number like 12.50 or -3 is expected');
    return fits(sheet, spec, value, digitsOf(value)) ? uncut(sheet, spec, value) : undefined;
  },
  N: impliedOf,
};

const TIME = /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,2})?)?$/;

/**
 * A decimal as the reader answers one: digits, at most one point with digits on both sides, no needless zero in front;
 * a minus only before what is not zero, since it would not come back.
 */
function isDecimal(value: string): boolean {
  const from = value.charCodeAt(0) === MINUS ? 1 : 0;
  let point = value.length;
  let zero = true;
  for (let at = from; at < value.length; at++) {
    const code = value.charCodeAt(at);
    if (code === POINT && point === value.length) point = at;
    else if (code < ZERO || code > NINE) return false;
    else zero &&= code === ZERO;
  }
  if (point === from || point === value.length - 1) return false;
  if (value.charCodeAt(from) === ZERO && point > from + 1) return false;
  return from === 0 || !zero;
}

const [MINUS, POINT, ZERO, NINE] = [45, 46, 48, 57];

function fits(sheet: Sheet, spec: ElementSpec, value: string, length: number): boolean {
  const { min, max } = spec;
  if (length >= min && length <= max) return true;
  const allowed = min === max ? String(max) : `${min} to ${max}`;
  sheet.refuse(spec, value, `${length} characters or digits; ${allowed} are allowed`);
  return false;
}

function textOf(sheet: Sheet, spec: ElementSpec, given: string): string | undefined {
  let value = given;
  if (!sheet.alphabet.has(value)) {
    if (sheet.transliterate) value = transliterated(value, sheet.characters);
    const found = sheet.alphabet.forbidden.exec(value);
    if (found !== null) return sheet.refuse(spec, given, whyNot(found[0], sheet));
  }
  if (value === '' || value.endsWith(' '))
    return sheet.refuse(spec, given, 'text is neither empty nor does it end in a blank; leave it out');
  if (!fits(sheet, spec, given, value.length)) return undefined;
  const { codes } = spec;
  if (codes?.whole === true && !Object.hasOwn(codes.names, value)) {
    const known = Object.keys(codes.names).slice(0, 12).join(' ');
    return sheet.refuse(spec, given, `no code of this element (${known})`);
  }
  return value;
}

function whyNot(sign: string, { separators }: Sheet): string {
  const code = sign.codePointAt(0) ?? 0;
  const { element, component, repetition, segment } = separators;
  const named = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  if ([element, component, repetition, segment].includes(code)) return `it holds the separator ${JSON.stringify(sign)}`;
  if (code < 32 || code === 127) return `it holds the control character ${named}`;
  return `it holds ${JSON.stringify(sign)} (${named}), which the agreed characters lack`;
}

/** A number as it is, unless its own signs would cut it. */
function uncut(sheet: Sheet, spec: ElementSpec, number: string): string | undefined {
  const found = sheet.alphabet.cutsNumbers ? sheet.alphabet.forbidden.exec(number) : null;
  return found === null ? number : sheet.refuse(spec, number, whyNot(found[0], sheet));
}

function impliedOf(sheet: Sheet, spec: ElementSpec, value: string): string | undefined {
  if (!isDecimal(value)) return sheet.refuse(spec, value, 'a decimal number is expected');
  const [whole = '', fraction = ''] = value.replace('-', '').split('.');
  if (fraction.length > spec.decimals) {
    const why = spec.decimals === 0 ? 'a whole number is expected' : `${spec.decimals} decimals at most are expected`;
    return sheet.refuse(spec, value, why);
  }
  const digits = `${whole}${fraction.padEnd(spec.decimals, '0')}`.replace(/^0+(?=\d)/, '').padStart(spec.min, '0');
  if (!fits(sheet, spec, value, digits.length)) return undefined;
  return value.startsWith('-') ? uncut(sheet, spec, `-${digits}`) : digits;
}
