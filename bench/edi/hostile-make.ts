/** What hostile files are made of. */
import type { Limits } from '../../edi/index.js';

/** A hostile file of any size. */
export interface HostileCase {
  /** what there are n of */
  readonly counts: 'bytes' | 'segments' | 'interchanges' | 'groups' | 'transactions' | 'levels' | 'chunks' | 'times';
  /** rules that must be told of it, whatever n is */
  readonly told: readonly string[];
  readonly make: (n: number) => Iterable<Uint8Array>;
  /** more are another case: they pass a limit */
  readonly most?: number;
  readonly limits?: Partial<Limits>;
}

const CHUNK = 64 * 1024;
const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');
export const nine = (number: number): string => String(number % 1_000_000_000).padStart(9, '0');

export const isa = (number = 1, edition = '00401', repetition = 'U'): string =>
  `ISA*00*          *00*          *ZZ*AMAZON         *ZZ*SELVEDGE       *260301*1200*${repetition}*${edition}*${nine(number)}*0*P*>~`;
export const gs = (group = 'PO', release = '004010', number = 1): string =>
  `GS*${group}*AMAZON*SELVEDGE*20260301*1200*${number}*X*${release}~`;
export const BEG = 'BEG*00*NE*4X7QK2LM**20260301~';
export const LINE = 'PO1*1*10*CA*7.50**UP*036000291452~';
export const ORDER = 'ST*850*0001~' + BEG;
export const TAIL = 'GE*1*1~IEA*1*000000001~';
export const NOTICE = 'ST*856*0001~BSN*00*S1*20260301*1200*0001~';

/** Text over and over, in chunks. */
export function* over(text: string, times: number): Generator<Uint8Array> {
  const each = Math.max(1, Math.floor(CHUNK / text.length));
  const chunk = bytes(text.repeat(Math.min(each, times)));
  for (let left = times; left > 0; left -= each) yield left >= each ? chunk : bytes(text.repeat(left));
}

/** Texts that differ, in chunks. */
export function* numbered(times: number, text: (n: number) => string): Generator<Uint8Array> {
  let held = '';
  for (let n = 1; n <= times; n++) {
    held += text(n);
    if (held.length < CHUNK) continue;
    yield bytes(held);
    held = '';
  }
  yield bytes(held);
}

/** What stands before and behind some chunks. */
export function* between(before: string, chunks: Iterable<Uint8Array>, behind: string): Generator<Uint8Array> {
  yield bytes(before);
  yield* chunks;
  yield bytes(behind);
}

export const inOrder = (chunks: Iterable<Uint8Array>): Iterable<Uint8Array> =>
  between(isa() + gs() + ORDER, chunks, `SE*3*0001~${TAIL}`);
export const inNotice = (chunks: Iterable<Uint8Array>, release = '005010'): Iterable<Uint8Array> =>
  between(isa(1, '00501', '^') + gs('SH', release) + NOTICE, chunks, `SE*3*0001~${TAIL}`);
export const inGroup = (chunks: Iterable<Uint8Array>, group = 'PO'): Iterable<Uint8Array> =>
  between(isa() + gs(group), chunks, TAIL);

export function* singly(n: number, each: (byte: Uint8Array) => Iterable<Uint8Array>): Generator<Uint8Array> {
  const small = bytes(`${isa()}${gs()}${ORDER}${LINE}SE*4*0001~${TAIL}`);
  for (let at = 0; at < n; at++) yield* each(small.subarray(at % small.length, (at % small.length) + 1));
}

export const EMPTY = new Uint8Array(0);
export const LEVEL = (n: number, above: number | '', more = 'SN1**1*EA~'): string =>
  `HL*${n}*${above}*I~LIN**UP*1~${more}`;

/** Limits that let what is one segment through, to see whether anything in it is slow. */
export const WIDE: Partial<Limits> = { segmentBytes: 64e6, transactionBytes: 64e6, transactionElements: 64e6 };
