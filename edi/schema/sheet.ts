import { forbiddenIn, type CharacterSet } from '../characters.js';
import type { Limits } from '../limits.js';
import type { Separators } from '../syntax/separators.js';
import type { ElementSpec } from './elements.js';

/** A value that cannot be written: what, where, why. */
export interface Refusal {
  /** `lines[3].item.unitPrice` */
  readonly path: string;
  /** `PO104`, or the tag of a segment */
  readonly ref: string;
  readonly message: string;
  readonly value?: string;
}

/** How documents are written. */
export interface SheetOptions {
  readonly separators: Separators;
  readonly characters: CharacterSet;
  /** letters outside the set are replaced by the fixed table of `characters.ts`; else they are refused */
  readonly transliterate: boolean;
  /** agreed currency of amounts, where the document has no CUR */
  readonly currency: string | undefined;
  readonly limits: Limits;
}

/** Refusals that are listed; more are counted. */
export const MOST_REFUSALS = 100;

/** A transaction on its way to bytes: its segments so far, and what was refused. */
export class Sheet {
  readonly separators: Separators;
  readonly characters: CharacterSet;
  readonly transliterate: boolean;
  readonly forbidden: RegExp;
  readonly separator: string;
  currency: string | undefined;
  readonly limits: Limits;
  segments: string[] = [];
  /** elements of all segments, tags among them */
  elements = 0;
  readonly refusals: Refusal[] = [];
  /** where the writing stands: `lines[3]`, `item` */
  readonly path: string[] = [];

  constructor({ separators, characters, transliterate, currency, limits }: SheetOptions) {
    this.separators = separators;
    this.characters = characters;
    this.transliterate = transliterate;
    this.currency = currency;
    this.limits = limits;
    this.separator = String.fromCharCode(separators.element);
    this.forbidden = forbiddenIn(separators, characters);
  }

  /** Puts a segment behind the others; one that no reader takes is refused. */
  put(elements: readonly string[]): void {
    this.segments.push(this.segmentOf(elements));
  }

  private segmentOf(elements: readonly string[]): string {
    const segment = elements.join(this.separator);
    this.elements += elements.length;
    const { segmentBytes } = this.limits;
    if (segment.length >= segmentBytes)
      this.refuse({ ref: elements[0] ?? '' }, undefined, `the segment is longer than ${segmentBytes} bytes`);
    return segment;
  }

  /** Puts segments where they stood, each with the index it is to have; the list is in that order. */
  insert(placed: readonly (readonly [at: number, elements: readonly string[]])[]): void {
    const before = this.segments;
    const all: string[] = [];
    let next = 0;
    for (const [at, elements] of placed) {
      while (next < before.length && all.length < at) all.push(before[next++] ?? '');
      all.push(this.segmentOf(elements));
    }
    while (next < before.length) all.push(before[next++] ?? '');
    this.segments = all;
  }

  /** Refuses a transaction of more than a reader takes; `bytes` is how long it came out. */
  checkSize(bytes: number): void {
    const { transactionBytes, transactionSegments, transactionElements } = this.limits;
    const refuse = (what: string): undefined =>
      this.refuse({ ref: 'ST' }, undefined, `a transaction has at most ${what}`);
    if (bytes > transactionBytes) refuse(`${transactionBytes} bytes`);
    if (this.segments.length + 2 > transactionSegments) refuse(`${transactionSegments} segments`);
    if (this.elements > transactionElements) refuse(`${transactionElements} elements`);
  }

  /** Notes that a value cannot be written. */
  refuse(spec: Pick<ElementSpec, 'ref'>, value: unknown, why: string): undefined {
    if (this.refusals.length >= MOST_REFUSALS) return;
    const shown = typeof value === 'string' ? value.slice(0, 99) : undefined;
    const path = this.path.join('.');
    const found = shown === undefined ? '' : ` is ${JSON.stringify(shown.slice(0, 40))}`;
    this.refusals.push({
      path,
      ref: spec.ref,
      message: `${path === '' ? spec.ref : `${path} (${spec.ref})`}${found}: ${why}`,
      ...(shown === undefined ? {} : { value: shown }),
    });
  }
}
