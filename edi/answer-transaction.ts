import type { CodeTable, Fault } from './faults.js';
import type { Transaction } from './items.js';
import type { AnsweredTransaction, SegmentError } from './sets/997.js';
import { USUAL, type Separators } from './syntax/separators.js';

/** Codes that AK5 and AK9 have room for. */
const MOST_CODES = 5;
/** AK4 in an AK3 loop. */
const MOST_ELEMENTS = 99;

/** Whether a value can stand in the answer as it is. */
export type Writable = (value: string) => boolean;

const isPlain: Writable = (value) => !/[^ -~]/.test(value);

/** What an answer with these separators can carry: plain characters that separate nothing. */
function writableWith({ element, component, repetition, segment }: Separators): Writable {
  const separating = new Set([element, component, segment, ...(repetition === null ? [] : [repetition])]);
  return (value) => isPlain(value) && ![...value].some((one) => separating.has(one.charCodeAt(0)));
}

/** Faults that the sender is told: warnings and notes are for us alone. */
export const isTold = ({ severity }: Pick<Fault, 'severity'>): boolean => severity === 'fatal' || severity === 'error';

/** Codes of a table, those of the fatal faults first, each once. */
export function codesOf(faults: readonly Fault[], table: CodeTable, more: readonly string[] = []): string[] {
  const fatalFirst = [...faults].sort((a, b) => Number(b.severity === 'fatal') - Number(a.severity === 'fatal'));
  const codes = fatalFirst.flatMap(({ code }) => (code?.table === table ? [code.value] : []));
  return [...new Set([...codes, ...more])].slice(0, MOST_CODES);
}

/** What stands for a character that cannot be written, or for one that is missing. */
const STANDS_IN = '?';

/**
 * An identifier as the answer names it: as it was sent. One that cannot be written so, or would not be valid, holds a
 * sign for what was changed: it must never read as the identifier of something else that was sent.
 */
export function echoed(sent: string, min: number, max: number, writable: Writable): string {
  if (sent.length >= min && sent.length <= max && writable(sent)) return sent;
  const stand = writable(STANDS_IN) ? STANDS_IN : '.';
  const plain = Array.from(sent.slice(0, max + 1), (one) => (writable(one) ? one : stand)).join('');
  return (plain.length > max ? plain.slice(0, max - 1) + stand : plain).padStart(min, stand);
}

/** GS06 or ISA13 as the answer names it: as it was sent, filled with zeros, or 0 for what is no number that can be named. */
export function echoedNumber(sent: string, min: number, max: number, writable: Writable): string {
  const number = /^\d+$/.test(sent) ? sent.padStart(min, '0') : sent;
  return number.length >= min && number.length <= max && writable(number) ? number : '0'.repeat(min);
}

/** Which characters an answer may hold. */
export interface Carried {
  /** what must be said: who and what is answered */
  readonly named: Writable;
  /** what may be left out: copies of what is wrong */
  readonly copied: Writable;
}

/**
 * What an answer carries. Where its separators are not given, they are chosen by what must be said (`replyTo`); copies
 * are kept free of the usual ones, also of the repetition separator, which an answer of 005010 has.
 */
export const carriedWith = (separators: Separators | undefined): Carried =>
  separators === undefined
    ? { named: isPlain, copied: writableWith({ ...USUAL, repetition: 94 }) }
    : { named: writableWith(separators), copied: writableWith(separators) };

/** A 997's answer to one transaction: R if it cannot be used, E if it can but has errors, else A. */
export function answerTo(transaction: Transaction, release: string, { named, copied }: Carried): AnsweredTransaction {
  const told = transaction.faults.filter(isTold);
  const segments = segmentErrors(told, copied);
  const controlNumber = echoed(transaction.controlNumber, 4, 9, named);
  const renamed = controlNumber !== transaction.controlNumber;
  const unknown = transaction.faults.some(({ rule }) => rule === 'set-not-known');
  const more = [...(renamed ? ['7'] : []), ...(unknown ? ['1'] : []), ...(segments.length > 0 ? ['5'] : [])];
  const errors = codesOf(told, 'AK502', more);
  const convention = release === '005010' ? conventionOf(transaction) : '';
  return {
    transaction: {
      set: echoed(transaction.set, 3, 3, named),
      controlNumber,
      ...(convention === '' || convention.length > 35 || !copied(convention) ? {} : { convention }),
    },
    segments,
    result: renamed ? { result: 'R', errors } : resultOf(transaction, told, errors),
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
        ...(loop === '' ? {} : { loop: loop.slice(0, 4) }),
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
  const tag = segmentId
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '')
    .slice(0, 3);
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
