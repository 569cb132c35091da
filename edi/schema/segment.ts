import { plain, type ElementSpec, type FieldSpec, type Held, type Shape } from './elements.js';

/**
 * A syntax note of X12.6 on the elements of a segment: `P0304` both or none, `R0203` at least one, `E0405` at most one,
 * `C0504` if the first then the others, `L050203` if the first then one of the others.
 */
export interface SyntaxNote {
  readonly text: string;
  readonly kind: 'P' | 'R' | 'E' | 'C' | 'L';
  readonly positions: readonly number[];
}

/** A property of a segment. */
export interface Property {
  readonly name: string;
  readonly field: FieldSpec;
  readonly required: boolean;
}

export interface SegmentSpec {
  readonly id: string;
  readonly name: string;
  readonly properties: readonly Property[];
  readonly notes: readonly SyntaxNote[];
  /** elements the standard gives it */
  readonly most: number;
  /** by position: what stands there */
  readonly elements: readonly (ElementSpec | undefined)[];
}

/** A segment as it is declared; `T` is what it is read as. */
export interface Segment<T> {
  readonly segment: SegmentSpec;
  readonly held?: T;
}

/** Elements a property covers. */
export function elementsOf(field: FieldSpec): readonly ElementSpec[] {
  switch (field.kind) {
    case 'element':
      return [field];
    case 'quantity':
      return [field.value, field.unit];
    case 'amount':
      return [field.value];
    case 'composite':
      return [field.element];
    case 'plain':
      return [];
    case 'list':
      return range(field.element.position, field.last, 1).map((position) => ({ ...field.element, position }));
    case 'pairs':
      return range(field.qualifier.position, field.last - 1, 2).flatMap((position) => [
        { ...field.qualifier, position },
        { ...field.value, position: position + 1 },
      ]);
  }
}

const range = (first: number, last: number, step: number): number[] =>
  Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, n) => first + n * step);

function noteOf(text: string): SyntaxNote {
  const positions = (text.slice(1).match(/\d\d/g) ?? []).map(Number);
  const kind = text[0];
  if (kind === 'P' || kind === 'R' || kind === 'E' || kind === 'C' || kind === 'L') return { text, kind, positions };
  throw new Error(`syntax note ${text}: P, R, E, C or L and positions of two digits are expected`);
}

/**
 * A segment: its tag, its name in the standard, one property for each element or group of elements, and its syntax
 * notes. `most` is the number of elements the standard gives it, where that is more than the properties cover.
 */
export function segment<S extends Shape>(
  id: string,
  name: string,
  shape: S,
  { notes = [], most = 0 }: { notes?: readonly string[]; most?: number } = {},
): Segment<Held<S>> {
  const properties = Object.entries(shape).map(([property, { field, required }]) => ({
    name: property,
    field,
    required,
  }));
  const elements: (ElementSpec | undefined)[] = [];
  for (const one of properties.flatMap(({ field }) => elementsOf(field))) elements[one.position] = one;
  const last = Math.max(most, elements.length - 1);
  return { segment: { id, name, properties, notes: notes.map(noteOf), most: last, elements } };
}

/** A segment whose elements nobody asked for yet: kept as they are. */
export function plainSegment(id: string, name: string, most: number) {
  return segment(id, name, { elements: plain(most) }, { most });
}
