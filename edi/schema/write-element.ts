import { transliterated } from '../characters.js';
import type { ElementSpec } from './elements.js';
import type { Sheet } from './sheet.js';
import { digitsOf, isDay } from './values.js';

/** Writes a value as the element it is; undefined when it is refused, which the sheet then knows. */
export type WriteElement = (sheet: Sheet, value: unknown) => string | undefined;

/** A writer of one element, made once. What it answers reads back as the same value. */
export function elementWriter(spec: ElementSpec): WriteElement {
  const refuse = (sheet: Sheet, value: unknown, why: string): undefined => sheet.refuse(spec, value, why);
  const convert = CONVERT[spec.type];
  return (sheet, value) => {
    if (typeof value !== 'string') return refuse(sheet, value, 'text is expected');
    return convert(sheet, spec, value, (why) => refuse(sheet, value, why));
  };
}

type Convert = (
  sheet: Sheet,
  spec: ElementSpec,
  value: string,
  refuse: (why: string) => undefined,
) => string | undefined;

const CONVERT: Readonly<Record<ElementSpec['type'], Convert>> = {
  AN: textOf,
  ID: textOf,
  DT: (_sheet, spec, value, refuse) => {
    if (!isDay(value)) return refuse('a day like 2026-03-31 is expected');
    if (spec.max > 6) return value.replaceAll('-', '');
    if (value < '1950' || value >= '2050') return refuse('two digits of a year stand for 1950 to 2049');
    return value.slice(2).replaceAll('-', '');
  },
  TM: (_sheet, spec, value, refuse) => {
    if (!TIME.test(value)) return refuse('a time like 09:30 or 09:30:15 is expected');
    const digits = value.replaceAll(/[:.]/g, '');
    return fits(spec, digits.length, refuse) ? digits : undefined;
  },
  R: (_sheet, spec, value, refuse) => {
    if (!isDecimal(value)) return refuse('a decimal number like 12.50 or -3 is expected');
    return fits(spec, digitsOf(value), refuse) ? value : undefined;
  },
  N: impliedOf,
};

const DECIMAL = /^-?(0|[1-9]\d*)(\.\d+)?$/;
const TIME = /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,2})?)?$/;

/** A minus before nothing but zeros would not come back. */
const isDecimal = (value: string): boolean => DECIMAL.test(value) && !(value.startsWith('-') && !/[1-9]/.test(value));

function fits({ min, max }: ElementSpec, length: number, refuse: (why: string) => undefined): boolean {
  if (length >= min && length <= max) return true;
  refuse(`${length} characters or digits; ${min === max ? max : `${min} to ${max}`} are allowed`);
  return false;
}

function textOf(
  sheet: Sheet,
  spec: ElementSpec,
  given: string,
  refuse: (why: string) => undefined,
): string | undefined {
  let value = given;
  if (sheet.forbidden.test(value)) {
    if (sheet.transliterate) value = transliterated(value, sheet.characters);
    const found = sheet.forbidden.exec(value);
    if (found !== null) return refuse(whyNot(found[0], sheet));
  }
  if (value === '' || value.endsWith(' '))
    return refuse('text is neither empty nor does it end in a blank; leave it out');
  if (!fits(spec, value.length, refuse)) return undefined;
  const { codes } = spec;
  if (codes?.whole === true && !Object.hasOwn(codes.names, value))
    return refuse(`no code of this element (${Object.keys(codes.names).slice(0, 12).join(' ')})`);
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

function impliedOf(
  _sheet: Sheet,
  spec: ElementSpec,
  value: string,
  refuse: (why: string) => undefined,
): string | undefined {
  if (!isDecimal(value)) return refuse('a decimal number is expected');
  const [whole = '', fraction = ''] = value.replace('-', '').split('.');
  if (fraction.length > spec.decimals)
    return refuse(
      spec.decimals === 0 ? 'a whole number is expected' : `${spec.decimals} decimals at most are expected`,
    );
  const digits = `${whole}${fraction.padEnd(spec.decimals, '0')}`.replace(/^0+(?=\d)/, '').padStart(spec.min, '0');
  return fits(spec, digits.length, refuse) ? `${value.startsWith('-') ? '-' : ''}${digits}` : undefined;
}
