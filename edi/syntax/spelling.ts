import { isGap } from './bytes.js';
import { Row } from './row.js';
import type { Separators } from './separators.js';

/**
 * The bytes of one part of a file (an envelope segment, a whole transaction) as they were sent. One character of `text`
 * is one byte; nothing is cut out of it until it is asked for.
 */
export interface Spelling {
  /** the bytes, Latin-1, with what stands before the first segment and between segments */
  readonly text: string;
  readonly separators: Separators;
  /** byte of the file that `text` begins at */
  readonly offset: number;
}

/** Where the segments and elements of a spelling begin and end. */
export interface Cuts {
  /** per segment: one before its first byte, each element separator, its end */
  readonly marks: Int32Array;
  /** per segment: index of its first mark; one more at the end */
  readonly starts: Int32Array;
  /** segments there are */
  readonly count: number;
}

/** Where the segments and elements of the unit are, and whether it holds anything but plain text. */
export interface UnitCuts extends Cuts {
  /** per segment: its tag as a number, see `tagKey` */
  readonly tags: Int32Array;
  /** holds control characters, bytes above 126, or component or repetition separators */
  readonly odd: boolean;
}

/** A tag of two or three characters as a number; -1 for what is none, a NUL behind a tag of two among it. */
export const tagKey = (tag: string): number =>
  tag.length < 2 || tag.length > 3 || tag.charCodeAt(2) === 0
    ? -1
    : (tag.charCodeAt(0) << 16) | (tag.charCodeAt(1) << 8) | (tag.length === 3 ? tag.charCodeAt(2) : 0);

const ISA_ELEMENTS = 16;

/**
 * A spelling that remembers its cuts. They are a part of it and no entry of a WeakMap: of a million small segments each
 * entry would outlive its spelling until the whole heap is swept.
 */
export class Spelt implements Spelling {
  readonly text: string;
  readonly separators: Separators;
  readonly offset: number;
  #cuts: Cuts | null = null;

  constructor(text: string, separators: Separators, offset: number) {
    this.text = text;
    this.separators = separators;
    this.offset = offset;
  }

  /** Cut when first asked for. */
  get cuts(): Cuts {
    return (this.#cuts ??= cut(this));
  }
}

const made = new WeakMap<Spelling, Cuts>();

/** Cuts a spelling into segments and elements by position; done once, when first asked for. */
export function cutsOf(spelling: Spelling): Cuts {
  if (spelling instanceof Spelt) return spelling.cuts;
  let cuts = made.get(spelling);
  if (cuts === undefined) made.set(spelling, (cuts = cut(spelling)));
  return cuts;
}

function cut({ text, separators: { element, segment, segmentTail } }: Spelling): Cuts {
  const [marks, starts] = [new Row(24), new Row(2)];
  let at = 0;
  for (;;) {
    while (at < text.length && isGap(text.charCodeAt(at)) && text.charCodeAt(at) !== segment) at++;
    if (at >= text.length) break;
    starts.add(marks.count);
    marks.add(at - 1);
    let code = text.charCodeAt(at);
    // A header goes on to its sixteenth element, also where a line end within it is the terminator.
    const least =
      starts.count === 1 && text.startsWith(`ISA${String.fromCharCode(element)}`, at) ? 1 + ISA_ELEMENTS : 0;
    while (at < text.length && (code !== segment || marks.count < least)) {
      if (code === element) marks.add(at);
      code = text.charCodeAt(++at);
    }
    marks.add(at++);
    if (segmentTail !== '' && text.startsWith(segmentTail, at)) at += segmentTail.length;
  }
  starts.add(marks.count);
  return { marks: marks.all(), starts: starts.all(), count: starts.count - 1 };
}

/** Segments in a spelling. */
export const segmentsIn = (spelling: Spelling): number => cutsOf(spelling).count;

/** Elements of a segment, its tag not counted. */
export function elementsIn(spelling: Spelling, segment: number): number {
  const { starts } = cutsOf(spelling);
  return (starts[segment + 1] ?? 0) - (starts[segment] ?? 0) - 2;
}

/** An element of a segment as it was sent; element 0 is the tag, one that is not there is empty. */
export const elementAt = (spelling: Spelling, segment: number, element: number): string =>
  elementOf(spelling.text, cutsOf(spelling), segment, element);

/** The same of a text and its cuts. */
export function elementOf(text: string, { marks, starts }: Cuts, segment: number, element: number): string {
  const first = starts[segment] ?? 0;
  if (element > (starts[segment + 1] ?? 0) - first - 2) return '';
  return text.slice((marks[first + element] ?? 0) + 1, marks[first + element + 1]);
}

/** Byte of the file that an element begins at. */
export function offsetOf(spelling: Spelling, segment: number, element = 0): number {
  const { marks, starts } = cutsOf(spelling);
  const most = elementsIn(spelling, segment);
  return spelling.offset + (marks[(starts[segment] ?? 0) + Math.min(element, most)] ?? 0) + 1;
}

/** Tag and elements of a segment as they were sent. */
export const valuesOf = (spelling: Spelling, segment: number): string[] =>
  Array.from({ length: elementsIn(spelling, segment) + 1 }, (_, element) => elementAt(spelling, segment, element));

/** The bytes again: elements joined by the separator, and between segments what stood there. */
export function spell(spelling: Spelling): string {
  const { marks, starts, count } = cutsOf(spelling);
  const separator = String.fromCharCode(spelling.separators.element);
  let written = '';
  let end = 0;
  for (let segment = 0; segment < count; segment++) {
    const first = starts[segment] ?? 0;
    written += spelling.text.slice(end, (marks[first] ?? 0) + 1);
    written += valuesOf(spelling, segment).join(separator);
    end = marks[first + elementsIn(spelling, segment) + 1] ?? end;
  }
  return written + spelling.text.slice(end);
}
