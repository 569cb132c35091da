import type { Release } from '../schema/release.js';
import type { SegmentSpec } from '../schema/segment.js';
import type { LoopSpec } from '../schema/set.js';
import { SET_NUMBERS, setFor } from './index.js';

const made = new Map<Release, ReadonlyMap<string, SegmentSpec>>();

/**
 * Segments of all sets of a release, by tag. A segment is the same in every set, so one that stands in a set without
 * schema can be named too.
 */
export function knownSegments(release: Release): ReadonlyMap<string, SegmentSpec> {
  const known = made.get(release);
  if (known !== undefined) return known;
  const found = new Map<string, SegmentSpec>();
  for (const set of SET_NUMBERS) {
    const spec = setFor(set, release);
    if (spec !== null) gather(spec.body, found);
  }
  made.set(release, found);
  return found;
}

function gather({ slots }: LoopSpec, found: Map<string, SegmentSpec>): void {
  for (const { segment, loop } of slots) {
    if (segment !== null && (found.get(segment.id) === undefined || isPlain(found.get(segment.id))))
      found.set(segment.id, segment);
    if (loop !== null) gather(loop, found);
  }
}

const isPlain = (spec: SegmentSpec | undefined): boolean => spec?.properties[0]?.field.kind === 'plain';
