import type { CharacterSet } from './characters.js';
import { LIMITS, type Limits } from './limits.js';
import { Numbers } from './numbers.js';
import {
  checkEnvelope,
  checkNames,
  checkShape,
  functionalIdOf,
  refuse,
  WriteRefused,
  type Outgoing,
  type OutgoingGroup,
} from './outgoing.js';
import { Alphabet, Sheet } from './schema/sheet.js';
import { isObject, segmentWriter } from './schema/write-segment.js';
import { writeBody } from './schema/write-set.js';
import { complete, refuseFormer, schemaFor, setFor, type Document } from './sets/index.js';
import { interchangeAcknowledgement, type InterchangeAcknowledgement } from './sets/ta1.js';
import { RELEASES, type Release } from './schema/release.js';
import { isAlphanumeric } from './syntax/bytes.js';
import { USUAL, type Separators } from './syntax/separators.js';

/**
 * Where control numbers come from. Each is asked for once, in the order of the file. A caller that must give the same
 * numbers again when it tries again (facts/amazon-vendor.md 4.5) takes them from its store before it writes.
 */
export interface ControlNumbers {
  /** 1 to 999,999,999 */
  interchange(): number;
  group(functionalId: string): number;
  /** of a transaction; within a group from 0001 on unless given */
  transaction?(set: string, group: number): number;
}

/** How to write. */
export interface WriteOptions {
  readonly separators?: Partial<Separators>;
  /** after each segment terminator */
  readonly lineEnd?: '' | '\n' | '\r\n';
  readonly characters?: CharacterSet;
  /** replace letters outside the set by the fixed table instead of refusing them */
  readonly transliterate?: boolean;
  /** agreed currency of amounts in documents without CUR */
  readonly currency?: string;
  /** what the receiver takes at most; as much as our own reader takes unless given */
  readonly limits?: Partial<Limits>;
}

const ISA_VERSION: Readonly<Record<Release, string>> = { '004010': '00401', '005010': '00501' };

/**
 * Writes an interchange: envelopes, counts and totals are computed, every value is checked. What it writes, `read`
 * reads back as the same documents.
 * @throws WriteRefused with each value that cannot be written, by name and position; then no number was asked for
 *   but those before it, and nothing was written.
 */
export function write(outgoing: Outgoing, numbers: ControlNumbers, options: WriteOptions = {}): Uint8Array {
  return Buffer.concat([...writeChunks(outgoing, numbers, options)]);
}

/**
 * The same in chunks: an envelope segment or a transaction each. A refusal comes when it is found, behind the chunks before
 * it: a caller that sends them as they come has sent half a file then.
 */
export function* writeChunks(
  outgoing: Outgoing,
  numbers: ControlNumbers,
  options: WriteOptions = {},
): Generator<Uint8Array> {
  checkShape(outgoing);
  const newest = [...RELEASES].reverse().find((release) => outgoing.groups.some((group) => group.release === release));
  const separators = { ...outgoing.separators, ...options.separators };
  const pen = penFor({ ...options, separators }, newest ?? '004010');
  checkEnvelope(outgoing, pen.bad);
  const isa = numberOf('ISA13', numbers.interchange(), new Numbers(Infinity));
  const taken = new Numbers(Infinity);
  yield pen.line(isaOf(outgoing, isa, newest ?? '004010', pen));
  for (const one of outgoing.interchangeAcknowledgements ?? []) yield pen.interchangeAcknowledgement(one);
  for (const group of outgoing.groups) yield* groupOf(outgoing, group, { numbers, taken }, pen);
  yield pen.line(['IEA', String(outgoing.groups.length), isa.padStart(9, '0')]);
}

function* groupOf(
  outgoing: Outgoing,
  group: OutgoingGroup,
  { numbers, taken }: { readonly numbers: ControlNumbers; readonly taken: Numbers },
  pen: Pen,
): Generator<Uint8Array> {
  const functionalId = functionalIdOf(group);
  const number = numberOf('GS06', numbers.group(functionalId), taken, functionalId);
  const { sender, receiver, release, documents } = group;
  const [date, time] = [outgoing.date.replaceAll('-', ''), outgoing.time.replaceAll(':', '').slice(0, 4)];
  yield pen.line(['GS', functionalId, sender, receiver, date, time, number, 'X', release]);
  const sets = new Numbers(Infinity);
  for (const [n, document] of documents.entries()) {
    const given = numbers.transaction === undefined ? n + 1 : numbers.transaction(document.set, Number(number));
    yield pen.transaction(document, release, numberOf('ST02', given, sets).padStart(4, '0'));
  }
  yield pen.line(['GE', String(documents.length), number]);
}

/** A control number that nothing before it has: the reader, and the partner, would take it for a repeat. */
function numberOf(ref: string, number: number, taken: Numbers, of = ''): string {
  if (!Number.isInteger(number) || number < 1 || number > 999_999_999)
    refuse(ref, String(number), 'a whole number from 1 to 999999999 is expected of the port of control numbers');
  if (!taken.add(String(number), of)) refuse(ref, String(number), 'this control number came before, and may come once');
  return String(number);
}

function isaOf(outgoing: Outgoing, number: string, release: Release, pen: Pen): string[] {
  const { sender, receiver, date, time, usage, acknowledgementRequested = false } = outgoing;
  const { repetition, component } = pen.separators;
  return [
    'ISA',
    '00',
    ' '.repeat(10),
    '00',
    ' '.repeat(10),
    sender.qualifier,
    sender.id.padEnd(15),
    receiver.qualifier,
    receiver.id.padEnd(15),
    date.replaceAll('-', '').slice(2),
    time.replaceAll(':', '').slice(0, 4),
    repetition === null ? 'U' : String.fromCharCode(repetition),
    ISA_VERSION[release],
    number.padStart(9, '0'),
    acknowledgementRequested ? '1' : '0',
    usage,
    String.fromCharCode(component),
  ];
}

/** What writes lines: separators, and how documents become segments. */
interface Pen {
  readonly separators: Separators;
  readonly line: (elements: readonly string[]) => Uint8Array;
  readonly interchangeAcknowledgement: (segment: InterchangeAcknowledgement) => Uint8Array;
  readonly transaction: (document: Document, release: Release, number: string) => Uint8Array;
  /** holds a character that cannot be written */
  readonly bad: (text: string) => boolean;
}

const OPTIONS = ['separators', 'lineEnd', 'characters', 'transliterate', 'currency', 'limits'];
const SETS_OF_CHARACTERS: readonly string[] = ['basic', 'extended'];
const LINE_ENDS: readonly string[] = ['', '\n', '\r\n'];

function penFor(options: WriteOptions, release: Release): Pen {
  checkNames('options', options, OPTIONS);
  checkNames('separators', options.separators ?? {}, Object.keys({ ...USUAL }));
  const { lineEnd = '', characters = 'extended', transliterate = false, currency } = options;
  const separators: Separators = {
    ...USUAL,
    ...(release === '005010' ? { repetition: 94 } : {}),
    ...options.separators,
    segmentTail: '',
  };
  checkSeparators(separators, release);
  if (!SETS_OF_CHARACTERS.includes(characters))
    refuse('characters', String(characters), 'basic or extended is expected');
  if (!LINE_ENDS.includes(lineEnd)) refuse('line end', String(lineEnd), 'none, LF or CR LF is expected');
  if (lineEnd.includes(String.fromCharCode(separators.segment)))
    refuse('line end', lineEnd, 'it holds the segment terminator, and each would end an empty segment');
  const limits = { ...LIMITS, ...options.limits };
  const alphabet = new Alphabet({ separators, characters, transliterate, currency, limits });
  const end = String.fromCharCode(separators.segment) + lineEnd;
  const bytes = (segments: readonly string[]): Uint8Array => {
    let text = '';
    for (const segment of segments) text += segment + end;
    return Buffer.from(text, 'latin1');
  };
  return {
    separators,
    line: (elements) => bytes([elements.join(alphabet.separator)]),
    bad: (text) => !alphabet.has(text),
    interchangeAcknowledgement: (one) => {
      const sheet = new Sheet(alphabet);
      segmentWriter(interchangeAcknowledgement.segment)(sheet, one);
      if (sheet.refusals.length > 0) throw new WriteRefused(sheet.refusals);
      return bytes(sheet.segments);
    },
    transaction: (document, of, number) => {
      const { set: kind } = document;
      const spec = setFor(kind, of);
      if (spec === null)
        throw new WriteRefused([{ path: 'set', ref: 'ST01', message: `set ${document.set} is not known` }]);
      const held: unknown = document;
      if (!isObject(held)) refuse('ST01', kind, 'its document is a plain object');
      const sheet = new Sheet(alphabet);
      looking(sheet, document.set, () => writeBody(spec, completed(document, of, sheet), sheet));
      refuseFormer(document, sheet);
      if (sheet.refusals.length > 0) throw new WriteRefused(sheet.refusals);
      const se = ['SE', String(sheet.segments.length + 2), number].join(sheet.separator);
      const written = bytes([['ST', document.set, number].join(sheet.separator), ...sheet.segments, se]);
      sheet.checkSize(written.length);
      if (sheet.refusals.length > 0) throw new WriteRefused(sheet.refusals);
      return written;
    },
  };
}

/** Looks at a document. One that cannot even be looked at (a getter that throws, a revoked proxy) is refused where it is so. */
function looking<T>(sheet: Sheet, ref: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof WriteRefused) throw error;
    const path = sheet.place;
    const why = error instanceof Error ? error.message : String(error);
    const message = `${path === '' ? ref : `${path} (${ref})`} cannot be looked at: ${why}`;
    throw new WriteRefused([{ path, ref, message }], { cause: error });
  }
}

/** The document with its totals. One that has not even the shape of its set cannot be counted: then the schema says why. */
function completed(document: Document, release: Release, sheet: Sheet): Record<string, unknown> {
  // A list that is longer than a transaction may be is refused where it stands, and not added up before.
  const { transactionSegments } = sheet.limits;
  if (Object.values(document).some((held) => Array.isArray(held) && held.length > transactionSegments))
    return { ...document };
  try {
    return complete(document, sheet);
  } catch (error) {
    const issues = schemaFor(document.set, release)?.safeParse(document).error?.issues ?? [];
    if (issues.length === 0) throw error;
    throw new WriteRefused(
      issues.map(({ path, message }) => ({
        path: path.join('.'),
        ref: document.set,
        message: `${path.join('.')}: ${message}`,
      })),
    );
  }
}

/** Separators are four different bytes (three before 005010) of ASCII, no letters, digits or blanks. */
function checkSeparators({ element, component, repetition, segment }: Separators, release: Release): void {
  const all = [element, component, segment, ...(repetition === null ? [] : [repetition])];
  const fine = (byte: number): boolean =>
    Number.isInteger(byte) && byte > 0 && byte < 127 && byte !== 32 && !isAlphanumeric(byte);
  const shown = JSON.stringify(String.fromCharCode(...all));
  if (!all.every(fine))
    refuse('separators', shown, 'signs of ASCII or control characters are expected, no letter, digit or blank');
  if (new Set(all).size !== all.length) refuse('separators', shown, 'they must differ from each other');
  if ([element, component, repetition].some((byte) => byte === 10 || byte === 13))
    refuse('separators', shown, 'a line end can only end segments');
  if (release === '005010' && repetition === null)
    refuse('separators', shown, 'release 005010 has a repetition separator');
}

/** Control numbers that count up from given ones, for one file: for tests, and for tools that keep none. */
export function countingFrom(interchange: number, group = interchange): ControlNumbers {
  let [nextInterchange, nextGroup] = [interchange, group];
  return { interchange: () => nextInterchange++, group: () => nextGroup++ };
}
