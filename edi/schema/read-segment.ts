import { compiled, literal } from './code.js';
import type { FieldSpec } from './elements.js';
import { fieldReader, type ReadField } from './read-field.js';
import { elementsOf, type Property, type SegmentSpec } from './segment.js';
import type { Source } from './source.js';
import { holds, maskOf, tellNote, type NoteMask } from './syntax-notes.js';

/** Reads the segment at an index into an object of its properties. */
export type ReadSegment = (source: Source, segment: number) => object;

interface Planned {
  readonly name: string;
  readonly required: boolean;
  readonly read: ReadField;
  /** its elements as bits */
  readonly bits: number;
}

/** Reads the properties that are there; one that cannot be used is left out, and told by `unusable`. */
type Build = (source: Source, segment: number, first: number, count: number) => Record<string, unknown>;

/** What is the same of all segments that have the same elements: how they are read, and which notes are broken. */
interface Variant {
  readonly build: Build;
  /** nothing is missing or broken */
  readonly sound: boolean;
  readonly missing: readonly string[];
  readonly broken: readonly NoteMask[];
}

/** Variants of a segment that are remembered; a file of rubbish has no end of them. */
const REMEMBERED = 512;
/** Variants of a segment that code is made for: a partner's files have a handful. */
const COMPILED = 16;

const made = new WeakMap<SegmentSpec, ReadSegment>();

/** A reader of one segment, made once from its schema. */
export function segmentReader(spec: SegmentSpec): ReadSegment {
  const known = made.get(spec);
  if (known !== undefined) return known;
  // Made when the first such segment comes: most segments of a set are in none of a partner's files.
  let variants: ReturnType<typeof variantsOf> | null = null;
  const plain = spec.properties[0]?.field.kind === 'plain';
  const reader: ReadSegment = (source, segment) => {
    const first = source.starts[segment] ?? 0;
    const count = (source.starts[segment + 1] ?? 0) - first - 2;
    const there = presence(source, first, count);
    const variant = (variants ??= variantsOf(spec))(there);
    const read = variant.build(source, segment, first, count);
    if (!variant.sound) {
      for (const name of variant.missing) missing(source, segment, spec, name);
      for (const note of variant.broken) tellNote(source, segment, spec, note.note, there);
    }
    if (count > spec.most) tellTooMany(source, segment, spec, count);
    if (!plain && count > 0 && emptyAt(source, first, count)) tellTrailing(source, segment, first, count);
    return read;
  };
  made.set(spec, reader);
  return reader;
}

function variantsOf(spec: SegmentSpec): (there: number) => Variant {
  const properties = spec.properties.map(({ name, field, required }): Planned => {
    return { name, required, read: fieldReader(field), bits: bitsOf(field) };
  });
  const notes = spec.notes.map(maskOf);
  const variants = new Map<number, Variant>();
  return (there) => {
    const known = variants.get(there);
    if (known !== undefined) return known;
    const held = properties.filter(({ bits }) => (bits & there) !== 0);
    const missing = properties.filter(({ bits, required }) => required && (bits & there) === 0).map(({ name }) => name);
    const broken = notes.filter((note) => !holds(note, there));
    const variant: Variant = {
      build: (variants.size < COMPILED ? compiledBuild(spec, held) : null) ?? plainBuild(spec, held),
      sound: missing.length === 0 && broken.length === 0,
      missing,
      broken,
    };
    if (variants.size < REMEMBERED) variants.set(there, variant);
    return variant;
  };
}

/** Code of its own for the properties that are there: each reader is called at a place of its own. */
function compiledBuild(spec: SegmentSpec, there: readonly Planned[]): Build | null {
  const lines = there.map((_, n) => `const v${n} = r${n}(source, segment, first, count);`);
  const missing = there.map((_, n) => `v${n} === undefined`).join(' || ') || 'false';
  return compiled(
    ['unusable', ...there.map((_, n) => `r${n}`)],
    `return (source, segment, first, count) => {
      ${lines.join('\n')}
      const read = ${literal(there.map(({ name }, n) => [name, `v${n}`]))};
      if (${missing}) unusable(source, segment, read);
      return read;
    };`,
    [unusableOf(spec, there), ...there.map(({ read }) => read)],
  );
}

function plainBuild(spec: SegmentSpec, there: readonly Planned[]): Build {
  const empty = Object.fromEntries(there.map(({ name }) => [name, undefined]));
  const unusable = unusableOf(spec, there);
  return (source, segment, first, count) => {
    const read: Record<string, unknown> = { ...empty };
    for (const { name, read: readField } of there) read[name] = readField(source, segment, first, count);
    unusable(source, segment, read);
    return read;
  };
}

/** Elements by which a property is there: of a quantity, how many; of what unit says nothing alone. */
function bitsOf(field: FieldSpec): number {
  if (field.kind === 'plain') return ~0;
  const elements = field.kind === 'quantity' ? [field.value] : elementsOf(field);
  return elements.reduce((bits, { position }) => (position > 31 ? bits : bits | (1 << position)), 0);
}

/** Bits of the elements that are there, up to the thirty-first: no syntax note looks further. */
function presence({ marks }: Source, first: number, count: number): number {
  let there = 0;
  for (let position = count > 31 ? 31 : count; position > 0; position--)
    if ((marks[first + position + 1] ?? 0) - (marks[first + position] ?? 0) > 1) there |= 1 << position;
  return there;
}

/** Leaves out properties that are there and cannot be what they should: what is wrong with them is told already. */
const unusableOf =
  (spec: SegmentSpec, there: readonly Planned[]) =>
  (source: Source, segment: number, read: Record<string, unknown>): void => {
    for (const { name, required } of there) {
      if (read[name] !== undefined) continue;
      delete read[name];
      if (required) missing(source, segment, spec, name);
    }
  };

const emptyAt = (source: Source, first: number, position: number): boolean =>
  (source.marks[first + position] ?? 0) + 1 >= (source.marks[first + position + 1] ?? 0);

function tellTooMany(source: Source, segment: number, spec: SegmentSpec, count: number): void {
  let last = count;
  const first = source.starts[segment] ?? 0;
  while (last > spec.most && emptyAt(source, first, last)) last--;
  if (last > spec.most)
    source.tell('too-many-elements', `${spec.id} has ${last} elements; ${spec.most} are allowed`, segment, {
      element: spec.most + 1,
    });
}

function tellTrailing(source: Source, segment: number, first: number, count: number): void {
  let last = count;
  while (last > 0 && emptyAt(source, first, last)) last--;
  source.tell('trailing-separators', `element separators after the last element (${count - last})`, segment, {
    element: last + 1,
  });
}

function missing(source: Source, segment: number, spec: SegmentSpec, name: string): void {
  source.broken = true;
  const property = spec.properties.find((one) => one.name === name);
  const element = property === undefined ? undefined : firstElementOf(property);
  const first = source.starts[segment] ?? 0;
  const position = element?.position ?? 1;
  const count = (source.starts[segment + 1] ?? 0) - first - 2;
  // What is there and cannot be read was told already, by what is wrong with it.
  const told = position <= count && !emptyAt(source, first, position);
  const ref = element?.ref ?? spec.id;
  const message = told
    ? `${ref} must be usable: without it ${spec.id} says nothing`
    : `${ref} (${words(name)}) is missing; it must be there`;
  source.tell('element-missing', message, segment, {
    element: position,
    ...(element === undefined ? {} : { elementNumber: element.number }),
  });
}

const firstElementOf = ({ field }: Property) => {
  switch (field.kind) {
    case 'element':
      return field;
    case 'list':
    case 'composite':
      return field.element;
    case 'quantity':
    case 'amount':
      return field.value;
    case 'pairs':
      return field.qualifier;
    case 'plain':
      return undefined;
  }
};

const words = (name: string): string => name.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
