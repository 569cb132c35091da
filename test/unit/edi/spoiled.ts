/** Documents with something in them that does not belong there, and how many segments they are meant to be. */
import fc from 'fast-check';
import type { LoopSpec, SetSpec } from '../../../edi/schema/set.js';

/** Values that no file can carry, or that look like others: what a program might hand over by mistake. */
export const ODDITIES: readonly unknown[] = [
  ...[
    null,
    undefined,
    0,
    -0,
    1e5,
    NaN,
    12.5,
    7n,
    true,
    Symbol('x'),
    new Date(0),
    () => '7',
    {},
    [],
    [''],
    { value: '1' },
  ],
  ...[
    '',
    ' ',
    '  7',
    '7 ',
    ' x',
    'x ',
    'a  b',
    '-0',
    '0.0',
    '-0.00',
    '0',
    '00',
    '007',
    '1e5',
    '+1',
    '.5',
    '5.',
    '-',
    '1,5',
  ],
  ...[
    '1'.repeat(15),
    '1'.repeat(16),
    '1'.repeat(40),
    `0.${'3'.repeat(30)}`,
    '-12.345',
    '-999999999999.99',
    '9'.repeat(10),
  ],
  ...['2026-02-30', '2026-13-01', '2024-02-29', '2023-02-29', '0000-01-01', '9999-12-31', '20260331', '2026-3-31'],
  ...['24:00', '23:59:60', '23:59:59.99', '12:30:00.123', '9:30', '00:00', '1200', '٠٩:٣٠', '２０２６-03-31'],
  ...[
    '\ud800',
    '\udc00x',
    '\u0000',
    '\u007f',
    '\u0085',
    '\u00a0',
    '\u2028',
    'é',
    'e\u0301',
    '日本',
    'ﬁ',
    '“x”',
    'ẞ',
    '😀',
    '\ufeff',
  ],
  ...['x'.repeat(1000), 'ISA*00*', '~SE*1*0001~', '\r\n', '\t', '__proto__', 'constructor', 'A', 'ZZ', 'EA'],
];

/** How a document is spoiled: which of its parts, counted through, and by what. */
export const anySpoiling = fc.record({
  part: fc.nat(),
  how: fc.constantFrom('value', 'sign', 'sign', 'gone', 'more', 'list', 'hole'),
  oddity: fc.nat({ max: ODDITIES.length - 1 }),
  at: fc.nat(),
});
export type Spoiling = Readonly<{ part: number; how: string; oddity: number; at: number }>;

type Held = Record<string | number, unknown>;

/** The document with one part of it spoiled; `signs` are put into texts. The document itself is left as it is. */
export function spoiled(document: unknown, { part, how, oddity, at }: Spoiling, signs: readonly string[]): unknown {
  const copy = copyOf(document) as Held;
  const parts: (readonly [Held, string | number])[] = [];
  const collect = (held: unknown): void => {
    if (typeof held !== 'object' || held === null) return;
    for (const name of Object.keys(held)) {
      if (held === copy && name === 'set') continue;
      parts.push([held as Held, name]);
      collect((held as Held)[name]);
    }
  };
  collect(copy);
  const [holder, name] = parts[part % Math.max(1, parts.length)] ?? [copy, 'set'];
  const value = holder[name];
  switch (how) {
    case 'gone':
      Reflect.deleteProperty(holder, name);
      break;
    case 'more':
      if (Array.isArray(holder)) holder.push(ODDITIES[oddity]);
      else holder['somethingElse'] = ODDITIES[oddity];
      break;
    case 'list':
      holder[name] = [value, value];
      break;
    case 'hole':
      holder[name] = Array.isArray(value) ? Array<unknown>(2) : undefined;
      break;
    case 'sign': {
      const sign = signs[oddity % signs.length] ?? '';
      const text = typeof value === 'string' ? value : '';
      const where = at % (text.length + 1);
      holder[name] = typeof value === 'string' ? text.slice(0, where) + sign + text.slice(where) : value;
      break;
    }
    default:
      holder[name] = ODDITIES[oddity];
  }
  return copy;
}

/** A copy of a document; what is no part of one stays what it is. */
function copyOf(held: unknown): unknown {
  if (Array.isArray(held)) return Array.from(held, copyOf);
  if (Object.getPrototypeOf(held ?? 0) !== Object.prototype) return held;
  return Object.fromEntries(Object.entries(held as Held).map(([name, one]) => [name, copyOf(one)]));
}

/** Sets whose writer counts lines in a CTT of its own; that of an invoice adds them up in a TDS too. */
const COUNTED: readonly string[] = ['810', '846', '850', '855', '856'];

/** Segments that a document is meant to be, between ST and SE: one for each object that its schema calls a segment. */
export function segmentsMeant({ body, set }: SetSpec, document: unknown): number {
  const { unknown = [], ...held } = document as { unknown?: readonly unknown[] } & Held;
  const counted = COUNTED.includes(set) && held['totals'] === undefined ? 1 : 0;
  const summed = set === '810' && held['total'] === undefined ? 1 : 0;
  return segmentsOf(body, held) + unknown.length + counted + summed;
}

function segmentsOf({ slots, tree }: LoopSpec, held: unknown): number {
  const holder = held as Held;
  let count = tree ? 1 : 0;
  for (const { name, loop, many } of tree ? slots.slice(1) : slots) {
    const values = many ? ((holder[name] ?? []) as unknown[]) : holder[name] === undefined ? [] : [holder[name]];
    for (const value of values) count += loop === null ? 1 : segmentsOf(loop, value);
  }
  if (tree)
    for (const child of (holder['children'] ?? []) as unknown[]) count += segmentsOf({ id: '', slots, tree }, child);
  return count;
}

/** Segments of a file: its bytes cut at the terminator and at nothing else. */
export function segmentsIn(bytes: Uint8Array, terminator: number): string[] {
  const segments = Buffer.from(bytes).toString('latin1').split(String.fromCharCode(terminator));
  if (segments.pop()?.trim() !== '') throw new Error('the file does not end with its terminator');
  return segments;
}

/**
 * Parts of a document that do not read back as they were given, by their paths. What was given as undefined is not
 * there; a number with implied decimals comes back with all of them (`12.5` of an N2 as `12.50`).
 */
export function lostOf(given: unknown, read: unknown, path = ''): string[] {
  if (given === undefined || Object.is(given, read)) return [];
  if (typeof given === 'string' && typeof read === 'string' && read.includes('.') && /^0*$/.test(restOf(given, read)))
    return [];
  if (typeof given !== 'object' || given === null || typeof read !== 'object' || read === null) return [path];
  if (Array.isArray(given) !== Array.isArray(read)) return [path];
  if (Array.isArray(given) && Array.isArray(read) && given.length !== read.length) return [`${path}.length`];
  return Object.keys(given).flatMap((name) => lostOf((given as Held)[name], (read as Held)[name], `${path}.${name}`));
}

/** What a number has behind what was given of it. */
const restOf = (given: string, read: string): string => {
  const whole = given.includes('.') ? given : `${given}.`;
  return read.startsWith(whole) ? read.slice(whole.length) : 'differs';
};
