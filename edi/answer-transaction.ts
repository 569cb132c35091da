import type { CodeTable, Fault } from './faults.js';
import type { Transaction } from './items.js';
import type { AnsweredTransaction, SegmentError } from './sets/997.js';
import type { Separators } from './syntax/separators.js';

/** Codes that AK5 and AK9 have room for. */
const MOST_CODES = 5;
/** AK4 in an AK3 loop. */
const MOST_ELEMENTS = 99;

/** Whether a value can stand in the answer as it is. */
export type Writable = (value: string) => boolean;

/** What an answer with these separators can carry: plain characters that separate nothing. */
export function writableWith({ element, component, repetition, segment }: Separators): Writable {
  const separating = new Set([element, component, segment, ...(repetition === null ? [] : [repetition])]);
  return (value) => [...value].every((one) => one >= ' ' && one <= '~' && !separating.has(one.charCodeAt(0)));
}

/** Faults that the sender is told: warnings and notes are for us alone. */
export const isTold = ({ severity }: Pick<Fault, 'severity'>): boolean => severity === 'fatal' || severity === 'error';

/** Codes of a table, those of the fatal faults first, each once. */
export function codesOf(faults: readonly Fault[], table: CodeTable, more: readonly string[] = []): string[] {
  const fatalFirst = [...faults].sort((a, b) => Number(b.severity === 'fatal') - Number(a.severity === 'fatal'));
  const codes = fatalFirst.flatMap(({ code }) => (code?.table === table ? [code.value] : []));
  return [...new Set([...codes, ...more])].slice(0, MOST_CODES);
}

/**
 * A number or identifier as the answer quotes it: as it was sent, without what cannot be written, and filled with zeros
 * or cut where the answer would not be valid otherwise. What is wrong with it is said by a code.
 */
export const quoted = (sent: string, min: number, max: number): string =>
  sent
    .replace(/[^A-Za-z0-9]/g, '')
    .slice(0, max)
    .padStart(min, '0');

/** A 997's answer to one transaction: R if it cannot be used, E if it can but has errors, else A. */
export function answerTo(transaction: Transaction, release: string, writable: Writable): AnsweredTransaction {
  const told = transaction.faults.filter(isTold);
  const segments = segmentErrors(told, writable);
  const unknown = transaction.faults.some(({ rule }) => rule === 'set-not-known');
  const errors = codesOf(told, 'AK502', [...(unknown ? ['1'] : []), ...(segments.length > 0 ? ['5'] : [])]);
  const convention = release === '005010' ? conventionOf(transaction) : '';
  return {
    transaction: {
      set: quoted(transaction.set, 3, 3),
      controlNumber: quoted(transaction.controlNumber, 4, 9),
      ...(convention === '' || convention.length > 35 || !writable(convention) ? {} : { convention }),
    },
    segments,
    result: resultOf(transaction, told, errors),
  };
}

function resultOf(
  { document }: Transaction,
  told: readonly Fault[],
  errors: readonly string[],
): AnsweredTransaction['result'] {
  if (document === null) return { result: 'R', errors: errors.length > 0 ? errors : ['5'] };
  if (told.length === 0) return ACCEPTED;
  return errors.length > 0 ? { result: 'E', errors } : { result: 'E' };
}

const ACCEPTED = Object.freeze({ result: 'A' });

/** ST03, out of the first segment alone: a transaction may be large. */
function conventionOf({ spelling: { text, separators } }: Transaction): string {
  const end = text.indexOf(String.fromCharCode(separators.segment));
  const st = text.slice(0, end < 0 ? undefined : end).split(String.fromCharCode(separators.element));
  return (st[3] ?? '').trim();
}

/** An AK3 for each segment and kind of error, in the order of the set, and under it what is wrong with its elements. */
function segmentErrors(faults: readonly Fault[], writable: Writable): SegmentError[] {
  const found = new Map<string, { at: number; segment: SegmentError['segment']; elements: Fault[] }>();
  for (const fault of faults) {
    const code = segmentCode(fault);
    if (code === null) continue;
    const { segment: at = 1, segmentId = '', loop = '' } = fault;
    const key = [at, segmentId, loop, code].join('*');
    const entry = found.get(key) ?? {
      at,
      segment: {
        segmentId: tagOf(segmentId),
        position: String(at),
        ...(loop === '' ? {} : { loop: quoted(loop, 1, 4) }),
        code,
      },
      elements: [],
    };
    if (fault.level === 'element') entry.elements.push(fault);
    found.set(key, entry);
  }
  return [...found.values()]
    .sort((a, b) => a.at - b.at)
    .map(({ segment, elements }) => ({
      segment,
      elements: [...elements]
        .sort((a, b) => (a.element ?? 0) - (b.element ?? 0))
        .slice(0, MOST_ELEMENTS)
        .flatMap((fault) => elementError(fault, writable)),
    }));
}

/** AK304 of a fault: its own, or 8 for one of an element; null for what is said elsewhere. */
function segmentCode({ level, code }: Fault): string | null {
  if (level === 'element') return '8';
  return code?.table === 'AK304' ? code.value : null;
}

/** A tag as AK301 takes it: two or three letters and digits; ZZ stands for what is none. */
function tagOf(segmentId: string): string {
  const tag = quoted(segmentId.toUpperCase(), 0, 3);
  return tag.length < 2 ? 'ZZ' : tag;
}

function elementError(
  { element = 0, component, elementNumber = 0, code, value = '' }: Fault,
  writable: Writable,
): SegmentError['elements'] {
  if (code?.table !== 'AK403' || element < 1 || element > 99) return [];
  // A copy is a copy: what cannot be written as it came is not quoted at all.
  const copy = value.slice(0, 99).trimEnd();
  return [
    {
      place: { element: String(element), ...(component === undefined ? {} : { component: String(component) }) },
      ...(elementNumber > 0 ? { elementNumber: String(elementNumber) } : {}),
      code: code.value,
      ...(copy === '' || !writable(copy) ? {} : { value: copy }),
    },
  ];
}
