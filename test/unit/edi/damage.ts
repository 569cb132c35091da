/** Damage to a file, and whether the reader tells it. */
import { readSync, type Fault, type Item } from '../../../edi/index.js';
import { segmentsIn, valuesOf } from '../../../edi/syntax/spelling.js';
import { anatomyOf, type Bone } from './anatomy.js';

/** A file without a fault. */
export interface Base {
  readonly name: string;
  readonly bytes: Buffer;
  readonly bones: readonly Bone[];
  readonly said: readonly Said[];
  readonly told: ReadonlySet<string>;
}

/** An item as far as it can be compared. */
export interface Said {
  readonly kind: string;
  readonly segments: readonly (readonly string[])[];
  readonly document: unknown;
}

/** A file that was damaged: `removed` bytes at `at` became `added`. */
export interface Damaged {
  readonly bytes: Buffer;
  readonly at: number;
  readonly removed: number;
  readonly added: number;
}

/**
 * Error or fatal; a set that is not known too, of which there is no document and which the 997 rejects. Any other
 * warning is none: the documents are used.
 */
const isReport = ({ severity, rule }: Fault): boolean =>
  severity === 'fatal' || severity === 'error' || rule === 'set-not-known';

const keyOf = ({ rule, message }: Fault): string => `${rule} ${message}`;

function saidBy(item: Item): Said[] {
  // What stands outside interchanges says nothing: a fault says whether it is worth one.
  if (item.kind === 'outside') return [];
  const { spelling } = item;
  if (spelling === null) return [{ kind: `no ${item.kind}`, segments: [], document: null }];
  const segments = Array.from({ length: segmentsIn(spelling) }, (_, n) => valuesOf(spelling, n));
  return [{ kind: item.kind, segments, document: item.kind === 'transaction' ? item.document : null }];
}

/** What a file says, and what is told of it. */
function readWhole(bytes: Buffer): { said: Said[]; faults: Fault[] } {
  const items = [...readSync(bytes)];
  return { said: items.flatMap(saidBy), faults: items.flatMap(({ faults }) => faults) };
}

/** A file to damage; null if it has faults. */
export function baseOf(name: string, bytes: Buffer): Base | null {
  const { said, faults } = readWhole(bytes);
  if (faults.some(({ severity }) => severity === 'fatal' || severity === 'error')) return null;
  return { name, bytes, bones: anatomyOf(bytes), said, told: new Set(faults.map(keyOf)) };
}

/** Bytes in place of others. */
export const replaced = (bytes: Buffer, at: number, removed: number, added: Uint8Array): Damaged => ({
  bytes: Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + removed)]),
  at,
  removed,
  added: added.length,
});

/** How a damaged file differs from what it was. */
export interface Difference {
  /** told with a fault of severity error or fatal */
  readonly reported: boolean;
  /** what is told that was not before, warnings too */
  readonly faults: readonly Fault[];
  /** elements that differ; infinite if segments or parts of the file do */
  readonly elements: number;
  /** values of documents that differ; infinite if a document is there no more, or has become another */
  readonly values: number;
}

export function differenceOf(base: Base, { bytes }: Damaged): Difference {
  const { said, faults } = readWhole(bytes);
  const fresh = faults.filter((one) => !base.told.has(keyOf(one)));
  const reported = fresh.some(isReport);
  if (reported) return { reported, faults: fresh, elements: Infinity, values: Infinity };
  const same =
    said.length === base.said.length &&
    said.every(
      ({ kind, segments }, n) => kind === base.said[n]?.kind && segments.length === base.said[n].segments.length,
    );
  if (!same) return { reported, faults: fresh, elements: Infinity, values: Infinity };
  const count = (differs: (one: Said, other: Said) => number): number =>
    said.reduce((all, one, n) => all + differs(one, base.said[n] ?? one), 0);
  return {
    reported,
    faults: fresh,
    elements: count((one, other) => elementsThatDiffer(one.segments, other.segments)),
    values: count((one, other) => valuesThatDiffer(one.document, other.document)),
  };
}

function elementsThatDiffer(some: Said['segments'], others: Said['segments']): number {
  let differ = 0;
  some.forEach((elements, n) => {
    const other = others[n] ?? [];
    for (let at = 0; at < Math.max(elements.length, other.length); at++)
      if ((elements[at] ?? '').trimEnd() !== (other[at] ?? '').trimEnd()) differ += 1;
  });
  return differ;
}

/** Leaves of two documents that differ. The currency of an amount is no value of its own: it says what CUR says. */
function valuesThatDiffer(one: unknown, other: unknown): number {
  if (Object.is(one, other)) return 0;
  if (typeof one !== 'object' || typeof other !== 'object') return 1;
  if (one === null || other === null) return Infinity;
  const [mine, theirs] = [one, other].map((held) => new Map(Object.entries(held) as [string, unknown][]));
  let differ = 0;
  for (const name of new Set([...(mine?.keys() ?? []), ...(theirs?.keys() ?? [])])) {
    if (name === 'currency' && mine?.has('value') === true) continue;
    const [a, b] = [mine?.get(name), theirs?.get(name)];
    // A part that is there no more is one difference if it held one value.
    differ += a === undefined || b === undefined ? leavesOf(a ?? b) : valuesThatDiffer(a, b);
  }
  return differ;
}

const leavesOf = (held: unknown): number =>
  typeof held === 'object' && held !== null
    ? Object.values(held).reduce((all: number, one) => all + leavesOf(one), 0)
    : 1;
