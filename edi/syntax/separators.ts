/** Separators of an interchange, as bytes. */
export interface Separators {
  readonly element: number;
  readonly component: number;
  /** null before version 00402, where ISA11 is no separator */
  readonly repetition: number | null;
  readonly segment: number;
  /** further bytes, Latin-1, of a terminator that is a letter of several bytes in UTF-8; else empty */
  readonly segmentTail: string;
}

/** The separators of Amazon's guides for 4010 (facts/amazon-vendor.md 1.2), and what a writer uses unless told. */
export const USUAL: Separators = { element: 42, component: 62, repetition: null, segment: 126, segmentTail: '' };
