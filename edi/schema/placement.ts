import { cutsOf, elementAt, tagKey, type Spelling } from '../syntax/spelling.js';
import type { Plan, PlannedSlot } from './plan.js';
import { currencyOf, openBody, placeOfNext, type Frame } from './read-set.js';
import type { SegmentSpec } from './segment.js';
import type { SetSpec } from './set.js';
import { Source } from './source.js';
import { DEEPEST } from './tree.js';

/** Where a segment of a transaction stands in its set. */
export interface Place {
  /** index in the transaction, ST = 0 */
  readonly segment: number;
  /** loops around it, and levels of an HL tree */
  readonly depth: number;
  /** null for one that the set does not know, or has no place for */
  readonly spec: SegmentSpec | null;
  /** property of the document that holds it */
  readonly name: string | null;
  /** property of the document that holds the loop it opens */
  readonly opens: string | null;
  /** currency of its amounts, as far as one is known */
  readonly currency: string | undefined;
}

/** Bytes of a transaction made ready for being walked over, whatever is wrong with them. */
export function sourceOf(spelling: Spelling, currency: string | undefined): Source {
  const cuts = cutsOf(spelling);
  const tags = Int32Array.from({ length: cuts.count }, (_, n) => tagKey(elementAt(spelling, n, 0)));
  const closed = cuts.count > 1 && tags[cuts.count - 1] === SE;
  const end = cuts.count - (closed ? 1 : 0);
  return new Source(spelling, { ...cuts, tags, odd: false }, { end, lenient: true, currency });
}

const SE = tagKey('SE');

/**
 * Where each segment of the body stands, by the rules the reader goes by: `placeOfNext` is its own. The
 * reader itself keeps no record of it, since only people ask.
 */
export function placesOf(spec: SetSpec, source: Source): Place[] {
  const places: Place[] = [];
  walk(openBody(spec, source), { source, places }, 0);
  return places;
}

interface Walk {
  readonly source: Source;
  readonly places: Place[];
}

/** Depths of the levels of an HL tree by their numbers. */
type Levels = Map<string, number>;

function walk(frame: Frame, going: Walk, depth: number): void {
  const { source } = going;
  const taken = new Set<number>();
  const levels: Levels = new Map();
  while (source.cursor < source.end) {
    const where = placeOfNext(frame, source);
    if (where === 'leave') return;
    const slot = where === 'unknown' ? undefined : frame.plan.slots[where];
    if (slot === undefined || where === 'unknown' || (!slot.many && taken.has(where))) {
      put(going, depth, null, null, null);
      continue;
    }
    taken.add(where);
    if (slot.plan === null) put(going, depth, slot.segment, slot.name, null);
    else iteration(slot, slot.plan, frame, going, depth + 1 + levelAt(slot, source, levels));
  }
}

function iteration(slot: PlannedSlot, plan: Plan, around: Frame, going: Walk, depth: number): void {
  const { source } = going;
  const currency = source.currency;
  source.currency = currencyOf(source.cursor, source);
  const [opener] = plan.slots;
  put(going, depth, opener?.segment ?? null, opener?.name ?? null, slot.name);
  walk({ plan, at: 0, around }, going, depth);
  source.currency = currency;
}

/**
 * How deep below the first level an HL loop stands: one more than its parent, if that came before it. No tree is deeper
 * than a reader takes, so that an outline of a hundred thousand levels is not as wide as it is long.
 */
function levelAt({ loop }: PlannedSlot, source: Source, levels: Levels): number {
  if (loop?.tree !== true) return 0;
  const value = (element: number): string => source.value(source.cursor, element).trimEnd();
  const above = levels.get(value(2));
  const depth = value(2) === '' || above === undefined ? 0 : Math.min(above + 1, DEEPEST);
  if (!levels.has(value(1))) levels.set(value(1), depth);
  return depth;
}

function put(
  { source, places }: Walk,
  depth: number,
  spec: SegmentSpec | null,
  name: string | null,
  opens: string | null,
): void {
  places.push({ segment: source.cursor++, depth, spec, name, opens, currency: source.currency });
}
