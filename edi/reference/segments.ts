import { RELEASES, type Release } from '../schema/release.js';
import { namesOf } from '../outline-elements.js';
import type { CodeList } from '../schema/elements.js';
import type { SegmentSpec, SyntaxNote } from '../schema/segment.js';
import type { LoopSpec } from '../schema/set.js';
import { SET_NUMBERS, setFor } from '../sets/index.js';
import { table } from './table.js';

/** A segment as some sets have it, in the releases. */
interface Kept {
  readonly specs: Map<Release, SegmentSpec>;
  readonly sets: Set<string>;
}

/** Codes in a cell at most; longer lists stand in a part of their own. */
const CODES_IN_PLACE = 6;

/** `AK403` of `AK4`: position 3. */
const refOf = (id: string, position: number): string => `${id}${String(position).padStart(2, '0')}`;

/** Segments of all sets. One that some sets have otherwise than others is there once for each way. */
function segmentsUsed(): Map<string, Kept[]> {
  const found = new Map<string, Kept[]>();
  for (const set of SET_NUMBERS) {
    const both = new Map(RELEASES.map((release) => [release, inSet(set, release)]));
    const ids = new Set([...both.values()].flatMap((each) => [...each.keys()]));
    for (const id of ids) {
      const ways = Math.max(...[...both.values()].map((each) => each.get(id)?.length ?? 0));
      for (let n = 0; n < ways; n++) {
        const specs = new Map<Release, SegmentSpec>();
        for (const [release, each] of both) {
          const spec = each.get(id)?.[n];
          if (spec !== undefined) specs.set(release, spec);
        }
        keep(found, id, specs, set);
      }
    }
  }
  return found;
}

function keep(found: Map<string, Kept[]>, id: string, specs: Map<Release, SegmentSpec>, set: string): void {
  const list = found.get(id) ?? [];
  const same = list.find((one) => signatureOf(one.specs) === signatureOf(specs));
  if (same === undefined) found.set(id, [...list, { specs, sets: new Set([set]) }]);
  else same.sets.add(set);
}

const signatureOf = (specs: ReadonlyMap<Release, SegmentSpec>): string => JSON.stringify([...specs]);

/** Segments of a set by tag, those that differ apart. */
function inSet(set: string, release: Release): Map<string, SegmentSpec[]> {
  const found = new Map<string, SegmentSpec[]>();
  const gather = ({ slots }: LoopSpec): void => {
    for (const { segment, loop } of slots) {
      if (segment !== null) {
        const list = found.get(segment.id) ?? [];
        if (!list.some((one) => JSON.stringify(one) === JSON.stringify(segment)))
          found.set(segment.id, [...list, segment]);
      }
      if (loop !== null) gather(loop);
    }
  };
  const spec = setFor(set, release);
  if (spec !== null) gather(spec.body);
  return found;
}

/** Lists of codes that are too long for a cell, by the element they belong to. */
type LongLists = Map<string, CodeList>;

/** The part on segments, and behind it the part on codes. */
export function segmentParts(): string[] {
  const long: LongLists = new Map();
  const segments = [...segmentsUsed()]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([id, ways]) => ways.map((kept) => segmentPart(id, kept, ways.length > 1, long)));
  const codes = [...long].map(([ref, { whole, names }]) =>
    [
      `### Codes of ${ref}`,
      '',
      whole ? 'These are all; another one is a fault.' : 'The standard has more; another one is taken as it is.',
      '',
      table(
        ['code', 'means'],
        Object.entries(names).map(([code, name]) => [`\`${code}\``, name]),
      ),
    ].join('\n'),
  );
  return ['## Segments', ...segments, '## Codes', ...codes];
}

function segmentPart(id: string, { specs, sets }: Kept, several: boolean, long: LongLists): string {
  const [first] = specs.values();
  if (first === undefined) return '';
  const used = [...sets].join(', ');
  const parts = [`### ${id} ${first.name}${several ? ` (as in ${used})` : ''}`, '', `In ${used}.`];
  if (specs.size < RELEASES.length) parts.push(`Only in ${[...specs.keys()].join(', ')}.`);
  const rows = elementRows(id, specs, long);
  if (rows.length === 0) parts.push(`Its ${first.most} elements are kept as they are.`);
  else parts.push('', table(['element', 'name', 'number', 'type', '004010', '005010', 'must be there', 'codes'], rows));
  for (const text of notesOf(specs)) parts.push(text);
  return parts.join('\n');
}

function elementRows(id: string, specs: ReadonlyMap<Release, SegmentSpec>, long: LongLists): string[][] {
  const most = Math.max(...[...specs.values()].map(({ elements }) => elements.length));
  const rows: string[][] = [];
  for (let position = 1; position < most; position++) {
    const of = (release: Release) => specs.get(release)?.elements[position];
    const [old, now] = RELEASES.map(of);
    const either = old ?? now;
    if (either === undefined) continue;
    const [holder] = [...specs.values()].filter(({ elements }) => elements[position] !== undefined);
    const type = either.type === 'N' ? `N${either.decimals}` : either.type;
    const length = (element: typeof old): string => (element === undefined ? '–' : `${element.min}/${element.max}`);
    rows.push([
      refOf(id, position),
      (holder === undefined ? undefined : namesOf(holder)[position]?.name) ?? '',
      either.number === 0 ? 'composite' : String(either.number),
      type,
      length(old),
      length(now),
      requirementOf(position, specs),
      codesOf(refOf(id, position), old?.codes ?? now?.codes, long),
    ]);
  }
  return rows;
}

/** Whether an element must be there: always, by a syntax note, or not. */
function requirementOf(position: number, specs: ReadonlyMap<Release, SegmentSpec>): string {
  const each = [...specs.values()].map(({ properties, notes }) => {
    const first = properties.find(({ field }) => firstOf(field) === position);
    if (first?.required === true) return 'M';
    return notes.some(({ positions }) => positions.includes(position)) ? 'X' : 'O';
  });
  return [...new Set(each)].join(' / ');
}

function firstOf(field: SegmentSpec['properties'][number]['field']): number {
  switch (field.kind) {
    case 'element':
      return field.position;
    case 'quantity':
    case 'amount':
      return field.value.position;
    case 'pairs':
      return field.qualifier.position;
    case 'list':
    case 'composite':
      return field.element.position;
    case 'plain':
      return 0;
  }
}

function codesOf(ref: string, codes: CodeList | undefined, long: LongLists): string {
  if (codes === undefined) return '';
  const names = Object.entries(codes.names);
  if (names.length <= CODES_IN_PLACE)
    return `${names.map(([code, name]) => `\`${code}\` ${name}`).join(', ')}${codes.whole ? '' : ' …'}`;
  const same = [...long].find(([, list]) => JSON.stringify(list) === JSON.stringify(codes));
  if (same === undefined) long.set(ref, codes);
  const shown = same?.[0] ?? ref;
  return `[${shown}](x12.md#codes-of-${shown.toLowerCase()})`;
}

function notesOf(specs: ReadonlyMap<Release, SegmentSpec>): string[] {
  const lines = new Map<string, string[]>();
  for (const [release, { id, notes }] of specs) {
    const text = notes.map((note) => `${note.text} ${inWords(id, note)}`).join('; ');
    if (text !== '') lines.set(text, [...(lines.get(text) ?? []), release]);
  }
  return [...lines].flatMap(([text, releases]) => [
    '',
    `Syntax notes${lines.size > 1 || releases.length < specs.size ? ` of ${releases.join(', ')}` : ''}: ${text}.`,
  ]);
}

/** A syntax note as a sentence. */
function inWords(id: string, { kind, positions }: SyntaxNote): string {
  const [first = '', ...others] = positions.map((position) => refOf(id, position));
  const all = [first, ...others].join(', ');
  return {
    P: `(${all}: all or none)`,
    R: `(${all}: at least one)`,
    E: `(${all}: at most one)`,
    C: `(with ${first} also ${others.join(', ')})`,
    L: `(with ${first} at least one of ${others.join(', ')})`,
  }[kind];
}
