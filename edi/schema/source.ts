import { fault, RULES, worse, type Fault, type FaultPlace, type Rule, type Severity } from '../faults.js';
import { elementOf, type Spelling, type UnitCuts } from '../syntax/spelling.js';
import type { UnknownSegment } from './values.js';

/** Faults of one transaction that are told one by one. */
export const MOST_FAULTS = 500;

/** What another edition of the standard may well allow: a warning where the schemas are not of the file's own edition. */
const MILDER: ReadonlySet<Rule> = new Set<Rule>([
  'element-too-long',
  'element-too-short',
  'code-not-known',
  'too-many-elements',
  'element-needed',
  'element-excluded',
  'segment-not-in-set',
  'segment-out-of-sequence',
  'segment-too-often',
  'loop-too-often',
]);

/** How a transaction is read. */
export interface HowRead {
  /** index after the last segment of the body */
  readonly end: number;
  /** schemas are of another edition than the file: what differs by edition gets a warning only */
  readonly lenient: boolean;
  /** of amounts, where no CUR names one */
  readonly currency: string | undefined;
}

/** A transaction on its way to a document: its bytes by position, and what is found on the way. */
export class Source implements UnitCuts {
  readonly text: string;
  readonly marks: Int32Array;
  readonly starts: Int32Array;
  readonly tags: Int32Array;
  /** segments, ST and SE among them */
  readonly count: number;
  readonly odd: boolean;
  /** index of the next segment */
  cursor = 1;
  /** index after the last segment of the body */
  readonly end: number;
  readonly faults: Fault[] = [];
  readonly unknown: UnknownSegment[] = [];
  /** faults that were not told one by one, and how bad the worst of them is */
  untold = 0;
  private untoldWorst: Severity = 'note';
  /** a part that must be there is not: there is no document */
  broken = false;
  /** tag that opened the innermost loop */
  loop: string | undefined;
  currency: string | undefined;
  /** segments CUR of loops that name a currency of their own, by the segment that opens the loop; few files have any */
  currencies: Map<number, number> | null = null;

  readonly spelling: Spelling;
  /** schemas are of another edition than the file: what differs by edition gets a warning only */
  readonly lenient: boolean;

  constructor(spelling: Spelling, cuts: UnitCuts, { end, lenient, currency }: HowRead) {
    this.spelling = spelling;
    this.lenient = lenient;
    this.text = spelling.text;
    ({ marks: this.marks, starts: this.starts, tags: this.tags, count: this.count, odd: this.odd } = cuts);
    this.end = end;
    this.currency = currency;
  }

  /** An element as it was sent; empty if it is not there. */
  value(segment: number, element: number): string {
    return elementOf(this.text, this, segment, element);
  }

  /** That there were more faults than are listed. */
  untoldFaults(): Fault[] {
    if (this.untold === 0) return [];
    const message = `${this.untold} more faults in this transaction are not listed`;
    return [fault('more-faults', this.spelling.offset, message, {}, this.untoldWorst)];
  }

  /** Index of the next segment from `from` on with a tag; -1 if there is none. */
  find(tag: number, from: number): number {
    for (let n = from; n < this.count; n++) if (this.tags[n] === tag) return n;
    return -1;
  }

  /** Whether another fault would be counted only: what it takes to place it can be saved. */
  get full(): boolean {
    return this.faults.length >= MOST_FAULTS;
  }

  /** Notes a fault of a segment or of one of its elements. */
  tell(rule: Rule, message: string, segment: number, place: FaultPlace = {}, given?: Severity): void {
    const severity = given ?? (this.lenient && MILDER.has(rule) ? 'warning' : undefined);
    if (this.full) {
      this.untold += 1;
      this.untoldWorst = worse(this.untoldWorst, severity ?? RULES[rule].severity);
      return;
    }
    const at = this.offsetOf(Math.min(segment, this.count - 1), place.element ?? 0);
    const where: FaultPlace = {
      segmentId: place.segmentId ?? (segment < this.count ? this.value(segment, 0) : ''),
      segment: place.segment ?? segment + 1,
      loop: place.loop ?? this.loop,
      element: place.element,
      component: place.component,
      elementNumber: place.elementNumber,
      value: place.value,
    };
    this.faults.push(fault(rule, at, message, where, severity));
  }

  /** Byte of the file that an element begins at; of one that is not there, the last one. */
  private offsetOf(segment: number, element: number): number {
    const [first = 0, behind = 0] = [this.starts[segment], this.starts[segment + 1]];
    return this.spelling.offset + (this.marks[first + Math.min(element, behind - first - 2)] ?? 0) + 1;
  }

  /** Keeps the segment at `segment` as it is. */
  keep(segment: number): void {
    const count = (this.starts[segment + 1] ?? 0) - (this.starts[segment] ?? 0) - 2;
    const elements = Array.from({ length: count }, (_, at) => this.value(segment, at + 1));
    this.unknown.push({ segment: segment + 1, id: this.value(segment, 0), elements });
  }
}
