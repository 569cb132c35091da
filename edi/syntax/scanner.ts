import { isGap } from './bytes.js';
import { grown } from './row.js';
import { Window } from './window.js';
import type { Separators } from './separators.js';
import { Spelt, type Spelling, type UnitCuts } from './spelling.js';

const ELEMENT = 1;
const TERMINATOR = 2;
const ODD = 3;

/** What the next step over the bytes found. */
export type Step =
  /** more bytes are needed */
  | 'more'
  /** a segment, now the last of the unit */
  | 'segment'
  /** a segment that passes the limit: `close` it, take the unit, and `dropRest` */
  | 'too-long'
  /** the rest of such a segment is gone */
  | 'dropped';

/** A segment that was set aside. */
export interface Aside {
  readonly at: number;
  readonly tag: number;
  readonly marks: Int32Array;
  readonly first: number;
}

/**
 * Walks over bytes as they come and notes where segments and elements end. It holds the bytes of one unit (an envelope
 * segment, or a transaction) and no more: a unit is taken away whole, as a Spelling.
 */
export class Scanner {
  private readonly window = new Window();

  private classes = new Uint8Array(256);
  private separators: Separators;
  private marks = new Int32Array(256);
  private marked = 0;
  private starts = new Int32Array(64);
  private tags = new Int32Array(64);
  private segments = 0;
  private odd = false;
  private within = false;
  private dropping = false;

  private readonly longest: number;

  /** @param longest bytes that a segment may have */
  constructor(separators: Separators, longest: number) {
    this.separators = separators;
    this.longest = longest;
    this.use(separators);
  }

  /** Takes bytes in; what was not taken away yet stays in front of them. */
  add(chunk: Uint8Array): void {
    this.window.add(chunk);
  }

  /** Makes what is kept its own: from now on whoever gave the last bytes may use their memory again. */
  settle(): void {
    this.window.settle();
  }

  private use(separators: Separators): void {
    this.separators = separators;
    const { element, component, repetition, segment } = separators;
    this.classes.fill(0);
    this.classes.fill(ODD, 0, 32);
    this.classes.fill(ODD, 127);
    this.classes[component] = ODD;
    if (repetition !== null) this.classes[repetition] = ODD;
    this.classes[element] = ELEMENT;
    this.classes[segment] = TERMINATOR;
  }

  /** The bytes at hand, and where in them the next segment begins or goes on. */
  look(): { bytes: Uint8Array; at: number; end: number; offset: number } {
    const { bytes, at, end, base } = this.window;
    return { bytes, at, end, offset: base + at };
  }

  /** What the byte that is looked at next is. */
  get byte(): number | undefined {
    return this.window.bytes[this.window.at];
  }

  /** Where in the file that byte stands. */
  get offset(): number {
    return this.window.base + this.window.at;
  }

  /** Bytes held for the unit. */
  get held(): number {
    return this.window.at - this.window.first;
  }

  /** Elements of the unit, tags among them. */
  get elements(): number {
    return this.marked - this.segments;
  }

  /** Segments of the unit. */
  get count(): number {
    return this.segments;
  }

  /** A segment has begun and not ended. */
  get running(): boolean {
    return this.within || this.dropping;
  }

  /** Takes the ISA, which ends at index `end`, as the segment it is, and goes on with its separators. */
  header(separators: Separators, end: number): void {
    this.use(separators);
    this.begin();
    for (let at = this.window.at; at < end; at++)
      if (this.window.bytes[at] === this.separators.element) this.marks[this.marked++] = at - this.window.first;
    this.marks[this.marked++] = end - this.window.first;
    this.window.at = end;
    this.finish();
  }

  /** Tag of the unit's last segment as a number, see `tagKey`. */
  get tag(): number {
    return this.tags[this.segments - 1] ?? -1;
  }

  /** Steps over white space before a segment; false when there is none left to look at. */
  skipGap(): boolean {
    if (this.within) return true;
    const { bytes, end } = this.window;
    let { at } = this.window;
    while (at < end && isGap(bytes[at] ?? 0) && bytes[at] !== this.separators.segment) at++;
    this.window.at = at;
    return at < end;
  }

  /** Steps over bytes that belong to no segment. */
  skipBytes(count: number): void {
    this.window.at += count;
  }

  /** Goes on to the end of the next segment. */
  next(): Step {
    if (this.dropping) return this.drop();
    if (!this.within) this.begin();
    const { window, classes } = this;
    const { bytes, end, first } = window;
    const limit = Math.min(end, first + this.from + this.longest);
    let at = this.window.at;
    let { marked, marks, odd } = this;
    const tail = this.separators.segmentTail.length;
    while (at < limit) {
      const of = classes[bytes[at] ?? 0];
      if (of !== 0) {
        if (of === ODD) odd = true;
        else {
          if (marked + 2 > marks.length) marks = this.marks = grown(marks);
          if (of === TERMINATOR && at + tail >= end) break;
          marks[marked++] = at - first;
          if (of === TERMINATOR) {
            this.marked = marked;
            this.odd = odd;
            this.window.at = at;
            return this.finish();
          }
        }
      }
      at++;
    }
    this.window.at = at;
    this.marked = marked;
    this.odd = odd;
    return at < limit || at >= end ? 'more' : 'too-long';
  }

  /** index of the running segment's first byte, from the unit's first */
  private from = 0;

  private begin(): void {
    this.within = true;
    this.from = this.window.at - this.window.first;
    if (this.segments + 2 > this.starts.length) {
      this.starts = grown(this.starts);
      this.tags = grown(this.tags);
    }
    if (this.marked + 2 > this.marks.length) this.marks = grown(this.marks);
    this.starts[this.segments] = this.marked;
    this.marks[this.marked++] = this.from - 1;
  }

  private finish(): Step {
    this.tags[this.segments] = this.tagOf();
    this.segments += 1;
    this.within = false;
    this.window.at = this.afterTerminator(this.window.at);
    return 'segment';
  }

  private tagOf(): number {
    const index = (this.starts[this.segments] ?? 0) + 1;
    const from = this.window.first + this.from;
    const length = (this.marks[index] ?? 0) - this.from;
    if (length !== 2 && length !== 3) return -1;
    const { bytes } = this.window;
    const two = ((bytes[from] ?? 0) << 16) | ((bytes[from + 1] ?? 0) << 8);
    if (length === 2) return two;
    const third = bytes[from + 2] ?? 0;
    return third === 0 ? -1 : two | third;
  }

  /** Lets bytes go up to the end of the segment that passed the limit. */
  private drop(): Step {
    const { bytes, at, end } = this.window;
    const terminator = bytes.subarray(0, end).indexOf(this.separators.segment, at);
    const { length } = this.separators.segmentTail;
    const cut = terminator >= 0 && length > 0 && terminator + length >= end;
    this.dropping = terminator < 0 || cut;
    this.window.at = terminator < 0 ? end : cut ? terminator : this.afterTerminator(terminator);
    this.forget();
    return this.dropping ? 'more' : 'dropped';
  }

  private afterTerminator(at: number): number {
    const { segmentTail } = this.separators;
    const { bytes } = this.window;
    for (let n = 0; n < segmentTail.length; n++) if (bytes[at + 1 + n] !== segmentTail.charCodeAt(n)) return at + 1;
    return at + 1 + segmentTail.length;
  }

  /** Ends the running segment where it is, without a terminator; false when none runs. */
  close(): boolean {
    if (!this.within) return false;
    this.marks[this.marked++] = this.window.at - this.window.first;
    this.tags[this.segments] = this.tagOf();
    this.segments += 1;
    this.within = false;
    return true;
  }

  /** The rest of a segment that passed the limit is not kept. */
  dropRest(): void {
    this.dropping = true;
  }

  /** The unit's cuts, good until it is taken: views of what the scanner goes on to use. */
  cuts(): UnitCuts {
    this.starts[this.segments] = this.marked;
    return { marks: this.marks, starts: this.starts, tags: this.tags, count: this.segments, odd: this.odd };
  }

  /** Takes the unit away: its segments, and what stands before and between them. */
  take(): Spelling {
    const spelling = this.spelling();
    this.forget();
    return spelling;
  }

  /** The unit's bytes. */
  spelling(): Spelling {
    const { window } = this;
    return new Spelt(window.text(window.first, window.at), this.separators, window.base + window.first);
  }

  /** Leaves the unit's last segment to the next unit; `undo` with what this answers when the unit is taken. */
  setLastAside(): Aside {
    const last = this.segments - 1;
    const cut = this.starts[last] ?? 0;
    const from = this.afterTerminator((this.marks[cut - 1] ?? -1) + this.window.first);
    const { at, first } = this.window;
    const aside = { at, tag: this.tag, marks: this.marks.slice(cut, this.marked), first };
    this.segments = last;
    this.marked = cut;
    this.window.at = from;
    return aside;
  }

  /** Begins the next unit with the segment that was set aside. */
  takeUp({ at, tag, marks, first }: Aside): void {
    const moved = this.window.first - first;
    this.marks.set(marks.map((mark) => mark - moved));
    [this.marked, this.segments, this.window.at] = [marks.length, 1, at];
    this.starts[0] = 0;
    this.tags[0] = tag;
  }

  /** Lets the unit go. */
  forget(): void {
    this.window.first = this.window.at;
    this.marked = 0;
    this.segments = 0;
    this.odd = false;
    this.within = false;
  }
}
