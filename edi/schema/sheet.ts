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

/** What may be written, made ready once for all transactions of a file. */
export class Alphabet {
  /** the first character of a text that may not be written */
  readonly forbidden: RegExp;
  readonly separator: string;
  readonly options: SheetOptions;
  /** point or minus separate something: then numbers may not hold them */
  readonly cutsNumbers: boolean;
  /** by character of ASCII: 1 where it may be written */
  private readonly allowed = new Uint8Array(128);

  constructor(options: SheetOptions) {
    this.options = options;
    this.separator = String.fromCharCode(options.separators.element);
    this.forbidden = forbiddenIn(options.separators, options.characters);
    this.cutsNumbers = this.forbidden.test('-.');
    for (let code = 0; code < 128; code++) this.allowed[code] = this.forbidden.test(String.fromCharCode(code)) ? 0 : 1;
  }

  /** Whether all of a text may be written. */
  has(text: string): boolean {
    for (let at = 0; at < text.length; at++) if (this.allowed[text.charCodeAt(at)] !== 1) return false;
    return true;
  }
}

/** Tags and elements of ST and SE. */
const ENVELOPE_ELEMENTS = 6;

/** Refusals that are listed; more are counted. */
export const MOST_REFUSALS = 100;

/** A transaction on its way to bytes: its segments so far, and what was refused. */
export class Sheet {
  readonly alphabet: Alphabet;
  readonly separators: Separators;
  readonly characters: CharacterSet;
  readonly transliterate: boolean;
  readonly separator: string;
  currency: string | undefined;
  readonly limits: Limits;
  segments: string[] = [];
  /** elements of all segments, tags among them */
  elements = 0;
  readonly refusals: Refusal[] = [];
  /** where the writing stands: `lines`, 3, `item`; put together only for what is refused */
  readonly path: (string | number)[] = [];

  constructor(alphabet: Alphabet) {
    this.alphabet = alphabet;
    this.separator = alphabet.separator;
    ({
      separators: this.separators,
      characters: this.characters,
      transliterate: this.transliterate,
      currency: this.currency,
      limits: this.limits,
    } = alphabet.options);
  }

  /** Puts a segment behind the others; one that no reader takes is refused. */
  put(elements: readonly (string | undefined)[]): void {
    this.segments.push(this.segmentOf(elements));
  }

  /** Elements joined; those that were left out are empty. */
  private segmentOf(elements: readonly (string | undefined)[]): string {
    let segment = elements[0] ?? '';
    for (let n = 1; n < elements.length; n++) segment += this.separator + (elements[n] ?? '');
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
    if (this.elements + ENVELOPE_ELEMENTS > transactionElements) refuse(`${transactionElements} elements`);
  }

  /** Where the writing stands, `lines[3].item`. */
  get place(): string {
    return this.path
      .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
      .join('')
      .slice(1);
  }

  /** Notes that a value cannot be written. */
  refuse(spec: Pick<ElementSpec, 'ref'>, value: unknown, why: string): undefined {
    if (this.refusals.length >= MOST_REFUSALS) return;
    const shown = typeof value === 'string' ? value.slice(0, 99) : undefined;
    const path = this.place;
    const found = shown === undefined ? '' : ` is ${JSON.stringify(shown.slice(0, 40))}`;
    this.refusals.push({
      path,
      ref: spec.ref,
      message: `${path === '' ? spec.ref : `${path} (${spec.ref})`}${found}: ${why}`,
      ...(shown === undefined ? {} : { value: shown }),
    });
  }
}
