import fc from 'fast-check';
import type { ElementSpec, FieldSpec } from '../../../edi/schema/elements.js';
import type { SegmentSpec } from '../../../edi/schema/segment.js';
import type { LoopSpec, SetSpec, Slot } from '../../../edi/schema/set.js';
import { holds, maskOf } from '../../../edi/schema/syntax-notes.js';

/** Documents of a set, made from its schema: plausible, now and then with a value that no file can carry. */
export function documentsOf(spec: SetSpec, hostile: number): fc.Arbitrary<Record<string, unknown>> {
  return loopOf(spec.body, hostile, 0).map((body) => ({ set: spec.set, ...body }));
}

function loopOf(loop: LoopSpec, hostile: number, depth: number): fc.Arbitrary<Record<string, unknown>> {
  const slots = loop.slots.filter(({ id }) => !['CTT', 'CUR'].includes(id));
  const chosen = fc.subarray(slots, { maxLength: Math.min(slots.length, depth === 0 ? 6 : 3) });
  return chosen.chain((some) => {
    const held = slots.filter((slot) => slot.min > 0 || some.includes(slot));
    const entries = held.map((slot) => slotOf(slot, hostile, depth).map((value) => [slot.name, value] as const));
    return fc.tuple(...entries).map((pairs) => Object.fromEntries(pairs));
  });
}

function slotOf(slot: Slot, hostile: number, depth: number): fc.Arbitrary<unknown> {
  const one = slot.loop?.tree === true ? levelOf(slot.loop, hostile, depth) : onceOf(slot, hostile, depth);
  const most = Math.min(slot.max, 3);
  return slot.many ? fc.array(one, { minLength: slot.min, maxLength: Math.max(most, slot.min) }) : one;
}

const onceOf = ({ segment, loop }: Slot, hostile: number, depth: number): fc.Arbitrary<unknown> =>
  segment !== null ? segmentsOf(segment, hostile) : loop !== null ? loopOf(loop, hostile, depth + 1) : fc.constant({});

/** A level of a tree, two levels below it at most. */
function levelOf(loop: LoopSpec, hostile: number, depth: number): fc.Arbitrary<unknown> {
  const own = loopOf({ ...loop, slots: loop.slots.slice(1) }, hostile, 1);
  const children = depth > 1 ? fc.constant([]) : fc.array(levelOf(loop, hostile, depth + 1), { maxLength: 2 });
  return fc
    .tuple(fc.constantFrom('S', 'O', 'P', 'I'), own, children)
    .map(([level, held, below]) => ({ level, ...held, children: below }));
}

function segmentsOf(spec: SegmentSpec, hostile: number): fc.Arbitrary<Record<string, unknown>> {
  const entries = spec.properties.map(({ name, field, required }) =>
    fc.tuple(fieldOf(field, hostile), required ? fc.constant(true) : fc.boolean()).map(([value, there]) => ({
      name,
      value,
      there,
      required,
      positions: positionsOf(field, value),
    })),
  );
  return fc
    .tuple(...entries)
    .map((all) => Object.fromEntries(agreed(spec, all).map(({ name, value }) => [name, value] as const)));
}

interface Made {
  readonly name: string;
  readonly value: unknown;
  readonly there: boolean;
  readonly required: boolean;
  readonly positions: readonly number[];
}

/** Elements that a value of a property fills. */
function positionsOf(field: FieldSpec, value: unknown): number[] {
  const filled = Array.isArray(value) ? value.length * (field.kind === 'pairs' ? 2 : 1) : 1;
  switch (field.kind) {
    case 'element':
      return [field.position];
    case 'composite':
      return [field.element.position];
    case 'quantity':
      return [field.value.position, field.unit.position];
    case 'amount':
      return [field.value.position];
    case 'pairs':
      return Array.from({ length: filled }, (_, n) => field.qualifier.position + n);
    case 'list':
      return Array.from({ length: filled }, (_, n) => field.element.position + n);
    case 'plain':
      return Array.from({ length: filled }, (_, n) => n + 1);
  }
}

/** The properties that are there, with what the syntax notes ask for put in, or else what they object to left out. */
function agreed(spec: SegmentSpec, all: readonly Made[]): readonly Made[] {
  const there = new Set(all.filter((one) => one.there));
  const at = (position: number): Made | undefined => all.find(({ positions }) => positions.includes(position));
  for (let round = 0; round < 10; round++) {
    const mask = [...there].flatMap(({ positions }) => positions).reduce((bits, position) => bits | (1 << position), 0);
    const broken = spec.notes.find((note) => !holds(maskOf(note), mask));
    if (broken === undefined) break;
    const parts = broken.positions.map(at);
    if (broken.kind === 'R') parts.slice(0, 1).forEach((one) => one && there.add(one));
    else if (round < 5 && broken.kind !== 'E') parts.forEach((one) => one && there.add(one));
    else parts.forEach((one) => one?.required === false && there.delete(one));
  }
  return all.filter((one) => there.has(one));
}

function fieldOf(field: FieldSpec, hostile: number): fc.Arbitrary<unknown> {
  switch (field.kind) {
    case 'element':
      return elementOf(field, hostile);
    case 'quantity':
      return fc
        .tuple(elementOf(field.value, hostile), elementOf(field.unit, hostile))
        .map(([value, unit]) => ({ value, unit }));
    case 'amount':
      return elementOf(field.value, hostile).map((value) => ({ value }));
    case 'pairs':
      return fc
        .array(
          fc
            .tuple(elementOf(field.qualifier, hostile), elementOf(field.value, hostile))
            .map(([qualifier, value]) => ({ qualifier, value })),
          { minLength: 1, maxLength: 3 },
        )
        .map((pairs) => pairs.slice(0, (field.last - field.qualifier.position + 1) / 2));
    case 'list':
      return fc.array(elementOf(field.element, hostile), {
        minLength: 1,
        maxLength: field.last - field.element.position + 1,
      });
    case 'composite': {
      const parts = field.components.map(({ name, element, required }) =>
        fc
          .tuple(elementOf(element, hostile), required ? fc.constant(true) : fc.boolean())
          .map(([value, there]) => (there ? [[name, value] as const] : [])),
      );
      return fc.tuple(...parts).map((pairs) => Object.fromEntries(pairs.flat()));
    }
    case 'plain':
      return fc.array(fc.constantFrom('A', '12', 'XYZ'), { minLength: 1, maxLength: field.last });
  }
}

const PLAIN = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .,-/&()#');
const NASTY = ['*', '>', '~', '^', '\n', '\r', '\0', '\u001c', 'é', '日', 'ISA*', '~SE*1*0001~', ' ', '“'];

/** Text of a length the element allows. */
const textOf = (min: number, max: number): fc.Arbitrary<string> =>
  fc
    .array(fc.constantFrom(...PLAIN), { minLength: min, maxLength: Math.min(max, 12 + min) })
    .map((signs) => signs.join('').replace(/ $/, 'x'));

function elementOf(spec: ElementSpec, hostile: number): fc.Arbitrary<string> {
  const good = goodOf(spec);
  if (hostile === 0) return good;
  const bad = fc.oneof(
    fc.tuple(good, fc.constantFrom(...NASTY)).map(([value, nasty]) => value + nasty),
    fc.tuple(fc.constantFrom(...NASTY), good).map(([nasty, value]) => nasty + value),
    fc.constantFrom('', 'x'.repeat(spec.max + 1), '-0', '1e5', '007', '2026-02-30', '24:00'),
    fc.string({ unit: 'binary', maxLength: 5 }),
  );
  return fc.oneof({ weight: 100, arbitrary: good }, { weight: hostile, arbitrary: bad });
}

function goodOf({ type, min, max, decimals, codes }: ElementSpec): fc.Arbitrary<string> {
  switch (type) {
    case 'AN':
      return textOf(min, max);
    case 'ID': {
      const known = Object.keys(codes?.names ?? {}).filter(({ length }) => length >= min && length <= max);
      return known.length > 0
        ? fc.constantFrom(...known)
        : fc.constant('A1B2C3D4E5'.slice(0, Math.max(min, Math.min(max, 2))));
    }
    case 'DT':
      return fc.constantFrom('2026-03-31', '2024-02-29', '1999-12-31');
    case 'TM':
      return fc.constantFrom('09:30', '23:59:59', '00:00:00.5', '12:34:56.78');
    case 'R':
      return decimalOf(Math.max(1, Math.min(max, 9)), 3);
    case 'N':
      return decimalOf(Math.max(1, Math.min(max, 9)), decimals).map((value) => withPlaces(value, decimals));
  }
}

/** As a reader gives an implied decimal: with all its places. */
function withPlaces(value: string, places: number): string {
  const [whole = '0', fraction = ''] = value.split('.');
  return places === 0 ? whole : `${whole}.${fraction.padEnd(places, '0')}`;
}

/** A decimal of at most `digits` digits, `places` of them behind the point. */
const decimalOf = (digits: number, places: number): fc.Arbitrary<string> =>
  fc
    .tuple(fc.nat({ max: 10 ** Math.max(1, digits - places) - 1 }), fc.nat({ max: places }), fc.boolean())
    .map(([whole, n, negative]) => {
      const fraction = n === 0 || digits - places < 1 ? '' : `.${'123456'.slice(0, n)}`;
      return negative && whole > 0 ? `-${whole}${fraction}` : `${whole}${fraction}`;
    });
