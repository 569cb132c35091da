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
  /** of a component: position of the composite element it is part of; its own `position` counts within that */
  readonly within?: number;
  /** may be made of components, which are kept as they were sent, with the separators between them */
  readonly compound?: boolean;
}

/** A component of a composite element. */
export interface ComponentSpec {
  readonly name: string;
  readonly element: ElementSpec;
  readonly required: boolean;
}

/** What a property of a segment is made of. */
export type FieldSpec =
  | ElementSpec
  | { readonly kind: 'quantity'; readonly value: ElementSpec; readonly unit: ElementSpec }
  | { readonly kind: 'amount'; readonly value: ElementSpec }
  | { readonly kind: 'pairs'; readonly qualifier: ElementSpec; readonly value: ElementSpec; readonly last: number }
  | { readonly kind: 'list'; readonly element: ElementSpec; readonly last: number }
  | { readonly kind: 'composite'; readonly element: ElementSpec; readonly components: readonly ComponentSpec[] }
  | { readonly kind: 'plain'; readonly last: number };

/**
 * A property as a segment declares it: what it is made of, whether it must be there, and the type it is read as, which
 * nothing holds at run time.
 */
export interface Declared<T, Optional extends boolean = false> {
  readonly field: FieldSpec;
  readonly required: boolean;
  readonly optional: () => Declared<T, true>;
  readonly held?: T;
  readonly mayLack?: Optional;
}

const declared = <T>(field: FieldSpec): Declared<T> => ({
  field,
  required: true,
  optional: () => ({ ...declared<T>(field), required: false, mayLack: true }),
});

/** How many, and of what unit. */
export interface Quantity {
  readonly value: string;
  readonly unit?: string | undefined;
}

/** Money, and the currency in force where it is known. */
export interface Amount {
  readonly value: string;
  readonly currency?: string | undefined;
}

/** A value and what it is. */
export interface Pair {
  readonly qualifier: string;
  readonly value: string;
}

/** Position of `PO106` is 6. */
const positionOf = (ref: string): number => Number(ref.slice(-2));

function spec(
  ref: string,
  number: number,
  type: ElementType,
  [min, max]: readonly [number, number],
  more: { decimals?: number; codes?: CodeList; compound?: boolean } = {},
): ElementSpec {
  const { decimals = 0, codes, compound = number === 0 } = more;
  const position = positionOf(ref);
  return {
    kind: 'element',
    ref,
    position,
    number,
    type,
    min,
    max,
    decimals,
    ...(codes === undefined ? {} : { codes }),
    ...(compound ? { compound } : {}),
  };
}

/** Text (AN), `min` to `max` characters. */
export const an = (ref: string, number: number, min: number, max: number): Declared<string> =>
  declared(spec(ref, number, 'AN', [min, max]));

/** An identifier (ID): a code of a list. Codes outside the list are read, and refused when written if the list is whole. */
export const id = (ref: string, number: number, min: number, max: number, codes?: CodeList): Declared<string> =>
  declared(spec(ref, number, 'ID', [min, max], codes === undefined ? {} : { codes }));

/** A day (DT), `2026-03-31`. Releases before 004010 write it with two digits of the year. */
export const date = (ref: string, number: number): Declared<string> => declared(spec(ref, number, 'DT', [8, 8]));

/** A day that has two digits of the year in every release, as those of the envelope have (TA102). */
export const shortDate = (ref: string, number: number): Declared<string> => declared(spec(ref, number, 'DT', [6, 6]));

/** A time of day (TM), `09:30`; at most four digits of it where seconds have no place. */
export const time = (ref: string, number: number, max = 8): Declared<string> =>
  declared(spec(ref, number, 'TM', [4, max]));

/** A number with a point of its own (R), as text. */
export const decimal = (ref: string, number: number, min: number, max: number): Declared<string> =>
  declared(spec(ref, number, 'R', [min, max]));

/** A number with `decimals` implied decimals (N0, N2 …), as text with its point written: N2 `123456` is `1234.56`. */
export const implied = (ref: string, number: number, decimals: number, min: number, max: number): Declared<string> =>
  declared(spec(ref, number, 'N', [min, max], { decimals }));

/** A quantity: how many (R), and of what unit (element 355, or an element of its own). */
export const quantity = (
  [valueRef, number, min, max]: readonly [string, number, number, number],
  unitRef: string,
  units: CodeList,
  unitNumber = 355,
): Declared<Quantity> =>
  declared({
    kind: 'quantity',
    value: spec(valueRef, number, 'R', [min, max]),
    unit: spec(unitRef, unitNumber, 'ID', [2, 2], { codes: units }),
  });

/** Characters of a composite unit of measure (C001) with all its exponents and multipliers. */
const LONGEST_UNIT = 149;

/** A unit of measure that may be made of several (C001), as it was sent. */
export const compoundUnit = (ref: string): Declared<string> =>
  declared(spec(ref, 355, 'AN', [2, LONGEST_UNIT], { compound: true }));

/** A quantity whose unit may be made of several (C001). */
export const compoundQuantity = (
  [valueRef, number, min, max]: readonly [string, number, number, number],
  unitRef: string,
  units: CodeList,
): Declared<Quantity> =>
  declared({
    kind: 'quantity',
    value: spec(valueRef, number, 'R', [min, max]),
    unit: spec(unitRef, 355, 'ID', [2, LONGEST_UNIT], { codes: units, compound: true }),
  });

/**
 * An amount of money or a price: a decimal and the currency in force (of the nearest CUR, else of the partner's
 * profile, else none). `decimals` makes it an N element, as TDS01 and SAC05 are.
 */
export const amount = (ref: string, number: number, min: number, max: number, decimals?: number): Declared<Amount> =>
  declared({
    kind: 'amount',
    value: spec(ref, number, decimals === undefined ? 'R' : 'N', [min, max], { decimals: decimals ?? 0 }),
  });

/** Pairs of qualifier and value that go on to `last`: product identifiers, terms. */
export const pairs = (
  [qualifierRef, qualifierNumber]: readonly [string, number],
  [valueRef, valueNumber, min, max]: readonly [string, number, number, number],
  last: number,
  codes: CodeList,
): Declared<readonly Pair[]> =>
  declared({
    kind: 'pairs',
    qualifier: spec(qualifierRef, qualifierNumber, 'ID', [2, 2], { codes }),
    value: spec(valueRef, valueNumber, 'AN', [min, max]),
    last,
  });

/** The same element several times over, up to position `last`: lines of a name or an address. */
export const list = (
  ref: string,
  number: number,
  min: number,
  max: number,
  last: number,
): Declared<readonly string[]> => declared({ kind: 'list', element: spec(ref, number, 'AN', [min, max]), last });

/** Properties as a segment, or a composite element, declares them. */
export type Shape = Readonly<Record<string, Declared<unknown, boolean>>>;

type Lacking<S> = { [K in keyof S]: S[K] extends { readonly mayLack?: true } ? K : never }[keyof S];
type HeldBy<D> = D extends { readonly held?: infer T } ? Exclude<T, undefined> : never;

/** What a shape is read as: properties that must be there, and those that may lack. */
export type Held<S> = { readonly [K in Exclude<keyof S, Lacking<S>>]: HeldBy<S[K]> } & {
  readonly [K in Lacking<S>]?: HeldBy<S[K]> | undefined;
};

/** A composite element: a property for each of its components, whose refs count on (`AK40102` is the second of AK401). */
export function composite<S extends Shape>(ref: string, shape: S): Declared<Held<S>> {
  const within = positionOf(ref);
  const components = Object.entries(shape).map(([name, { field, required }]): ComponentSpec => {
    if (field.kind !== 'element') throw new Error(`${ref}.${name} is no element`);
    return { name, element: { ...field, within }, required };
  });
  const most = components.reduce((all, { element }) => all + element.max + 1, -1);
  return declared({ kind: 'composite', element: spec(ref, 0, 'AN', [1, most]), components });
}

/** All elements of a segment as they are, empty ones as empty text, up to position `last`. */
export const plain = (last: number): Declared<readonly string[]> => declared({ kind: 'plain', last });
