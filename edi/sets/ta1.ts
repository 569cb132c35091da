import type { Fault } from '../faults.js';
import { segmentReader } from '../schema/read-segment.js';
import { Source } from '../schema/source.js';
import { TA1 } from '../segments/acknowledgements.js';
import { cutsOf, tagKey, type Spelling } from '../syntax/spelling.js';

/** The TA1 stands between ISA and the first GS: in no group, and in no set. */
export const interchangeAcknowledgement = TA1();
/** What a TA1 says of an interchange. */
export type InterchangeAcknowledgement = Exclude<(typeof interchangeAcknowledgement)['held'], undefined>;

/** A TA1 from its bytes: null if what must be in it is not. */
export function readTa1(spelling: Spelling): {
  acknowledgement: InterchangeAcknowledgement | null;
  faults: readonly Fault[];
} {
  const { marks, starts, count } = cutsOf(spelling);
  const cuts = { marks, starts, count, tags: Int32Array.of(tagKey('TA1')), odd: true };
  const source = new Source(spelling, cuts, { end: 1, lenient: false, currency: undefined });
  const read = segmentReader(interchangeAcknowledgement.segment)(source, 0) as InterchangeAcknowledgement;
  return { acknowledgement: source.broken ? null : read, faults: source.faults };
}
