import { ENVELOPE } from './envelope-names.js';
import { worst, type Fault } from './faults.js';
import type { Item, Transaction } from './items.js';
import { STANDARD, type Profile } from './profile.js';
import { placesOf, sourceOf, type Place } from './schema/placement.js';
import { describeElements, type OutlineElement } from './outline-elements.js';
import { setFor } from './sets/index.js';
import { knownSegments } from './sets/known-segments.js';
import { decoded } from './schema/read-element.js';
import { elementAt, elementsIn, segmentsIn, type Spelling } from './syntax/spelling.js';

/** A segment as a person reads it. */
export interface OutlineSegment {
  /** in its transaction, ST = 1; of a segment of the envelope always 1 */
  readonly segment: number;
  readonly id: string;
  /** null when nobody knows it */
  readonly name: string | null;
  /** loops around it, and levels of an HL tree */
  readonly depth: number;
  /** loop it opens, by its name in the document */
  readonly opens: string | null;
  /** the set has no place for it: it is in `unknown` of the document */
  readonly misplaced: boolean;
  readonly elements: readonly OutlineElement[];
  /** of the segment whole; those of its elements stand with them */
  readonly faults: readonly Fault[];
}

/** How a transaction is to be answered: AK501 A, E and R of the 997. */
export type Verdict = 'accepted' | 'accepted with errors' | 'refused';

/** An item of a file as a person reads it. */
export interface Outline {
  readonly kind: Item['kind'];
  /** what it is, in a line */
  readonly title: string;
  /** of transactions */
  readonly verdict: Verdict | null;
  readonly segments: readonly OutlineSegment[];
  /** those that concern no segment of it */
  readonly faults: readonly Fault[];
}

/** Verdict that faults lead to. */
export function verdictOf(faults: readonly Fault[]): Verdict {
  const severity = worst(faults);
  if (severity === 'fatal') return 'refused';
  return severity === 'error' ? 'accepted with errors' : 'accepted';
}

/**
 * What an item of `read` says, segment by segment, with names, and its faults where they belong. `profile` is the one
 * it was read by: it names the currency of amounts where no CUR does.
 */
export function outlineOf(item: Item, profile: Profile = STANDARD): Outline {
  switch (item.kind) {
    case 'transaction':
      return outlineOfTransaction(item, profile);
    case 'outside':
      return outlineOfText(item.text, item.faults);
    default:
      return outlineOfEnvelope(item);
  }
}

function outlineOfText(text: string, faults: readonly Fault[]): Outline {
  const { length } = text;
  const title = text.trim() === '' ? `${length} bytes of white space` : `${length} bytes outside any interchange`;
  return { kind: 'outside', title, verdict: null, segments: [], faults };
}

function outlineOfEnvelope(item: Exclude<Item, Transaction | { kind: 'outside' }>): Outline {
  const { spelling, faults } = item;
  const taken = spelling === null ? [] : envelopeSegments(spelling, faults);
  const placed = new Set(taken.flatMap((one) => [...one.faults, ...one.elements.flatMap((each) => each.faults)]));
  return {
    kind: item.kind,
    title: titleOf(item),
    verdict: null,
    segments: taken,
    faults: faults.filter((fault) => !placed.has(fault)),
  };
}

const envelopeSegments = (spelling: Spelling, faults: readonly Fault[]): OutlineSegment[] =>
  Array.from({ length: segmentsIn(spelling) }, (_, n) => {
    const id = tagAt(spelling, n);
    // Faults of an envelope segment that is alone in its spelling need not number it.
    const own = faults.filter(({ segmentId, segment = 1 }) => segmentId === id && segment === n + 1);
    return plainSegment(spelling, n, own);
  });

function plainSegment(spelling: Spelling, n: number, faults: readonly Fault[]): OutlineSegment {
  const id = tagAt(spelling, n);
  const envelope = Object.hasOwn(ENVELOPE, id) ? ENVELOPE[id] : undefined;
  const elements = Array.from({ length: elementsIn(spelling, n) }, (_, at): OutlineElement => {
    const value = readable(elementAt(spelling, n, at + 1).trimEnd());
    const known = envelope?.elements[at];
    return {
      ref: `${id}${String(at + 1).padStart(2, '0')}`,
      name: known?.name ?? null,
      value,
      meaning: known !== undefined && Object.hasOwn(known.codes, value) ? (known.codes[value] ?? null) : null,
      faults: faults.filter(({ element }) => element === at + 1),
    };
  });
  return {
    segment: n + 1,
    id,
    name: envelope?.name ?? null,
    depth: 0,
    opens: null,
    misplaced: false,
    elements: elements.filter((one) => one.value !== '' || one.faults.length > 0),
    faults: faults.filter(({ element = 0 }) => element < 1 || element > elements.length),
  };
}

const tagAt = (spelling: Spelling, segment: number): string => readable(elementAt(spelling, segment, 0));

/** Bytes as text: a value as it was sent, letters beyond ASCII read as the reader reads them. */
const readable = (latin1: string): string => (/[\u0080-\u00ff]/.test(latin1) ? decoded(latin1).text : latin1);

function titleOf(item: Exclude<Item, Transaction | { kind: 'outside' }>): string {
  const { interchange } = item;
  switch (item.kind) {
    case 'interchange':
      return (
        `interchange ${interchange.controlNumber}, ${readable(interchange.sender)} to ${readable(interchange.receiver)}, ` +
        `${interchange.date} ${interchange.time}, ${ENVELOPE['ISA']?.elements[14]?.codes[interchange.usage] ?? interchange.usage}`
      );
    case 'group': {
      const { functionalId, controlNumber, release, sender, receiver } = item.group;
      const what = ENVELOPE['GS']?.elements[0]?.codes[functionalId];
      return `group ${controlNumber}, ${functionalId}${what === undefined ? '' : ` (${what})`}, ${readable(sender)} to ${readable(receiver)}, release ${release.given}`;
    }
    case 'group-end':
      return `end of group ${item.group.controlNumber}${item.spelling === null ? ', without GE' : ''}`;
    case 'interchange-end':
      return `end of interchange ${interchange.controlNumber}${item.spelling === null ? ', without IEA' : ''}`;
    case 'between':
      return item.faults.length === 0 ? 'before the groups' : 'where no segment may stand';
  }
}

function outlineOfTransaction(item: Transaction, profile: Profile): Outline {
  const { spelling, faults, group, set, controlNumber } = item;
  const release = group?.release.used ?? '004010';
  const spec = setFor(set, release);
  const source = sourceOf(spelling, profile.currency);
  const names = knownSegments(release);
  const places = spec === null ? bare(source.end) : placesOf(spec, source);
  const told = bySegment(faults);
  const of = (n: number): readonly Fault[] => told.get(n + 1) ?? [];
  const body = places.map((place): OutlineSegment => {
    const id = tagAt(spelling, place.segment);
    const known = place.spec ?? names.get(id) ?? null;
    const elements = describeElements(source, place.segment, known, place.currency, of(place.segment));
    return {
      segment: place.segment + 1,
      id,
      name: known?.name ?? null,
      depth: place.depth,
      opens: place.opens,
      misplaced: spec !== null && place.spec === null,
      elements,
      faults: of(place.segment).filter((fault) => !elements.some((one) => one.faults.includes(fault))),
    };
  });
  const last = Array.from({ length: source.count - source.end }, (_, n) => source.end + n);
  const segments = [plainSegment(spelling, 0, of(0)), ...body, ...last.map((n) => plainSegment(spelling, n, of(n)))];
  return {
    kind: 'transaction',
    title: `${set} ${spec?.name ?? '(no schema: segment by segment)'}, transaction ${controlNumber}`,
    verdict: verdictOf(faults),
    segments,
    faults: faults.filter(({ segment = 0 }) => segment < 1 || segment > source.count),
  };
}

/** Segments of a set that is not known: one after the other. */
const bare = (end: number): Place[] =>
  Array.from({ length: Math.max(0, end - 1) }, (_, n) => ({
    segment: n + 1,
    depth: 0,
    spec: null,
    name: null,
    opens: null,
    currency: undefined,
  }));

function bySegment(faults: readonly Fault[]): Map<number, Fault[]> {
  const told = new Map<number, Fault[]>();
  for (const one of faults) {
    if (one.segment === undefined) continue;
    const list = told.get(one.segment);
    if (list === undefined) told.set(one.segment, [one]);
    else list.push(one);
  }
  return told;
}
