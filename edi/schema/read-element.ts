import type { Rule } from '../faults.js';
import { nameOfByte } from '../syntax/bytes.js';
import type { ElementSpec } from './elements.js';
import type { Source } from './source.js';
import { daysIn } from './values.js';

/** Reads an element of segment `segment`, whose first mark is `first` and which has `count` elements. */
export type ReadElement = (source: Source, segment: number, first: number, count: number) => string | undefined;

/** A reader of one element, made once: text, or undefined when it is not there or cannot be what it should. */
export function elementReader(spec: ElementSpec): ReadElement {
  const { position, min, max } = spec;
  const convert = converterOf(spec);
  const known = spec.codes?.whole === true ? new Set(Object.keys(spec.codes.names)) : null;
  return (source, segment, first, count) => {
    if (position > count) return undefined;
    const from = (source.marks[first + position] ?? 0) + 1;
    const to = source.marks[first + position + 1] ?? 0;
    if (from >= to) return undefined;
    let value = source.text.slice(from, to);
    if (value.charCodeAt(value.length - 1) === 32) {
      value = value.trimEnd();
      if (value === '') return undefined;
    }
    if (source.odd) value = withOddCharacters(source, segment, spec, value);
    if (convert !== null) return convert(source, segment, value);
    if (value.length > max || to - from < min) tellLength(source, segment, spec, value);
    if (known !== null && !known.has(value)) tellCode(source, segment, spec, value);
    return value;
  };
}

/** A reader of one component of a composite element, made once: from its text. */
export function componentReader(spec: ElementSpec): Convert {
  const convert = converterOf(spec);
  const known = spec.codes?.whole === true ? new Set(Object.keys(spec.codes.names)) : null;
  return (source, segment, sent) => {
    const trimmed = sent.trimEnd();
    if (trimmed === '') return undefined;
    const value = source.odd ? withOddCharacters(source, segment, spec, trimmed) : trimmed;
    if (convert !== null) return convert(source, segment, value);
    tellLength(source, segment, spec, value);
    if (known !== null && !known.has(value)) tellCode(source, segment, spec, value);
    return value;
  };
}

type Convert = (source: Source, segment: number, value: string) => string | undefined;

function converterOf(spec: ElementSpec): Convert | null {
  switch (spec.type) {
    case 'AN':
    case 'ID':
      return null;
    case 'DT':
      return (source, segment, value) => dateOf(source, segment, spec, value);
    case 'TM':
      return (source, segment, value) => timeOf(source, segment, spec, value);
    case 'R':
      return (source, segment, value) => decimalOf(source, segment, spec, value);
    case 'N':
      return (source, segment, value) => impliedOf(source, segment, spec, value);
  }
}

function tell(source: Source, segment: number, spec: ElementSpec, rule: Rule, message: string, value: string): void {
  source.tell(rule, `${spec.ref} is ${quoted(value)}: ${message}`, segment, placeOf(spec, value));
}

const placeOf = ({ position, within, number }: ElementSpec, value: string) =>
  within === undefined
    ? { element: position, elementNumber: number, value }
    : { element: within, component: position, elementNumber: number, value };

const quoted = (value: string): string => JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);

function tellLength(source: Source, segment: number, spec: ElementSpec, value: string, length = value.length): void {
  if (length > spec.max)
    tell(source, segment, spec, 'element-too-long', `${length} characters, ${spec.max} are allowed`, value);
  else if (length < spec.min)
    tell(source, segment, spec, 'element-too-short', `${length} characters, ${spec.min} are needed`, value);
}

function tellCode(source: Source, segment: number, spec: ElementSpec, value: string): void {
  const codes = Object.keys(spec.codes?.names ?? {});
  const allowed = codes.length > 12 ? `${codes.slice(0, 12).join(' ')} …` : codes.join(' ');
  tell(source, segment, spec, 'code-not-known', `no code of this element (${allowed})`, value);
}

const CONTROL = /\p{Cc}/u;
const isControl = (value: string): boolean => CONTROL.test(value.replace(/[\u0080-\u009f]/g, ''));
const HIGH = /[\u0080-\u00ff]/;

/** A line end in an element mostly follows a terminator that is not the one of the ISA. */
const controlIn = (value: string, { spelling }: Source): string =>
  /[\r\n]/.test(value)
    ? `a line end stands in it; is the segment before it ended by ${nameOfByte(spelling.separators.segment)}?`
    : 'a control character stands in it; X12 text has none';

/** Control characters, letters beyond ASCII, separators inside a simple element. */
export function withOddCharacters(source: Source, segment: number, spec: ElementSpec, value: string): string {
  const { component, repetition } = source.spelling.separators;
  if (isControl(value)) tell(source, segment, spec, 'character', controlIn(value, source), value);
  for (const separator of [component, repetition])
    if (separator !== null && spec.compound !== true && value.includes(String.fromCharCode(separator))) {
      const message = `it holds the separator ${String.fromCharCode(separator)}; kept as text`;
      source.tell('character', `${spec.ref} is ${quoted(value)}: ${message}`, segment, placeOf(spec, value), 'warning');
    }
  if (!HIGH.test(value)) return value;
  const { text, encoding } = decoded(value);
  tell(source, segment, spec, 'encoding', `letters beyond ASCII, read as ${encoding}`, text);
  return text;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const windows1252 = new TextDecoder('windows-1252');

/** Bytes above 127: strict UTF-8 first, else Windows-1252 (facts/amazon-vendor.md 4.2, encodings). */
export function decoded(latin1: string): { text: string; encoding: 'UTF-8' | 'Windows-1252' } {
  const bytes = Buffer.from(latin1, 'latin1');
  try {
    return { text: utf8.decode(bytes), encoding: 'UTF-8' };
  } catch {
    return { text: windows1252.decode(bytes), encoding: 'Windows-1252' };
  }
}

const digit = (value: string, at: number): number => value.charCodeAt(at) - 48;

function allDigits(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    const d = digit(value, i);
    if (d < 0 || d > 9) return false;
  }
  return true;
}

function dateOf(source: Source, segment: number, spec: ElementSpec, value: string): string | undefined {
  const refuse = (why: string): undefined => {
    tell(source, segment, spec, 'date-not-valid', why, value);
  };
  if (!allDigits(value)) return refuse('a day is written CCYYMMDD');
  let day = value;
  if (value.length === 6) {
    // Until 004010 a date had two digits of the year; 50 and above are of the last century (X12.6, date windows of 1998).
    day = `${value < '500000' ? '20' : '19'}${value}`;
    if (spec.max > 6) tellOldDate(source, segment, spec, value);
  } else if (spec.max === 6) return refuse('a day is written YYMMDD here');
  else if (value.length !== 8) return refuse(`${value.length} digits; a day is written CCYYMMDD`);
  const month = digit(day, 4) * 10 + digit(day, 5);
  const inMonth = digit(day, 6) * 10 + digit(day, 7);
  if (day < '0001' || month < 1 || month > 12 || inMonth < 1 || inMonth > daysIn(Number(day.slice(0, 4)), month))
    return refuse('no such day');
  return `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`;
}

/** Right before 004010; from then on the sender is told, and the century is a guess. */
function tellOldDate(source: Source, segment: number, spec: ElementSpec, value: string): void {
  const message = `${spec.ref} is ${quoted(value)}: two digits of the year, as before release 004010`;
  source.tell('old-date', message, segment, placeOf(spec, value), source.lenient ? 'warning' : 'error');
}

function timeOf(source: Source, segment: number, spec: ElementSpec, value: string): string | undefined {
  const valid =
    allDigits(value) &&
    (value.length === 4 || value.length === 6 || value.length === 7 || value.length === 8) &&
    value < '24' &&
    digit(value, 2) < 6 &&
    (value.length === 4 || digit(value, 4) < 6);
  if (!valid) {
    tell(source, segment, spec, 'time-not-valid', 'a time is written HHMM, HHMMSS or with decimals of a second', value);
    return undefined;
  }
  const minutes = `${value.slice(0, 2)}:${value.slice(2, 4)}`;
  if (value.length === 4) return minutes;
  return `${minutes}:${value.slice(4, 6)}${value.length > 6 ? `.${value.slice(6)}` : ''}`;
}

/** Where a number stops being plain: a sign, a point, a needless zero in front. */
function decimalOf(source: Source, segment: number, spec: ElementSpec, value: string): string | undefined {
  let point = -1;
  const from = value.charCodeAt(0) === 45 ? 1 : 0;
  for (let i = from; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code === 46 && point < 0) point = i;
    else if (code < 48 || code > 57) return refuseNumber(source, segment, spec, value);
  }
  const digits = value.length - from - (point < 0 ? 0 : 1);
  if (digits === 0) return refuseNumber(source, segment, spec, value);
  if (digits > spec.max || digits < spec.min) tellLength(source, segment, spec, value, digits);
  const needless = value.charCodeAt(from) === 48 && value.length > from + 1 && point !== from + 1;
  if (!needless && point !== from && point !== value.length - 1) return value === '-0' ? '0' : value;
  return tidied(value.slice(from), from === 1);
}

/** `007` is `7`, `.5` is `0.5`, `5.` is `5`. */
function tidied(unsigned: string, negative: boolean): string {
  if (unsigned.charCodeAt(0) !== 48 && !unsigned.includes('.')) return negative ? `-${unsigned}` : unsigned;
  const [whole = '', fraction = ''] = unsigned.split('.');
  const number = `${whole.replace(/^0+(?=\d)/, '') || '0'}${fraction === '' ? '' : `.${fraction}`}`;
  return negative && /[1-9]/.test(number) ? `-${number}` : number;
}

function refuseNumber(source: Source, segment: number, spec: ElementSpec, value: string): undefined {
  tell(source, segment, spec, 'number-form', 'a number has digits, at most one point and a minus in front', value);
}

function impliedOf(source: Source, segment: number, spec: ElementSpec, value: string): string | undefined {
  const negative = value.charCodeAt(0) === 45;
  const digits = negative ? value.slice(1) : value;
  if (digits === '' || !allDigits(digits)) {
    const why =
      spec.decimals === 0
        ? 'a whole number is expected'
        : `digits are expected, the last ${spec.decimals} of them decimals`;
    tell(source, segment, spec, 'number-form', why, value);
    return undefined;
  }
  if (digits.length > spec.max || digits.length < spec.min) tellLength(source, segment, spec, value, digits.length);
  if (spec.decimals === 0) return tidied(digits, negative);
  const padded = digits.padStart(spec.decimals + 1, '0');
  return tidied(`${padded.slice(0, -spec.decimals)}.${padded.slice(-spec.decimals)}`, negative);
}
