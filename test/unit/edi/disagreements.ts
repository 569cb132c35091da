/** Why two readers see other segments in a file than we do: each cause says what the other one then makes of it. */
import { readSync, type Item } from '../../../edi/index.js';
import { segmentsOf, type Answer, type Library, type Segments } from './rivals.js';

/** A file as we read it. */
export interface Facts {
  readonly bytes: Buffer;
  readonly items: readonly Item[];
  readonly segments: Segments;
}

export function factsOf(bytes: Buffer): Facts {
  const items = [...readSync(bytes)];
  return { bytes, items, segments: items.flatMap(segmentsOf) };
}

/** What a library sees for this cause, given what it should see: null when nobody can foretell it. */
type Seen = (expected: Segments, facts: Facts) => Segments | null;

interface Cause {
  readonly key: string;
  readonly library: Library | 'both';
  readonly seen: Seen;
}

const separatorsIn = ({ items }: Facts) =>
  items.flatMap((item) => (item.kind === 'interchange' ? [item.interchange.separators] : []));

/** Nobody can foretell what is seen, if something is so. */
const lost =
  (is: (facts: Facts) => boolean): Seen =>
  (expected, facts) =>
    is(facts) ? null : expected;

/** Separators are not where the standard has them: bytes 3, 104 and 105 of the file. */
function elsewhere(facts: Facts): boolean {
  const [first] = separatorsIn(facts);
  const { bytes } = facts;
  if (first === undefined) return false;
  return bytes[3] !== first.element || bytes[104] !== first.component || bytes[105] !== first.segment;
}

function changed(facts: Facts): boolean {
  const [first, ...others] = separatorsIn(facts);
  return others.some(({ element, component, segment }) => {
    const same = element === first?.element && component === first.component && segment === first.segment;
    return !same;
  });
}

const textBetween = ({ items }: Facts): boolean =>
  items.slice(1).some((item) => item.kind === 'outside' && item.text.trim() !== '');

/** The file ends within a segment. */
function isOpen(facts: Facts): boolean {
  const { segment = 0 } = separatorsIn(facts).at(-1) ?? {};
  const last = facts.items.at(-1);
  return last?.kind !== 'outside' && facts.bytes.at(-1) !== segment;
}

/** ISA13 and IEA02 as numbers. */
const unpadded: Seen = (expected) =>
  expected.map(([tag = '', ...elements]) => {
    const at = tag === 'ISA' ? 12 : tag === 'IEA' ? 1 : -1;
    return [tag, ...elements.map((value, n) => (n === at ? String(Number.parseInt(value, 10)) : value))];
  });

/** Without what stands between groups or between sets. */
const withoutBetween: Seen = (expected, { items }) => {
  const between = items.flatMap((item) => (item.kind === 'between' ? segmentsOf(item) : []));
  return expected.filter((one) => !between.some((other) => JSON.stringify(one) === JSON.stringify(other)));
};

/** Elements and components without blanks and line ends around them. */
const trimmed: Seen = (expected, facts) => {
  const component = String.fromCharCode(separatorsIn(facts)[0]?.component ?? 0);
  const clean = (text: string): string => text.replace(/[\r\n]/g, '').trim();
  return expected.map((segment) =>
    segment.map((value) => (segment[0] === 'ISA' ? clean(value) : value.split(component).map(clean).join(component))),
  );
};

/** White space behind the last terminator counts as a segment; CR LF is one line end, also as a terminator. */
const oneMore: Seen = (expected, facts) => {
  const last = facts.items.at(-1);
  if (last?.kind !== 'outside' || expected.length === 0) return expected;
  const endsLine = separatorsIn(facts)[0]?.segment === CR;
  return last.text.slice(endsLine ? 1 : 0) === '' ? expected : [...expected, ['']];
};

const CR = 13;

/** Causes in the order in which they act. */
export const CAUSES: readonly Cause[] = [
  { key: 'no interchange', library: 'both', seen: lost((facts) => facts.segments.length === 0) },
  { key: 'separators elsewhere', library: 'both', seen: lost(elsewhere) },
  { key: 'separators change', library: 'both', seen: lost(changed) },
  {
    key: 'terminator of several bytes',
    library: 'both',
    seen: lost((facts) => separatorsIn(facts)[0]?.segmentTail !== ''),
  },
  { key: 'text between interchanges', library: 'both', seen: lost(textBetween) },
  { key: 'empty segment', library: 'node-x12', seen: lost(({ segments }) => segments.some((one) => one.length === 1)) },
  { key: 'between groups or sets', library: 'node-x12', seen: withoutBetween },
  { key: 'last segment open', library: 'node-x12', seen: (all, facts) => (isOpen(facts) ? all.slice(0, -1) : all) },
  { key: 'numbers without zeros', library: 'node-x12', seen: unpadded },
  { key: 'white space', library: 'x12-parser', seen: trimmed },
  { key: 'line end at the end', library: 'x12-parser', seen: oneMore },
];

/** The causes by which a library sees a file otherwise; `unexplained` when they do not explain what it sees. */
export function causesOf(library: Library, facts: Facts, answer: Answer): string[] {
  const same = (one: Segments): boolean => JSON.stringify(one) === JSON.stringify(answer);
  if (same(facts.segments)) return [];
  const causes: string[] = [];
  let expected = facts.segments;
  for (const { key, library: of, seen } of CAUSES) {
    if (of !== 'both' && of !== library) continue;
    const next = seen(expected, facts);
    if (next === null) return [key];
    if (JSON.stringify(next) === JSON.stringify(expected)) continue;
    causes.push(key);
    expected = next;
  }
  if (answer instanceof Error) return ['throws'];
  return same(expected) ? causes : ['unexplained'];
}
