import { fault, type Fault } from './faults.js';
import type { Numbers } from './numbers.js';
import type { GroupHeader, InterchangeHeader } from './items.js';
import type { Limits } from './limits.js';
import { elementAt, elementsIn, offsetOf, segmentsIn, type Spelling } from './syntax/spelling.js';

/** What makes an interchange the same one: its parties and its number (facts/amazon-vendor.md 4.4). */
export const interchangeKey = ({
  senderQualifier,
  sender,
  receiverQualifier,
  receiver,
  controlNumber,
  usage,
}: InterchangeHeader): string =>
  [senderQualifier, sender, receiverQualifier, receiver, plainNumber(controlNumber), usage].join('*');

/** GS06 and ISA13 are numbers (N0): without the zeros in front, which senders spell in two ways. */
export const plainNumber = (number: string): string =>
  /^0\d+$/.test(number) ? number.replace(/^0+(?=\d)/, '') : number;

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

/**
 * Segments of the interchange's own that may stand before its groups, and how many elements they have (X12.5): they ask for
 * services nobody offers any more.
 */
const SERVICES: ReadonlyMap<string, number> = new Map([
  ['ISB', 1],
  ['ISE', 3],
  ['TA3', 23],
]);

/** A segment between groups, or between transactions. */
export function strayFaults(spelling: Spelling, inGroup: boolean): Fault[] {
  const tag = elementAt(spelling, 0, 0).slice(0, 20);
  const most = inGroup ? undefined : SERVICES.get(tag);
  if (most !== undefined) return elementsIn(spelling, 0) > most ? [mergedFault(spelling, tag, most)] : [];
  if (tag === '' && elementsIn(spelling, 0) === 0)
    return [fault('segment-empty', offsetOf(spelling, 0), 'a segment without anything in it', { segmentId: tag })];
  const message = `segment ${JSON.stringify(tag)} stands between ${inGroup ? 'transactions' : 'groups'}, where none may`;
  const rule = inGroup ? 'group-structure' : 'interchange-structure';
  return [fault(rule, offsetOf(spelling, 0), message, { segmentId: tag })];
}

/** A segment of service that has swallowed the next one. */
function mergedFault(spelling: Spelling, tag: string, most: number): Fault {
  const message = `${tag} has ${elementsIn(spelling, 0)} elements; ${most} ${most === 1 ? 'is' : 'are'} allowed`;
  return fault('interchange-structure', offsetOf(spelling, 0, most + 1), message, { segmentId: tag }, 'error');
}

/** A TA1 behind a group: X12.5 has it before the first. It is used all the same. */
export const lateFaults = (spelling: Spelling, groups: number): Fault[] =>
  groups === 0
    ? []
    : [
        fault(
          'interchange-structure',
          offsetOf(spelling, 0),
          `a TA1 stands behind ${groups === 1 ? 'a group' : `${groups} groups`}; its place is before the first`,
          { segmentId: 'TA1' },
          'warning',
        ),
      ];

/** The file ends within its last segment. */
export const unterminatedFault = (spelling: Spelling): Fault =>
  fault(
    'segment-unterminated',
    spelling.offset + spelling.text.trimEnd().length,
    'the file ends without a segment terminator',
    {
      segmentId: elementAt(spelling, 0, 0),
    },
  );

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
          structure: 'group-structure',
        },
        count,
        controlNumber,
      );

/** What is open, how many it held so far, and their numbers. */
export interface Open<Header> {
  readonly header: Header;
  count: number;
  /** of an interchange: something came in it beside groups */
  holds?: boolean;
  readonly numbers: Numbers;
}

/** What is wrong with an IEA, or that there is none. One that rightly counts no group has a TA1 at least. */
export function interchangeTrailerFaults(
  spelling: Spelling | null,
  offset: number,
  { header: { controlNumber }, count, holds = false }: Open<InterchangeHeader>,
): Fault[] {
  const place = { segmentId: 'IEA' };
  if (spelling === null) {
    const message = `interchange ${controlNumber} has no IEA; ${count} groups of it came`;
    return [fault('interchange-trailer-missing', offset, message, place)];
  }
  const of = {
    tag: 'IEA',
    what: 'groups',
    header: 'ISA13',
    counted: 'group-count',
    differs: 'interchange-number-differs',
    structure: 'interchange-structure',
  } as const;
  const faults = trailerFaults(spelling, of, count, controlNumber);
  if (count > 0 || holds || faults.some(({ rule }) => rule === 'group-count')) return faults;
  const message = `interchange ${controlNumber} holds neither a group nor a TA1`;
  return [...faults, fault('interchange-empty', offsetOf(spelling, 0), message, { ...place, segment: 1 })];
}

interface Trailer {
  readonly tag: 'GE' | 'IEA';
  readonly what: string;
  readonly header: string;
  readonly counted: 'transaction-count' | 'group-count';
  readonly differs: 'group-number-differs' | 'interchange-number-differs';
  readonly structure: 'group-structure' | 'interchange-structure';
}

/** A trailer states the count of what it closes, and the number of what it closes. */
function trailerFaults(
  spelling: Spelling,
  { tag, what, header, counted, differs, structure }: Trailer,
  count: number,
  number: string,
): Fault[] {
  const faults: Fault[] = [];
  const [stated, again] = [elementAt(spelling, 0, 1).trim(), elementAt(spelling, 0, 2).trim()];
  const place = (element: number, value: string) => ({ segmentId: tag, segment: 1, element, value });
  if (elementsIn(spelling, 0) > 2) {
    const more = elementAt(spelling, 0, 3);
    const [rule, message] =
      more === ''
        ? (['trailing-separators', `element separators after ${tag}02`] as const)
        : ([structure, `${tag} has more than its two elements`] as const);
    faults.push(fault(rule, offsetOf(spelling, 0, 3), message, place(3, more), more === '' ? undefined : 'error'));
  }
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
        sameNumber(again, number) ? 'warning' : undefined,
      ),
    );
  return faults;
}

/** The same number with other zeros in front. */
const sameNumber = (one: string, other: string): boolean =>
  /^\d{1,9}$/.test(one) && /^\d{1,9}$/.test(other) && plainNumber(one) === plainNumber(other);
