import { fault, type Fault } from './faults.js';
import type { GroupHeader, InterchangeHeader } from './items.js';
import type { Limits } from './limits.js';
import { elementAt, offsetOf, segmentsIn, type Spelling } from './syntax/spelling.js';

/** What makes an interchange the same one: its parties and its number (facts/amazon-vendor.md 4.4). */
export const interchangeKey = ({
  senderQualifier,
  sender,
  receiverQualifier,
  receiver,
  controlNumber,
  usage,
}: InterchangeHeader): string => [senderQualifier, sender, receiverQualifier, receiver, controlNumber, usage].join('*');

/** ISA13 came before in the file. */
export const repeatedInterchange = ({ controlNumber }: InterchangeHeader, spelling: Spelling): Fault =>
  fault(
    'interchange-number-repeated',
    offsetOf(spelling, 0, 13),
    `ISA13 ${controlNumber} came before in this file, from the same sender`,
    { segmentId: 'ISA', segment: 1, element: 13, value: controlNumber },
  );

/** The profile does not take files of this usage. */
export const refusedUsage = ({ usage }: InterchangeHeader, spelling: Spelling): Fault =>
  fault('test-in-production', offsetOf(spelling, 0, 15), `ISA15 is ${usage}: such files are refused here`, {
    segmentId: 'ISA',
    segment: 1,
    element: 15,
    value: usage,
  });

/** GS06 came before in the interchange. */
export const repeatedGroup = (spelling: Spelling, { controlNumber }: GroupHeader): Fault =>
  fault('group-number-repeated', offsetOf(spelling, 0, 6), `GS06 ${controlNumber} came before in this interchange`, {
    segmentId: 'GS',
    segment: 1,
    element: 6,
    value: controlNumber,
  });

/** ST02 came before in the group. */
export const repeatedTransaction = (spelling: Spelling, number: string): Fault =>
  fault('transaction-number-repeated', offsetOf(spelling, 0, 2), `ST02 ${number} came before in this group`, {
    segmentId: 'ST',
    segment: 1,
    element: 2,
    value: number,
  });

/** A transaction without GS. */
export const ungroupedFault = (spelling: Spelling, number: string): Fault =>
  fault('group-header-missing', offsetOf(spelling, 0), `transaction ${number} stands outside any group (GS)`, {
    segmentId: 'ST',
    segment: 1,
  });

/** The last segment of a spelling passed the limit. */
export function tooLongFault(spelling: Spelling, bytes: number): Fault {
  const segment = segmentsIn(spelling);
  const tag = elementAt(spelling, segment - 1, 0).slice(0, 20);
  const message = `a segment (${JSON.stringify(tag)}) is longer than ${bytes} bytes; what it stands in is not read`;
  return fault('segment-too-long', offsetOf(spelling, segment - 1), message, { segmentId: tag, segment });
}

/** A transaction passed its limits. */
export const tooLargeFault = (spelling: Spelling, limit: string): Fault =>
  fault('transaction-too-large', offsetOf(spelling, 0), `the transaction has more than ${limit}; it is not read`, {
    segmentId: 'ST',
    segment: 1,
  });

/** The limit that a transaction passes, in words; null if none. */
export function passedLimit(
  { held, count, elements }: { readonly held: number; readonly count: number; readonly elements: number },
  levels: number,
  { transactionBytes, transactionSegments, transactionElements, transactionLevels }: Limits,
): string | null {
  if (held > transactionBytes) return `${transactionBytes} bytes`;
  if (count > transactionSegments) return `${transactionSegments} segments`;
  if (elements > transactionElements) return `${transactionElements} elements`;
  return levels > transactionLevels ? `${transactionLevels} levels (HL)` : null;
}

/** A segment between groups, or between transactions. */
export function strayFault(spelling: Spelling, inGroup: boolean): Fault {
  const tag = elementAt(spelling, 0, 0).slice(0, 20);
  const message = `segment ${JSON.stringify(tag)} stands between ${inGroup ? 'transactions' : 'groups'}, where none may`;
  return fault(inGroup ? 'group-structure' : 'interchange-structure', offsetOf(spelling, 0), message, {
    segmentId: tag,
  });
}

/** The file ends within its last segment. */
export const unterminatedFault = (spelling: Spelling): Fault =>
  fault('segment-unterminated', spelling.offset + spelling.text.length, 'the file ends without a segment terminator', {
    segmentId: elementAt(spelling, 0, 0),
  });

/** What is wrong with a GE, or that there is none. */
export const groupTrailerFaults = (
  spelling: Spelling | null,
  offset: number,
  { controlNumber }: GroupHeader,
  count: number,
): Fault[] =>
  spelling === null
    ? [
        fault('group-trailer-missing', offset, `group ${controlNumber} has no GE; ${count} transactions of it came`, {
          segmentId: 'GE',
        }),
      ]
    : trailerFaults(
        spelling,
        {
          tag: 'GE',
          what: 'transactions',
          header: 'GS06',
          counted: 'transaction-count',
          differs: 'group-number-differs',
        },
        count,
        controlNumber,
      );

/** What is wrong with an IEA, or that there is none. */
export const interchangeTrailerFaults = (
  spelling: Spelling | null,
  offset: number,
  { controlNumber }: InterchangeHeader,
  count: number,
): Fault[] =>
  spelling === null
    ? [
        fault(
          'interchange-trailer-missing',
          offset,
          `interchange ${controlNumber} has no IEA; ${count} groups of it came`,
          { segmentId: 'IEA' },
        ),
      ]
    : trailerFaults(
        spelling,
        { tag: 'IEA', what: 'groups', header: 'ISA13', counted: 'group-count', differs: 'interchange-number-differs' },
        count,
        controlNumber,
      );

interface Trailer {
  readonly tag: 'GE' | 'IEA';
  readonly what: string;
  readonly header: string;
  readonly counted: 'transaction-count' | 'group-count';
  readonly differs: 'group-number-differs' | 'interchange-number-differs';
}

/** A trailer states the count of what it closes, and the number of what it closes. */
function trailerFaults(
  spelling: Spelling,
  { tag, what, header, counted, differs }: Trailer,
  count: number,
  number: string,
): Fault[] {
  const faults: Fault[] = [];
  const [stated, again] = [elementAt(spelling, 0, 1).trim(), elementAt(spelling, 0, 2).trim()];
  const place = (element: number, value: string) => ({ segmentId: tag, segment: 1, element, value });
  if (!/^\d{1,6}$/.test(stated) || Number(stated) !== count)
    faults.push(
      fault(
        counted,
        offsetOf(spelling, 0, 1),
        `${tag}01 is ${JSON.stringify(stated)}; ${count} ${what} came`,
        place(1, stated),
      ),
    );
  if (again !== number)
    faults.push(
      fault(
        differs,
        offsetOf(spelling, 0, 2),
        `${tag}02 is ${JSON.stringify(again)}; ${header} is ${JSON.stringify(number)}`,
        place(2, again),
      ),
    );
  return faults;
}
