import type { Release } from '../schema/release.js';
import { loop, many, transactionSet, type DocumentOf } from '../schema/set.js';
import type { Source } from '../schema/source.js';
import { AK1, AK2, AK3, AK4, AK5, AK9 } from '../segments/acknowledgements.js';
import { tellTotal } from './totals.js';

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

/** A functional acknowledgement (997), as it is read and written. */
export type FunctionalAcknowledgement = DocumentOf<typeof functionalAcknowledgement>;

/** A transaction as a 997 answers it. */
export type AnsweredTransaction = FunctionalAcknowledgement['transactions'][number];

/** A segment in error as a 997 names it. */
export type SegmentError = AnsweredTransaction['segments'][number];

/** Results by which a set is taken: accepted, with errors noted or not. */
const TAKEN: readonly string[] = ['A', 'E'];

/**
 * AK9 says of the sets what their own answers say, and the counts what AK901 says. A set that was accepted needs no
 * answer of its own, so there may be fewer answers than sets. Warnings: an acknowledgement is not acknowledged.
 */
export function checkFunctionalAcknowledgement(answer: FunctionalAcknowledgement, source: Source): void {
  const { transactions, result } = answer;
  const [received, accepted] = [Number(result.received), Number(result.accepted)];
  const taken = transactions.filter(({ result: of }) => TAKEN.includes(of.result)).length;
  const tell = (element: number, message: string): void => tellTotal(source, 'AK9', element, message, 'warning');
  if (transactions.length > received) tell(3, `AK903 is ${received}; ${transactions.length} sets are answered`);
  else if (accepted < taken || accepted > received - (transactions.length - taken))
    tell(4, `AK904 is ${accepted} of ${received}; of ${transactions.length} sets answered ${taken} are accepted`);
  else if (accepted !== received && TAKEN.includes(result.result))
    tell(4, `AK904 is ${accepted} of ${received}; AK901 ${result.result} accepts all`);
  else if (accepted !== 0 && result.result === 'R') tell(4, `AK904 is ${accepted}; AK901 R accepts none`);
  if (Number(result.included) < received && transactions.length > Number(result.included))
    tell(2, `AK902 is ${result.included}; ${transactions.length} sets are answered`);
}
