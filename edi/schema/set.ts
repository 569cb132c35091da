import { z } from 'zod';
import { segmentOf, type SegmentSpec } from './segment.js';
import { UnknownSegment } from './values.js';

/** A place in a set or loop: a segment, or a loop that a segment opens. */
export interface Slot {
  readonly name: string;
  /** tag of the segment, or of the one that opens the loop */
  readonly id: string;
  readonly min: number;
  readonly max: number;
  /** held as a list, also when empty */
  readonly many: boolean;
  readonly segment: SegmentSpec | null;
  readonly loop: LoopSpec | null;
}

/** Slots in the order of the standard. */
export interface LoopSpec {
  readonly id: string;
  readonly slots: readonly Slot[];
  /** an HL loop, whose iterations form a tree by their numbers */
  readonly tree: boolean;
}

/** A transaction set of a release. */
export interface SetSpec {
  readonly set: string;
  readonly release: string;
  /** functional identifier of its group (GS01) */
  readonly group: string;
  readonly name: string;
  readonly body: LoopSpec;
}

interface Wrapped {
  readonly inner: z.core.$ZodType;
  readonly min: number;
  readonly max: number;
  readonly many: boolean;
}

const wrapped = new WeakMap<object, Wrapped>();
const loops = new WeakMap<object, LoopSpec>();
const sets = new WeakMap<object, SetSpec>();

/** A segment or loop that may be absent. */
export function maybe<T extends z.ZodType>(inner: T) {
  const schema = inner.optional();
  wrapped.set(schema, { inner, min: 0, max: 1, many: false });
  return schema;
}

/** A segment or loop that may come `max` times, and must come `min` times; the list is there even if empty. */
export function many<T extends z.ZodType>(inner: T, max = Infinity, min = 0) {
  const list = z.array(inner).min(min);
  const schema = (max === Infinity ? list : list.max(max)).readonly().default([]);
  wrapped.set(schema, { inner, min, max, many: true });
  return schema;
}

/** A loop: its first property is the segment that opens it, the others follow in the order of the standard. */
export function loop<S extends z.ZodRawShape>(shape: S, { tree = false }: { tree?: boolean } = {}) {
  const schema = z.strictObject(shape);
  const slots = slotsOf(shape);
  const [first] = slots;
  if (first === undefined || first.min !== 1 || first.segment === null)
    throw new Error('the first property of a loop is the segment that opens it');
  loops.set(schema, { id: first.id, slots, tree });
  return schema;
}

/** A transaction set: between ST and SE. Segments that it does not know are kept in `unknown`. */
export function transactionSet<S extends z.ZodRawShape, N extends string>(
  about: { set: N; release: string; group: string; name: string },
  shape: S,
) {
  const schema = z.strictObject({
    set: z.literal(about.set),
    ...shape,
    unknown: z.array(UnknownSegment).readonly().default([]),
  });
  sets.set(schema, { ...about, body: { id: 'ST', slots: slotsOf(shape), tree: false } });
  return schema;
}

/** What a schema made by `transactionSet` stands for. */
export function setOf(schema: z.core.$ZodType): SetSpec {
  const found = sets.get(schema);
  if (found === undefined) throw new Error('not made by transactionSet');
  return found;
}

function slotsOf(shape: z.ZodRawShape): Slot[] {
  return Object.keys(shape)
    .filter((name) => name !== 'children')
    .map((name) => slotOf(name, shape[name] as z.core.$ZodType));
}

function slotOf(name: string, schema: z.core.$ZodType): Slot {
  const { inner, min, max, many: list } = wrapped.get(schema) ?? { inner: schema, min: 1, max: 1, many: false };
  const segment = segmentOf(inner);
  const inside = loops.get(inner) ?? null;
  const opener = segment?.id ?? inside?.id;
  if (opener === undefined) throw new Error(`${name} is neither a segment nor a loop`);
  return { name, id: opener, min, max, many: list, segment, loop: inside };
}
