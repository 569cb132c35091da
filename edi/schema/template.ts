import { tagKey } from '../syntax/spelling.js';
import { compiled, literal } from './code.js';
import type { Slot } from './set.js';
import type { Source } from './source.js';

/** What an iteration holds before anything is read, and which of its properties may turn out not to be there. */
export interface Template {
  /** an iteration that nothing is read into yet */
  readonly make: () => Record<string, unknown>;
  readonly unsure: readonly string[];
}

/**
 * Templates of a loop by the single segments that come first in it. A property that is there from the start costs a
 * twentieth of one that is added, so an iteration begins with those it will fill.
 */
export interface Templates {
  /** by tag: bits of the segments that may come once; 0 of the others that the loop itself holds */
  readonly bits: ReadonlyMap<number, number>;
  readonly names: readonly string[];
  readonly held: Readonly<Record<string, unknown>>;
  /** without any single segment */
  readonly plain: Template;
  readonly made: Map<number, Template>;
}

/** Single segments of a loop that are looked out for. */
const MOST_BITS = 30;
/** Segments that are looked at ahead of an iteration. */
const LOOK_AHEAD = 12;
/** Templates of one loop that are kept; iterations beyond them begin without their single segments. */
const KEPT = 64;

/** Makes the templates of a loop: `held` is what every iteration holds. */
export function templatesOf(slots: readonly Slot[], held: Readonly<Record<string, unknown>>): Templates {
  const bits = new Map<number, number>();
  const names: string[] = [];
  for (const { id, many, min, segment, name } of slots.slice(1)) {
    const single = !many && min === 0 && segment !== null && names.length < MOST_BITS;
    if (segment === null || bits.has(tagKey(id))) continue;
    bits.set(tagKey(id), single ? 1 << names.length : 0);
    if (single) names.push(name);
  }
  return { bits: names.length === 0 ? new Map() : bits, names, held, plain: template(held, []), made: new Map() };
}

function template(held: Readonly<Record<string, unknown>>, unsure: readonly string[]): Template {
  const all = { ...held, ...Object.fromEntries(unsure.map((name) => [name, undefined])) };
  let made: Template['make'] | null = null;
  // Most loops of a set are in none of a partner's files.
  return { make: () => (made ??= makerOf(all))(), unsure };
}

function makerOf(all: Readonly<Record<string, unknown>>): Template['make'] {
  const values = Object.values(all);
  const text = literal(Object.keys(all).map((name, n) => [name, values[n] === undefined ? 'undefined' : `v${n}`]));
  const names = values.map((_, n) => `v${n}`);
  return compiled<Template['make']>(names, `return () => (${text});`, values) ?? (() => ({ ...all }));
}

/** The template for the iteration whose opener is at the cursor. */
export function templateFor({ bits, names, held, plain, made }: Templates, { tags, cursor, end }: Source): Template {
  if (names.length === 0) return plain;
  let mask = 0;
  const until = Math.min(end, cursor + 1 + LOOK_AHEAD);
  for (let n = cursor + 1; n < until; n++) {
    const bit = bits.get(tags[n] ?? -1);
    if (bit === undefined) break;
    mask |= bit;
  }
  if (mask === 0) return plain;
  const known = made.get(mask);
  if (known !== undefined) return known;
  if (made.size >= KEPT) return plain;
  const fitting = template(
    held,
    names.filter((_, n) => (mask & (1 << n)) !== 0),
  );
  made.set(mask, fitting);
  return fitting;
}
