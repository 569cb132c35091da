import type { Fault, Severity } from './faults.js';
import type { Outline, OutlineSegment } from './outline.js';
import type { OutlineElement } from './outline-elements.js';

/** A line of an outline as text. */
export interface OutlineLine {
  readonly text: string;
  /** of a fault's line */
  readonly severity: Severity | null;
}

/** Characters of a value that are shown unless told otherwise. */
const LONGEST = 200;
/** Names of elements are as wide as the widest of their segment, within this. */
const WIDEST_NAME = 36;

/** Indentation of what stands in an interchange. */
const DEPTHS: Readonly<Record<Outline['kind'], number>> = {
  outside: 0,
  interchange: 0,
  between: 1,
  group: 1,
  transaction: 2,
  'group-end': 1,
  'interchange-end': 0,
};

/**
 * Text for a terminal: what could steer it (control characters, marks that turn the direction of writing) is shown as
 * its code, and no more than `longest` characters.
 */
export function visible(text: string, longest = LONGEST): string {
  const cut = text.length > longest ? `${text.slice(0, longest)}… (${text.length} characters)` : text;
  return cut.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]/gu, codeOf);
}

function codeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 32) return String.fromCodePoint(0x2400 + code);
  return code < 256 ? `<${hex(code, 2)}>` : `<U+${hex(code, 4)}>`;
}

const hex = (code: number, width: number): string => code.toString(16).toUpperCase().padStart(width, '0');

/** An outline as lines of text, made as they are taken. */
export function* outlineLines(outline: Outline, longest = LONGEST): Generator<OutlineLine> {
  const indent = DEPTHS[outline.kind];
  const verdict = outline.verdict === null ? '' : `: ${outline.verdict}${countsOf(outline)}`;
  yield line(indent, visible(outline.title, longest) + verdict);
  for (const fault of outline.faults) yield faultLine(indent + 1, fault);
  for (const segment of outline.segments) yield* segmentLines(segment, indent + 1, longest);
}

/** How many faults are marked below, by how bad they are: a long outline is not read to its end to find none. */
function countsOf({ faults, segments }: Outline): string {
  const all = [
    faults,
    ...segments.flatMap((segment) => [segment.faults, ...segment.elements.map((element) => element.faults)]),
  ].flat();
  const told = (['fatal', 'error', 'warning', 'note'] as const).flatMap((severity) => {
    const count = all.filter((one) => one.severity === severity).length;
    return count === 0 ? [] : [`${count} ${severity}${count === 1 || severity === 'fatal' ? '' : 's'}`];
  });
  return told.length === 0 ? '' : ` (${told.join(', ')})`;
}

function* segmentLines(segment: OutlineSegment, indent: number, longest: number): Generator<OutlineLine> {
  const { id, name, opens, misplaced, faults, elements } = segment;
  const at = indent + segment.depth;
  const before = faults.filter(({ rule }) => rule === 'segment-missing');
  for (const fault of before) yield faultLine(at, fault);
  const what = [
    visible(id, 20) || '(empty)',
    ...(name === null ? [] : [name]),
    ...(opens === null ? [] : [`[${opens}]`]),
    ...(misplaced ? ['(no place in this set)'] : []),
  ].join('  ');
  yield line(at, `${segment.segment}  ${what}`);
  for (const fault of faults) if (!before.includes(fault)) yield faultLine(at + 2, fault);
  const widest = elements.reduce((most, { name }) => Math.max(most, name?.length ?? 0), 0);
  const width = Math.min(WIDEST_NAME, widest);
  for (const element of elements) {
    yield line(at + 2, elementText(element, width, longest));
    for (const fault of element.faults) yield faultLine(at + 3, fault);
  }
}

function elementText({ ref, name, value, meaning }: OutlineElement, width: number, longest: number): string {
  const said = meaning === null ? '' : `  (${visible(meaning, longest)})`;
  const called = width === 0 ? '' : `${(name ?? '').padEnd(width)}  `;
  return `${visible(ref, 20).padEnd(5)}  ${called}${visible(value, longest)}${said}`.trimEnd();
}

/** A fault in a line: how bad, what, and its code in the TA1 or 997. */
export function faultText({ severity, message, code, allowed }: Fault): string {
  const answer = code === undefined ? '' : `  [${code.table} ${code.value}]`;
  const why = allowed === undefined ? '' : `  (allowed: ${allowed})`;
  return `${severity}: ${visible(message, 400)}${answer}${visible(why, 400)}`;
}

const faultLine = (indent: number, fault: Fault): OutlineLine => ({
  text: `${'  '.repeat(indent)}^ ${faultText(fault)}`,
  severity: fault.severity,
});

const line = (indent: number, text: string): OutlineLine => ({ text: `${'  '.repeat(indent)}${text}`, severity: null });
