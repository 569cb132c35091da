/** What must be said of a damaged file, and what may go unsaid and why. */
import type { Fault } from '../../../edi/index.js';
import { setFor } from '../../../edi/sets/index.js';
import type { LoopSpec } from '../../../edi/schema/set.js';
import { COUNTS, partAt, TELLING, type Bone, type Part } from './anatomy.js';
import { differenceOf, type Base, type Damaged, type Difference } from './damage.js';

/**
 * What no file can tell, and so no reader. X12 counts and numbers segments, sets, groups and interchanges, and gives
 * elements a type and a length: what keeps all of these reads as a file that somebody meant.
 */
export const UNTOLD = {
  'file-shorter': 'cut between two interchanges: nothing in X12 counts the interchanges of a file',
  service: 'a TA1 (or a TA3, ISB, ISE) came twice, or went: nothing counts what stands between ISA and the first group',
  'another-tag': 'a tag became another one of the set that may stand there, and its elements suit it',
  'separator-of-text': 'a separator came or went between elements of a set, and what is left of them is valid again',
  'parent-near': 'HL02 names another level above that is still open: the tree is another one, and as good',
  'separator-unused': 'ISA11 or ISA16 became another sign, and no data is cut by it',
  edition: 'GS08 became another edition of the standard (told by a warning where there are no schemas of it)',
} as const;
export type Untold = keyof typeof UNTOLD;

/**
 * What became of a damaged file: `reported` by a fault of severity error or fatal. A warning alone is no report, since
 * the documents are used: then they must be what they were, but for one element.
 */
export type Verdict = 'reported' | 'one-element' | Untold;

/** A damaged file that is wrongly taken for whole; the message says which. */
export class Unseen extends Error {}

/** Judges a damaged file; throws where the reader should have said more. */
export function verdictOn(base: Base, damaged: Damaged): Verdict {
  const difference = differenceOf(base, damaged);
  const part = partOf(base, damaged);
  if (!difference.reported) {
    const excuse = excuseFor(base, damaged, part, difference);
    if (excuse !== null) return excuse;
    const more = difference.elements > 1 || (difference.values > 1 && !movesLevels(base, part, difference));
    if (more) throw unseen(base, damaged, difference, 'more than one element differs');
  }
  checkPlace(base, damaged, part, difference);
  return difference.reported ? 'reported' : 'one-element';
}

/** What is damaged. A byte that is put in at the end of an element belongs to it, white space before a tag to neither. */
function partOf({ bones }: Base, { at, removed, bytes }: Damaged): Part {
  const part = partAt(bones, at);
  if (removed === 0 && bones[part.bone]?.start === at && /\s/.test(String.fromCharCode(bytes[at] ?? 0)))
    return { ...part, kind: 'gap' };
  if (removed > 0 || (part.kind !== 'separator' && part.kind !== 'terminator')) return part;
  const before = partAt(bones, at - 1);
  return before.kind === 'separator' ? { ...before, kind: 'element' } : before;
}

/** A level below another parent is one element that differs, if a warning says so. */
const movesLevels = ({ bones }: Base, { bone, element }: Part, { faults, elements }: Difference): boolean =>
  bones[bone]?.tag === 'HL' && element === 2 && elements === 1 && faults.some(({ rule }) => rule === 'hierarchy');

/** What went wrong, for a person. */
export function unseen(
  base: Base,
  { at, bytes, removed, added }: Damaged,
  { faults }: Difference,
  what: string,
): Unseen {
  const around = (text: Uint8Array, length: number): string =>
    JSON.stringify(Buffer.from(text.subarray(Math.max(0, at - 40), at + length + 40)).toString('latin1'));
  const told = faults.map(({ rule, severity, offset }) => `${rule} (${severity}) at ${offset}`).join(', ');
  const change = `${around(base.bytes, removed)} became ${around(bytes, added)}`;
  return new Unseen(`${what} at ${at} of ${base.name}: ${change}; told: ${told || 'nothing'}`);
}

/** Damage to what tells must be told there: at the segment, at its counterpart, or where the merged segment is counted. */
function checkPlace(base: Base, damaged: Damaged, part: Part, difference: Difference): void {
  const bone = base.bones[part.bone];
  if (damaged.removed > 1 || damaged.added > 1 || bone === undefined) return;
  if (!isTelling(part, bone) || saysTheSame(base, damaged, part)) return;
  const places = placesOf(base.bones, part).map(([from, to]) => {
    return [Math.min(from, moved(from, damaged)), moved(to, damaged)] as const;
  });
  // A set that is not what it was is told at its ST.
  const [st] = difference.faults.filter(({ rule }) => rule === 'set-not-known');
  if (st !== undefined && bone.set >= 0) return;
  const there = ({ offset }: Fault): boolean => places.some(([from, to]) => offset >= from && offset <= to);
  if (difference.faults.some(there)) return;
  throw unseen(base, damaged, difference, `damage to a ${part.kind} of ${bone.tag} is not told at its place`);
}

/** A tag, a delimiter, a count, a number, an identifier. */
const isTelling = ({ kind, element }: Part, { tag }: Bone): boolean =>
  kind === 'element' ? (TELLING[tag] ?? []).includes(element) : kind !== 'gap';

/** Whether the damaged element has the value it had: blanks around it do not count, nor zeros in front of a count. */
function saysTheSame(base: Base, { removed, added, bytes }: Damaged, { bone: n, element, kind }: Part): boolean {
  const bone = base.bones[n];
  if (kind !== 'element' || bone === undefined) return false;
  const [from = 0, to = 0] = bone.elements[element] ?? [];
  const counts = COUNTS[bone.tag]?.includes(element) === true;
  const value = (of: Uint8Array, end: number): string => {
    const text = Buffer.from(of.subarray(from, end)).toString('latin1').trim();
    return counts && text !== '' && !Number.isNaN(Number(text)) ? String(Number(text)) : text;
  };
  return value(base.bytes, to) === value(bytes, to + added - removed);
}

const moved = (offset: number, { at, removed, added }: Damaged): number =>
  offset < at + removed ? offset : offset + added - removed;

/** Bytes at which damage to a part is rightly told. */
function placesOf(bones: readonly Bone[], { bone: n }: Part): [number, number][] {
  const { set = -1, partner = -1, tag = '' } = bones[n] ?? {};
  const concerned = new Set([n, n + 1, partner]);
  // Segments of a set are counted in its SE, sets of a group in its GE; the kind of a group is that of its STs.
  concerned.add(bones[set]?.partner ?? -1);
  bones.forEach((one, at) => {
    if (tag === 'GS' && one.tag === 'ST' && one.group === n) concerned.add(at);
    // Its separators and its terminator are those of all that follows.
    if (tag === 'ISA' && one.interchange === n) concerned.add(at);
    if (tag === 'HL' && one.tag === 'HL' && one.set === set) concerned.add(at);
  });
  return [...concerned].flatMap((at): [number, number][] => {
    const one = bones[at];
    // What stands behind its terminator (a line end, further bytes of the sign that ends a segment) belongs to it.
    return one === undefined ? [] : [[one.start, Math.max(one.end + 1, (bones[at + 1]?.start ?? 0) - 1)]];
  });
}

function excuseFor(base: Base, damaged: Damaged, part: Part, { elements, values, faults }: Difference): Untold | null {
  const { at, removed, added, bytes } = damaged;
  if (isShorter(base, damaged)) return 'file-shorter';
  const bone = base.bones[part.bone];
  if (bone === undefined) return null;
  const { tag, set, start } = bone;
  if (removed > 1 || added > 1) return SERVICES.has(tag) && removed + added === bone.end + 1 - start ? 'service' : null;
  if (elements === Infinity) return null;
  if (part.kind === 'element') {
    if (tag === 'ISA' && (part.element === 11 || part.element === 16) && values === 0) return 'separator-unused';
    if (tag === 'GS' && part.element === 8 && elements === 1) return 'edition';
    if (tag === 'HL' && part.element === 2 && faults.length === 0 && elements === 1) return 'parent-near';
  }
  if (part.kind === 'tag' && elements === 1 && tagsOf(base, bone).has(tagIn(bytes, start))) return 'another-tag';
  const separator = base.bytes[(base.bones[bone.interchange]?.start ?? 0) + 3];
  const cuts = (removed === 1 && base.bytes[at] === separator) || (added === 1 && bytes[at] === separator);
  const inSet = set >= 0 && tag !== 'ST' && tag !== 'SE';
  return cuts && inSet ? 'separator-of-text' : null;
}

/** Cut behind an IEA, or before its terminator, where another interchange followed. */
const isShorter = ({ bones, bytes: { length } }: Base, { at, removed, added }: Damaged): boolean =>
  added === 0 &&
  at + removed === length &&
  bones.some(({ tag, start }, n) => tag === 'ISA' && at <= start && at >= (bones[n - 1]?.end ?? Infinity));

const tagIn = (bytes: Uint8Array, start: number): string =>
  /^[A-Z0-9]*/.exec(Buffer.from(bytes.subarray(start, start + 4)).toString('latin1'))?.[0] ?? '';

/** What may stand between ISA and the first group. */
export const SERVICES: ReadonlySet<string> = new Set(['TA1', 'TA3', 'ISB', 'ISE']);

/** Tags of the segments that may stand where a segment stands: that its set knows, or of service. */
function tagsOf({ bones, bytes }: Base, { set, group }: Bone): ReadonlySet<string> {
  if (set < 0 && group < 0) return SERVICES;
  const element = (bone: Bone | undefined, n: number): string =>
    Buffer.from(bytes.subarray(...(bone?.elements[n] ?? [0, 0]))).toString('latin1');
  const release = element(bones[group], 8).startsWith('005010') ? '005010' : '004010';
  const tags = new Set<string>();
  const add = ({ slots }: LoopSpec): void => {
    for (const { id, loop } of slots) {
      tags.add(id);
      if (loop !== null) add(loop);
    }
  };
  const spec = setFor(element(bones[set], 1), release);
  if (spec !== null) add(spec.body);
  return tags;
}
