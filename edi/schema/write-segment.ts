import type { ElementSpec, FieldSpec } from './elements.js';
import { refAt } from './read-field.js';
import type { SegmentSpec } from './segment.js';
import type { Sheet } from './sheet.js';
import { holds, maskOf, noteText } from './syntax-notes.js';
import { visitOf, type Visit, type Visited } from './visit.js';
import { elementWriter, type WriteElement } from './write-element.js';

/** Writes an object of properties as the segment it is: tag, elements, nothing behind the last one. */
export type WriteSegment = (sheet: Sheet, value: unknown) => void;

/** Puts the elements of a property at their positions. */
type WriteField = (sheet: Sheet, value: unknown, elements: string[]) => void;

const made = new WeakMap<SegmentSpec, WriteSegment>();

/** A writer of one segment, made once from its schema. */
export function segmentWriter(spec: SegmentSpec): WriteSegment {
  const known = made.get(spec);
  if (known !== undefined) return known;
  const visit = visitOf(
    spec.id,
    spec.properties.map(({ name, field, required }): Visited<string[]> => {
      return { name, nothing: required ? 'never' : 'absent', put: named(name, spec.id, fieldWriter(field)) };
    }),
  );
  const notes = spec.notes.map(maskOf);
  const writer: WriteSegment = (sheet, value) => {
    if (!isObject(value)) return sheet.refuse({ ref: spec.id }, value, 'an object is expected');
    const elements: string[] = [spec.id];
    visit(value, sheet, elements);
    const there = presence(elements);
    for (const note of notes)
      if (!holds(note, there)) sheet.refuse({ ref: spec.id }, undefined, noteText(spec.id, note.note, there).message);
    if (elements.length === 1)
      sheet.refuse({ ref: spec.id }, undefined, 'a segment without any element cannot be written');
    for (let n = 1; n < elements.length; n++) elements[n] ??= '';
    sheet.put(elements);
  };
  made.set(spec, writer);
  return writer;
}

/** Writes a field as the property it is; one that is not there must be. */
const named =
  (name: string, ref: string, write: WriteField): WriteField =>
  (sheet, held, elements) => {
    sheet.path.push(name);
    if (held === undefined) sheet.refuse({ ref }, undefined, 'it must be there');
    else write(sheet, held, elements);
    sheet.path.pop();
  };

/** Whether a value is a plain object: of one with a class nobody knows what it holds, and a copy of it holds less. */
export function isObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function presence(elements: readonly (string | undefined)[]): number {
  let there = 0;
  for (let position = Math.min(31, elements.length - 1); position > 0; position--)
    if (elements[position]) there |= 1 << position;
  return there;
}

function fieldWriter(field: FieldSpec): WriteField {
  switch (field.kind) {
    case 'element':
      return putting(field.position, elementWriter(field));
    case 'quantity':
      return quantityWriter(field);
    case 'amount':
      return amountWriter(field);
    case 'pairs':
      return pairsWriter(field);
    case 'list':
      return listWriter(field);
    case 'composite':
      return compositeWriter(field);
    case 'plain':
      return plainWriter(field.last);
  }
}

const putting =
  (position: number, write: WriteElement): WriteField =>
  (sheet, value, elements) => {
    const text = write(sheet, value);
    if (text !== undefined) elements[position] = text;
  };

function quantityWriter({ value, unit }: FieldSpec & { kind: 'quantity' }): WriteField {
  const visit = visitOf<string[]>(value.ref, [
    { name: 'value', nothing: 'never', put: putting(value.position, elementWriter(value)) },
    { name: 'unit', nothing: 'absent', put: putting(unit.position, elementWriter(unit)) },
  ]);
  return (sheet, held, elements) => {
    if (!isObject(held)) return sheet.refuse(value, held, 'a quantity { value, unit } is expected');
    visit(held, sheet, elements);
  };
}

/** An amount's currency must be the one in force, or the reader of the file would take it for another. */
function amountWriter({ value }: FieldSpec & { kind: 'amount' }): WriteField {
  const visit = visitOf<string[]>(value.ref, [
    { name: 'value', nothing: 'never', put: putting(value.position, elementWriter(value)) },
    { name: 'currency', nothing: 'absent', put: (sheet, currency) => checkCurrency(sheet, value, currency) },
  ]);
  return (sheet, held, elements) => {
    if (!isObject(held)) return sheet.refuse(value, held, 'an amount { value, currency } is expected');
    visit(held, sheet, elements);
  };
}

function checkCurrency(sheet: Sheet, spec: ElementSpec, currency: unknown): void {
  if (currency === sheet.currency) return;
  const force = sheet.currency === undefined ? 'no CUR and no agreement names it' : `${sheet.currency} is in force`;
  sheet.refuse(spec, currency, `the amount is in another currency: ${force}`);
}

function pairsWriter({ qualifier, value, last }: FieldSpec & { kind: 'pairs' }): WriteField {
  const visits: Visit<string[]>[] = [];
  for (let position = qualifier.position; position < last; position += 2)
    visits.push(
      visitOf<string[]>(qualifier.ref, [
        { name: 'qualifier', nothing: 'never', put: pairPart(qualifier, position) },
        { name: 'value', nothing: 'never', put: pairPart(value, position + 1) },
      ]),
    );
  return (sheet, held, elements) => {
    if (!Array.isArray(held) || held.length === 0 || held.length > visits.length)
      return sheet.refuse(
        qualifier,
        held,
        `a list of 1 to ${visits.length} pairs is expected; leave it out if there is none`,
      );
    Array.from(held).forEach((pair: unknown, n) => {
      const visit = visits[n];
      if (visit === undefined || !isObject(pair))
        return sheet.refuse(qualifier, pair, 'a pair { qualifier, value } is expected');
      visit(pair, sheet, elements);
    });
  };
}

const pairPart = (spec: ElementSpec, position: number): WriteField =>
  putting(position, elementWriter({ ...spec, position, ref: refAt(spec.ref, position) }));

function listWriter({ element, last }: FieldSpec & { kind: 'list' }): WriteField {
  const most = last - element.position + 1;
  const write = elementWriter(element);
  return (sheet, held, elements) => {
    if (!Array.isArray(held) || held.length === 0 || held.length > most || held[0] === '' || held.at(-1) === '')
      return sheet.refuse(
        element,
        held,
        `a list of 1 to ${most} texts is expected, the first and the last one not empty`,
      );
    Array.from(held).forEach((text: unknown, n) => {
      if (text !== '') putting(element.position + n, write)(sheet, text, elements);
    });
  };
}

function compositeWriter({ element, components }: FieldSpec & { kind: 'composite' }): WriteField {
  const names = components.map(({ name }) => name).join(', ');
  const visit = visitOf(
    element.ref,
    components.map(({ name, element: component, required }): Visited<string[]> => {
      const put = putting(component.position - 1, elementWriter(component));
      return { name, nothing: required ? 'never' : 'absent', put: named(name, element.ref, put) };
    }),
  );
  return (sheet, held, elements) => {
    if (!isObject(held)) return sheet.refuse(element, held, `an object { ${names} } is expected`);
    const parts: string[] = [];
    visit(held, sheet, parts);
    const separator = String.fromCharCode(sheet.separators.component);
    elements[element.position] = Array.from(parts, (part) => part ?? '').join(separator);
  };
}

function plainWriter(last: number): WriteField {
  return (sheet, held, elements) => {
    if (!Array.isArray(held) || held.length > last)
      return sheet.refuse({ ref: elements[0] ?? '' }, held, `a list of at most ${last} elements is expected`);
    if (held.length > 0 && held.every((text) => text === ''))
      return sheet.refuse({ ref: elements[0] ?? '' }, undefined, 'a segment without any element cannot be written');
    Array.from(held).forEach((text: unknown, n) => {
      elements[n + 1] = typeof text === 'string' && sheet.alphabet.has(text) ? text : '';
      if (elements[n + 1] !== text)
        sheet.refuse({ ref: elements[0] ?? '' }, text, 'no text, or one with characters that cannot be written');
    });
  };
}
