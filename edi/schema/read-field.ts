import type { ElementSpec, FieldSpec } from './elements.js';
import { componentReader, elementReader, withOddCharacters, type ReadElement } from './read-element.js';
import type { Source } from './source.js';

/** Reads a property of segment `segment`, whose first mark is `first` and which has `count` elements. */
export type ReadField = (source: Source, segment: number, first: number, count: number) => unknown;

/** A reader of one property, made once. */
export function fieldReader(field: FieldSpec): ReadField {
  switch (field.kind) {
    case 'element':
      return elementReader(field);
    case 'quantity': {
      const [value, unit] = [elementReader(field.value), elementReader(field.unit)];
      return (source, segment, first, count) => {
        const number = value(source, segment, first, count);
        const of = unit(source, segment, first, count);
        if (number === undefined) return undefined;
        return of === undefined ? { value: number } : { value: number, unit: of };
      };
    }
    case 'amount': {
      const value = elementReader(field.value);
      return (source, segment, first, count) => {
        const number = value(source, segment, first, count);
        if (number === undefined) return undefined;
        return source.currency === undefined ? { value: number } : { value: number, currency: source.currency };
      };
    }
    case 'pairs':
      return pairsReader(field);
    case 'list':
      return listReader(field);
    case 'composite':
      return compositeReader(field);
    case 'plain':
      return plainReader;
  }
}

function pairsReader({ qualifier, value, last }: FieldSpec & { kind: 'pairs' }): ReadField {
  const readers: [ReadElement, ReadElement, number][] = [];
  for (let position = qualifier.position; position < last; position += 2) {
    const at = (spec: typeof value, where: number) =>
      elementReader({ ...spec, position: where, ref: refAt(spec.ref, where) });
    readers.push([at(qualifier, position), at(value, position + 1), position]);
  }
  return (source, segment, first, count) => {
    const pairs: { qualifier: string; value: string }[] = [];
    for (const [readQualifier, readValue, position] of readers) {
      if (position > count) break;
      const of = readQualifier(source, segment, first, count);
      const id = readValue(source, segment, first, count);
      if (of !== undefined && id !== undefined) pairs.push({ qualifier: of, value: id });
    }
    return pairs.length === 0 ? undefined : pairs;
  };
}

function listReader({ element, last }: FieldSpec & { kind: 'list' }): ReadField {
  const readers: ReadElement[] = [];
  for (let position = element.position; position <= last; position++)
    readers.push(elementReader({ ...element, position, ref: refAt(element.ref, position) }));
  return (source, segment, first, count) => {
    const values = readers
      .slice(0, Math.max(0, count - element.position + 1))
      .map((read) => read(source, segment, first, count) ?? '');
    while (values.at(-1) === '') values.pop();
    if (values.length === 0) return undefined;
    if (values[0] === '') {
      const { position, ref, number } = element;
      const place = { element: position, elementNumber: number };
      source.tell('element-needed', `${ref} is missing: ${refAt(ref, position + 1)} is there`, segment, place);
    }
    return values;
  };
}

/** A composite is of use only if its required components are. */
function compositeReader({ element, components }: FieldSpec & { kind: 'composite' }): ReadField {
  const { position, ref } = element;
  const readers = components.map((one) => ({ ...one, read: componentReader(one.element) }));
  return (source, segment) => {
    const sent = source.value(segment, position).trimEnd();
    if (sent === '') return undefined;
    const parts = sent.split(String.fromCharCode(source.spelling.separators.component));
    const read: Record<string, string> = {};
    let usable = true;
    readers.forEach(({ name, required, read: readPart }, n) => {
      const value = readPart(source, segment, parts[n] ?? '');
      if (value !== undefined) read[name] = value;
      else usable &&= !required;
    });
    if (parts.length > readers.length)
      source.tell(
        'too-many-elements',
        `${ref} has ${parts.length} components; ${readers.length} are allowed`,
        segment,
        {
          element: position,
          component: readers.length + 1,
        },
      );
    return usable ? read : undefined;
  };
}

/** `PO106` at position 8 is `PO108`. */
export const refAt = (ref: string, position: number): string =>
  `${ref.slice(0, -2)}${String(position).padStart(2, '0')}`;

const plainReader: ReadField = (source, segment, first, count) => {
  const { text, marks } = source;
  const held = (n: number): string => text.slice((marks[first + n] ?? 0) + 1, marks[first + n + 1]);
  if (!source.odd) return Array.from({ length: count }, (_, n) => held(n + 1));
  return Array.from({ length: count }, (_, n) =>
    withOddCharacters(source, segment, plainAt(held(0), n + 1), held(n + 1)),
  );
};

/** An element of which nothing is known; it may have components. */
const plainAt = (id: string, position: number): ElementSpec => ({
  kind: 'element',
  ref: `${id}${String(position).padStart(2, '0')}`,
  position,
  number: 0,
  type: 'AN',
  min: 0,
  max: Infinity,
  decimals: 0,
  compound: true,
});
