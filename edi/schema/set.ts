import type { Held } from './elements.js';
import type { SegmentSpec } from './segment.js';
import type { UnknownSegment } from './values.js';

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

/** A part of a set or loop: a segment or a loop, once, perhaps, or many times; `T` is what it is read as. */
export interface Part<T, Optional extends boolean = false> {
  readonly segment?: SegmentSpec;
  readonly loop?: LoopSpec;
  readonly min?: number;
  readonly max?: number;
  readonly many?: boolean;
  readonly held?: T;
  readonly mayLack?: Optional;
}

type Parts = Readonly<Record<string, Part<unknown, boolean>>>;

/** A segment or loop that may be absent. */
export const maybe = <T>(inner: Part<T>): Part<T, true> => ({ ...inner, min: 0, max: 1, mayLack: true });

/** A segment or loop that may come `max` times, and must come `min` times; the list is there even if empty. */
export const many = <T>(inner: Part<T>, max = Infinity, min = 0): Part<readonly T[]> => {
  const { segment, loop: inside } = inner;
  return {
    ...(segment === undefined ? {} : { segment }),
    ...(inside === undefined ? {} : { loop: inside }),
    min,
    max,
    many: true,
  };
};

/** A loop: its first property is the segment that opens it, the others follow in the order of the standard. */
export function loop<S extends Parts>(shape: S): Part<Held<S>> {
  return { loop: loopSpec(shape, false) };
}

/** A level of a tree: what its HL loop holds, its level code, and the levels below it. */
export type Level<T> = T & { readonly level: string; readonly children: readonly Level<T>[] };

/**
 * An HL loop, whose iterations form a tree by their numbers. The property `hierarchy` is the HL itself; of it only the
 * level is kept, since the tree says the rest and the writer numbers anew.
 */
export function tree<S extends Parts>(
  shape: S & { readonly hierarchy: Part<unknown> },
): Part<Level<Omit<Held<S>, 'hierarchy'>>> {
  return { loop: loopSpec(shape, true) };
}

function loopSpec(shape: Parts, isTree: boolean): LoopSpec {
  const slots = slotsOf(shape);
  const [first] = slots;
  if (first === undefined || first.min !== 1 || first.segment === null)
    throw new Error('the first property of a loop is the segment that opens it');
  return { id: first.id, slots, tree: isTree };
}

/** A transaction set as it is declared; `T` is the document it is read as. */
export interface TransactionSet<T> {
  readonly spec: SetSpec;
  readonly held?: T;
}

/** The document of a set that a function of the release declares. */
export type DocumentOf<F extends (release: never) => TransactionSet<unknown>> = Exclude<
  ReturnType<F>['held'],
  undefined
>;

/** A transaction set: between ST and SE. Segments that it does not know are kept in `unknown`. */
export function transactionSet<S extends Parts, N extends string>(
  about: { readonly set: N; readonly release: string; readonly group: string; readonly name: string },
  shape: S,
): TransactionSet<{ readonly set: N } & Held<S> & { readonly unknown: readonly UnknownSegment[] }> {
  return { spec: { ...about, body: { id: 'ST', slots: slotsOf(shape), tree: false } } };
}

const slotsOf = (shape: Parts): Slot[] => Object.entries(shape).map(([name, part]) => slotOf(name, part));

function slotOf(
  name: string,
  { segment, loop: inside, min = 1, max = 1, many: list = false }: Part<unknown, boolean>,
): Slot {
  const opener = segment?.id ?? inside?.id;
  if (opener === undefined) throw new Error(`${name} is neither a segment nor a loop`);
  return { name, id: opener, min, max, many: list, segment: segment ?? null, loop: inside ?? null };
}
