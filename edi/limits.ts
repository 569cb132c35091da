/** What a reader takes at most; more is a fault, and the reader goes on behind it. */
export interface Limits {
  /** bytes of a segment */
  readonly segmentBytes: number;
  /** bytes of a transaction */
  readonly transactionBytes: number;
  /** segments of a transaction */
  readonly transactionSegments: number;
  /** elements of a transaction, tags among them */
  readonly transactionElements: number;
  /** HL levels of a transaction */
  readonly transactionLevels: number;
  /** transactions of a group, groups of an interchange, interchanges of a file whose numbers are compared */
  readonly numbersKept: number;
}

/** Enough for an order of a hundred thousand lines. */
export const LIMITS: Limits = {
  segmentBytes: 64 * 1024,
  transactionBytes: 8 * 1024 * 1024,
  transactionSegments: 200_000,
  transactionElements: 2_000_000,
  transactionLevels: 20_000,
  numbersKept: 100_000,
};
