import { fault, type Fault } from '../faults.js';
import { BLANK, CR, isAlphanumeric, LF, nameOfByte } from './bytes.js';
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

/** Whether `ISA` and what may be a separator stand at `at`: no letter, digit or blank. */
export function isHeader(bytes: Uint8Array, at: number, end: number): boolean {
  if (bytes[at] !== 73 || bytes[at + 1] !== 83 || bytes[at + 2] !== 65 || at + 3 >= end) return false;
  const separator = bytes[at + 3] ?? BLANK;
  return separator !== BLANK && !isAlphanumeric(separator);
}

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
  const separators: number[] = [];
  const limit = Math.min(end, at + LONGEST_HEADER);
  for (let i = at + 3; i < limit && separators.length < ELEMENTS; i++) if (bytes[i] === element) separators.push(i);
  const sixteenth = separators[ELEMENTS - 1];
  if (sixteenth === undefined || sixteenth + 4 > end) {
    if (!last && end - at < LONGEST_HEADER + 4) return { kind: 'more' };
    if (!isMeant(bytes, at, end, separators.length)) return { kind: 'text' };
    if (sixteenth === undefined || sixteenth + 2 >= end) return broken(offset, separators.length, end - at);
  }
  return separatorsAt(bytes, at, sixteenth, offset, separators);
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
  const found = JSON.stringify(text(bytes, (positions[14] ?? 0) + 1, positions[15] ?? 0).slice(0, 20));
  const message = `the ISA has fewer than its 16 elements: ${found} stands where ISA15 should, one character`;
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
): Header {
  const element = bytes[at + 3] ?? 0;
  const component = bytes[sixteenth + 1] ?? 0;
  const terminator = bytes[sixteenth + 2] ?? 0;
  const segmentTail = tailOf(bytes, sixteenth + 2);
  const version = text(bytes, (positions[11] ?? 0) + 1, positions[12] ?? 0);
  const repeats = bytes[(positions[10] ?? 0) + 1] ?? 0;
  const repetition = !isAlphanumeric(repeats) && repeats !== 32 && version >= '00402' ? repeats : null;
  const separators = { element, component, repetition, segment: terminator, segmentTail };
  const faults = wrongIn(separators, offset + sixteenth - at);
  const within = faults.length > 0 ? separatorWithin(bytes, at) : 0;
  if (within > 0) return exceeding(within, element, offset);
  if (faults.length > 0 && sixteenth - (positions[14] ?? 0) > 2) return lacking(bytes, positions, offset);
  if (faults.length > 0) return { kind: 'broken', faults };
  const length = sixteenth + 3 - at;
  return {
    kind: 'header',
    end: sixteenth + 2,
    separators,
    faults:
      length === HEADER_LENGTH
        ? []
        : [
            fault(
              'irregular-header',
              offset,
              `the ISA is ${length} bytes long; the standard fixes it at ${HEADER_LENGTH}`,
              {
                segmentId: 'ISA',
              },
            ),
          ],
  };
}

/** Second byte of a terminator that is a letter of two UTF-8 bytes, as `§` is. */
function tailOf(bytes: Uint8Array, at: number): number | null {
  const [first = 0, second = 0] = [bytes[at], bytes[at + 1]];
  return first >= 0xc2 && first <= 0xdf && second >= 0x80 && second <= 0xbf ? second : null;
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
