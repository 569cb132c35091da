import type { Fault, Rule } from '../faults.js';
import { judged, type Profile } from '../profile.js';
import type { GroupHeader, InterchangeHeader, Transaction } from '../items.js';
import { checkDocument, isFormer, setFor, type Document } from '../sets/index.js';
import { BLANK, TAB } from '../syntax/bytes.js';
import type { Spelling, UnitCuts } from '../syntax/spelling.js';
import type { Release } from './release.js';
import type { SetSpec } from './set.js';
import { readBody, tellNoSegment, TAG } from './read-set.js';
import { Source } from './source.js';

/** Where a transaction stands, and how its bytes ended. */
export interface Standing {
  readonly interchange: InterchangeHeader;
  readonly group: GroupHeader | null;
  /** the last segment is its SE */
  readonly closed: boolean;
  /** it passed a limit: beyond its ST nothing of it is looked at */
  readonly unread: boolean;
  /** what the envelope found wrong with it */
  readonly faults: readonly Fault[];
}

/** Functional identifier of the group that a set belongs in (X12 element 479), of the sets that are not typed too. */
const GROUP_OF: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '810': 'IN',
    '812': 'CD',
    '820': 'RA',
    '824': 'AG',
    '830': 'PS',
    '832': 'SC',
    '834': 'BE',
    '835': 'HP',
    '837': 'HC',
    '840': 'RQ',
    '843': 'RR',
    '846': 'IB',
    '850': 'PO',
    '852': 'PD',
    '855': 'PR',
    '856': 'SH',
    '860': 'PC',
    '862': 'SS',
    '864': 'TX',
    '865': 'CA',
    '866': 'SQ',
    '940': 'OW',
    '943': 'AR',
    '944': 'RE',
    '945': 'SW',
    '997': 'FA',
    '999': 'FA',
  }),
);

/** Why a set does not belong in the group it stands in, or null. Of other sets and other groups nothing is known. */
function strangeTo(set: string, { functionalId }: GroupHeader): string | null {
  const wanted = GROUP_OF.get(set);
  if (wanted === functionalId) return null;
  if (wanted !== undefined) return `set ${set} belongs in a group ${wanted}; this one is ${functionalId}`;
  const sets = [...GROUP_OF.keys()].filter((one) => GROUP_OF.get(one) === functionalId);
  if (sets.length === 0 || !/^\d{3}$/.test(set)) return null;
  return `a group ${functionalId} holds sets ${sets.join(', ')}; this one is ${set}`;
}

/** A transaction from its bytes. It throws nothing: what is wrong with it is in its faults. */
export function transactionOf(spelling: Spelling, cuts: UnitCuts, standing: Standing, profile: Profile): Transaction {
  const { interchange, group, closed, unread } = standing;
  const release = group?.release;
  const source = new Source(spelling, cuts, {
    end: cuts.count - (closed ? 1 : 0),
    lenient: release?.exact !== true,
    currency: profile.currency,
  });
  const set = source.value(0, 1).trim();
  const controlNumber = source.value(0, 2).trim();
  checkEnvelope(source, set, controlNumber, standing);
  const document = unread ? null : bodyOf(set, release?.used ?? '004010', source);
  const told = standing.faults.length > 0 || source.faults.length > 0;
  const faults = told ? faultsOf(standing, source, profile) : [];
  const usable = closed && !source.broken && !(told && faults.some(({ severity }) => severity === 'fatal'));
  return {
    kind: 'transaction',
    set,
    controlNumber,
    interchange,
    group,
    document: usable ? document : null,
    faults,
    spelling,
  };
}

const faultsOf = (standing: Standing, source: Source, profile: Profile): Fault[] =>
  judged([...standing.faults, ...source.faults, ...source.untoldFaults()], profile);

function bodyOf(set: string, release: Release, source: Source): Document | null {
  checkIndent(source);
  const spec = isFormer(set, source) ? null : setFor(set, release);
  return spec === null ? unknownSet(source, set) : documentOf(spec, source);
}

function documentOf(spec: SetSpec, source: Source): Document {
  const document = readBody(spec, source) as unknown as Document;
  if (!source.broken) checkDocument(document, source);
  return document;
}

function unknownSet(source: Source, set: string): null {
  const message = `set ${set} is read segment by segment; this library has no schema for it`;
  if (/^\d{3}$/.test(set)) source.tell('set-not-known', message, 0, { element: 1, value: set });
  for (let n = 1; n < source.end; n++) {
    const tag = source.value(n, 0);
    if (tag === '' && source.starts[n + 1] === (source.starts[n] ?? 0) + 2)
      source.tell('segment-empty', 'a segment without anything in it', n);
    else if (!TAG.test(tag)) tellNoSegment(source, n, tag);
  }
  return null;
}

/** Segments that begin with blanks, which the standard does not have: told once, at the first of them. */
function checkIndent(source: Source): void {
  const { text, marks, starts, count, spelling } = source;
  const indented = (n: number): boolean => {
    const before = text.charCodeAt(marks[starts[n] ?? 0] ?? 0);
    return before === BLANK || (before === TAB && spelling.separators.segment !== TAB);
  };
  for (let n = 0; n < count; n++) {
    if (!indented(n)) continue;
    source.tell('segment-indented', 'blanks stand before segments; they are left out', n);
    return;
  }
}

/** ST and SE have no more elements than theirs, as a segment that swallowed the next one would. */
function checkMost(source: Source, segment: number, allowed: number): void {
  const count = (source.starts[segment + 1] ?? 0) - (source.starts[segment] ?? 0) - 2;
  let last = count;
  while (last > 0 && source.value(segment, last) === '') last--;
  const place = { element: Math.min(last, allowed) + 1 };
  if (last > allowed) source.tell('too-many-elements', `${last} elements; ${allowed} are allowed`, segment, place);
  else if (last < count)
    source.tell('trailing-separators', `element separators after the last element (${count - last})`, segment, place);
}

/** Segments without anything in them. They are told as such; whether SE01 counts them is the sender's choice. */
function emptiesIn({ tags, marks, starts, count }: Source): number {
  let empty = 0;
  for (let n = 0; n < count; n++) {
    const first = starts[n] ?? 0;
    if (tags[n] === -1 && (starts[n + 1] ?? 0) - first === 2 && (marks[first + 1] ?? 0) - (marks[first] ?? 0) === 1)
      empty += 1;
  }
  return empty;
}

/** ST and SE: the set, its number, and the count of its segments. */
function checkEnvelope(source: Source, set: string, number: string, { group, closed, unread }: Standing): void {
  if (!/^\d{3}$/.test(set))
    tellEnvelope(source, 'set-identifier', 0, 1, `ST01 is ${JSON.stringify(set)}: three digits are expected`);
  if (!/^[ -~]{4,9}$/.test(number))
    tellEnvelope(
      source,
      'transaction-number',
      0,
      2,
      `ST02 is ${JSON.stringify(number)}: four to nine characters are expected`,
    );
  checkMost(source, 0, group?.release.given === '004010' ? 2 : 3);
  const strange = group === null ? null : strangeTo(set, group);
  if (strange !== null) tellEnvelope(source, 'set-not-in-group', 0, 1, strange);
  if (closed && !unread) checkTrailer(source, number);
  else if (!unread) tellOpen(source, number);
}

function tellEnvelope(source: Source, rule: Rule, segment: number, element: number, message: string): void {
  source.tell(rule, message, segment, { element, value: source.value(segment, element) });
}

function tellOpen(source: Source, number: string): void {
  const { count } = source;
  const message = `transaction ${number} has no SE; ${count} segments of it came`;
  source.tell('transaction-trailer-missing', message, count - 1, { segmentId: 'SE', segment: count + 1 });
}

/** SE: the count of segments, and the number of the ST again. */
function checkTrailer(source: Source, number: string): void {
  const { count } = source;
  const last = count - 1;
  checkMost(source, last, 2);
  const counted = source.value(last, 1).trim();
  if (counted !== String(count) && !countsOtherwise(counted, source)) {
    const message = `SE01 is ${JSON.stringify(counted)}; ${count} segments came, ST and SE among them`;
    tellEnvelope(source, 'segment-count', last, 1, message);
  }
  const again = source.value(last, 2).trim();
  if (again === number) return;
  const message = `SE02 is ${JSON.stringify(again)}, ST02 is ${JSON.stringify(number)}`;
  tellEnvelope(source, 'transaction-number-differs', last, 2, message);
}

/** With zeros in front, or without the segments that are empty. */
const countsOtherwise = (counted: string, source: Source): boolean =>
  /^\d{1,10}$/.test(counted) &&
  (Number(counted) === source.count || Number(counted) === source.count - emptiesIn(source));
