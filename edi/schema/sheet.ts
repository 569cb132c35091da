import { forbiddenIn, type CharacterSet } from '../characters.js';
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
  segments: string[] = [];
  readonly refusals: Refusal[] = [];
  /** where the writing stands: `lines[3]`, `item` */
  readonly path: string[] = [];

  constructor({ separators, characters, transliterate, currency }: SheetOptions) {
    this.separators = separators;
    this.characters = characters;
    this.transliterate = transliterate;
    this.currency = currency;
    this.separator = String.fromCharCode(separators.element);
    this.forbidden = forbiddenIn(separators, characters);
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
      message: `${path} (${spec.ref})${found}: ${why}`,
      ...(shown === undefined ? {} : { value: shown }),
    });
  }
}
