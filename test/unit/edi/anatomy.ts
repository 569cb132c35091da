/** Where things stand in a faultless file, found without the library: what a test damages, and where it must be told. */

/** A segment of a file, by bytes. */
export interface Bone {
  readonly tag: string;
  readonly start: number;
  /** of its terminator */
  readonly end: number;
  /** element 0 is the tag; from, to */
  readonly elements: readonly (readonly [from: number, to: number])[];
  /** index of the segment that opened what it stands in, or closes it: of ST its SE, of SE its ST */
  partner: number;
  /** index of its ST, its GS and its ISA; -1 outside one */
  readonly set: number;
  readonly group: number;
  readonly interchange: number;
}

const OPENS: Readonly<Record<string, string>> = { IEA: 'ISA', GE: 'GS', SE: 'ST', LE: 'LS' };

/** Segments of a file whose ISAs have their 106 characters. */
export function anatomyOf(bytes: Uint8Array): Bone[] {
  const bones: Bone[] = [];
  const open: Record<string, number> = { ISA: -1, GS: -1, ST: -1, LS: -1 };
  let [element, terminator] = [0, 0];
  let at = skipped(bytes, 0, -1);
  while (at < bytes.length) {
    if (isIsa(bytes, at)) [element, terminator] = [bytes[at + 3] ?? 0, bytes[at + 105] ?? 0];
    const end = bytes.indexOf(terminator, at);
    const bone = boneOf(bytes, [at, end < 0 ? bytes.length : end], element, open);
    const opens = OPENS[bone.tag];
    if (Object.hasOwn(open, bone.tag)) open[bone.tag] = bones.length;
    if (opens !== undefined) {
      bone.partner = open[opens] ?? -1;
      const partner = bones[bone.partner];
      if (partner !== undefined) partner.partner = bones.length;
      open[opens] = -1;
    }
    bones.push(bone);
    at = skipped(bytes, bone.end + 1, terminator);
  }
  return bones;
}

const isIsa = (bytes: Uint8Array, at: number): boolean =>
  String.fromCharCode(...bytes.subarray(at, at + 3)) === 'ISA' && at + 106 <= bytes.length;

function boneOf(
  bytes: Uint8Array,
  [start, end]: readonly [number, number],
  element: number,
  open: Readonly<Record<string, number>>,
): Bone {
  const elements: [number, number][] = [];
  let from = start;
  for (let at = start; at <= end; at++)
    if (at === end || bytes[at] === element) {
      elements.push([from, at]);
      from = at + 1;
    }
  const tag = String.fromCharCode(...bytes.subarray(start, elements[0]?.[1]));
  const { ST: set = -1, GS: group = -1, ISA: interchange = -1 } = open;
  return { tag, start, end, elements, partner: -1, set, group, interchange };
}

/** Line ends and blanks, and the second byte of a terminator of two. */
function skipped(bytes: Uint8Array, from: number, terminator: number): number {
  let at = from;
  while (at < bytes.length && isSkipped(bytes[at] ?? 0) && bytes[at] !== terminator) at++;
  return at;
}

const isSkipped = (byte: number): boolean =>
  byte === 10 || byte === 13 || byte === 32 || byte === 9 || (byte >= 0x80 && byte < 0xc0);

/** What a byte is. */
export interface Part {
  readonly kind: 'tag' | 'element' | 'separator' | 'terminator' | 'gap';
  /** index of its segment; of a gap, the one before */
  readonly bone: number;
  /** element it is in; of a separator, the one behind it */
  readonly element: number;
}

/** What the byte at `at` is. */
export function partAt(bones: readonly Bone[], at: number): Part {
  let bone = bones.findIndex(({ start }) => start > at) - 1;
  if (bone === -2) bone = bones.length - 1;
  const { end = -1, elements = [] } = bones[bone] ?? {};
  if (bone < 0 || at > end) return { kind: 'gap', bone, element: 0 };
  if (at === end) return { kind: 'terminator', bone, element: 0 };
  const element = elements.findIndex(([from, to]) => at >= from && at < to);
  if (element < 0) return { kind: 'separator', bone, element: elements.findIndex(([from]) => from > at) };
  return { kind: element === 0 ? 'tag' : 'element', bone, element };
}

/** Elements that say what something is, how many there are, or which one: what no damage to may go unseen. */
export const TELLING: Readonly<Record<string, readonly number[]>> = {
  ISA: [13],
  GS: [1, 6],
  ST: [1, 2],
  SE: [1, 2],
  GE: [1, 2],
  IEA: [1, 2],
  HL: [1, 2],
  CTT: [1, 2],
  LS: [1],
  LE: [1],
};

/** Those of them that are numbers: zeros in front of them say nothing. */
export const COUNTS: Readonly<Record<string, readonly number[]>> = {
  SE: [1],
  GE: [1],
  IEA: [1],
  HL: [1, 2],
  CTT: [1, 2],
};

/** Bytes of tags, delimiters, and of the elements in `TELLING`. */
export function tellingBytes(bones: readonly Bone[]): number[] {
  const found: number[] = [];
  for (const { tag, start, end, elements } of bones) {
    for (let at = start; at < (elements[0]?.[1] ?? start); at++) found.push(at);
    for (const [, to] of elements) found.push(to);
    if (tag === 'ISA') found.push(end - 1);
    for (const n of TELLING[tag] ?? []) {
      const [from = 0, to = 0] = elements[n] ?? [];
      for (let at = from; at < to; at++) found.push(at);
    }
  }
  return [...new Set(found)];
}
