import { fault, type Fault } from '../faults.js';
import { BLANK, CR, isAlphanumeric, isGap, LF, nameOfByte, TAB } from './bytes.js';
import type { Separators } from './separators.js';

/** Characters of an ISA as the standard has it: 16 elements of fixed length, component separator, terminator. */
export const HEADER_LENGTH = 106;
/** No header is looked for beyond this many bytes: padding that was doubled still is one. */
export const LONGEST_HEADER = 256;
const ELEMENTS = 16;

/** How an interchange begins: where its ISA ends, its separators, and what is wrong with them. */
export type Header =
  | { readonly kind: 'more' }
  /** it is text in which the letters ISA stand */
  | { readonly kind: 'text' }
  | { readonly kind: 'broken'; readonly faults: readonly Fault[] }
  | {
      readonly kind: 'header';
      /** index of the terminator */
      readonly end: number;
      readonly separators: Separators;
      readonly faults: readonly Fault[];
    };

/** Bytes by which an interchange is known to begin: ISA, the element separator, ISA01, the separator again. */
export const HEADER_BEGINNING = 7;

/** The letter I, by which it begins. */
export const HEADER_LETTER = 73;

/** Whether `ISA` and a separator stand at `at`; a blank or line end only where it separates again, for that is no prose. */
export function isHeader(bytes: Uint8Array, at: number, end: number): boolean {
  if (bytes[at] !== HEADER_LETTER || bytes[at + 1] !== 83 || bytes[at + 2] !== 65 || at + 3 >= end) return false;
  const separator = bytes[at + 3] ?? BLANK;
  if (!isGap(separator)) return !isAlphanumeric(separator);
  return at + 6 < end && bytes[at + 6] === separator && isDigit(bytes[at + 4]) && isDigit(bytes[at + 5]);
}

const isDigit = (byte = 0): boolean => byte >= 48 && byte <= 57;

/** Signs that follow a word in prose: at the very end of a file they are no separators. */
const PROSE = new Set(Buffer.from('.,;:!?)]"\'-/\r\n'));

/** Separators of a header that is so broken that ISA01 does not end where it should. */
const ENOUGH = 12;

/**
 * Whether somebody meant a header, and not the word: ISA01 has two characters, and a separator stands behind it; or there
 * are so many separators that one of them may have been damaged.
 */
const isMeant = (bytes: Uint8Array, at: number, end: number, found: number): boolean =>
  at + 6 >= end ? !PROSE.has(bytes[at + 3] ?? 0) : bytes[at + 6] === bytes[at + 3] || found >= ENOUGH;

/**
 * Reads the separators out of an ISA at `at` (facts/amazon-vendor.md 4.2.3 to 4.2.6): the element separator is its
 * fourth byte, component separator and terminator are the two bytes after the sixteenth. `last` says that no byte
 * follows `end`.
 */
export function headerAt(bytes: Uint8Array, at: number, end: number, offset: number, last: boolean): Header {
  const element = bytes[at + 3] ?? 0;
  if (isGap(element) && element !== TAB) {
    const message = `the element separator behind ISA is ${nameOfByte(element)}; a blank or line end cannot separate`;
    return { kind: 'broken', faults: [fault('element-separator', offset + 3, message, { segmentId: 'ISA' })] };
  }
  const separators: number[] = [];
  const limit = Math.min(end, at + LONGEST_HEADER);
  for (let i = at + 3; i < limit && separators.length < ELEMENTS; i++) if (bytes[i] === element) separators.push(i);
  const sixteenth = separators[ELEMENTS - 1];
  if (sixteenth === undefined || sixteenth + 5 > end) {
    if (!last && end - at < LONGEST_HEADER + 5) return { kind: 'more' };
    if (!isMeant(bytes, at, end, separators.length)) return { kind: 'text' };
    if (sixteenth === undefined || sixteenth + 2 >= end) return broken(offset, separators.length, end - at);
  }
  const firstLine = endOfFirstLine(bytes, sixteenth, end);
  if (firstLine === 'more' && !last) return { kind: 'more' };
  return separatorsAt(bytes, at, sixteenth, offset, separators, firstLine);
}

/**
 * Where lines end a header's segments: index of the end of the segment after it, within reach; null where they do not.
 */
function endOfFirstLine(bytes: Uint8Array, sixteenth: number, end: number): number | 'more' | null {
  const terminator = bytes[sixteenth + 2] ?? 0;
  if (terminator !== LF && terminator !== CR) return null;
  const from = sixteenth + 4;
  const reach = from + LONGEST_HEADER;
  const at = bytes.subarray(0, Math.min(end, reach)).indexOf(terminator, from);
  if (at >= 0) return at;
  return end < reach ? 'more' : null;
}

/**
 * ISA16 is not there: what stands in its place ends this segment and, before each line end, the next. There is no
 * component separator then, and the sign is the terminator.
 */
function lacksComponent(bytes: Uint8Array, sixteenth: number, firstLine: number | 'more' | null): boolean {
  if (typeof firstLine !== 'number') return false;
  const lastOfLine = bytes[firstLine - 1] === CR ? firstLine - 2 : firstLine - 1;
  return lastOfLine > sixteenth + 4 && bytes[lastOfLine] === bytes[sixteenth + 1];
}

function broken(offset: number, found: number, length: number): Header {
  const message =
    found < ELEMENTS
      ? `the ISA has ${found} of its 16 elements${length < LONGEST_HEADER ? ' and the file ends there' : ` within ${LONGEST_HEADER} bytes`}`
      : 'the file ends within the ISA, before its segment terminator';
  return { kind: 'broken', faults: [fault('header-broken', offset, message, { segmentId: 'ISA' })] };
}

/** The sixteenth separator is not the ISA's own: ISA15 is one character, and this is what stands in its place. */
function lacking(bytes: Uint8Array, positions: readonly number[], offset: number): Header {
  const group = positions.findIndex(
    (from, n) => n > 0 && /[^A-Za-z0-9 ]\s*GS$/.test(text(bytes, (positions[n - 1] ?? 0) + 1, from)),
  );
  const found = JSON.stringify(text(bytes, (positions[14] ?? 0) + 1, positions[15] ?? 0).slice(0, 20));
  const message =
    group > 0
      ? `the ISA has ${group} of its 16 elements, then a GS follows`
      : `the ISA has fewer than its 16 elements: ${found} stands where ISA15 should, one character`;
  return { kind: 'broken', faults: [fault('header-broken', offset, message, { segmentId: 'ISA' })] };
}

/** Where the separators of a standard ISA stand, from its first byte. */
const PLACES = [3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103];

/**
 * The element of an ISA of standard length within which another separator stands; 0 if that is not what is wrong: all
 * separators stand where they should, and one more before the last of them.
 */
function separatorWithin(bytes: Uint8Array, at: number): number {
  if (!PLACES.every((place) => bytes[at + place] === bytes[at + 3])) return 0;
  const last = PLACES.at(-1) ?? 0;
  for (let place = 3; place < last; place++)
    if (bytes[at + place] === bytes[at + 3] && !PLACES.includes(place)) return PLACES.findIndex((one) => one > place);
  return 0;
}

function exceeding(within: number, separator: number, offset: number): Header {
  const ref = `ISA${String(within).padStart(2, '0')}`;
  const message = `the element separator ${nameOfByte(separator)} stands within ${ref}: what follows cannot be told apart`;
  const place = { segmentId: 'ISA', segment: 1, element: within };
  return { kind: 'broken', faults: [fault('header-broken', offset + (PLACES[within - 1] ?? 0) + 1, message, place)] };
}

function separatorsAt(
  bytes: Uint8Array,
  at: number,
  sixteenth: number,
  offset: number,
  positions: readonly number[],
  firstLine: number | 'more' | null,
): Header {
  const element = bytes[at + 3] ?? 0;
  const component = bytes[sixteenth + 1] ?? 0;
  const terminator = bytes[sixteenth + 2] ?? 0;
  const segmentTail = tailOf(bytes, sixteenth + 2);
  const version = text(bytes, (positions[11] ?? 0) + 1, positions[12] ?? 0);
  const repeats = bytes[(positions[10] ?? 0) + 1] ?? 0;
  const repetition = !isAlphanumeric(repeats) && repeats !== 32 && version >= '00402' ? repeats : null;
  const separators = { element, component, repetition, segment: terminator, segmentTail };
  if (lacksComponent(bytes, sixteenth, firstLine) && wrongIn({ ...separators, segment: 0 }, 0).length === 0)
    return withoutComponent({ ...separators, segment: component, segmentTail: '' }, sixteenth, offset - at);
  const faults = wrongIn(separators, offset + sixteenth - at);
  const within = faults.length > 0 ? separatorWithin(bytes, at) : 0;
  if (within > 0) return exceeding(within, element, offset);
  if (faults.length > 0 && sixteenth - (positions[14] ?? 0) > 2) return lacking(bytes, positions, offset);
  if (faults.length === 0) faults.push(...terminatorWithin(bytes.subarray(at, sixteenth), terminator, offset));
  if (faults.some(({ severity }) => severity === 'fatal')) return { kind: 'broken', faults };
  const length = sixteenth + 3 - at;
  if (length !== HEADER_LENGTH) {
    const message = `the ISA is ${length} bytes long; the standard fixes it at ${HEADER_LENGTH}`;
    faults.push(fault('irregular-header', offset, message, { segmentId: 'ISA' }));
  }
  return { kind: 'header', end: sixteenth + 2, separators, faults };
}

/** The terminator stands in the ISA itself: a line end where lines were wrapped; of any other nobody can say where it ends. */
function terminatorWithin(header: Uint8Array, terminator: number, offset: number): Fault[] {
  const at = header.indexOf(terminator);
  if (at < 0) return [];
  const wrapped = terminator === LF || terminator === CR;
  const message = wrapped
    ? `a line end stands within the ISA, and line ends end the segments: the line was wrapped`
    : `the segment terminator ${nameOfByte(terminator)} stands within the ISA too`;
  return [fault('segment-terminator', offset + at, message, { segmentId: 'ISA' }, wrapped ? 'error' : 'fatal')];
}

/** An ISA that goes on to its fifteenth element only. */
function withoutComponent(separators: Separators, sixteenth: number, base: number): Header {
  const sign = nameOfByte(separators.segment);
  const message = `ISA16 is missing: ${sign} stands in its place and ends the segments; there is no component separator`;
  const place = { segmentId: 'ISA', segment: 1, element: 16 };
  return {
    kind: 'header',
    end: sixteenth + 1,
    separators,
    faults: [fault('component-separator', base + sixteenth + 1, message, place, 'error')],
  };
}

/** Further bytes of a terminator that is a letter of two or three UTF-8 bytes, as `§` and `…` are. */
function tailOf(bytes: Uint8Array, at: number): string {
  const [first = 0, second = 0, third = 0] = bytes.subarray(at, at + 3);
  const goesOn = (byte: number): boolean => byte >= 0x80 && byte <= 0xbf;
  if (first >= 0xc2 && first <= 0xdf && goesOn(second)) return text(bytes, at + 1, at + 2);
  return first >= 0xe0 && first <= 0xef && goesOn(second) && goesOn(third) ? text(bytes, at + 1, at + 3) : '';
}

const text = (bytes: Uint8Array, from: number, to: number): string => String.fromCharCode(...bytes.subarray(from, to));

/** Separators differ from each other and are no letter, digit or blank. */
function wrongIn({ element, component, repetition, segment }: Separators, offset: number): Fault[] {
  const faults: Fault[] = [];
  const refuse = (rule: 'component-separator' | 'segment-terminator' | 'repetition-separator', message: string) =>
    faults.push(fault(rule, offset, message, { segmentId: 'ISA' }));
  const plain = (byte: number): boolean => isAlphanumeric(byte) || byte === 32;
  if (plain(component) || component === LF || component === CR)
    refuse(
      'component-separator',
      `the component separator (ISA16) is ${nameOfByte(component)}; a letter, digit, blank or line end cannot separate`,
    );
  if (plain(segment))
    refuse(
      'segment-terminator',
      `the segment terminator after ISA16 is ${nameOfByte(segment)}; a letter, digit or blank cannot end a segment`,
    );
  if (component === element)
    refuse('component-separator', `component separator and element separator are both ${nameOfByte(element)}`);
  if (segment === element || segment === component)
    refuse(
      'segment-terminator',
      `the segment terminator ${nameOfByte(segment)} is also the ${segment === element ? 'element' : 'component'} separator`,
    );
  if (repetition !== null && [element, component, segment].includes(repetition))
    refuse(
      'repetition-separator',
      `the repetition separator (ISA11) ${nameOfByte(repetition)} is another separator too`,
    );
  return faults;
}
