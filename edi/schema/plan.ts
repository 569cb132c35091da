import { tagKey } from '../syntax/spelling.js';
import { segmentReader, type ReadSegment } from './read-segment.js';
import type { LoopSpec, SetSpec, Slot } from './set.js';
import { templatesOf, type Templates } from './template.js';

/** A slot made ready for reading. */
export interface PlannedSlot extends Slot {
  readonly read: ReadSegment | null;
  readonly plan: Plan | null;
  /** last slot before it that must be filled; -1 if there is none */
  readonly requiredBefore: number;
}

/** A loop made ready for reading: its slots, and by tag the slot that a segment may stand in. */
export interface Plan {
  readonly loop: LoopSpec;
  readonly slots: readonly PlannedSlot[];
  readonly slotOf: ReadonlyMap<number, number>;
  /** slots that must be filled */
  readonly required: readonly number[];
  /** what an iteration holds before anything is read: its empty lists, and a place for what must be there */
  readonly templates: Templates;
  /** property that the segment which opens the loop is read into; of an HL the tree keeps the level only */
  readonly openerName: string;
  /** slots whose iterations form a tree */
  readonly trees: readonly Slot[];
}

/** The one empty list; nobody writes to it. */
export const NONE: readonly unknown[] = Object.freeze([]);
const plans = new WeakMap<LoopSpec, Plan>();

/**
 * The body of a set made ready, once. What every document has is in its templates from the start: a property that is added
 * later costs V8 a hidden class each time, which stays until the whole heap is swept.
 */
export const bodyOf = ({ body, set }: SetSpec): Plan => plans.get(body) ?? planOf(body, { set, unknown: NONE });

/** `more` is what an iteration holds besides. */
function planOf(loop: LoopSpec, more: Readonly<Record<string, unknown>> = {}): Plan {
  const known = plans.get(loop);
  if (known !== undefined) return known;
  const required = loop.slots.flatMap(({ min }, n) => (min > 0 && !(loop.tree && n === 0) ? [n] : []));
  const slots = loop.slots.map((slot, n) => ({
    ...slot,
    read: slot.segment === null ? null : segmentReader(slot.segment),
    plan: slot.loop === null ? null : planOf(slot.loop),
    requiredBefore: required.findLast((one) => one < n) ?? -1,
  }));
  const slotOf = new Map(slots.map(({ id }, n) => [tagKey(id), n]));
  if (slotOf.size < slots.length) throw new Error(`a loop ${loop.id} has two slots for one tag`);
  const plan: Plan = {
    loop,
    slots,
    slotOf,
    required,
    openerName: loop.tree ? 'level' : (slots[0]?.name ?? ''),
    templates: templatesOf(slots, {
      ...Object.fromEntries(
        slots
          .slice(loop.tree ? 1 : 0)
          .filter(({ many, min }) => many || min > 0)
          .map(({ name, many }) => [name, many ? NONE : undefined]),
      ),
      ...(loop.tree ? { level: undefined, children: NONE } : {}),
      ...more,
    }),
    trees: slots.filter(({ loop }) => loop?.tree === true),
  };
  plans.set(loop, plan);
  return plan;
}
