import type { Fault } from './faults.js';
import type { ElementSpec, FieldSpec } from './schema/elements.js';
import { decoded, elementReader } from './schema/read-element.js';
import { elementsOf, type SegmentSpec } from './schema/segment.js';
import type { Source } from './schema/source.js';

/** An element as a person reads it. */
export interface OutlineElement {
  /** `PO104` */
  readonly ref: string;
  /** the document's property in words; null when nobody knows it */
  readonly name: string | null;
  /** as it was sent, without blanks at its end */
  readonly value: string;
  /** name of a code, day, number with its unit or currency: what the value says where it does not say it by itself */
  readonly meaning: string | null;
  readonly faults: readonly Fault[];
}

interface Named {
  readonly name: string;
  readonly spec: ElementSpec | null;
  /** unit of a quantity */
  readonly unit: ElementSpec | null;
  readonly amount: boolean;
}

const named = new WeakMap<SegmentSpec, readonly (Named | undefined)[]>();

/** `unitPrice` is `unit price`. */
export const words = (name: string): string => name.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);

/** Names of the elements of a segment, by position. */
export function namesOf(spec: SegmentSpec): readonly (Named | undefined)[] {
  const known = named.get(spec);
  if (known !== undefined) return known;
  const made: (Named | undefined)[] = [];
  for (const { name, field } of spec.properties)
    for (const [position, one] of namesIn(words(name), field)) made[position] = one;
  named.set(spec, made);
  return made;
}

function namesIn(name: string, field: FieldSpec): [number, Named][] {
  const of = (spec: ElementSpec | null, called: string, unit: ElementSpec | null = null, amount = false): Named => ({
    name: called,
    spec,
    unit,
    amount,
  });
  switch (field.kind) {
    case 'element':
      return [[field.position, of(field, name)]];
    case 'amount':
      return [[field.value.position, of(field.value, name, null, true)]];
    case 'quantity':
      return [
        [field.value.position, of(field.value, name, field.unit)],
        [field.unit.position, of(field.unit, `unit of ${name}`)],
      ];
    case 'list':
      return elementsOf(field).map((spec, n) => [spec.position, of(spec, `${name}, ${n + 1}`)]);
    case 'pairs':
      return elementsOf(field).map((spec, n) => [
        spec.position,
        of(spec, `${name}, ${Math.floor(n / 2) + 1}${n % 2 === 0 ? ': kind' : ''}`),
      ]);
    case 'composite':
      return [[field.element.position, of(field.element, name)]];
    case 'plain':
      return [];
  }
}

/** The elements of a segment that are there, or that a fault is about. */
export function describeElements(
  source: Source,
  segment: number,
  spec: SegmentSpec | null,
  currency: string | undefined,
  faults: readonly Fault[],
): OutlineElement[] {
  const names = spec === null ? [] : namesOf(spec);
  const first = source.starts[segment] ?? 0;
  const count = (source.starts[segment + 1] ?? 0) - first - 2;
  const id = source.value(segment, 0);
  const most = faults.reduce((far, { element = 0 }) => Math.max(far, element), count);
  const told = new Map<number, Fault[]>();
  for (const one of faults)
    if (one.element !== undefined && one.element > 0) told.set(one.element, [...(told.get(one.element) ?? []), one]);
  const elements: OutlineElement[] = [];
  for (let position = 1; position <= most; position++) {
    const own = told.get(position) ?? [];
    const sent = position > count ? '' : source.value(segment, position).trimEnd();
    if (sent === '' && own.length === 0) continue;
    const known = names[position];
    elements.push({
      ref: `${id}${String(position).padStart(2, '0')}`,
      name: known?.name ?? null,
      value: /[\u0080-\u00ff]/.test(sent) ? decoded(sent).text : sent,
      meaning: known === undefined || sent === '' ? null : meaningOf(source, segment, known, sent, currency),
      faults: own,
    });
  }
  return elements;
}

function meaningOf(
  source: Source,
  segment: number,
  { spec, unit, amount }: Named,
  sent: string,
  currency: string | undefined,
): string | null {
  if (spec === null) return null;
  if (spec.codes !== undefined && Object.hasOwn(spec.codes.names, sent)) return spec.codes.names[sent] ?? null;
  const value = converted(source, segment, spec);
  if (value === undefined) return null;
  const of = unit === null ? (amount ? currency : undefined) : source.value(segment, unit.position).trim();
  if (of !== undefined && of !== '') return `${value} ${of}`;
  return value === sent ? null : value;
}

/** A day, time or number as the document has it; what is wrong with it was told before. */
function converted(source: Source, segment: number, spec: ElementSpec): string | undefined {
  if (spec.type === 'AN' || spec.type === 'ID') return undefined;
  const first = source.starts[segment] ?? 0;
  return elementReader(spec)(source, segment, first, (source.starts[segment + 1] ?? 0) - first - 2);
}
