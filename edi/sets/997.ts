import type { Release } from '../schema/release.js';
import { loop, many, transactionSet, type DocumentOf } from '../schema/set.js';
import { AK1, AK2, AK3, AK4, AK5, AK9 } from '../segments/acknowledgements.js';

/** A segment in error and its elements in error. */
const segmentError = (release: Release) => loop({ segment: AK3(release), elements: many(AK4(release), 99) });

/** What is said of a transaction. */
const answered = (release: Release) =>
  loop({ transaction: AK2(release), segments: many(segmentError(release), 999_999), result: AK5() });

/** Functional acknowledgement. */
export const functionalAcknowledgement = (release: Release) =>
  transactionSet(
    { set: '997', release, group: 'FA', name: 'Functional Acknowledgment' },
    { group: AK1(release), transactions: many(answered(release), 999_999), result: AK9() },
  );

export type FunctionalAcknowledgement = DocumentOf<typeof functionalAcknowledgement>;

/** A transaction as a 997 answers it. */
export type AnsweredTransaction = FunctionalAcknowledgement['transactions'][number];

/** A segment in error as a 997 names it. */
export type SegmentError = AnsweredTransaction['segments'][number];
