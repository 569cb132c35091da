import { z } from 'zod';
import { CalendarDate, Decimal, digitsOf, TimeOfDay } from './values.js';

/** Codes of an element with their names; `whole` says that no other code exists in the standard. */
export interface CodeList {
  readonly whole: boolean;
  readonly names: Readonly<Record<string, string>>;
}

/** All codes of an element: another one is a fault. */
export const allCodes = (names: Record<string, string>): CodeList => ({ whole: true, names });

/** Codes that are worth a name; the standard has more of them. */
export const someCodes = (names: Record<string, string>): CodeList => ({ whole: false, names });

/** Type of an element in X12.6: text, identifier, date, time, implied decimals, decimal. */
export type ElementType = 'AN' | 'ID' | 'DT' | 'TM' | 'N' | 'R';

/** One element of a segment. */
export interface ElementSpec {
  readonly kind: 'element';
  /** `BEG03` */
  readonly ref: string;
  readonly position: number;
  /** number in the data element dictionary */
  readonly number: number;
  readonly type: ElementType;
  readonly min: number;
  readonly max: number;
  /** implied decimals of an N element */
  readonly decimals: number;
  readonly codes?: CodeList;
}

/** What a property of a segment is made of. */
export type FieldSpec =
  | ElementSpec
  | { readonly kind: 'quantity'; readonly value: ElementSpec; readonly unit: ElementSpec }
  | { readonly kind: 'amount'; readonly value: ElementSpec }
  | { readonly kind: 'pairs'; readonly qualifier: ElementSpec; readonly value: ElementSpec; readonly last: number }
  | { readonly kind: 'list'; readonly element: ElementSpec; readonly last: number }
  | { readonly kind: 'plain'; readonly last: number };

const fields = new WeakMap<object, FieldSpec>();

/** Position of `PO106` is 6. */
const positionOf = (ref: string): number => Number(ref.slice(-2));

function spec(
  ref: string,
  number: number,
  type: ElementType,
  [min, max]: readonly [number, number],
  more: { decimals?: number; codes?: CodeList } = {},
): ElementSpec {
  const { decimals = 0, codes } = more;
  return {
    kind: 'element',
    ref,
    position: positionOf(ref),
    number,
    type,
    min,
    max,
    decimals,
    ...(codes === undefined ? {} : { codes }),
  };
}

const put = <T extends z.ZodType>(schema: T, field: FieldSpec): T => {
  fields.set(schema, field);
  return schema;
};

/** A decimal whose digits are within the element's length. */
const decimalOf = ({ min, max, decimals, type }: ElementSpec) =>
  Decimal.refine(
    (value) => digitsOf(value) <= max && (type !== 'N' || (value.split('.')[1] ?? '').length <= decimals),
    type === 'N'
      ? `at most ${max} digits, ${decimals} of them after the point, are expected`
      : `${min} to ${max} digits are expected`,
  );

/** Text (AN), `min` to `max` characters. */
export function an(ref: string, number: number, min: number, max: number) {
  return put(z.string().min(min).max(max), spec(ref, number, 'AN', [min, max]));
}

/** An identifier (ID): a code of a list. Codes outside the list are read, and refused when written if the list is whole. */
export function id(ref: string, number: number, min: number, max: number, codes?: CodeList) {
  const field = spec(ref, number, 'ID', [min, max], codes === undefined ? {} : { codes });
  return put(z.string().min(min).max(max), field);
}

/** A day (DT). Releases before 004010 write it with two digits of the year. */
export function date(ref: string, number: number) {
  return put(CalendarDate.clone(), spec(ref, number, 'DT', [8, 8]));
}

/** A time of day (TM). */
export function time(ref: string, number: number) {
  return put(TimeOfDay.clone(), spec(ref, number, 'TM', [4, 8]));
}

/** A number with a point of its own (R), as text. */
export function decimal(ref: string, number: number, min: number, max: number) {
  const field = spec(ref, number, 'R', [min, max]);
  return put(decimalOf(field), field);
}

/** A number with `decimals` implied decimals (N0, N2 …), as text with its point written: N2 `123456` is `1234.56`. */
export function implied(ref: string, number: number, decimals: number, min: number, max: number) {
  const field = spec(ref, number, 'N', [min, max], { decimals });
  return put(decimalOf(field), field);
}

/** A quantity: how many (R), and of what unit (element 355, or an element of its own). */
export function quantity(
  [valueRef, number, min, max]: readonly [string, number, number, number],
  unitRef: string,
  units: CodeList,
  unitNumber = 355,
) {
  const value = spec(valueRef, number, 'R', [min, max]);
  const unit = spec(unitRef, unitNumber, 'ID', [2, 2], { codes: units });
  return put(z.strictObject({ value: decimalOf(value), unit: z.string().min(2).max(2).optional() }), {
    kind: 'quantity',
    value,
    unit,
  });
}

/**
 * An amount of money or a price: a decimal and the currency in force (of the nearest CUR, else of the partner's
 * profile, else none). `decimals` makes it an N element, as TDS01 and SAC05 are.
 */
export function amount(ref: string, number: number, min: number, max: number, decimals?: number) {
  const value =
    decimals === undefined ? spec(ref, number, 'R', [min, max]) : spec(ref, number, 'N', [min, max], { decimals });
  return put(z.strictObject({ value: decimalOf(value), currency: z.string().length(3).optional() }), {
    kind: 'amount',
    value,
  });
}

/** Pairs of qualifier and value that go on to `last`: product identifiers, terms. */
export function pairs(
  [qualifierRef, qualifierNumber]: readonly [string, number],
  [valueRef, valueNumber, min, max]: readonly [string, number, number, number],
  last: number,
  codes: CodeList,
) {
  const qualifier = spec(qualifierRef, qualifierNumber, 'ID', [2, 2], { codes });
  const value = spec(valueRef, valueNumber, 'AN', [min, max]);
  const most = (last - qualifier.position + 1) / 2;
  const pair = z.strictObject({ qualifier: z.string().min(2).max(2), value: z.string().min(min).max(max) });
  return put(z.array(pair).max(most).readonly(), { kind: 'pairs', qualifier, value, last });
}

/** The same element several times over, up to position `last`: lines of a name or an address. */
export function list(ref: string, number: number, min: number, max: number, last: number) {
  const element = spec(ref, number, 'AN', [min, max]);
  const most = last - element.position + 1;
  return put(z.array(z.string().max(max)).min(1).max(most).readonly(), { kind: 'list', element, last });
}

/** All elements of a segment as they are, empty ones as empty text, up to position `last`. */
export function plain(last: number) {
  return put(z.array(z.string()).max(last).readonly(), { kind: 'plain', last });
}

/** What a property is made of, and whether it must be there; null for a schema that is no field. */
export function fieldOf(schema: z.core.$ZodType): { readonly field: FieldSpec; readonly required: boolean } | null {
  const field = fields.get(schema);
  if (field !== undefined) return { field, required: true };
  if (!(schema instanceof z.ZodOptional)) return null;
  const inner = fieldOf(schema.unwrap());
  return inner === null ? null : { field: inner.field, required: false };
}
